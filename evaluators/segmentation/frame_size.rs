//! The size of an image that is described and not there.

use sdk::{Code, JsonReader, Read, Slot, Stop};

/// The fields `width` and `height` of an object, in pixels.
#[derive(Debug, Default)]
pub(crate) struct SizeFields {
    width: Slot<u16>,
    height: Slot<u16>,
}

impl SizeFields {
    /// Reads the value of a field if it is one of these, and passes over it otherwise.
    pub(crate) fn read(&mut self, key: &str, reader: &mut JsonReader<'_, '_>) -> Result<(), Stop> {
        match key {
            "width" => self.width.put(side(reader)?),
            "height" => self.height.put(side(reader)?),
            _ => reader.skip()?,
        }
        Ok(())
    }

    /// Width and height; that one is missing is a fault.
    pub(crate) fn require(self, reader: &mut JsonReader<'_, '_>) -> Option<(usize, usize)> {
        let (width, height) = (self.width.require("width", reader), self.height.require("height", reader));
        Some((usize::from(width?), usize::from(height?)))
    }
}

fn side(reader: &mut JsonReader<'_, '_>) -> Read<u16> {
    let Some(number) = reader.integer()? else { return Ok(None) };
    let side = u16::try_from(number).ok().filter(|side| *side > 0);
    if side.is_none() {
        reader.fault(Code::OutOfRange, "no image is so large", "1 to 65535 pixels", number.to_string());
    }
    Ok(side)
}
