//! Reads a submission: a box and a score for frames of every sequence.

use sdk::text::quoted;
use sdk::{Code, Fault, Faults, JsonReader, Limits, Mode, Stop};

use super::curves::Found;
use super::{PreparedTracks, Sequence};
use crate::boxes::FARTHEST;

/// What a submission is worth.
pub(super) struct Sent {
    pub(super) found: Vec<Found>,
    /// How many sequences are not scored; only reference mode lets them pass.
    pub(super) other_sequences: u64,
}

/// Reads a submission.
pub(super) fn read(task: &PreparedTracks, bytes: &[u8], limits: &Limits) -> Result<Sent, Faults> {
    let mut sent = Sent { found: vec![Found::default(); task.truth.sequences.len()], other_sequences: 0 };
    let mut answered = vec![false; task.truth.sequences.len()];
    JsonReader::read(bytes, limits, |reader| {
        let object = reader.object(|reader, name| {
            let Some(sequences) = task.truth.by_name.get(&**name) else {
                sent.other_sequences += 1;
                if task.mode == Mode::Strict {
                    reader.fault_with(|| unknown(name));
                }
                return reader.skip();
            };
            match sequences[..] {
                [] => reader.skip(),
                [item] => {
                    answered[item] = true;
                    sent.found[item] = frames(reader, &[&task.truth.sequences[item]], task.mode)?.remove(0);
                    Ok(())
                }
                _ => {
                    let truth: Vec<&Sequence> =
                        sequences.iter().map(|item| &task.truth.sequences[*item]).collect();
                    let found = frames(reader, &truth, task.mode)?;
                    for (item, found) in sequences.iter().zip(found) {
                        answered[*item] = true;
                        sent.found[*item] = found;
                    }
                    Ok(())
                }
            }
        })?;
        if object.is_some() {
            report_missing(reader, task, &answered);
        }
        Ok(())
    })?;
    Ok(sent)
}

/// Reads the frames of a name, which is that of one sequence or more; what was found of each.
fn frames(reader: &mut JsonReader<'_, '_>, truth: &[&Sequence], mode: Mode) -> Result<Vec<Found>, Stop> {
    let frame_count = truth.iter().map(|sequence| sequence.frame_count).min().unwrap_or(0);
    let mut scored: Vec<Vec<(f64, f64)>> = vec![Vec::new(); truth.len()];
    // Where the box of the last frame stands in each sequence: frames mostly come in their order.
    let mut near = vec![0; truth.len()];
    reader.object(|reader, key| {
        let frame = key.parse::<u32>().ok().filter(|frame| *frame < frame_count && is_plain(key));
        if frame.is_none() {
            reader.fault_with(|| no_frame(key, frame_count));
        }
        let Some([x, y, width, height, score]) = reader.numbers::<5>("[x, y, width, height, score]")? else {
            return Ok(());
        };
        let at = [x, y, width, height];
        if let Some(fault) = wrong_box(at, mode) {
            reader.fault_with(|| fault);
            return Ok(());
        }
        let Some(frame) = frame else { return Ok(()) };
        for ((sequence, near), scored) in truth.iter().zip(&mut near).zip(&mut scored) {
            let overlap = sequence.find(frame, near).map_or(0.0, |truth| overlap(at, truth));
            scored.push((score, overlap));
        }
        Ok(())
    })?;
    let found = truth.iter().zip(scored).map(|(sequence, mut scored)| {
        // Too many only where the file is refused: every frame stands once.
        scored.truncate(sequence.frame_count as usize);
        Found::new(scored, sequence.frame_count, sequence.frames.len())
    });
    Ok(found.collect())
}

impl Sequence {
    /// The true box of a frame; `near` is a place to look at first.
    fn find(&self, frame: u32, near: &mut usize) -> Option<[f64; 4]> {
        if self.frames.get(*near) != Some(&frame) {
            *near = self.frames.partition_point(|known| *known < frame);
        }
        let found = (self.frames.get(*near) == Some(&frame)).then(|| self.boxes[*near])?;
        *near += 1;
        Some(found)
    }
}

/// Whether a number is written without sign and leading zeros, so that every frame has one key.
fn is_plain(key: &str) -> bool {
    key.bytes().all(|byte| byte.is_ascii_digit()) && (key.len() == 1 || !key.starts_with('0'))
}

/// Intersection over union of boxes with width and height, 0 where nothing is divided by nothing.
fn overlap(one: [f64; 4], other: [f64; 4]) -> f64 {
    let side = |axis: usize| {
        let end = (one[axis] + one[axis + 2]).min(other[axis] + other[axis + 2]);
        (end - one[axis].max(other[axis])).max(0.0)
    };
    let both = side(0) * side(1);
    let union = one[2] * one[3] + other[2] * other[3] - both;
    if union == 0.0 { 0.0 } else { both / union }
}

fn wrong_box(at: [f64; 4], mode: Mode) -> Option<Fault> {
    if let Some(far) = at.iter().find(|number| number.abs() > FARTHEST) {
        let expected = format!("pixels between -{FARTHEST} and {FARTHEST}");
        return Some(Fault::whole(Code::OutOfRange, "a coordinate is too large", expected, far.to_string()));
    }
    let [_, _, width, height] = at;
    (mode == Mode::Strict && (width < 0.0 || height < 0.0)).then(|| {
        let found = format!("{width} x {height}");
        Fault::whole(
            Code::OutOfRange,
            "a box has a negative side",
            "a width and a height of 0 or more",
            found,
        )
        .hint("a box is x, y, width, height")
    })
}

fn no_frame(key: &str, frame_count: u32) -> Fault {
    let found = quoted(key);
    let is_number = key.parse::<i64>().is_ok() && is_plain(key.strip_prefix('-').unwrap_or(key));
    let code = if is_number { Code::OutOfRange } else { Code::WrongType };
    let expected = format!("a frame from 0 to {}", i64::from(frame_count) - 1);
    Fault::whole(code, format!("{found} is no frame of this sequence"), expected, found)
        .hint("frames are those of the clip at 5 per second, counted from 0")
}

fn unknown(name: &str) -> Fault {
    let message = format!("the sequence {} is not one of this split", quoted(name));
    Fault::whole(Code::UnknownIds, message, "CLIP_SET_TITLE of a query set", quoted(name))
        .hint("are these the sequences of another split?")
}

/// Records every sequence that has no key.
///
/// Where keys were sent and none is known the file is of another split, which is told already.
fn report_missing(reader: &mut JsonReader<'_, '_>, task: &PreparedTracks, answered: &[bool]) {
    if reader.fault_count() > 0 && !answered.contains(&true) {
        return;
    }
    let mut missing: Vec<&str> = task
        .truth
        .by_name
        .iter()
        .filter(|(_, items)| items.iter().any(|item| !answered[*item]))
        .map(|(name, _)| name.as_str())
        .collect();
    missing.sort_unstable();
    for name in missing {
        reader.fault_with(|| {
            let message = format!("the sequence {} has no boxes", quoted(name));
            Fault::whole(Code::MissingIds, message, "an object of frames for every sequence", "none")
                .hint("a sequence in which nothing is found has an empty object")
        });
    }
}
