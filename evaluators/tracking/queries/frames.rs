//! Frames, and true boxes in them, as the annotation files of visual queries have them.

use sdk::{Code, JsonReader, Read, Slot, Stop};

use crate::boxes::FARTHEST;

/// Frames lie between this number and its negative.
const LAST_FRAME: i64 = 1 << 31;

/// Left side, top, width and height of a box.
pub(crate) type Size = [f64; 4];

/// Reads the number of a frame.
pub(crate) fn frame(reader: &mut JsonReader<'_, '_>) -> Read<i64> {
    let Some(frame) = reader.integer()? else { return Ok(None) };
    if (-LAST_FRAME..LAST_FRAME).contains(&frame) {
        return Ok(Some(frame));
    }
    reader.fault(Code::OutOfRange, "there is no such frame", "the number of a frame", frame.to_string());
    Ok(None)
}

/// Reads `{"frame_number", "x", "y", "width", "height"}`.
pub(crate) fn frame_box(reader: &mut JsonReader<'_, '_>) -> Result<Option<(i64, Size)>, Stop> {
    let names = ["x", "y", "width", "height"];
    let mut number = Slot::default();
    let mut size: [Slot<f64>; 4] = Default::default();
    let object = reader.object(|reader, key| {
        match names.iter().position(|name| *name == &**key) {
            Some(position) => size[position].put(reader.number()?),
            None if &**key == "frame_number" => number.put(frame(reader)?),
            None => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    let number = number.require("frame_number", reader);
    let Some(size) = four(reader, size, names) else { return Ok(None) };
    let wrong = size.iter().find(|number| number.abs() > FARTHEST);
    if let Some(wrong) = wrong.or(size[2..].iter().find(|side| **side < 0.0)) {
        let found = wrong.to_string();
        reader.fault(Code::OutOfRange, "the box has no possible size or place", "pixels", found);
        return Ok(None);
    }
    Ok(number.map(|number| (number, size)))
}

/// Four numbers that an object must have.
pub(crate) fn four(
    reader: &mut JsonReader<'_, '_>,
    slots: [Slot<f64>; 4],
    names: [&str; 4],
) -> Option<[f64; 4]> {
    let mut numbers = [0.0; 4];
    let mut right = true;
    for ((number, slot), name) in numbers.iter_mut().zip(slots).zip(names) {
        match slot.require(name, reader) {
            Some(value) => *number = value,
            None => right = false,
        }
    }
    right.then_some(numbers)
}
