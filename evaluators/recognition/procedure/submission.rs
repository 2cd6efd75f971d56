//! Reads a submission: for every segment of every take the scores of the five sub-tasks.

use sdk::roll::repeated;
use sdk::text::quoted;
use sdk::{Code, Fault, Faults, JsonReader, Limits, Slot, Stop};

use super::{Procedures, SUBTASK_COUNT, SUBTASKS, name_of};
use crate::roll::{Call, Roll, complete, unknown};

/// What a submission holds.
pub(super) struct Sent {
    /// By sub-task, the score of every answer.
    pub(super) scores: [Vec<f64>; SUBTASK_COUNT],
    /// How many keysteps have no score.
    pub(super) left_out: u64,
}

/// The score of what is left out: below all that a file can hold.
const LEFT_OUT: f64 = f64::NEG_INFINITY;

/// Reads a submission.
pub(super) fn read(procedures: &Procedures, bytes: &[u8], limits: &Limits) -> Result<Sent, Faults> {
    let mut scores = procedures.sizes.map(|size| vec![LEFT_OUT; size]);
    let mut roll = Roll::new(&procedures.ids, "segment");
    let read = JsonReader::read(bytes, limits, |reader| {
        let mut results = Slot::default();
        let object = reader.object(|reader, key| {
            match &**key {
                "results" => results.put(reader.object(|reader, take| {
                    reader
                        .object(|reader, segment| {
                            let id = name_of(take, segment);
                            let item = match roll.call(&id) {
                                Call::First(item) => Some(item),
                                Call::Again(_) => {
                                    reader.fault_with(|| repeated("segment", &id));
                                    None
                                }
                                Call::Unknown => {
                                    reader.fault_with(|| unknown("segment", &id));
                                    None
                                }
                            };
                            read_segment(reader, procedures, item, &mut scores)
                        })
                        .map(drop)
                })?),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if object.is_some() {
            results.require("results", reader);
        }
        Ok(())
    });
    complete(read, &roll)?;
    let left_out = scores.iter().flatten().filter(|score| **score == LEFT_OUT).count() as u64;
    Ok(Sent { scores, left_out })
}

fn read_segment(
    reader: &mut JsonReader<'_, '_>,
    procedures: &Procedures,
    item: Option<u32>,
    scores: &mut [Vec<f64>; SUBTASK_COUNT],
) -> Result<(), Stop> {
    let segment = item.map(|item| &procedures.segments[item as usize]);
    let mut seen = [false; SUBTASK_COUNT];
    let object = reader.object(|reader, key| {
        let Some(subtask) = SUBTASKS.iter().position(|(field, _)| *field == &**key) else {
            return reader.skip();
        };
        seen[subtask] = true;
        let (Some(segment), of_subtask) = (segment, &mut scores[subtask]) else {
            return reader.skip();
        };
        let start = segment.starts[subtask];
        if !SUBTASKS[subtask].1 {
            if let Some(score) = reader.number()? {
                of_subtask[start] = score;
            }
            return Ok(());
        }
        let known = &procedures.keysteps[segment.take as usize];
        let read = reader.object(|reader, keystep| {
            match known.get(&**keystep) {
                Some(position) => {
                    if let Some(score) = reader.number()? {
                        of_subtask[start + *position as usize] = score;
                    }
                }
                None => {
                    reader.fault_with(|| {
                        let found = quoted(keystep);
                        let message = format!("{found} is no keystep of this procedure");
                        Fault::whole(Code::UnknownLabel, message, "a keystep of the procedure", found)
                    });
                    reader.skip()?;
                }
            }
            Ok(())
        });
        read.map(drop)
    })?;
    for (_, (field, _)) in seen.iter().zip(SUBTASKS).filter(|(seen, _)| object.is_some() && !**seen) {
        reader.missing_field(field);
    }
    Ok(())
}
