//! Reads the detections: a list of records with an image, a category, a score and what was seen.

use std::fmt::Display;

use sdk::{Code, Fault, Faults, JsonReader, Limits, Mode, Read, Slot, Stop};

use super::fields::{WrittenMask, read_box, read_keypoints, read_mask};
use super::objects::{mask_fault, mask_of};
use super::{Dataset, Kind, Reading, Sent, Shapes, UnknownCategories};
use crate::boxes::{self, Box4};
use crate::keypoints::Similarity;
use crate::ranking::Detections;

/// Reads the detections of a submission; those of categories that are not scored are left out.
pub(crate) fn read(
    dataset: &Dataset,
    reading: &Reading,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Sent, Faults> {
    JsonReader::read(bytes, limits, |reader| {
        let mut sent = Sent {
            detections: Detections::default(),
            shapes: match reading.kind {
                Kind::Boxes => Shapes::Boxes(Vec::new()),
                Kind::Masks => Shapes::Masks(Vec::new()),
                Kind::Keypoints(_) => Shapes::Keypoints(Vec::new()),
            },
            unknown_categories: 0,
            beyond_image: 0,
        };
        let length = reader.array(|reader, _| read_detection(reader, dataset, reading, &mut sent))?;
        if length == Some(0) && !reading.empty_list {
            reader.fault(Code::EmptySubmission, "the list has no detection", "one detection or more", "none");
        }
        Ok(sent)
    })
}

/// A category of a detection.
#[derive(Debug, Clone, Copy)]
enum Found {
    Scored(u32),
    NotScored,
    Unknown,
}

fn read_detection(
    reader: &mut JsonReader<'_, '_>,
    dataset: &Dataset,
    reading: &Reading,
    sent: &mut Sent,
) -> Result<(), Stop> {
    let (mut image, mut category, mut score) = <(Slot<u32>, Slot<Found>, Slot<f64>)>::default();
    let (mut bounds, mut mask, mut points) = <(Slot<Box4>, Slot<WrittenMask<'_>>, Slot<()>)>::default();
    let strict = reading.mode == Mode::Strict;
    let object = reader.object(|reader, key| {
        match &**key {
            "image_id" => image.put(read_image(reader, dataset)?),
            "category_id" => category.put(read_category(reader, dataset, reading)?),
            "score" => score.put(reader.number()?),
            "bbox" => match reading.kind {
                Kind::Boxes => bounds.put(read_box(reader, strict.then_some(reading.filled_boxes))?),
                Kind::Keypoints(_) => bounds.put(read_box(reader, None)?),
                Kind::Masks if !strict => bounds.put(read_box(reader, None)?),
                Kind::Masks => reader.skip()?,
            },
            "segmentation" if matches!(reading.kind, Kind::Masks) => mask.put(read_mask(reader, false)?),
            "keypoints" => match (&reading.kind, &mut sent.shapes) {
                (Kind::Keypoints(similarity), Shapes::Keypoints(list)) => {
                    points.put(read_keypoints(reader, similarity.count(), list)?);
                }
                _ => reader.skip()?,
            },
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(());
    }
    let image = image.require("image_id", reader);
    let category = category.require("category_id", reader);
    let score = score.require("score", reader);
    let found = image.zip(category).zip(score);
    let seen = match &mut sent.shapes {
        Shapes::Boxes(list) => bounds.require("bbox", reader).map(|bounds| {
            list.push(bounds);
            boxes::area(bounds)
        }),
        Shapes::Masks(list) => {
            let written = mask.require("segmentation", reader);
            let size = image.map(|image| dataset.sizes[image as usize]);
            let mask = written.zip(size).and_then(|(written, size)| match mask_of(&written, size) {
                Ok(mask) => Some(mask),
                Err(problem) => {
                    reader.fault_below("/segmentation", || mask_fault(problem, size));
                    None
                }
            });
            let bounds = bounds.get();
            mask.map(|mask| {
                // The public code takes the area of a box that comes along.
                let area = bounds.map_or_else(|| f64::from(mask.area()), boxes::area);
                list.push(mask);
                area
            })
        }
        Shapes::Keypoints(list) => points.require("keypoints", reader).map(|()| {
            let width = match &reading.kind {
                Kind::Keypoints(similarity) => similarity.count() * 3,
                Kind::Boxes | Kind::Masks => 0,
            };
            let around = || Similarity::bounds(&list[list.len() - width..]);
            boxes::area(bounds.get().unwrap_or_else(around))
        }),
    };
    match (found, seen) {
        (Some(((image, Found::Scored(category)), score)), Some(area)) => {
            sent.detections.images.push(image);
            sent.detections.categories.push(category);
            sent.detections.scores.push(score);
            sent.detections.areas.push(area);
            sent.beyond_image += u64::from(is_beyond(&sent.shapes, dataset.sizes[image as usize]));
        }
        (found, seen) => {
            if let Some(((_, Found::Unknown), _)) = found {
                sent.unknown_categories += 1;
            }
            if seen.is_some() {
                forget_last(&mut sent.shapes, &reading.kind);
            }
        }
    }
    Ok(())
}

/// Takes back what a detection that is left out looked like.
fn forget_last(shapes: &mut Shapes, kind: &Kind) {
    match (shapes, kind) {
        (Shapes::Boxes(list), _) => drop(list.pop()),
        (Shapes::Masks(list), _) => drop(list.pop()),
        (Shapes::Keypoints(list), Kind::Keypoints(similarity)) => {
            list.truncate(list.len() - similarity.count() * 3);
        }
        (Shapes::Keypoints(_), _) => {}
    }
}

/// Whether the last box ends so far beyond its image that it is likely to be meant otherwise.
fn is_beyond(shapes: &Shapes, [height, width]: [u32; 2]) -> bool {
    let Shapes::Boxes(list) = shapes else { return false };
    let far = |start: f64, length: f64, side: u32| side > 0 && start + length > 1.5 * f64::from(side);
    list.last().is_some_and(|[x, y, w, h]| far(*x, *w, width) || far(*y, *h, height))
}

fn read_image(reader: &mut JsonReader<'_, '_>, dataset: &Dataset) -> Read<u32> {
    let Some(id) = reader.integer()? else { return Ok(None) };
    let image = dataset.images.get(&id).copied();
    if image.is_none() {
        reader.fault_with(|| {
            unknown(Code::UnknownIds, "image", id)
                .hint("ids of another split, or of another task, are not known here")
        });
    }
    Ok(image)
}

fn read_category(reader: &mut JsonReader<'_, '_>, dataset: &Dataset, reading: &Reading) -> Read<Found> {
    let Some(id) = reader.integer()? else { return Ok(None) };
    Ok(match dataset.categories.get(&id) {
        Some(Some(category)) => Some(Found::Scored(*category)),
        Some(None) => Some(Found::NotScored),
        None if reading.unknown_categories == UnknownCategories::Drop => Some(Found::Unknown),
        None => {
            reader.fault_with(|| {
                unknown(Code::UnknownLabel, "category", id).hint(
                    "ids of categories are those of the annotations, not positions in a list of classes",
                )
            });
            None
        }
    })
}

fn unknown(code: Code, what: &str, id: impl Display) -> Fault {
    let message = format!("this task has no {what} with the id {id}");
    Fault::whole(code, message, format!("the id of a listed {what}"), id.to_string())
}
