//! Reads the annotations: images, categories and true objects.

use std::borrow::Cow;

use sdk::{Code, Fault, Faults, Items, JsonReader, Limits, Mode, Place, Read, Slot, Stop};

use super::fields::{WrittenMask, pixels, read_box, read_keypoints, read_mask};
use super::objects::place_objects;
use super::{Dataset, Group, Kind, Reading};
use crate::keypoints::TrueKeypoints;

/// An image as it is written.
#[derive(Debug, Default)]
struct Image {
    id: i64,
    /// Its number in the file.
    place: usize,
    size: Option<[u32; 2]>,
    group: Option<String>,
    absent: Vec<i64>,
    not_exhaustive: Vec<i64>,
}

/// A category as it is written.
#[derive(Debug)]
struct Category {
    id: i64,
    place: usize,
    name: String,
    frequency: usize,
}

/// A true object as it is written.
#[derive(Debug)]
pub(super) struct Written<'a> {
    pub(super) id: i64,
    pub(super) place: usize,
    pub(super) image: i64,
    pub(super) category: i64,
    pub(super) area: f64,
    pub(super) crowd: bool,
    pub(super) ignored: bool,
    pub(super) shape: Shape<'a>,
}

/// What a true object looks like, as it is written.
#[derive(Debug)]
pub(super) enum Shape<'a> {
    Box([f64; 4]),
    Mask(WrittenMask<'a>),
    Keypoints(TrueKeypoints),
}

/// A fault of an element of one of the lists.
pub(super) fn fault_at(list: &str, place: usize, field: &str, fault: Fault) -> Fault {
    let field = if field.is_empty() { String::new() } else { format!("/{field}") };
    fault.at(Place::Pointer(format!("/{list}/{place}{field}")))
}

/// Reads the annotations; where they are left out, images and categories alone.
pub(crate) fn read(bytes: &[u8], reading: &Reading, unannotated: bool) -> Result<Dataset, Faults> {
    let limits = Limits::default();
    // What only shows when all is read joins the faults of the reading.
    let mut late = Faults::new();
    let read = JsonReader::read(bytes, &limits, |reader| {
        let (mut images, mut categories, mut objects) = (Vec::new(), Vec::new(), Vec::new());
        let (mut has_images, mut has_categories, mut has_objects) = Default::default();
        let object = reader.object(|reader, key| match &**key {
            "images" => read_list(reader, &mut has_images, &mut images, |reader, place| {
                read_image(reader, place, reading, unannotated)
            }),
            "categories" => read_list(reader, &mut has_categories, &mut categories, |reader, place| {
                read_category(reader, place, reading)
            }),
            "annotations" if unannotated => reader.skip(),
            "annotations" => read_list(reader, &mut has_objects, &mut objects, |reader, place| {
                read_object(reader, place, reading)
            }),
            _ => reader.skip(),
        })?;
        if object.is_none() {
            return Ok(Dataset::default());
        }
        has_images.require("images", reader);
        has_categories.require("categories", reader);
        if !unannotated {
            has_objects.require("annotations", reader);
        }
        let whole = reader.fault_count() == 0;
        let mut dataset = Dataset::default();
        place_categories(&mut dataset, categories, reading, &mut late);
        place_images(&mut dataset, images, reading, &mut late);
        // References to what could not be read would only be said to be wrong for that.
        if whole {
            place_objects(&mut dataset, objects, reading, &mut late);
        }
        Ok(dataset)
    });
    match read {
        Ok(dataset) => late.or(dataset),
        Err(mut faults) => {
            faults.extend(late);
            Err(faults)
        }
    }
}

fn read_list<'a, T>(
    reader: &mut JsonReader<'a, '_>,
    seen: &mut Slot<u64>,
    list: &mut Vec<T>,
    mut read: impl FnMut(&mut JsonReader<'a, '_>, usize) -> Read<T>,
) -> Result<(), Stop> {
    let length = reader.array(|reader, place| {
        list.extend(read(reader, place as usize)?);
        Ok(())
    })?;
    seen.put(length);
    Ok(())
}

fn read_image(
    reader: &mut JsonReader<'_, '_>,
    place: usize,
    reading: &Reading,
    unannotated: bool,
) -> Read<Image> {
    let mut image = Image { place, ..Image::default() };
    let (mut id, mut height, mut width) = <(Slot<i64>, Slot<u32>, Slot<u32>)>::default();
    let (mut absent, mut not_exhaustive) = <(Slot<()>, Slot<()>)>::default();
    let (mut video, mut folder) = (None, None);
    // Which categories were looked for is a part of what annotators found.
    let federated = reading.federated && !unannotated;
    let object = reader.object(|reader, key| {
        match &**key {
            "id" => id.put(reader.integer()?),
            "height" => height.put(pixels(reader)?),
            "width" => width.put(pixels(reader)?),
            "neg_category_ids" if federated => absent.put(read_ids(reader, &mut image.absent)?),
            "not_exhaustive_category_ids" if federated => {
                not_exhaustive.put(read_ids(reader, &mut image.not_exhaustive)?);
            }
            "video_uid" | "video_id" if reading.group == Group::Video => video = read_word(reader)?,
            "file_name" if reading.group == Group::Video => {
                folder = reader
                    .string()?
                    .and_then(|name| name.rsplit_once('/').map(|(folder, _)| folder.to_owned()));
            }
            field if reading.group == Group::Field(field.to_owned()) => image.group = read_word(reader)?,
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    image.group = image.group.or(video).or(folder);
    if federated {
        absent.require("neg_category_ids", reader);
        not_exhaustive.require("not_exhaustive_category_ids", reader);
    }
    image.size = match reading.kind {
        Kind::Masks => {
            let height = height.require("height", reader);
            let width = width.require("width", reader);
            height.zip(width).map(|(height, width)| [height, width])
        }
        _ => height.get().zip(width.get()).map(|(height, width)| [height, width]),
    };
    Ok(id.require("id", reader).map(|id| Image { id, ..image }))
}

/// Reads a text, or a number or word as it is written.
fn read_word(reader: &mut JsonReader<'_, '_>) -> Read<String> {
    Ok(match reader.at_string()? {
        true => reader.string()?.map(Cow::into_owned),
        false => reader.literal()?.map(str::to_owned),
    })
}

fn read_ids(reader: &mut JsonReader<'_, '_>, ids: &mut Vec<i64>) -> Read<()> {
    let length = reader.array(|reader, _| {
        ids.extend(reader.integer()?);
        Ok(())
    })?;
    Ok(length.map(drop))
}

/// The frequencies of categories (LVIS), in the order of their groups.
const FREQUENCIES: [&str; 3] = ["r", "c", "f"];

fn read_category(reader: &mut JsonReader<'_, '_>, place: usize, reading: &Reading) -> Read<Category> {
    let (mut id, mut name, mut frequency) = <(Slot<i64>, Slot<String>, Slot<usize>)>::default();
    let object = reader.object(|reader, key| {
        match &**key {
            "id" => id.put(reader.integer()?),
            "name" => name.put(read_word(reader)?),
            "frequency" if reading.federated => {
                let read = reader.string()?;
                let known = read.as_ref().and_then(|read| FREQUENCIES.iter().position(|one| read == one));
                if let (Some(read), None) = (&read, known) {
                    let message = "the frequency is not known";
                    reader.fault(Code::UnknownLabel, message, "r, c or f", sdk::text::quoted(read));
                }
                frequency.put(known);
            }
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    let id = id.require("id", reader);
    let frequency = if reading.federated { frequency.require("frequency", reader) } else { Some(0) };
    let Some((id, frequency)) = id.zip(frequency) else {
        return Ok(None);
    };
    let name = name.get().unwrap_or_else(|| id.to_string());
    Ok(Some(Category { id, place, name, frequency }))
}

fn read_object<'a>(reader: &mut JsonReader<'a, '_>, place: usize, reading: &Reading) -> Read<Written<'a>> {
    let (mut id, mut image, mut category) = <(Slot<i64>, Slot<i64>, Slot<i64>)>::default();
    let (mut bounds, mut area) = <(Slot<[f64; 4]>, Slot<f64>)>::default();
    let (mut mask, mut points, mut labelled) = (Slot::default(), Slot::default(), Slot::default());
    let (mut crowd, mut ignore) = (false, false);
    let filled = (reading.mode == Mode::Strict).then_some(false);
    let object = reader.object(|reader, key| {
        match &**key {
            "id" => id.put(reader.integer()?),
            "image_id" => image.put(reader.integer()?),
            "category_id" => category.put(reader.integer()?),
            "bbox" if !matches!(reading.kind, Kind::Masks) => bounds.put(read_box(reader, filled)?),
            "area" => area.put(read_area(reader)?),
            "iscrowd" if !reading.federated => crowd = read_flag(reader)?,
            "ignore" if reading.federated => ignore = read_flag(reader)?,
            "segmentation" if matches!(reading.kind, Kind::Masks) => mask.put(read_mask(reader, true)?),
            "keypoints" => match &reading.kind {
                Kind::Keypoints(similarity) => {
                    let mut read = Vec::new();
                    let whole = read_keypoints(reader, similarity.count(), &mut read)?;
                    points.put(whole.map(|()| read));
                }
                _ => reader.skip()?,
            },
            "num_keypoints" if matches!(reading.kind, Kind::Keypoints(_)) => labelled.put(reader.integer()?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    let id = id.require("id", reader);
    let image = image.require("image_id", reader);
    let category = category.require("category_id", reader);
    let area = area.require("area", reader);
    let shape = match &reading.kind {
        Kind::Boxes => bounds.require("bbox", reader).map(Shape::Box),
        Kind::Masks => mask.require("segmentation", reader).map(Shape::Mask),
        Kind::Keypoints(_) => {
            let bounds = bounds.require("bbox", reader);
            let points: Option<Vec<f64>> = points.require("keypoints", reader);
            if let Some(points) = &points {
                let seen = || points.chunks_exact(3).any(|point| point[2] > 0.0);
                ignore = labelled.get().map_or_else(|| !seen(), |labelled| labelled == 0);
            }
            let keypoints = bounds.zip(points).zip(area);
            keypoints.map(|((bounds, points), area)| Shape::Keypoints(TrueKeypoints { points, bounds, area }))
        }
    };
    let (Some(id), Some(image), Some(category), Some(area), Some(shape)) = (id, image, category, area, shape)
    else {
        return Ok(None);
    };
    Ok(Some(Written { id, place, image, category, area, crowd, ignored: crowd || ignore, shape }))
}

fn read_area(reader: &mut JsonReader<'_, '_>) -> Read<f64> {
    let area = reader.number()?;
    if let Some(area) = area
        && area < 0.0
    {
        reader.fault(Code::OutOfRange, "an area is not negative", "0 or more", area.to_string());
        return Ok(None);
    }
    Ok(area)
}

/// Reads 0, 1, `false` or `true`.
fn read_flag(reader: &mut JsonReader<'_, '_>) -> Result<bool, Stop> {
    let Some(written) = reader.literal()? else { return Ok(false) };
    match written {
        "0" | "false" | "null" => Ok(false),
        "1" | "true" => Ok(true),
        _ => {
            let found = written.to_owned();
            reader.fault(Code::OutOfRange, "the value is neither 0 nor 1", "0 or 1", found);
            Ok(false)
        }
    }
}

fn place_categories(dataset: &mut Dataset, mut written: Vec<Category>, reading: &Reading, late: &mut Faults) {
    written.sort_by_key(|category| (category.frequency, category.id));
    for category in written {
        let scored = reading.only.as_ref().is_none_or(|only| only.contains(&category.name));
        let position = scored.then_some(dataset.names.len() as u32);
        if dataset.categories.insert(category.id, position).is_some() {
            late.push_with(|| {
                let message = format!("the category id {} stands twice", category.id);
                let fault = Fault::whole(Code::DuplicateIds, message, "every id once", "the id again");
                fault_at("categories", category.place, "id", fault)
            });
        }
        if scored {
            dataset.names.push(category.name);
            let end = dataset.names.len() as u32;
            for (number, (first, last)) in dataset.frequencies.iter_mut().enumerate() {
                if number > category.frequency {
                    *first = end;
                }
                if number >= category.frequency {
                    *last = end;
                }
            }
        }
    }
    for name in reading.only.iter().flatten().filter(|name| !dataset.names.contains(name)) {
        late.push_with(|| {
            let message = format!("the parameter names a category {name:?} that the annotations lack");
            Fault::whole(Code::InvalidParameter, message, "names of categories", format!("{name:?}"))
        });
    }
}

fn place_images(dataset: &mut Dataset, mut written: Vec<Image>, reading: &Reading, late: &mut Faults) {
    written.sort_by_key(|image| image.id);
    for (position, image) in (0_u32..).zip(&written) {
        if dataset.images.insert(image.id, position).is_some() {
            late.push_with(|| {
                let message = format!("the image id {} stands twice", image.id);
                let fault = Fault::whole(Code::DuplicateIds, message, "every id once", "the id again");
                fault_at("images", image.place, "id", fault)
            });
        }
        for (list, ids) in [
            (&mut dataset.looked_for.absent, &image.absent),
            (&mut dataset.looked_for.not_exhaustive, &image.not_exhaustive),
        ] {
            // A list may name categories that are not scored.
            let known = ids.iter().filter_map(|id| dataset.categories.get(id).copied().flatten());
            list.extend(known.map(|category| (position, category)));
        }
    }
    dataset.looked_for.absent.sort_unstable();
    dataset.looked_for.not_exhaustive.sort_unstable();
    dataset.sizes = written.iter().map(|image| image.size.unwrap_or_default()).collect();
    let ids = written.iter().map(|image| image.id.to_string());
    dataset.items = match reading.group {
        Group::Image => Items::ungrouped(ids.collect::<sdk::Ids>()),
        Group::Field(_) | Group::Video => {
            if let (Group::Field(field), Some(image)) =
                (&reading.group, written.iter().find(|image| image.group.is_none()))
            {
                late.push_with(|| {
                    let message =
                        format!("the image has no field {field:?}, which the parameter `group` names");
                    let fault =
                        Fault::whole(Code::InvalidParameter, message, "the field in every image", "none");
                    fault_at("images", image.place, "", fault)
                });
            }
            let groups =
                written.iter().map(|image| image.group.clone().unwrap_or_else(|| image.id.to_string()));
            Items::new(ids.zip(groups))
        }
    };
}
