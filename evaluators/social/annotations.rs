//! Reads the annotations: rows with labels.

use sdk::{Code, Fault, Faults, Items, JsonReader, Limits, Slot, Stop};

use crate::index::RowIndex;
use crate::key::{KeyFields, KeySlots};

/// The truth.
#[derive(Debug, Default)]
pub(crate) struct Truth {
    pub(crate) items: Items,
    /// Whether each row is a positive.
    pub(crate) labels: Vec<bool>,
    pub(crate) index: RowIndex,
}

/// What the items are made of.
#[derive(Default)]
struct Rows {
    ids: Vec<String>,
    /// The video of every row, by its position in `videos`.
    video_of: Vec<u32>,
    videos: Vec<String>,
}

/// Reads the truth of a challenge; without annotations the labels are not looked at.
pub(crate) fn read(
    bytes: &[u8],
    challenge: &str,
    fields: KeyFields,
    unannotated: bool,
) -> Result<Truth, Faults> {
    let limits = Limits::default();
    let (mut truth, mut rows) = (Truth::default(), Rows::default());
    JsonReader::read(bytes, &limits, |reader| {
        let mut annotations = Slot::default();
        let object = reader.object(|reader, field| {
            match &**field {
                "challenge" => drop(reader.one_of(&[challenge], Code::WrongChallenge)?),
                "annotations" => {
                    annotations.put(
                        reader.array(|reader, _| row(reader, fields, unannotated, &mut truth, &mut rows))?,
                    );
                }
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if object.is_some() && annotations.require("annotations", reader) == Some(0) {
            reader.fault(Code::EmptySubmission, "the annotations hold no row", "a row", "none");
        }
        Ok(())
    })?;
    let video_of = |row: usize| rows.videos[rows.video_of[row] as usize].as_str();
    let videos: Vec<&str> = (0..rows.ids.len()).map(video_of).collect();
    truth.items = Items::new(rows.ids.into_iter().zip(&videos));
    truth.items.set_attribute("video", videos.iter().map(Some));
    Ok(truth)
}

fn row<'a>(
    reader: &mut JsonReader<'a, '_>,
    fields: KeyFields,
    unannotated: bool,
    truth: &mut Truth,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let (mut slots, mut label) = (KeySlots::default(), Slot::default());
    let object = reader.object(|reader, field| {
        if slots.read(reader, fields, field)? {
            return Ok(());
        }
        match &**field {
            "label" if unannotated => reader.skip()?,
            "label" => label.put(zero_or_one(reader)?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(());
    }
    let name = slots.require(reader, fields);
    let label = if unannotated { Some(false) } else { label.require("label", reader) };
    let (Some(name), Some(label)) = (name, label) else {
        return Ok(());
    };
    let item = rows.ids.len() as u32;
    if truth.index.insert(&name, item).is_some() {
        reader.fault_with(|| {
            let message = format!("the row {} stands twice", name.label());
            Fault::whole(Code::DuplicateIds, message, "one row for each", "another row")
        });
    }
    rows.ids.push(name.label());
    // Rows of a video mostly follow each other.
    if rows.videos.last().is_none_or(|video| **video != *name.video) {
        rows.videos.push(name.video.into_owned());
    }
    rows.video_of.push(rows.videos.len() as u32 - 1);
    truth.labels.push(label);
    Ok(())
}

/// Reads a label: 0 or 1, `false` or `true`.
fn zero_or_one(reader: &mut JsonReader<'_, '_>) -> sdk::Read<bool> {
    let before = reader.fault_count();
    let Some(written) = reader.literal()? else {
        return Ok(None);
    };
    match written {
        "1" | "true" | "1.0" => Ok(Some(true)),
        "0" | "false" | "0.0" => Ok(Some(false)),
        _ => {
            if reader.fault_count() == before {
                reader.fault(Code::UnknownLabel, "a label is 0 or 1", "0 or 1", written);
            }
            Ok(None)
        }
    }
}
