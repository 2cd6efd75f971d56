//! Puts true objects into the order of categories and images.

use std::collections::HashMap;

use sdk::{Code, Fault, Faults, Mode};

use super::annotations::{Shape, Written, fault_at};
use super::fields::{Counts, WrittenMask};
use super::{Dataset, Kind, Reading, TrueShapes};
use crate::masks::{Mask, RunsError};
use crate::matching::TrueObject;

/// Puts the objects of scored categories into the dataset.
pub(super) fn place_objects(
    dataset: &mut Dataset,
    written: Vec<Written<'_>>,
    reading: &Reading,
    late: &mut Faults,
) {
    let last_of_id = find_repeated(&written, reading, late);
    // The public code looks objects up by their id, and so finds the last of equal ones in the place of each.
    let replaced = written.iter().enumerate().map(|(at, object)| match reading.mode {
        Mode::Strict => at,
        Mode::Reference => last_of_id.get(&object.id).copied().unwrap_or(at),
    });
    let mut placed: Vec<(u32, u32, usize)> = Vec::with_capacity(written.len());
    let mut in_images = vec![Vec::new(); dataset.items.len()];
    for (at, source) in replaced.enumerate() {
        let object = &written[source];
        let found = find(dataset, &written[at], late).and(find(dataset, object, &mut Faults::new()));
        if let Some((image, category)) = found {
            placed.push((category, image, source));
            in_images[image as usize].push(category);
        }
    }
    // The order of the file is kept within a category and image.
    placed.sort_by_key(|(category, image, _)| (*category, *image));
    dataset.objects.of_category = vec![Vec::new(); dataset.names.len()];
    for (position, (category, image, source)) in placed.iter().enumerate() {
        let object = &written[*source];
        let of_category = &mut dataset.objects.of_category[*category as usize];
        match of_category.last_mut() {
            Some((last, range)) if last == image => range.end = position + 1,
            _ => of_category.push((*image, position..position + 1)),
        }
        dataset.objects.list.push(TrueObject {
            area: object.area,
            ignored: object.ignored,
            crowd: object.crowd,
            loses_match: reading.mode == Mode::Reference && object.id == 0,
        });
    }
    dataset.shapes = shapes(dataset, &written, &placed, reading, late);
    for categories in &mut in_images {
        categories.sort_unstable();
        categories.dedup();
    }
    let names = &dataset.names;
    let values =
        in_images.iter().map(|found| found.iter().map(|category| names[*category as usize].as_str()));
    dataset.items.set_attribute("category", values);
}

/// Finds objects with the same id, which are faults in strict mode; returns the last of each.
fn find_repeated(written: &[Written<'_>], reading: &Reading, late: &mut Faults) -> HashMap<i64, usize> {
    let mut last_of_id = HashMap::with_capacity(written.len());
    for (at, object) in written.iter().enumerate() {
        if last_of_id.insert(object.id, at).is_some() && reading.mode == Mode::Strict {
            late.push_with(|| {
                let message = format!("the annotation id {} stands twice", object.id);
                let fault = Fault::whole(Code::DuplicateIds, message, "every id once", "the id again");
                fault_at("annotations", object.place, "id", fault)
            });
        }
    }
    last_of_id
}

/// The image and the category of an object; nothing, without fault, where the category is not scored.
fn find(dataset: &Dataset, object: &Written<'_>, late: &mut Faults) -> Option<(u32, u32)> {
    let image = dataset.images.get(&object.image).copied();
    let category = dataset.categories.get(&object.category).copied();
    if image.is_none() {
        late.push_with(|| unknown(object, "image_id", "image", object.image));
    }
    if category.is_none() {
        late.push_with(|| unknown(object, "category_id", "category", object.category));
    }
    image.zip(category.flatten())
}

fn unknown(object: &Written<'_>, field: &str, what: &str, id: i64) -> Fault {
    let message = format!("the annotations list no {what} with the id {id}");
    let fault = Fault::whole(Code::UnknownIds, message, format!("the id of a listed {what}"), id.to_string());
    fault_at("annotations", object.place, field, fault)
}

fn shapes(
    dataset: &Dataset,
    written: &[Written<'_>],
    placed: &[(u32, u32, usize)],
    reading: &Reading,
    late: &mut Faults,
) -> TrueShapes {
    let objects = placed.iter().map(|(_, image, source)| (*image, &written[*source]));
    match reading.kind {
        Kind::Boxes => TrueShapes::Boxes(
            objects
                .filter_map(|(_, object)| match object.shape {
                    Shape::Box(bounds) => Some(bounds),
                    Shape::Mask(_) | Shape::Keypoints(_) => None,
                })
                .collect(),
        ),
        Kind::Keypoints(_) => TrueShapes::Keypoints(
            objects
                .filter_map(|(_, object)| match &object.shape {
                    Shape::Keypoints(keypoints) => Some(keypoints.clone()),
                    Shape::Mask(_) | Shape::Box(_) => None,
                })
                .collect(),
        ),
        Kind::Masks => TrueShapes::Masks(
            objects
                .filter_map(|(image, object)| {
                    let Shape::Mask(mask) = &object.shape else { return None };
                    let size = dataset.sizes[image as usize];
                    let mask = mask_of(mask, size);
                    if let Err(problem) = &mask {
                        late.push_with(|| {
                            fault_at("annotations", object.place, "segmentation", mask_fault(*problem, size))
                        });
                    }
                    Some(mask.unwrap_or_default())
                })
                .collect(),
        ),
    }
}

/// Why what is written is no mask of an image.
#[derive(Debug, Clone, Copy)]
pub(super) enum MaskError {
    /// It is one of an image of another size.
    Size([u32; 2]),
    /// Its runs are wrong.
    Runs(RunsError),
}

/// The mask that is written, in an image of a height and width.
pub(super) fn mask_of(written: &WrittenMask<'_>, size: [u32; 2]) -> Result<Mask, MaskError> {
    let pixels = size[0] * size[1];
    let mask = match written {
        WrittenMask::Polygons(polygons) => Mask::from_polygons(polygons, size),
        WrittenMask::Runs(other, _) if *other != size => return Err(MaskError::Size(*other)),
        WrittenMask::Runs(_, Counts::Text(text)) => Mask::from_text(text, pixels),
        WrittenMask::Runs(_, Counts::List(list)) => Mask::from_runs(list.iter().map(|run| Ok(*run)), pixels),
    };
    mask.map_err(MaskError::Runs)
}

/// The fault of a mask that is none in an image of that height and width.
pub(super) fn mask_fault(problem: MaskError, [height, width]: [u32; 2]) -> Fault {
    match problem {
        MaskError::Size([other_height, other_width]) => Fault::whole(
            Code::WrongShape,
            "the mask is not of the size of its image",
            format!("[{height}, {width}]"),
            format!("[{other_height}, {other_width}]"),
        )
        .hint("a size is [height, width]"),
        MaskError::Runs(RunsError::Coverage { covered }) => Fault::whole(
            Code::WrongShape,
            "the runs do not cover the pixels of the image",
            format!("runs over {} pixels", u64::from(height) * u64::from(width)),
            format!("runs over {covered} pixels or more"),
        ),
        MaskError::Runs(RunsError::Length) => Fault::whole(
            Code::OutOfRange,
            "a run has no possible length",
            "0 to the pixels of the image",
            "a run that is negative or too long",
        ),
        MaskError::Runs(RunsError::Text) => Fault::whole(
            Code::WrongShape,
            "the compressed runs cannot be decoded",
            "the counts of pycocotools.mask.encode",
            "a character that does not occur there, or a number cut off",
        ),
    }
}
