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
const BYTES: usize = 1 << 17;

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
    /// Everything, where another table says which items there are.
    Table(&'w str),
    /// Everything, where this describes the file or the folder in JSON.
    Described(fn(&Input<'static>) -> Value),
    /// The column of labels of a CSV table; a table `classes` lists the labels on both sides.
    Labels(&'w str),
}

impl Without<'_> {
    /// The annotations in the order in which they are compared, and the same without the truth.
    fn split(self, tables: &Inputs<'static>) -> [Inputs<'static>; 2] {
        let main = tables.get(Inputs::MAIN).expect("a main table");
        let [given, withheld] = match self {
            Self::Table(name) => [main.clone(), tables.get(name).expect("the table").clone()],
            _ => self.split_main(main),
        };
        let mut tables = tables.clone();
        if let (Self::Labels(column), Input::File(file)) = (self, main) {
            let classes = Value::from(distinct(std::str::from_utf8(&file.bytes).unwrap(), column));
            let file = File { name: "classes.json".into(), bytes: classes.to_string().into_bytes().into() };
            tables = tables.with("classes", Input::File(file));
        }
        [given, withheld].map(|main| tables.clone().with(Inputs::MAIN, main))
    }

    fn split_main(self, main: &Input<'static>) -> [Input<'static>; 2] {
        match (self, main) {
            (Self::Files(name), Input::Tree(files)) => {
                let is_public = |file: &&File<'static>| !file.name.ends_with(name);
                [main.clone(), Input::Tree(files.iter().filter(is_public).cloned().collect())]
            }
            (Self::Described(describe), _) => {
                let published = File {
                    name: "published.json".into(),
                    bytes: describe(main).to_string().into_bytes().into(),
                };
                [main.clone(), Input::File(published)]
            }
            (_, Input::File(file)) => {
                let texts = self.split_text(std::str::from_utf8(&file.bytes).unwrap());
                texts.map(|text| {
                    Input::File(File { name: file.name.clone(), bytes: text.into_bytes().into() })
                })
            }
            // Of JSON beside images the JSON alone is published.
            (_, Input::Tree(files)) => {
                let json = files.iter().find(|file| file.name.ends_with(".json")).expect("a JSON file");
                let [_, published] = self.split_main(&Input::File(json.clone()));
                [main.clone(), published]
            }
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
            Self::Labels(name) => [text.to_owned(), drop_columns(text, &[name])],
            Self::Text(remove) => [text.to_owned(), remove(text)],
            Self::Files(_) | Self::Table(_) | Self::Described(_) => {
                panic!("the main table is another kind of file")
            }
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

/// The distinct values of a column, in order.
fn distinct(text: &str, column: &str) -> Vec<String> {
    let position = text.lines().next().unwrap_or_default().split(',').position(|name| name == column);
    let values = text.lines().skip(1).filter_map(|line| line.split(',').nth(position?));
    values.collect::<BTreeSet<_>>().into_iter().map(str::to_owned).collect()
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
    let tables = manifest.annotations.iter();
    let tables = tables.fold(Inputs::default(), |inputs, table| inputs.with(&*table.name, file(table)));
    let published = tables.with(Inputs::MAIN, file(unannotated));
    let defaults = Params::defaults(&manifest.params);
    assert!(evaluator.prepare(&published, &defaults, Mode::Strict).is_err(), "{id} takes it for annotations");
    let checker = Checker::prepare(evaluator, published, &defaults, Mode::Strict);
    let checker = checker.unwrap_or_else(|error| panic!("{id}: {error}"));
    let checked = checker.check(&file(&manifest.submission), &Limits::default());
    let checked = checked.unwrap_or_else(|error| panic!("{id}: {error}"));
    assert!(checker.is_unannotated() && checked.items > 0, "{id}");
}

/// What is wrong where a submission of golden cases has other faults without the truth than with it.
///
/// What is noted without the truth must be noted with it too. Where the shared data is absent that is said aloud, and
/// nothing is compared; otherwise some files are accepted, and many are refused.
pub fn differences(evaluator: &dyn Evaluator, case: &Case, without: Without<'_>) -> Vec<String> {
    let folder = &case.golden;
    let Some(golden) = shared("golden") else {
        return Vec::new();
    };
    let mut differences = Vec::new();
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
                    (Ok(with), Ok(without)) if without.iter().all(|note| with.contains(note)) => {
                        accepted += 1;
                    }
                    (Err(with), Err(without)) if with == without => {
                        refused += 1;
                    }
                    (with, without) => {
                        differences.push(format!("{place}: with the truth {with:?}, without it {without:?}"));
                    }
                }
            }
        }
    }
    if accepted == 0 || refused < 20 {
        differences.push(format!("{folder}: {accepted} accepted, {refused} refused"));
    }
    differences
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
    let [given, withheld] =
        without.split(&tables).map(|tables| Checker::prepare(evaluator, tables, params, mode));
    let given = given.ok().filter(|checker| !checker.is_unannotated())?;
    let withheld = withheld.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    assert!(withheld.is_unannotated(), "{}: taken for annotations", folder.display());
    // Where only the truth tells the items of a group apart, one stands for all of them.
    let known = [given.items().ids(), given.items().group_names()];
    assert!(known.contains(&withheld.items().ids()), "{}: other items", folder.display());
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
    if name(folder).starts_with("tiny") {
        let damaged = damaged_input(&submissions[0].1);
        let numbered = damaged.into_iter().enumerate();
        submissions.extend(numbered.map(|(number, input)| (format!("damage {number}"), input)));
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

/// Files that are damaged in one place, and folders that lack a file or have it under another name.
fn damaged_input(input: &Input<'static>) -> Vec<Input<'static>> {
    let texts = |file: &File<'static>| {
        let damaged = match std::str::from_utf8(&file.bytes) {
            Ok(text) => damaged(text).into_iter().map(String::into_bytes).collect(),
            Err(_) => damaged_bytes(&file.bytes),
        };
        let name = file.name.clone();
        damaged.into_iter().map(move |bytes| File { name: name.clone(), bytes: bytes.into() })
    };
    match input {
        Input::File(file) => texts(file).map(Input::File).collect(),
        Input::Tree(files) => {
            let is_text = |file: &&File<'static>| std::str::from_utf8(&file.bytes).is_ok();
            // Of images the second: what is first may be given away, and not looked at.
            let at = files.iter().position(|file| is_text(&file)).unwrap_or(1).min(files.len() - 1);
            let with = |replaced: Vec<File<'static>>| {
                Input::Tree([&files[..at], &replaced, &files[at + 1..]].concat())
            };
            let renamed = File { name: format!("x{}", files[at].name).into(), ..files[at].clone() };
            let others = [Vec::new(), vec![renamed], vec![files[at].clone(), files[at].clone()]];
            let without_first = Input::Tree(files[1..].to_vec());
            others
                .into_iter()
                .chain(texts(&files[at]).map(|file| vec![file]))
                .map(with)
                .chain([without_first])
                .collect()
        }
    }
}

/// Bytes that are no text, cut, or with another byte in one of some places.
fn damaged_bytes(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut damaged = vec![Vec::new(), bytes[..bytes.len() / 2].to_vec(), bytes[..bytes.len() - 1].to_vec()];
    for place in 0..PLACES {
        let mut copy = bytes.to_vec();
        // Most of what a format says stands in front.
        let at = if place % 2 == 0 { 2 * place } else { bytes.len() * place / PLACES };
        copy[at.min(bytes.len() - 1)] ^= 0x55;
        damaged.push(copy);
    }
    damaged
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
