//! Whether a submission is refused must not depend on the truth: the file without it gives the same verdicts.
//!
//! From the annotations of golden cases the truth is taken out; then everything that is sent there, and many files that
//! are made from it by small damages, is checked with the truth and without it.

use std::collections::BTreeSet;
use std::path::Path;

use sdk::check::Checker;
use sdk::evidence::Note;
use sdk::run::EvaluateError;
use sdk::{Evaluator, Faults, File, Format, Input, Inputs, Limits, Mode, Params};
use serde_json::Value;

use crate::golden::Case;
use crate::shared;

/// How many places of a submission are damaged, and how many bytes all damaged files together have at most, or nearly.
const PLACES: usize = 24;
const BYTES: usize = 1 << 20;

/// How the truth is taken out of the main table.
#[derive(Debug, Clone, Copy)]
pub enum Without<'w> {
    /// The fields of these names, wherever they stand in JSON.
    Fields(&'w [&'w str]),
    /// The columns of these names of a CSV table.
    Columns(&'w [&'w str]),
    /// Whatever this makes of the JSON.
    Json(fn(&mut Value)),
    /// Whatever this makes of the text.
    Text(fn(&str) -> String),
    /// The files of this name in a folder.
    Files(&'w str),
}

impl Without<'_> {
    /// The annotations in the order in which they are compared, and the same without the truth.
    fn split(self, main: &Input<'static>) -> [Input<'static>; 2] {
        match (self, main) {
            (Self::Files(name), Input::Tree(files)) => {
                let is_public = |file: &&File<'static>| !file.name.ends_with(name);
                [main.clone(), Input::Tree(files.iter().filter(is_public).cloned().collect())]
            }
            (_, Input::File(file)) => {
                let texts = self.split_text(std::str::from_utf8(&file.bytes).unwrap());
                texts.map(|text| {
                    Input::File(File { name: file.name.clone(), bytes: text.into_bytes().into() })
                })
            }
            _ => panic!("the main table is another kind of file"),
        }
    }

    fn split_text(self, text: &str) -> [String; 2] {
        let json = || serde_json::from_str::<Value>(text).unwrap();
        // A tree of JSON may have another order than the file, and the order of items is that of faults.
        match self {
            Self::Fields(names) => {
                let mut published = json();
                drop_fields(&mut published, names);
                [json().to_string(), published.to_string()]
            }
            Self::Json(remove) => {
                let mut published = json();
                remove(&mut published);
                [json().to_string(), published.to_string()]
            }
            Self::Columns(names) => [text.to_owned(), drop_columns(text, names)],
            Self::Text(remove) => [text.to_owned(), remove(text)],
            Self::Files(_) => panic!("the main table is no folder"),
        }
    }
}

fn drop_fields(value: &mut Value, names: &[&str]) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !names.contains(&name.as_str()));
            fields.values_mut().for_each(|field| drop_fields(field, names));
        }
        Value::Array(elements) => elements.iter_mut().for_each(|element| drop_fields(element, names)),
        _ => {}
    }
}

/// The table without the columns; its cells hold neither commas nor quotes.
fn drop_columns(text: &str, names: &[&str]) -> String {
    let header: Vec<&str> = text.lines().next().unwrap_or_default().split(',').collect();
    let row = |line: &str| {
        let cells = line.split(',').zip(&header).filter(|(_, name)| !names.contains(name));
        cells.map(|(cell, _)| cell).collect::<Vec<_>>().join(",") + "\n"
    };
    text.lines().map(row).collect()
}

/// Fails unless the example without the truth is enough to check the example of a submission, and is refused as
/// annotations.
pub fn example_is_enough(evaluator: &dyn Evaluator, unannotated: &Format) {
    fn file(format: &Format) -> Input<'_> {
        Input::file(&format.name, format.example.as_bytes())
    }
    let manifest = evaluator.manifest();
    let id = &manifest.id;
    let required = manifest.annotations.iter().filter(|table| !table.optional);
    let tables = required.fold(Inputs::default(), |inputs, table| inputs.with(&*table.name, file(table)));
    let published = tables.with(Inputs::MAIN, file(unannotated));
    let defaults = Params::defaults(&manifest.params);
    assert!(evaluator.prepare(&published, &defaults, Mode::Strict).is_err(), "{id} takes it for annotations");
    let checker = Checker::prepare(evaluator, published, &defaults, Mode::Strict);
    let checker = checker.unwrap_or_else(|error| panic!("{id}: {error}"));
    let checked = checker.check(&file(&manifest.submission), &Limits::default());
    let checked = checked.unwrap_or_else(|error| panic!("{id}: {error}"));
    assert!(checker.is_unannotated() && checked.items > 0, "{id}");
}

/// Fails unless every submission of golden cases has the same faults with the truth and without it.
///
/// What is noted without the truth must be noted with it too. Where the shared data is absent that is said aloud, and
/// nothing is compared; otherwise some files are accepted, and many are refused.
pub fn verdicts_are_the_same(evaluator: &dyn Evaluator, case: &Case, without: Without<'_>) {
    let folder = &case.golden;
    let Some(golden) = shared("golden") else {
        return;
    };
    let params = Params::parse(&evaluator.manifest().params, &case.params.clone().into()).unwrap();
    let (mut accepted, mut refused) = (0, 0);
    let entries = std::fs::read_dir(golden.join(folder)).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths.iter().filter(|path| path.join(&case.submission).exists()) {
        for mode in [Mode::Strict, Mode::Reference] {
            let Some([given, withheld]) = checkers(evaluator, case, path, without, &params, mode) else {
                continue;
            };
            for (name, submission) in submissions(evaluator, case, path) {
                let place = format!("{}/{name} ({})", path.display(), mode.name());
                match (verdict(&given, &submission), verdict(&withheld, &submission)) {
                    (Ok(with), Ok(without)) => {
                        let new = without.iter().find(|note| !with.contains(note));
                        assert!(new.is_none(), "{place}: {new:?} is noted without the truth alone");
                        accepted += 1;
                    }
                    (Err(with), Err(without)) => {
                        assert_eq!(with, without, "{place}");
                        refused += 1;
                    }
                    (with, without) => panic!("{place}: with the truth {with:?}, without it {without:?}"),
                }
            }
        }
    }
    assert!(accepted > 0 && refused >= 20, "{folder}: {accepted} accepted, {refused} refused");
}

/// A checker with the truth and one without it; nothing where the annotations themselves are degenerate.
fn checkers(
    evaluator: &dyn Evaluator,
    case: &Case,
    folder: &Path,
    without: Without<'_>,
    params: &Params,
    mode: Mode,
) -> Option<[Checker; 2]> {
    let manifest = evaluator.manifest();
    let mut tables = Inputs::default();
    for (name, file) in &case.annotations {
        let format = manifest.annotations.iter().find(|format| format.name == *name);
        tables = tables.with(name.clone(), sdk::files::read_input(&folder.join(file), format).unwrap());
    }
    let main = tables.get(Inputs::MAIN).expect("a main table").clone();
    let [given, withheld] = without
        .split(&main)
        .map(|main| Checker::prepare(evaluator, tables.clone().with(Inputs::MAIN, main), params, mode));
    let given = given.ok().filter(|checker| !checker.is_unannotated())?;
    let withheld = withheld.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    assert!(withheld.is_unannotated(), "{}: taken for annotations", folder.display());
    assert_eq!(withheld.items().ids(), given.items().ids(), "{}", folder.display());
    Some([given, withheld])
}

/// The submission of a case, those of `bad/`, and damaged ones where the case is a small one.
fn submissions(evaluator: &dyn Evaluator, case: &Case, folder: &Path) -> Vec<(String, Input<'static>)> {
    let mut paths = vec![folder.join(&case.submission)];
    if let Ok(bad) = std::fs::read_dir(folder.join("bad")) {
        let files = bad.map(|entry| entry.unwrap().path());
        paths.extend(files.filter(|path| !path.ends_with("expected.json")));
    }
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let read = |path: &Path| sdk::files::read_input(path, Some(&evaluator.manifest().submission)).unwrap();
    let mut submissions: Vec<_> = paths.iter().map(|path| (name(path), read(path))).collect();
    if name(folder).starts_with("tiny")
        && let Input::File(file) = &submissions[0].1.clone()
        && let Ok(text) = std::str::from_utf8(&file.bytes)
    {
        for (number, damaged) in damaged(text).into_iter().enumerate() {
            let file = File { name: file.name.clone(), bytes: damaged.into_bytes().into() };
            submissions.push((format!("damage {number}"), Input::File(file)));
        }
    }
    submissions
}

fn verdict(checker: &Checker, submission: &Input<'_>) -> Result<Vec<Note>, Faults> {
    match checker.check(submission, &Limits::default()) {
        Ok(checked) => Ok(checked.notes),
        Err(EvaluateError::Submission(faults)) => Err(faults.0),
        Err(failure) => panic!("{failure}"),
    }
}

/// Texts that differ from a good one in one place: in a value where it is JSON, in a line where it is not.
fn damaged(text: &str) -> Vec<String> {
    let places = (BYTES / (8 * text.len().max(1))).clamp(2, PLACES);
    let half = text.char_indices().nth(text.chars().count() / 2).map_or(0, |(at, _)| at);
    let mut damaged = vec![String::new(), text[..half].to_owned()];
    match serde_json::from_str::<Value>(text) {
        Ok(json) => damaged.extend(damaged_json(&json, places)),
        Err(_) => damaged.extend(damaged_lines(text, places)),
    }
    damaged
}

fn damaged_json(json: &Value, places: usize) -> Vec<String> {
    let mut pointers = Vec::new();
    collect_pointers(json, "", &mut pointers);
    let mut damaged = Vec::new();
    for pointer in spread(&pointers, places) {
        for value in
            [Value::Null, Value::from(-1), Value::from("x"), Value::from(1e9), Value::Array(Vec::new())]
        {
            let mut copy = json.clone();
            *copy.pointer_mut(pointer).unwrap() = value;
            damaged.push(copy.to_string());
        }
        let (parent, last) = pointer.rsplit_once('/').unwrap();
        let mut copy = json.clone();
        match copy.pointer_mut(parent).unwrap() {
            Value::Object(fields) => {
                let value = fields.remove(&last.replace("~1", "/").replace("~0", "~")).unwrap();
                let mut renamed = fields.clone();
                renamed.insert("nobody".to_owned(), value);
                damaged.push(copy.to_string());
                *copy.pointer_mut(parent).unwrap() = Value::Object(renamed);
                damaged.push(copy.to_string());
            }
            Value::Array(elements) => {
                let again = elements[last.parse::<usize>().unwrap()].clone();
                elements.push(again);
                damaged.push(copy.to_string());
            }
            _ => unreachable!("only these have children"),
        }
    }
    damaged
}

fn collect_pointers(value: &Value, pointer: &str, pointers: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(fields) => {
            let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
            fields.iter().map(|(name, field)| (escaped(name), field)).collect()
        }
        Value::Array(elements) => {
            elements.iter().enumerate().map(|(index, element)| (index.to_string(), element)).collect()
        }
        _ => Vec::new(),
    };
    for (name, child) in children {
        let pointer = format!("{pointer}/{name}");
        pointers.push(pointer.clone());
        collect_pointers(child, &pointer, pointers);
    }
}

fn damaged_lines(text: &str, places: usize) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let positions: Vec<usize> = (0..lines.len()).collect();
    let mut damaged = Vec::new();
    for position in spread(&positions, places) {
        let line = lines[*position];
        let mut put = |replacement: &[&str]| {
            let parts = [&lines[..*position], replacement, &lines[position + 1..]];
            damaged.push(parts.concat().join("\n") + "\n");
        };
        put(&[]);
        put(&[line, line]);
        put(&[&format!("x{line}")]);
        let separator = [',', '\t', ' '].into_iter().find(|separator| line.contains(*separator));
        if let Some(separator) = separator
            && let Some((start, _)) = line.rsplit_once(separator)
        {
            for cell in ["", "x", "-1", "1e9", "nan"] {
                put(&[&format!("{start}{separator}{cell}")]);
            }
        }
    }
    damaged
}

/// So many of the places, or one more, from the first to the last.
fn spread<T>(all: &[T], wanted: usize) -> impl Iterator<Item = &T> {
    let step = all.len().div_ceil(wanted).max(1);
    let chosen: BTreeSet<usize> = (0..all.len()).step_by(step).chain(all.len().checked_sub(1)).collect();
    chosen.into_iter().map(|position| &all[position])
}
