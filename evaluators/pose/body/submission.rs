//! Reads a submission and measures each take while it is read.

use sdk::{Code, Fault, Faults, JsonReader, Limits, Mode, Slot, Stop};

use super::annotations::Take;
use super::{JOINTS, PreparedBodies, Sums};
use crate::joints::{Point, predicted};

/// What a submission holds.
pub(super) struct Sent {
    pub(super) sums: Vec<Sums>,
    /// How many takes are not scored.
    pub(super) unknown: u64,
}

/// Reads a submission.
pub(super) fn read(task: &PreparedBodies, bytes: &[u8], limits: &Limits) -> Result<Sent, Faults> {
    let takes = &task.truth.takes;
    let mut sent = Sent { sums: vec![Sums::default(); takes.len()], unknown: 0 };
    let mut bodies = Vec::new();
    JsonReader::read(bytes, limits, |reader| {
        let mut seen = vec![false; takes.len()];
        let object = reader.object(|reader, uid| {
            let Some(number) = task.truth.take_of_uid.get(&**uid) else {
                sent.unknown += 1;
                return reader.skip();
            };
            seen[*number] = true;
            let take = &takes[*number];
            if read_take(reader, take, task.mode, &mut bodies)? {
                sent.sums[*number] = task.measure(take, &bodies);
            }
            Ok(())
        })?;
        if object.is_some() {
            refuse_missing_takes(reader, takes, &seen, sent.unknown > 0);
        }
        Ok(())
    })?;
    Ok(sent)
}

/// Reads the bodies of a take in the order of its frames; whether all are there and right.
fn read_take(
    reader: &mut JsonReader<'_, '_>,
    take: &Take,
    mode: Mode,
    bodies: &mut Vec<[Point; JOINTS]>,
) -> Result<bool, Stop> {
    bodies.clear();
    bodies.resize(take.frames.len(), [[0.0; 3]; JOINTS]);
    let mut seen = vec![false; take.frames.len()];
    let before = reader.fault_count();
    let mut body = Slot::default();
    let object = reader.object(|reader, key| {
        if &**key != "body" {
            return reader.skip();
        }
        let frames = reader.object(|reader, name| {
            let number = take.frame_of_name.get(&**name).copied();
            // The public code does not look at frames that are not scored.
            if number.is_none() && mode == Mode::Reference {
                return reader.skip();
            }
            let joints = predicted::<JOINTS>(reader)?;
            if let Some(number) = number {
                // An empty list is no answer; what is wrong with another one is told already.
                seen[number] = joints != Some(None);
                bodies[number] = joints.flatten().unwrap_or([[0.0; 3]; JOINTS]);
            }
            Ok(())
        })?;
        if frames.is_some() {
            let missing = take.frames.iter().zip(&seen).filter(|(_, seen)| !**seen);
            for (frame, _) in missing {
                reader.fault_with(|| {
                    let message = format!("the frame {:?} has no joints", frame.name);
                    Fault::whole(Code::MissingIds, message, format!("{JOINTS} joints"), "none")
                });
            }
        }
        body.put(frames);
        Ok(())
    })?;
    if object.is_some() {
        body.require("body", reader);
    }
    Ok(reader.fault_count() == before)
}

fn refuse_missing_takes(reader: &mut JsonReader<'_, '_>, takes: &[Take], seen: &[bool], unknown: bool) {
    let missing = takes.iter().zip(seen).filter(|(take, seen)| !**seen && !take.frames.is_empty());
    for (take, _) in missing {
        reader.fault_with(|| {
            let message = format!("the take {:?} is missing", take.uid);
            let fault = Fault::whole(Code::MissingIds, message, "every annotated take", "none");
            match unknown {
                true => fault
                    .hint("the file names takes that are not of this split: are they those of another one?"),
                false => fault,
            }
        });
    }
}
