//! Reads a submission: one track and one score for every valid query set.

use sdk::{Code, Fault, Faults, JsonReader, Limits, Mode, Read, Slot, Stop};

use super::PreparedQueries;
use super::annotations::no_track;
use super::tracks::Track;
use crate::boxes::{Box4, FARTHEST};
use crate::queries::{Header, four, frame, read_answers};

/// What the answer to a query is worth.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Answer {
    pub(super) score: f64,
    pub(super) overlap_in_time: f64,
    pub(super) overlap: f64,
    pub(super) recovered: u32,
}

/// Reads a submission; the answers stand in the order of the queries.
pub(super) fn read(task: &PreparedQueries, bytes: &[u8], limits: &Limits) -> Result<Vec<Answer>, Faults> {
    let mut answers = vec![Answer::default(); task.truth.tracks.len()];
    let header = Header { version: task.truth.version.as_deref(), challenge: "ego4d_vq2d_challenge" };
    JsonReader::read(bytes, limits, |reader| {
        let read_set = |reader: &mut JsonReader<'_, '_>| query_set(reader, task.mode);
        read_answers(reader, &task.truth.index, header, read_set, |query, (track, score): (Track, f64)| {
            let overlaps = task.truth.tracks[query].found_by(&track);
            answers[query] = Answer {
                score,
                overlap_in_time: overlaps.in_time,
                overlap: overlaps.in_space,
                recovered: overlaps.recovered,
            };
        })
    })?;
    Ok(answers)
}

fn query_set(reader: &mut JsonReader<'_, '_>, mode: Mode) -> Read<(Track, f64)> {
    let (mut boxes, mut score) = (Slot::default(), Slot::default());
    let object = reader.object(|reader, key| {
        match &**key {
            "bboxes" => {
                let mut list = Vec::new();
                let before = reader.fault_count();
                let array = reader.array(|reader, _| {
                    list.extend(frame_box(reader, mode)?);
                    Ok(())
                })?;
                // A track with a box that was refused would seem to have a gap as well.
                boxes.put(array.filter(|_| reader.fault_count() == before).map(|_| list));
            }
            "score" => score.put(reader.number()?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    let boxes: Option<Vec<(i64, Box4)>> = boxes.require("bboxes", reader);
    let score = score.require("score", reader);
    let Some(boxes) = boxes else { return Ok(None) };
    match Track::new(boxes) {
        Ok(track) => Ok(score.map(|score| (track, score))),
        Err(problem) => {
            reader.fault_with(|| no_track(problem));
            Ok(None)
        }
    }
}

fn frame_box(reader: &mut JsonReader<'_, '_>, mode: Mode) -> Result<Option<(i64, Box4)>, Stop> {
    let names = ["x1", "y1", "x2", "y2"];
    let mut number = Slot::default();
    let mut corners: [Slot<f64>; 4] = Default::default();
    let object = reader.object(|reader, key| {
        match names.iter().position(|name| *name == &**key) {
            Some(position) => corners[position].put(reader.number()?),
            None if &**key == "fno" => number.put(frame(reader)?),
            None => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    let number = number.require("fno", reader);
    let Some(at) = four(reader, corners, names) else { return Ok(None) };
    if let Some(far) = at.iter().find(|corner| corner.abs() > FARTHEST) {
        let expected = format!("pixels between -{FARTHEST} and {FARTHEST}");
        reader.fault(Code::OutOfRange, "a coordinate is too large", expected, far.to_string());
        return Ok(None);
    }
    if mode == Mode::Strict && (at[2] <= at[0] || at[3] <= at[1]) {
        reader.fault_with(|| {
            let [x1, y1, x2, y2] = at;
            let found = format!("x1 {x1}, y1 {y1}, x2 {x2}, y2 {y2}");
            Fault::whole(Code::OutOfRange, "the box has no area", "x1 < x2 and y1 < y2", found)
                .hint("a box is two corners, not a corner with width and height")
        });
        return Ok(None);
    }
    Ok(number.map(|number| (number, at)))
}
