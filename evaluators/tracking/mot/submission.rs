//! Reads a submission: one text file of boxes per sequence.

use std::collections::HashMap;

use sdk::text::quoted;
use sdk::{Code, Fault, Faults, File, Input, Limits, Mode, archive};

use super::rows::Shape;
use super::sequences::{problem_fault, stem};
use super::{PreparedTracking, Sequence};
use crate::scene::{Boxes, Collected};

/// The columns of a file of predicted boxes.
const COLUMNS: &str = "frame,id,left,top,width,height,confidence,-1,-1,-1";
/// How many of them there must be.
const FIELDS: usize = 7;

/// What was sent.
pub(super) struct Sent {
    /// The boxes of every sequence, in the order of the sequences.
    pub(super) boxes: Vec<Boxes>,
    /// How many files are of no sequence; only reference mode lets them pass.
    pub(super) other_files: u64,
}

/// Reads a submission.
pub(super) fn read(task: &PreparedTracking, input: &Input<'_>, limits: &Limits) -> Result<Sent, Faults> {
    if let Input::File(file) = input
        && !archive::is_zip(&file.bytes)
    {
        return single_file(task, file, limits);
    }
    let files = archive::files(input, limits)?;
    let mut faults = Faults::new();
    let known: HashMap<&str, usize> =
        task.sequences.iter().enumerate().map(|(position, one)| (one.name.as_str(), position)).collect();
    let mut sent: Vec<Option<Boxes>> = vec![None; task.sequences.len()];
    let mut other_files = 0;
    for file in &files {
        let Some(sequence) = file.name.ends_with(".txt").then(|| stem(&file.name)) else {
            continue;
        };
        let Some(position) = known.get(sequence).copied() else {
            other_files += 1;
            if task.mode == Mode::Strict {
                faults.push_with(|| {
                    let message = format!("there is no sequence {} in this split", quoted(sequence));
                    let mut fault =
                        Fault::whole(Code::UnknownIds, message, "NAME.txt of a sequence", quoted(sequence))
                            .hint("are these the sequences of another split?");
                    fault.file = Some(file.name.to_string());
                    fault
                });
            }
            continue;
        };
        let boxes = sequence_boxes(task, &task.sequences[position], file, true, limits, &mut faults)?;
        if sent[position].replace(boxes).is_some() {
            faults.push_with(|| {
                let message = format!("there are two files of the sequence {}", quoted(sequence));
                Fault::whole(Code::DuplicateIds, message, "one file per sequence", file.name.to_string())
            });
        }
    }
    for (sequence, _) in task.sequences.iter().zip(&sent).filter(|(_, boxes)| boxes.is_none()) {
        faults.push_with(|| {
            let name = &sequence.name;
            let message = format!("the sequence {} has no file", quoted(name));
            Fault::whole(Code::MissingIds, message, format!("a file {name}.txt"), "none")
                .hint("a sequence in which nothing is found has an empty file")
        });
    }
    faults.or(Sent { boxes: sent.into_iter().flatten().collect(), other_files })
}

/// Reads a file that is no archive: right where there is a single sequence; where there are several its rows are judged
/// nevertheless, so that both mistakes are told at once.
fn single_file(task: &PreparedTracking, file: &File<'_>, limits: &Limits) -> Result<Sent, Faults> {
    let mut faults = Faults::new();
    let name = stem(&file.name);
    let named = task.sequences.iter().find(|sequence| sequence.name == name);
    let longest = task.sequences.iter().max_by_key(|sequence| sequence.length.unwrap_or(u32::MAX));
    let Some(sequence) = named.or(longest) else {
        return Ok(Sent { boxes: Vec::new(), other_files: 0 });
    };
    let boxes = sequence_boxes(task, sequence, file, false, limits, &mut faults)?;
    if task.sequences.len() > 1 {
        let count = task.sequences.len();
        faults.push(
            Fault::whole(
                Code::WrongFormat,
                format!("a zip archive with a file for each of {count} sequences is wanted"),
                "a zip archive of NAME.txt files",
                "a single text file",
            )
            .hint("pack the files themselves: zip submission.zip *.txt"),
        );
    }
    faults.or(Sent { boxes: vec![boxes], other_files: 0 })
}

fn sequence_boxes(
    task: &PreparedTracking,
    sequence: &Sequence,
    file: &File<'_>,
    named: bool,
    limits: &Limits,
    faults: &mut Faults,
) -> Result<Boxes, Faults> {
    let shape = Shape {
        file: named.then_some(&*file.name),
        fields: FIELDS,
        columns: COLUMNS,
        classes: task.benchmark.has_classes(),
        last_frame: sequence.length,
        mode: task.mode,
    };
    let mut collected = Collected::default();
    let mut lines = Vec::new();
    shape.read(&file.bytes, limits, faults, |line, row, faults| {
        if let Some(class) = row.class.filter(|class| *class > 1) {
            shape.fault(faults, line, || {
                let message = "only pedestrians are tracked here";
                Fault::whole(
                    Code::UnknownLabel,
                    message,
                    "-1 or class 1 in the eighth field",
                    class.to_string(),
                )
            });
        }
        lines.push(line as u32);
        collected.push(row.frame, row.track, row.at);
    })?;
    let one_track = collected.len() > 1 && collected.is_one_track();
    Ok(collected.by_frame(|problem| {
        let (row, fault) = problem_fault(problem);
        let fault = match (fault.code, one_track) {
            (Code::DuplicateIds, true) => {
                fault.hint("all boxes have the same id: these are detections, not tracks")
            }
            _ => fault,
        };
        shape.fault(faults, u64::from(lines[row as usize]), || fault);
    }))
}
