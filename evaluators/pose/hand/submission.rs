//! Reads a submission and measures each hand while it is read.

use sdk::{Code, Fault, Faults, JsonReader, Limits, Mode};

use super::annotations::{Frame, Take};
use super::{Errors, HANDS, JOINTS, PreparedHands};
use crate::joints::{Point, predicted};

/// What a submission holds.
pub(super) struct Sent {
    pub(super) errors: Vec<Errors>,
    answered: Vec<bool>,
    /// How many takes and frames are not scored.
    pub(super) unknown: u64,
    /// Whether most joints are implausibly far away.
    pub(super) far_away: bool,
}

/// A distance from the camera, in metres, that no hand of its wearer has.
const FAR: f64 = 10.0;

/// Reads a submission.
pub(super) fn read(task: &PreparedHands, bytes: &[u8], limits: &Limits) -> Result<Sent, Faults> {
    let hands = task.truth.hands.len();
    let mut sent =
        Sent { errors: vec![None; hands], answered: vec![false; hands], unknown: 0, far_away: false };
    let (mut near, mut far) = (0_u64, 0_u64);
    JsonReader::read(bytes, limits, |reader| {
        let mut seen_takes = vec![false; task.truth.takes.len()];
        let object = reader.object(|reader, uid| {
            let Some(number) = task.truth.take_of_uid.get(&**uid) else {
                sent.unknown += 1;
                return reader.skip();
            };
            let take = &task.truth.takes[*number];
            seen_takes[*number] = true;
            let mut seen_frames = vec![false; take.frames.len()];
            let frames = reader.object(|reader, name| {
                let Some(number) = take.frame_of_name.get(&**name) else {
                    sent.unknown += 1;
                    return reader.skip();
                };
                let frame = &take.frames[*number];
                seen_frames[*number] = true;
                let object = reader.object(|reader, key| {
                    let side = HANDS.iter().position(|(_, field, _)| **key == **field);
                    let Some(side) = side else {
                        return reader.skip();
                    };
                    let item = frame.hands[side].map(|hand| hand as usize);
                    // The public code does not look at hands that are not annotated.
                    if item.is_none() && task.mode == Mode::Reference {
                        return reader.skip();
                    }
                    let joints = predicted::<JOINTS>(reader)?;
                    // An empty list is no answer; what is wrong with another one is told already.
                    if let Some(item) = item
                        && joints != Some(None)
                    {
                        sent.answered[item] = true;
                        if let Some(Some(joints)) = joints {
                            sent.errors[item] = task.errors(&task.truth.hands[item], &joints);
                            count(&joints, &mut near, &mut far);
                        }
                    }
                    Ok(())
                })?;
                if object.is_some() {
                    refuse_missing_hands(reader, frame, &sent.answered);
                }
                Ok(())
            })?;
            if frames.is_some() {
                let missing = take.frames.iter().zip(&seen_frames).filter(|(_, seen)| !**seen);
                refuse_missing_frames(reader, missing.map(|(frame, _)| frame));
            }
            Ok(())
        })?;
        if object.is_some() {
            let takes = task.truth.takes.iter().zip(&seen_takes);
            refuse_missing_takes(
                reader,
                takes.filter(|(_, seen)| !**seen).map(|(take, _)| take),
                sent.unknown > 0,
            );
        }
        Ok(())
    })?;
    sent.far_away = far > near;
    Ok(sent)
}

fn count(joints: &[Point; JOINTS], near: &mut u64, far: &mut u64) {
    let far_away = joints.iter().filter(|joint| joint.iter().any(|axis| axis.abs() > FAR)).count() as u64;
    *far += far_away;
    *near += JOINTS as u64 - far_away;
}

fn refuse_missing_hands(reader: &mut JsonReader<'_, '_>, frame: &Frame, answered: &[bool]) {
    for (hand, (side, field, _)) in frame.hands.iter().zip(HANDS) {
        if hand.is_some_and(|hand| !answered[hand as usize]) {
            reader.fault_with(|| {
                let message = format!("the {side} hand of frame {:?} has no joints", frame.name);
                Fault::whole(Code::MissingIds, message, format!("{JOINTS} joints in {field:?}"), "none")
            });
        }
    }
}

fn refuse_missing_frames<'f>(reader: &mut JsonReader<'_, '_>, frames: impl Iterator<Item = &'f Frame>) {
    for frame in frames.filter(|frame| frame.hands.iter().any(Option::is_some)) {
        reader.fault_with(|| {
            let message = format!("the frame {:?} is missing", frame.name);
            Fault::whole(Code::MissingIds, message, "every annotated frame", "none")
        });
    }
}

fn refuse_missing_takes<'t>(
    reader: &mut JsonReader<'_, '_>,
    takes: impl Iterator<Item = &'t Take>,
    unknown: bool,
) {
    let has_hand = |take: &&Take| take.frames.iter().any(|frame| frame.hands.iter().any(Option::is_some));
    for take in takes.filter(has_hand) {
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
