//! The annotations of correspondence: masks of objects by camera and frame.

use std::collections::{BTreeMap, BTreeSet};

use sdk::{Code, Faults, JsonReader, Limits, Read};

use super::Direction;
use crate::rle::Rle;

/// All takes.
#[derive(Debug)]
pub(super) struct Takes {
    pub(super) takes: Vec<Take>,
}

/// A recording by several cameras.
#[derive(Debug)]
pub(super) struct Take {
    pub(super) name: String,
    pub(super) objects: Vec<Object>,
}

/// An object of a take.
#[derive(Debug)]
pub(super) struct Object {
    pub(super) name: String,
    pub(super) cameras: Vec<Camera>,
}

/// What is known of an object in a camera.
#[derive(Debug, Default)]
pub(super) struct Camera {
    pub(super) name: String,
    /// Width and height of its frames, where they are known.
    pub(super) size: Option<(usize, usize)>,
    /// The masks by frame; a frame without one does not show the object, or was not annotated.
    pub(super) masks: BTreeMap<i64, Rle>,
    /// The frames that were annotated.
    pub(super) annotated: BTreeSet<i64>,
}

impl Camera {
    /// Whether the camera is worn.
    fn is_ego(&self) -> bool {
        self.name.contains("aria")
    }
}

impl Object {
    /// An object of a take; several worn cameras are a fault.
    pub(super) fn of(
        reader: &mut JsonReader<'_, '_>,
        take: &str,
        name: String,
        cameras: Vec<Camera>,
    ) -> Self {
        let worn = cameras.iter().filter(|camera| camera.is_ego()).count();
        if worn > 1 {
            let message = format!("the object {name:?} of the take {take:?} has several ego cameras");
            reader.fault(Code::WrongShape, message, "one camera with \"aria\" in its name", worn.to_string());
        }
        Self { name, cameras }
    }

    /// The pairs of cameras between which the object is carried over: the one it is marked in, and the other.
    pub(super) fn pairs(&self, direction: Direction) -> Vec<(&Camera, &Camera)> {
        let Some(ego) = self.cameras.iter().find(|camera| camera.is_ego()) else { return Vec::new() };
        let exo = self.cameras.iter().filter(|camera| !camera.is_ego());
        exo.map(|exo| match direction {
            Direction::EgoExo => (ego, exo),
            Direction::ExoEgo => (exo, ego),
        })
        .collect()
    }
}

/// What an object of `masks`, or of `annotated_frames`, says of every camera.
pub(super) type ByObject<T> = BTreeMap<String, BTreeMap<String, T>>;

impl Takes {
    /// Reads `{"annotations": {TAKE: {"masks": {OBJECT: {CAMERA: {FRAME: RLE}}}, "annotated_frames": ...}}}`.
    pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Self, Faults> {
        Self::read_by_name(bytes, limits, read_take)
    }

    /// Reads `annotations` with whatever a take is.
    pub(super) fn read_by_name(
        bytes: &[u8],
        limits: &Limits,
        read_take: impl Fn(&mut JsonReader<'_, '_>, &str) -> Read<Take>,
    ) -> Result<Self, Faults> {
        JsonReader::read(bytes, limits, |reader| {
            let (mut takes, mut seen) = (Vec::new(), false);
            let object = reader.object(|reader, key| {
                if &**key != "annotations" {
                    return reader.skip();
                }
                seen = true;
                reader.object(|reader, name| {
                    takes.extend(read_take(reader, name)?);
                    Ok(())
                })?;
                Ok(())
            })?;
            if object.is_some() && !seen {
                reader.missing_field("annotations");
            }
            Ok(Self { takes })
        })
    }
}

fn read_take(reader: &mut JsonReader<'_, '_>, name: &str) -> Read<Take> {
    let mut masks: Option<ByObject<BTreeMap<i64, Rle>>> = None;
    let mut annotated: Option<ByObject<BTreeSet<i64>>> = None;
    let object = reader.object(|reader, key| {
        match &**key {
            "masks" => masks = Some(by_object(reader, read_masks)?),
            "annotated_frames" => annotated = Some(by_object(reader, read_frames)?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    for (field, seen) in [("masks", masks.is_some()), ("annotated_frames", annotated.is_some())] {
        if !seen {
            reader.missing_field(field);
        }
    }
    let mut annotated = annotated.unwrap_or_default();
    let mut objects = Vec::new();
    for (object, cameras) in masks.unwrap_or_default() {
        let mut frames = annotated.remove(&object).unwrap_or_default();
        let cameras: Vec<Camera> = cameras
            .into_iter()
            .map(|(name, masks)| Camera {
                annotated: frames.remove(&name).unwrap_or_default(),
                name,
                size: masks.values().next().map(|mask| (mask.width, mask.height)),
                masks,
            })
            .collect();
        objects.push(Object::of(reader, name, object, cameras));
    }
    Ok(Some(Take { name: name.to_owned(), objects }))
}

pub(super) fn by_object<T>(
    reader: &mut JsonReader<'_, '_>,
    read: impl Fn(&mut JsonReader<'_, '_>) -> Read<T>,
) -> Result<ByObject<T>, sdk::Stop> {
    let mut objects = ByObject::new();
    reader.object(|reader, object| {
        let mut cameras = BTreeMap::new();
        reader.object(|reader, camera| {
            if let Some(value) = read(reader)? {
                cameras.insert(camera.clone().into_owned(), value);
            }
            Ok(())
        })?;
        objects.insert(object.clone().into_owned(), cameras);
        Ok(())
    })?;
    Ok(objects)
}

fn read_masks(reader: &mut JsonReader<'_, '_>) -> Read<BTreeMap<i64, Rle>> {
    let mut masks: BTreeMap<i64, Rle> = BTreeMap::new();
    let mut size = None;
    let object = reader.object(|reader, frame| {
        let frame = read_frame(reader, frame);
        if let (Some(mask), Some(frame)) = (Rle::read(reader)?, frame) {
            let size = *size.get_or_insert((mask.height, mask.width));
            if size != (mask.height, mask.width) {
                let expected = format!("[{}, {}]", size.0, size.1);
                let found = format!("[{}, {}]", mask.height, mask.width);
                reader.fault(Code::WrongShape, "the frames of a camera have one size", expected, found);
            }
            masks.insert(frame, mask);
        }
        Ok(())
    })?;
    Ok(object.map(|()| masks))
}

pub(super) fn read_frames(reader: &mut JsonReader<'_, '_>) -> Read<BTreeSet<i64>> {
    let mut frames = BTreeSet::new();
    let list = reader.array(|reader, _| {
        frames.extend(reader.integer()?);
        Ok(())
    })?;
    Ok(list.map(|_| frames))
}

/// The number of a frame, which is a key.
pub(super) fn read_frame(reader: &mut JsonReader<'_, '_>, key: &str) -> Option<i64> {
    let frame = key.parse().ok();
    if frame.is_none() {
        let found = sdk::text::quoted(key);
        reader.fault(Code::WrongType, "the key is no frame", "a whole number in quotes", found);
    }
    frame
}
