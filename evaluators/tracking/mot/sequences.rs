//! The annotations: true boxes, lengths and the list of sequences.

use std::collections::{HashMap, HashSet};

use sdk::evidence::Note;
use sdk::text::quoted;
use sdk::{Code, Fault, Faults, File, Input, Limits, Mode, archive};

use super::rows::Shape;
use super::{Benchmark, Sequence};
use crate::scene::{Boxes, Collected, Problem};

/// The columns of a file of true boxes.
const COLUMNS: &str = "frame,id,left,top,width,height,consider,class,visibility";
/// How many of them there must be.
const FIELDS: usize = 8;

/// What kind of person or thing a true box is: those that are scored are pedestrians.
const PEDESTRIAN: i64 = 1;
/// The classes of MOT16, MOT17 and MOT20.
const CLASSES: std::ops::RangeInclusive<i64> = 1..=13;

/// Reads the true sequences, in the order of `seqmap.txt` or of their names.
pub(super) fn read(
    input: &Input<'_>,
    benchmark: Benchmark,
    mode: Mode,
) -> Result<(Vec<Sequence>, Vec<Note>), Faults> {
    let limits = Limits::default();
    if let Input::File(file) = input
        && !archive::is_zip(&file.bytes)
    {
        let name = stem(&file.name);
        let mut faults = Faults::new();
        let sequence = sequence(name, &file.bytes, None, None, benchmark, mode, &limits, &mut faults)?;
        return finish(vec![sequence], faults);
    }
    let files = archive::files(input, &limits)?;
    let mut by_sequence: HashMap<&str, Files<'_, '_>> = HashMap::new();
    let mut names = Vec::new();
    let mut map = None;
    for file in &files {
        let parts: Vec<&str> = file.name.split('/').collect();
        match parts[..] {
            [.., name, "gt", "gt.txt"] => {
                names.push(name);
                by_sequence.entry(name).or_default().boxes = Some(file);
            }
            [.., name, "seqinfo.ini"] => by_sequence.entry(name).or_default().info = Some(file),
            [.., last] if last.ends_with("seqmap.txt") => map = Some(file),
            _ => {}
        }
    }
    let mut faults = Faults::new();
    if let Some(map) = map {
        names = in_order(map, &mut faults);
    }
    let mut seen = HashSet::new();
    let mut sequences = Vec::with_capacity(names.len());
    for name in names {
        if !seen.insert(name) {
            faults.push_with(|| {
                let message = format!("the sequence {} is there twice", quoted(name));
                Fault::whole(Code::DuplicateIds, message, "every sequence once", "another one")
            });
            continue;
        }
        let of_name = by_sequence.get(name);
        let Some(boxes) = of_name.and_then(|files| files.boxes) else {
            faults.push_with(|| {
                let message = format!("the sequence {} of the list has no true boxes", quoted(name));
                let expected = format!("a file {name}/gt/gt.txt");
                Fault::whole(Code::MissingIds, message, expected, "none")
            });
            continue;
        };
        let length = of_name.and_then(|files| files.info).and_then(|file| length(file, &mut faults));
        let (bytes, path) = (&boxes.bytes, Some(&*boxes.name));
        sequences.push(sequence(name, bytes, path, length, benchmark, mode, &limits, &mut faults)?);
    }
    if sequences.is_empty() && faults.is_empty() {
        let expected = "files NAME/gt/gt.txt and NAME/seqinfo.ini";
        let found = format!("{} other files", files.len());
        faults.push(Fault::whole(Code::MissingIds, "there is no sequence", expected, found));
    }
    finish(sequences, faults)
}

/// Reads sequences of which there is no true box: every `NAME/seqinfo.ini`, or a single one that says its name.
pub(super) fn read_without_boxes(input: &Input<'_>) -> Result<Vec<Sequence>, Faults> {
    let without_boxes = |name: &str, length| Sequence {
        name: name.to_owned(),
        length,
        boxes: Boxes::default(),
        scored: Vec::new(),
        distractors: Vec::new(),
    };
    let mut faults = Faults::new();
    if let Input::File(file) = input
        && !archive::is_zip(&file.bytes)
    {
        let length = length(file, &mut faults);
        let name = said(file, "name").unwrap_or_else(|| stem(&file.name).to_owned());
        return faults.or(vec![without_boxes(&name, length)]);
    }
    let files = archive::files(input, &Limits::default())?;
    let mut lengths = HashMap::new();
    let (mut names, mut map) = (Vec::new(), None);
    for file in &files {
        match file.name.split('/').collect::<Vec<_>>()[..] {
            [.., name, "seqinfo.ini"] => {
                let is_new = lengths.insert(name, length(file, &mut faults)).is_none();
                if is_new {
                    names.push(name);
                }
            }
            [.., last] if last.ends_with("seqmap.txt") => map = Some(file),
            _ => {}
        }
    }
    if let Some(map) = map {
        names = in_order(map, &mut faults);
    }
    let mut seen = HashSet::new();
    names.retain(|name| seen.insert(*name));
    if names.is_empty() && faults.is_empty() {
        let found = format!("{} other files", files.len());
        faults.push(Fault::whole(Code::MissingIds, "there is no sequence", "files NAME/seqinfo.ini", found));
    }
    let sequence = |name: &&str| without_boxes(name, lengths.get(name).copied().flatten());
    faults.or(names.iter().map(sequence).collect())
}

/// The files of a sequence.
#[derive(Debug, Default)]
struct Files<'f, 'b> {
    boxes: Option<&'f File<'b>>,
    info: Option<&'f File<'b>>,
}

fn finish(sequences: Vec<Sequence>, faults: Faults) -> Result<(Vec<Sequence>, Vec<Note>), Faults> {
    let endless = sequences.iter().filter(|sequence| sequence.length.is_none()).count() as u64;
    let mut notes = Vec::new();
    if endless > 0 {
        notes.push(Note {
            code: "sequences_without_length".to_owned(),
            count: endless,
            message: "sequences without seqLength in a seqinfo.ini take boxes in any frame".to_owned(),
        });
    }
    faults.or((sequences, notes))
}

/// The name of a file without folders and ending.
pub(super) fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The names of a list of sequences, below its header.
fn in_order<'f>(map: &'f File<'_>, faults: &mut Faults) -> Vec<&'f str> {
    let Ok(text) = std::str::from_utf8(&map.bytes) else {
        let fault =
            Fault::whole(Code::InvalidUtf8, "the list of sequences is no text", "UTF-8", "other bytes");
        faults.extend(Faults::one(fault).of_file(&map.name));
        return Vec::new();
    };
    text.lines().skip(1).map(str::trim).filter(|name| !name.is_empty()).collect()
}

/// The value of a key of a `seqinfo.ini`.
fn said(file: &File<'_>, wanted: &str) -> Option<String> {
    String::from_utf8_lossy(&file.bytes).lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        key.trim().eq_ignore_ascii_case(wanted).then(|| value.trim().to_owned())
    })
}

/// The length that a `seqinfo.ini` says; that it says none is a fault.
fn length(file: &File<'_>, faults: &mut Faults) -> Option<u32> {
    let said = said(file, "seqLength");
    let length = said.as_deref().and_then(|text| text.parse().ok());
    let length = length.filter(|length| (1..u32::MAX).contains(length));
    if length.is_none() {
        let found = said.map_or("none".to_owned(), |text| quoted(&text));
        let message = "the number of frames is missing or wrong";
        let fault = Fault::whole(Code::MissingField, message, "seqLength=FRAMES", found);
        faults.extend(Faults::one(fault).of_file(&file.name));
    }
    length
}

#[expect(clippy::too_many_arguments, reason = "all that is known of a sequence")]
fn sequence(
    name: &str,
    bytes: &[u8],
    path: Option<&str>,
    length: Option<u32>,
    benchmark: Benchmark,
    mode: Mode,
    limits: &Limits,
    faults: &mut Faults,
) -> Result<Sequence, Faults> {
    let classes = benchmark.has_classes();
    let shape = Shape { file: path, fields: FIELDS, columns: COLUMNS, classes, last_frame: length, mode };
    let mut collected = Collected::default();
    let (mut lines, mut scored, mut distractors) = (Vec::new(), Vec::new(), Vec::new());
    shape.read(bytes, limits, faults, |line, row, faults| {
        let class = row.class.unwrap_or(PEDESTRIAN);
        if classes && !CLASSES.contains(&class) {
            shape.fault(faults, line, || {
                Fault::whole(
                    Code::UnknownLabel,
                    format!("there is no class {class}"),
                    "a class from 1 to 13",
                    class.to_string(),
                )
                .hint("truth without classes is read with benchmark = mot15")
            });
        }
        lines.push(line as u32);
        scored.push(row.seventh.trunc() != 0.0 && (!classes || class == PEDESTRIAN));
        distractors.push(benchmark.is_distractor(class));
        collected.push(row.frame, row.track, row.at);
    })?;
    let boxes = collected.by_frame(|problem| {
        let (row, fault) = problem_fault(problem);
        shape.fault(faults, u64::from(lines[row as usize]), || fault);
    });
    // From the order of the file to that of the frames.
    let in_frames = |of_file: Vec<bool>| boxes.rows().iter().map(|row| of_file[*row as usize]).collect();
    let (scored, distractors) = (in_frames(scored), in_frames(distractors));
    Ok(Sequence { name: name.to_owned(), length, boxes, scored, distractors })
}

/// The row of a problem, and the fault that it is.
pub(super) fn problem_fault(problem: Problem) -> (u32, Fault) {
    match problem {
        Problem::Twice(row) => {
            let message = "the id stands twice in this frame";
            (row, Fault::whole(Code::DuplicateIds, message, "every id once per frame", "another box"))
        }
        Problem::Crowd(row) => {
            let most = format!("at most {} boxes per frame", crate::scene::MOST_BOXES_IN_A_FRAME);
            (row, Fault::whole(Code::TooLarge, "there are too many boxes in this frame", most, "more"))
        }
    }
}
