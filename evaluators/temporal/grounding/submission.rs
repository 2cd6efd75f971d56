//! Reads a submission and scores each row while it is read.

use std::cmp::Ordering;

use ndarray::{Array1, Array2};
use sdk::primitives::segment::{Segment, hull_iou};
use sdk::text::quoted;
use sdk::{Code, Fault, Faults, JsonReader, Limits, Mode, Slot, Stop};

use super::{COLUMNS, DEPTHS, PreparedGrounding, columns, no_answers};

/// How many windows of a row are looked at.
const WINDOWS: usize = DEPTHS[DEPTHS.len() - 1];

/// What the rows of a submission are worth.
pub(super) struct Answers {
    /// Per item the hits and the overlap of the first window, summed over its rows.
    pub(super) values: Array2<f64>,
    /// How many rows an item has.
    pub(super) rows: Array1<u32>,
    /// How many rows have no window.
    pub(super) empty: u64,
}

/// Reads a submission.
pub(super) fn read(task: &PreparedGrounding, bytes: &[u8], limits: &Limits) -> Result<Answers, Faults> {
    let (values, rows) = no_answers(task.truth.ends.len());
    let mut answers = Answers { values, rows, empty: 0 };
    JsonReader::read(bytes, limits, |reader| {
        let (mut version, mut challenge, mut results) = (Slot::default(), Slot::default(), Slot::default());
        let object = reader.object(|reader, key| {
            match &**key {
                "version" => version.put(reader.one_of(&["1.0"], Code::UnsupportedVersion)?),
                "challenge" => challenge.put(reader.one_of(&[task.challenge], Code::WrongChallenge)?),
                "results" => {
                    let sent = reader.array(|reader, _| row(reader, task, &mut answers))?;
                    if let Some(sent) = sent {
                        report_missing(reader, task, &answers, sent);
                    }
                    results.put(sent);
                }
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if object.is_none() {
            return Ok(());
        }
        version.require("version", reader);
        challenge.require("challenge", reader);
        results.require("results", reader);
        Ok(())
    })?;
    Ok(answers)
}

fn row(reader: &mut JsonReader<'_, '_>, task: &PreparedGrounding, answers: &mut Answers) -> Result<(), Stop> {
    let (mut clip, mut annotation, mut index, mut windows) =
        (Slot::default(), Slot::default(), Slot::default(), Slot::default());
    let mut first = [[0.0; 2]; WINDOWS];
    let object = reader.object(|reader, key| {
        match &**key {
            "clip_uid" => clip.put(reader.string()?),
            "annotation_uid" => annotation.put(reader.string()?),
            "query_idx" => index.put(reader.integer()?),
            "predicted_times" => windows.put(reader.array(|reader, position| {
                if let Some(window) = window(reader, task.mode)?
                    && let Some(slot) = first.get_mut(position as usize)
                {
                    *slot = window;
                }
                Ok(())
            })?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(());
    }
    let clip = clip.require("clip_uid", reader);
    let annotation = annotation.require("annotation_uid", reader);
    let index = index.require("query_idx", reader);
    let windows = windows.require("predicted_times", reader);
    if let (Some(clip), Some(annotation), Some(index)) = (clip, annotation, index)
        && let Some(item) = find(reader, task, &clip, &annotation, index)
    {
        if task.mode == Mode::Strict && answers.rows[item] > 0 {
            reader.fault_with(|| {
                Fault::whole(
                    Code::DuplicateIds,
                    format!("query {index} of annotation {annotation:?} in clip {clip:?} is answered twice"),
                    "one row per query",
                    "another row",
                )
            });
        }
        answers.rows[item] += 1;
        let windows = windows.unwrap_or(0) as usize;
        answers.empty += u64::from(windows == 0);
        let predicted = &first[..windows.min(WINDOWS)];
        answer(answers, item, predicted, task.truth.windows_of(item), task.mode);
    }
    Ok(())
}

/// A predicted window; in strict mode one that ends before it starts is a fault.
fn window(reader: &mut JsonReader<'_, '_>, mode: Mode) -> sdk::Read<Segment> {
    let window = reader.window()?;
    if mode == Mode::Strict
        && let Some([start, end]) = window
        && end < start
    {
        reader.fault_with(|| {
            let found = format!("[{start}, {end}]");
            Fault::whole(Code::OutOfRange, "the window ends before it starts", "start <= end", found)
                .hint("a window is [start, end], both in seconds of the clip")
        });
    }
    Ok(window)
}

/// The item that a row speaks of.
fn find(
    reader: &mut JsonReader<'_, '_>,
    task: &PreparedGrounding,
    clip: &str,
    annotation: &str,
    index: i64,
) -> Option<usize> {
    let known = task.truth.queries.get(clip);
    let Some((first, count)) = known.and_then(|annotations| annotations.get(annotation)) else {
        reader.fault_with(|| {
            let (what, found) = match known {
                None => ("clip", quoted(clip)),
                Some(_) => ("annotation of this clip", quoted(annotation)),
            };
            Fault::whole(
                Code::UnknownIds,
                format!("{found} is no {what} of this split"),
                format!("a {what} of this split"),
                found,
            )
            .hint("are these the ids of another split?")
        });
        return None;
    };
    // A negative index counts from the end in the public code.
    let from_end = index < 0 && task.mode == Mode::Reference;
    let position = if from_end { index + i64::from(*count) } else { index };
    if (0..i64::from(*count)).contains(&position) {
        return Some(*first as usize + position as usize);
    }
    reader.fault_with(|| {
        Fault::whole(
            Code::UnknownIds,
            format!("there is no query {index} in annotation {annotation:?} of clip {clip:?}"),
            format!("a query from 0 to {}", i64::from(*count) - 1),
            index.to_string(),
        )
    });
    None
}

/// Adds what a row is worth to its item.
fn answer(answers: &mut Answers, item: usize, predicted: &[Segment], truths: &[Segment], mode: Mode) {
    let mut best = [0.0_f64; WINDOWS];
    for (best, window) in best.iter_mut().zip(predicted) {
        *best = truths.iter().map(|truth| overlap(*window, *truth, mode)).fold(0.0, f64::max);
    }
    let mut values = answers.values.row_mut(item);
    for (column, (depth, threshold)) in columns().enumerate() {
        let hit = best[..depth].iter().any(|overlap| *overlap > threshold);
        values[column] += f64::from(u8::from(hit));
    }
    values[COLUMNS - 1] += match (mode, predicted.first()) {
        (Mode::Reference, Some(first)) => mean_of_best(*first, truths),
        (_, _) => best[0],
    };
}

/// The overlap of two windows; that of two empty ones is none in strict mode.
fn overlap(window: Segment, truth: Segment, mode: Mode) -> f64 {
    let value = hull_iou(window, truth);
    if value.is_nan() && mode == Mode::Strict { 0.0 } else { value }
}

/// The mean of the three largest overlaps with true windows, which is what the public code calls the overlap.
fn mean_of_best(window: Segment, truths: &[Segment]) -> f64 {
    let mut overlaps: Vec<f64> = truths.iter().map(|truth| hull_iou(window, *truth)).collect();
    // As in the public code, NaN is the largest of all.
    overlaps.sort_by(|a, b| b.is_nan().cmp(&a.is_nan()).then(b.partial_cmp(a).unwrap_or(Ordering::Equal)));
    let best = &overlaps[..overlaps.len().min(3)];
    best.iter().sum::<f64>() / best.len() as f64
}

/// Records every query without row: a file that leaves out hard queries must not score better for it.
///
/// The public code does not mind, but it has nothing to divide by where there is no row at all. Where rows were sent
/// and none is of a known query the file is of another split or task, which is told already.
fn report_missing(reader: &mut JsonReader<'_, '_>, task: &PreparedGrounding, answers: &Answers, sent: u64) {
    let known = answers.rows.iter().any(|rows| *rows > 0);
    if task.mode == Mode::Reference {
        if sent == 0 {
            reader.fault(Code::EmptySubmission, "there is no row", "a row for a query", "none");
        }
        return;
    }
    let missing = answers.rows.iter().enumerate().filter(|(_, rows)| **rows == 0 && (known || sent == 0));
    for (item, _) in missing {
        reader.fault_with(|| {
            let id = &task.truth.items.ids()[item];
            Fault::whole(
                Code::MissingIds,
                format!("the query {id:?} (clip/annotation/query) has no row"),
                "one row per query",
                "none",
            )
        });
    }
}
