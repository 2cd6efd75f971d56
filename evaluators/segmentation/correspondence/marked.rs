//! What a test set publishes of correspondence: where objects are marked, and no mask.

use std::collections::{BTreeMap, BTreeSet};

use sdk::{Faults, JsonReader, Limits, Read, Slot};

use super::annotations::{ByObject, Camera, Object, Take, Takes, by_object, read_frames};
use crate::rle::{Rle, read_size};

/// The frames of a camera.
struct Marked {
    height: usize,
    width: usize,
    frames: BTreeSet<i64>,
}

/// Reads `{"annotations": {TAKE: {"marked": {OBJECT: {CAMERA: {"size": [HEIGHT, WIDTH], "frames": [FRAME]}}}}}}`.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Takes, Faults> {
    Takes::read_by_name(bytes, limits, read_take)
}

fn read_take(reader: &mut JsonReader<'_, '_>, name: &str) -> Read<Take> {
    let mut marked: Slot<ByObject<Marked>> = Slot::default();
    let take = reader.object(|reader, key| {
        match &**key {
            "marked" => marked.put(Some(by_object(reader, read_camera)?)),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if take.is_none() {
        return Ok(None);
    }
    let marked = marked.require("marked", reader).unwrap_or_default();
    let objects = marked.into_iter().map(|(object, cameras)| {
        // Which frames of the other camera were annotated is not told: as far as is known all that are asked for.
        let asked: BTreeSet<i64> = cameras.values().flat_map(|camera| &camera.frames).copied().collect();
        let cameras = cameras.into_iter().map(|(name, marked)| marked.into_camera(name, &asked)).collect();
        Object::of(reader, name, object, cameras)
    });
    let objects = objects.collect();
    Ok(Some(Take { name: name.to_owned(), objects }))
}

fn read_camera(reader: &mut JsonReader<'_, '_>) -> Read<Marked> {
    let (mut size, mut frames) = (Slot::default(), Slot::default());
    let camera = reader.object(|reader, key| {
        match &**key {
            "size" => size.put(read_size(reader)?),
            "frames" => frames.put(read_frames(reader)?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if camera.is_none() {
        return Ok(None);
    }
    let (size, frames) = (size.require("size", reader), frames.require("frames", reader));
    Ok(size.zip(frames).map(|((height, width), frames)| Marked { height, width, frames }))
}

impl Marked {
    fn into_camera(self, name: String, asked: &BTreeSet<i64>) -> Camera {
        let size = (self.width, self.height);
        let blank = |frame| (frame, Rle::of_runs(size, std::iter::empty()));
        let masks: BTreeMap<i64, Rle> = self.frames.into_iter().map(blank).collect();
        Camera { name, size: Some(size), masks, annotated: asked.clone() }
    }
}
