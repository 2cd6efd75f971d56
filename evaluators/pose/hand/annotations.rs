//! Reads the annotations: takes with frames with hands.

use std::collections::HashMap;

use sdk::{Code, Fault, Faults, Items, JsonReader, Limits, Read, Slot, Stop};

use super::{HANDS, JOINTS};
use crate::joints::{Point, annotated};

/// The truth.
#[derive(Debug, Default)]
pub(super) struct Truth {
    pub(super) items: Items,
    pub(super) hands: Vec<Hand>,
    pub(super) takes: Vec<Take>,
    pub(super) take_of_uid: HashMap<String, usize>,
}

/// A take by its frames.
#[derive(Debug, Default)]
pub(super) struct Take {
    pub(super) uid: String,
    pub(super) frames: Vec<Frame>,
    pub(super) frame_of_name: HashMap<String, usize>,
}

/// A frame with the hands that are annotated in it, right and left.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) name: String,
    pub(super) hands: [Option<u32>; HANDS.len()],
}

/// The true joints of a hand.
#[derive(Debug)]
pub(super) struct Hand {
    pub(super) joints: [Point; JOINTS],
    /// Bit `j` says whether joint `j` is valid; only valid joints count.
    pub(super) valid: u32,
}

/// What the items are made of.
#[derive(Default)]
struct Rows {
    ids: Vec<String>,
    takes: Vec<usize>,
    sides: Vec<&'static str>,
}

/// Reads the truth; `wrists` says whether the place of every wrist must be known.
///
/// Without annotations there are no places; a hand that has flags for its joints is one that is scored.
pub(super) fn read(bytes: &[u8], wrists: bool, unannotated: bool) -> Result<Truth, Faults> {
    let limits = Limits::default();
    let (mut truth, mut rows) = (Truth::default(), Rows::default());
    JsonReader::read(bytes, &limits, |reader| {
        let object = reader.object(|reader, uid| {
            let mut take = Take { uid: uid.clone().into_owned(), ..Take::default() };
            let number = truth.takes.len();
            reader.object(|reader, name| {
                let mut frame = Frame { name: name.clone().into_owned(), hands: [None; HANDS.len()] };
                let hands = if unannotated { flagged(reader)? } else { hands(reader, wrists)? };
                for (side, hand) in hands.into_iter().enumerate() {
                    frame.hands[side] = hand.map(|hand| {
                        rows.ids.push(format!("{uid}/{name}/{}", HANDS[side].0));
                        rows.takes.push(number);
                        rows.sides.push(HANDS[side].0);
                        truth.hands.push(hand);
                        truth.hands.len() as u32 - 1
                    });
                }
                take.frame_of_name.insert(frame.name.clone(), take.frames.len());
                take.frames.push(frame);
                Ok(())
            })?;
            truth.take_of_uid.insert(take.uid.clone(), number);
            truth.takes.push(take);
            Ok(())
        })?;
        if object.is_some() && reader.fault_count() == 0 && truth.hands.is_empty() {
            reader.fault(Code::EmptySubmission, "the annotations hold no hand", "a hand", "none");
        }
        Ok(())
    })?;
    let takes = rows.takes.iter().map(|take| truth.takes[*take].uid.as_str());
    truth.items = Items::new(rows.ids.into_iter().zip(takes.clone()));
    truth.items.set_attribute("take", takes.map(Some));
    truth.items.set_attribute("hand", rows.sides.iter().map(Some));
    Ok(truth)
}

/// Reads the hands of a frame.
fn hands(reader: &mut JsonReader<'_, '_>, wrists: bool) -> Result<[Option<Hand>; HANDS.len()], Stop> {
    let mut joints = [const { None }; HANDS.len()];
    let mut flags = [const { None }; HANDS.len()];
    reader.object(|reader, key| {
        for (side, (_, joints_field, flags_field)) in HANDS.iter().enumerate() {
            if **key == **joints_field {
                joints[side] = annotated::<JOINTS>(reader)?.flatten();
                return Ok(());
            }
            if **key == **flags_field {
                flags[side] = valid(reader)?;
                return Ok(());
            }
        }
        reader.skip()
    })?;
    let mut found = [const { None }; HANDS.len()];
    for (side, joints) in joints.into_iter().enumerate() {
        found[side] = match joints {
            Some(joints) => hand(reader, side, &joints, flags[side].take(), wrists),
            None => None,
        };
    }
    Ok(found)
}

/// Reads which hands of a frame have flags.
fn flagged(reader: &mut JsonReader<'_, '_>) -> Result<[Option<Hand>; HANDS.len()], Stop> {
    let mut found = [const { None }; HANDS.len()];
    reader.object(|reader, key| match HANDS.iter().position(|(_, _, flags)| **key == **flags) {
        Some(side) if reader.at_array()? => {
            let flags = reader.array(|reader, _| reader.skip())?;
            found[side] = (flags != Some(0)).then_some(Hand { joints: [[0.0; 3]; JOINTS], valid: 0 });
            Ok(())
        }
        _ => reader.skip(),
    })?;
    Ok(found)
}

fn hand(
    reader: &mut JsonReader<'_, '_>,
    side: usize,
    joints: &[Option<Point>; JOINTS],
    flags: Option<Vec<bool>>,
    wrists: bool,
) -> Option<Hand> {
    let mut field = Slot::default();
    if let Some(flags) = flags {
        field.put(Some(flags));
    }
    let flags: Vec<bool> = field.require(HANDS[side].2, reader)?;
    if flags.len() != JOINTS {
        let message = format!("{} is not a flag for every joint", HANDS[side].2);
        reader.fault(Code::WrongShape, message, format!("{JOINTS} flags"), format!("{}", flags.len()));
        return None;
    }
    let mut hand = Hand { joints: [[0.0; 3]; JOINTS], valid: 0 };
    for (index, (joint, valid)) in joints.iter().zip(flags).enumerate() {
        match joint {
            Some(point) => {
                hand.joints[index] = *point;
                hand.valid |= u32::from(valid) << index;
            }
            None if valid || (wrists && index == 0) => reader.fault_with(|| {
                let message = format!("joint {index} of the {} hand has no place", HANDS[side].0);
                Fault::whole(Code::MissingField, message, "[x, y, z]", "none")
            }),
            None => {}
        }
    }
    Some(hand)
}

fn valid(reader: &mut JsonReader<'_, '_>) -> Read<Vec<bool>> {
    let mut flags = Vec::with_capacity(JOINTS);
    let array = reader.array(|reader, _| {
        flags.extend(reader.boolean()?);
        Ok(())
    })?;
    Ok(array.map(|_| flags))
}
