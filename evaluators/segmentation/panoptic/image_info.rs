//! The images of a test set as COCO publishes them: their sizes and the categories, and no segment.

use std::collections::HashSet;

use sdk::archive::is_zip;
use sdk::roll::repeated;
use sdk::{Code, Fault, Faults, Input, JsonReader, Limits, Slot, Stop};

use super::categories::Categories;
use super::results::{Segmented, read_categories};
use crate::frame_size::SizeFields;

/// Reads `images` with `id`, `width` and `height`, and `categories`; of every image all pixels are void.
pub(super) fn read(
    input: &Input<'_>,
    limits: &Limits,
) -> Result<(Categories, Vec<(String, Segmented)>), Faults> {
    let file = input.single()?;
    if is_zip(&file.bytes) {
        let fault = Fault::whole(Code::WrongFormat, "one JSON file is wanted", "JSON", "an archive");
        return Err(Faults::one(fault));
    }
    let (mut images, mut categories) = (Vec::new(), None);
    JsonReader::read(&file.bytes, limits, |reader| {
        let mut list = Slot::default();
        let object = reader.object(|reader, key| {
            match &**key {
                "images" => list.put(reader.array(|reader, _| image(reader, &mut images))?),
                "categories" => categories = Some(read_categories(reader)?),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if object.is_some() && list.require("images", reader) == Some(0) {
            reader.fault(Code::EmptySubmission, "no image is listed", "images", "none");
        }
        Ok(())
    })?;
    let (mut seen, mut faults) = (HashSet::new(), Faults::new());
    for (id, _) in images.iter().filter(|(id, _)| !seen.insert(id.as_str())) {
        faults.push_with(|| repeated("image", id));
    }
    let categories = Categories::of(categories.as_deref())?;
    faults.or((categories, images))
}

fn image(reader: &mut JsonReader<'_, '_>, images: &mut Vec<(String, Segmented)>) -> Result<(), Stop> {
    let (mut id, mut size) = (Slot::default(), SizeFields::default());
    let object = reader.object(|reader, key| {
        match &**key {
            "id" if reader.at_string()? => id.put(reader.string()?.map(String::from)),
            "id" => id.put(reader.integer()?.map(|id| id.to_string())),
            key => size.read(key, reader)?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(());
    }
    if let (Some(id), Some(size)) = (id.require("id", reader), size.require(reader)) {
        let void = (0, (size.0 * size.1) as u32);
        images.push((id, Segmented { size, segments: Vec::new(), runs: vec![void] }));
    }
    Ok(())
}
