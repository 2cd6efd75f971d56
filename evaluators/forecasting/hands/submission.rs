//! Reads a submission: coordinates by instance.

use sdk::{Code, Faults, JsonReader, Limits, Mode};

use super::{COORDINATES, MEANING, PreparedHands};
use crate::instances::Answered;

/// What a submission holds.
pub(super) struct Sent<'t> {
    pub(super) answered: Answered<'t>,
    /// The coordinates of every instance as they stand in the file.
    pub(super) hands: Vec<[f64; COORDINATES]>,
    /// Whether the file says that they are averages already.
    pub(super) averaged: bool,
    /// The largest coordinate.
    pub(super) largest: f64,
}

/// Reads a submission.
pub(super) fn read<'t>(task: &'t PreparedHands, bytes: &[u8], limits: &Limits) -> Result<Sent<'t>, Faults> {
    let mut sent = Sent {
        answered: task.instances.unanswered(),
        hands: vec![[0.0; COORDINATES]; task.hands.len()],
        averaged: false,
        largest: f64::NEG_INFINITY,
    };
    JsonReader::read(bytes, limits, |reader| {
        let mut empty = true;
        let object = reader.object(|reader, id| {
            if &**id == "averaged" && task.mode == Mode::Strict {
                sent.averaged = reader.boolean()?.unwrap_or(false);
                return Ok(());
            }
            empty = false;
            let item = sent.answered.answer(id);
            if item.is_none() {
                Answered::refuse_unknown(reader, id);
            }
            let hands = match task.mode {
                Mode::Strict => reader.numbers::<COORDINATES>(MEANING)?,
                Mode::Reference => at_least_all(reader)?,
            };
            if let (Some(item), Some(hands)) = (item, hands) {
                sent.largest = hands.iter().copied().fold(sent.largest, f64::max);
                sent.hands[item] = hands;
            }
            Ok(())
        })?;
        match task.mode {
            Mode::Strict if object.is_some() => sent.answered.refuse_missing(reader),
            Mode::Reference if object.is_some() && empty => {
                reader.fault(Code::EmptySubmission, "there is no instance", "an instance", "none");
            }
            Mode::Strict | Mode::Reference => {}
        }
        Ok(())
    })?;
    Ok(sent)
}

/// Reads the coordinates as the public code does, which does not look at what stands after them.
fn at_least_all(reader: &mut JsonReader<'_, '_>) -> sdk::Read<[f64; COORDINATES]> {
    let mut hands = [0.0; COORDINATES];
    let before = reader.fault_count();
    let length = reader.array(|reader, index| match hands.get_mut(index as usize) {
        Some(slot) => {
            *slot = reader.number()?.unwrap_or_default();
            Ok(())
        }
        None => reader.skip(),
    })?;
    if let Some(length) = length
        && length < COORDINATES as u64
    {
        let message = format!("{COORDINATES} numbers are wanted here, {MEANING}");
        reader.fault(Code::WrongShape, message, format!("{COORDINATES} numbers"), format!("{length}"));
    }
    Ok((reader.fault_count() == before).then_some(hands))
}
