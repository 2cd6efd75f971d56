//! The images of a test set: their names and sizes, and no label.

use std::collections::BTreeMap;

use sdk::roll::repeated;
use sdk::{Code, Faults, Input, JsonReader, Limits, Slot, Stop};

use crate::frame_size::SizeFields;

/// Width and height by the path of the image without extension.
pub(super) type Sizes = BTreeMap<String, (usize, usize)>;

/// Reads `images` with `file_name`, `width` and `height`.
pub(super) fn read(input: &Input<'_>, limits: &Limits) -> Result<Sizes, Faults> {
    let file = input.single()?;
    let (mut sizes, mut faults) = (Sizes::new(), Faults::new());
    JsonReader::read(&file.bytes, limits, |reader| {
        let mut list = Slot::default();
        let object = reader.object(|reader, key| {
            match &**key {
                "images" => list.put(reader.array(|reader, _| image(reader, &mut sizes, &mut faults))?),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if object.is_some() && list.require("images", reader) == Some(0) {
            reader.fault(Code::EmptySubmission, "no image is listed", "images", "none");
        }
        Ok(())
    })?;
    faults.or(sizes)
}

fn image(reader: &mut JsonReader<'_, '_>, sizes: &mut Sizes, faults: &mut Faults) -> Result<(), Stop> {
    let (mut name, mut size) = (Slot::default(), SizeFields::default());
    let object = reader.object(|reader, key| match &**key {
        "file_name" => {
            name.put(reader.string()?.map(String::from));
            Ok(())
        }
        key => size.read(key, reader),
    })?;
    if object.is_none() {
        return Ok(());
    }
    let (name, size) = (name.require("file_name", reader), size.require(reader));
    if let (Some(name), Some(size)) = (name, size) {
        // Maps are called by the path of their image, whatever the two are saved as.
        let stem = name.rsplit_once('.').map_or(&*name, |(stem, _)| stem);
        if sizes.insert(stem.to_owned(), size).is_some() {
            faults.push_with(|| repeated("image", stem));
        }
    }
    Ok(())
}
