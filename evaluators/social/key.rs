//! What a row speaks of: a video, a frame of it, and a face in it.

use std::borrow::Cow;

use sdk::{JsonReader, Read, Slot};

/// Which fields name a row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeyFields {
    /// The field of the frame.
    pub(crate) frame: &'static str,
    /// Whether a row must name a face track.
    pub(crate) track: bool,
}

/// The fields of a row that name it, as far as they were read.
#[derive(Debug, Default)]
pub(crate) struct KeySlots<'a> {
    video: Slot<Cow<'a, str>>,
    frame: Slot<Cow<'a, str>>,
    track: Slot<Cow<'a, str>>,
}

/// The name of a row.
#[derive(Debug)]
pub(crate) struct Key<'a> {
    pub(crate) video: Cow<'a, str>,
    pub(crate) frame: Cow<'a, str>,
    pub(crate) track: Option<Cow<'a, str>>,
}

impl<'a> KeySlots<'a> {
    /// Reads the field if it is part of the name; whether it is.
    pub(crate) fn read(
        &mut self,
        reader: &mut JsonReader<'a, '_>,
        fields: KeyFields,
        key: &str,
    ) -> Result<bool, sdk::Stop> {
        let slot = match key {
            "video_id" => &mut self.video,
            "track_id" => &mut self.track,
            _ if key == fields.frame => &mut self.frame,
            _ => return Ok(false),
        };
        slot.put(id(reader)?);
        Ok(true)
    }

    /// The name; fields that are missing are recorded as faults.
    pub(crate) fn require(self, reader: &mut JsonReader<'_, '_>, fields: KeyFields) -> Option<Key<'a>> {
        let video = self.video.require("video_id", reader);
        let frame = self.frame.require(fields.frame, reader);
        let track = if fields.track {
            self.track.require("track_id", reader).map(Some)
        } else {
            Some(self.track.get())
        };
        Some(Key { video: video?, frame: frame?, track: track? })
    }
}

/// Reads a text or a number; the number 7 and the text "7" are the same id.
fn id<'a>(reader: &mut JsonReader<'a, '_>) -> Read<Cow<'a, str>> {
    if reader.at_string()? {
        return reader.string();
    }
    let before = reader.fault_count();
    let Some(written) = reader.literal()? else {
        return Ok(None);
    };
    if written.starts_with(['-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
        && reader.fault_count() == before
    {
        return Ok(Some(Cow::Borrowed(written)));
    }
    if reader.fault_count() == before {
        reader.fault(sdk::Code::WrongType, "an id is a text or a number", "a text or a number", written);
    }
    Ok(None)
}

impl Key<'_> {
    /// Writes the name as bytes that are different for different names: no text contains the byte between its parts.
    pub(crate) fn write(&self, bytes: &mut Vec<u8>) {
        bytes.clear();
        bytes.extend_from_slice(self.video.as_bytes());
        bytes.push(0xff);
        bytes.extend_from_slice(self.frame.as_bytes());
        if let Some(track) = &self.track {
            bytes.push(0xff);
            bytes.extend_from_slice(track.as_bytes());
        }
    }

    /// The name for a person.
    pub(crate) fn label(&self) -> String {
        let parts = [Some(&self.video), Some(&self.frame), self.track.as_ref()];
        let length = parts.iter().flatten().map(|part| part.len() + 1).sum();
        let mut label = String::with_capacity(length);
        for (number, part) in parts.into_iter().flatten().enumerate() {
            if number > 0 {
                label.push('/');
            }
            label.push_str(part);
        }
        label
    }
}
