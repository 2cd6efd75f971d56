//! Panoptic results: JSON that lists the segments of every image, and PNG images whose colours spell their ids.

use std::collections::HashMap;

use sdk::archive::is_zip;
use sdk::text::quoted;
use sdk::{Code, Fault, Faults, File, Input, JsonReader, Limits, Place, Read, Stop};

use super::categories::{Categories, Category};
use crate::label_map::{LabelMap, Pixels};

/// Annotations, or a submission.
#[derive(Debug)]
pub(super) struct Results<'i> {
    pub(super) images: Vec<Image>,
    pub(super) categories: Option<Vec<Category>>,
    files: Vec<File<'i>>,
    /// The files of every last part of a path.
    by_name: HashMap<String, Vec<usize>>,
}

/// What JSON says of an image.
#[derive(Debug)]
pub(super) struct Image {
    pub(super) id: String,
    /// Where it stands in the list.
    at: u64,
    file_name: Option<String>,
    segments: Vec<Listed>,
    rows: Option<LabelMap>,
}

/// A segment as it is listed.
#[derive(Debug, Clone, Copy)]
struct Listed {
    id: u32,
    category: i64,
    crowd: bool,
}

/// The segments of an image with their pixels.
#[derive(Debug)]
pub(super) struct Segmented {
    pub(super) size: (usize, usize),
    pub(super) segments: Vec<Segment>,
    /// One more than the position of the segment, or 0 for void; and the length. Row after row.
    pub(super) runs: Vec<(u32, u32)>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    pub(super) category: u32,
    pub(super) crowd: bool,
    pub(super) area: u64,
}

impl<'i> Results<'i> {
    /// Reads the JSON, and finds the images that lie beside it.
    pub(super) fn open(input: &'i Input<'_>, limits: &Limits) -> Result<Self, Faults> {
        let mut files = match input {
            Input::File(file) if !is_zip(&file.bytes) => {
                vec![File { name: (&*file.name).into(), bytes: (&*file.bytes).into() }]
            }
            _ => sdk::archive::files(input, limits)?,
        };
        let is_json = |file: &File<'_>| files_end(&file.name, ".json");
        let json = match (files.len(), files.iter().filter(|file| is_json(file)).count()) {
            (1, _) => 0,
            (_, 1) => files.iter().position(is_json).unwrap_or_default(),
            (_, count) => {
                let fault = Fault::whole(
                    Code::WrongFormat,
                    "the archive holds one JSON file beside its images",
                    "one .json file",
                    format!("{count}"),
                );
                return Err(Faults::one(fault));
            }
        };
        let json = files.swap_remove(json);
        let (images, categories) = JsonReader::read(&json.bytes, limits, read_lists)?;
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (position, file) in files.iter().enumerate() {
            by_name.entry(base(&file.name).to_owned()).or_default().push(position);
        }
        let results = Self { images, categories, files, by_name };
        let mut faults = Faults::new();
        results.refuse_repeated(&mut faults);
        faults.or(results)
    }

    fn refuse_repeated(&self, faults: &mut Faults) {
        let mut seen = HashMap::new();
        for image in &self.images {
            if let Some(earlier) = seen.insert(image.id.as_str(), image.at) {
                faults.push_with(|| {
                    let message =
                        format!("the image {} stands twice; first at /annotations/{earlier}", image.id);
                    Fault::whole(Code::DuplicateIds, message, "one entry for every image", image.id.clone())
                        .at(Place::Pointer(format!("/annotations/{}", image.at)))
                });
            }
        }
        if self.images.is_empty() {
            let fault = Fault::whole(Code::EmptySubmission, "no image is listed", "images", "none");
            faults.push(fault.at(Place::Pointer("/annotations".to_owned())));
        }
    }

    /// The segments of an image with their pixels, if nothing is wrong with them.
    pub(super) fn segmented(
        &self,
        position: usize,
        categories: &Categories,
        wanted: Option<(usize, usize)>,
        faults: &mut Faults,
    ) -> Option<Segmented> {
        let image = &self.images[position];
        let before = faults.fault_count;
        let mut segments = Vec::with_capacity(image.segments.len());
        let mut codes = HashMap::with_capacity(image.segments.len() + 1);
        codes.insert(0, 0_u32);
        for (at, listed) in image.segments.iter().enumerate() {
            let place =
                |field: &str| Place::Pointer(format!("/annotations/{}/segments_info/{at}/{field}", image.at));
            let category = categories.position(listed.category);
            if category.is_none() {
                faults.push_with(|| {
                    let found = listed.category.to_string();
                    let message = format!("{found} is no category of the task");
                    Fault::whole(Code::UnknownLabel, message, "the id of a category", found)
                        .at(place("category_id"))
                });
            }
            let category = category.unwrap_or_default();
            segments.push(Segment { category, crowd: listed.crowd, area: 0 });
            if listed.id == 0 {
                faults.push_with(|| {
                    let message = "the id 0 stands for pixels without a segment";
                    Fault::whole(Code::OutOfRange, message, "an id from 1 up", "0").at(place("id"))
                });
            } else if codes.insert(listed.id, segments.len() as u32).is_some() {
                faults.push_with(|| {
                    let message = format!("two segments of the image have the id {}", listed.id);
                    let found = listed.id.to_string();
                    Fault::whole(Code::DuplicateIds, message, "distinct ids", found).at(place("id"))
                });
            }
        }
        let map = match self.map(image, wanted) {
            Ok(map) => map,
            Err(found) => {
                faults.extend(found);
                return None;
            }
        };
        let size = map.size();
        let mut runs = map.runs();
        let mut unlisted: Vec<u32> = Vec::new();
        for (id, length) in &mut runs {
            match codes.get(id) {
                Some(code) => {
                    *id = *code;
                    if *code > 0 {
                        segments[*code as usize - 1].area += u64::from(*length);
                    }
                }
                None => unlisted.push(*id),
            }
        }
        unlisted.sort_unstable();
        unlisted.dedup();
        for id in unlisted {
            faults.push_with(|| {
                let message =
                    format!("the segment {id} has pixels in the image {}, and is not listed", image.id);
                Fault::whole(Code::UnknownIds, message, "every segment in segments_info", id.to_string())
                    .at(Place::Pointer(format!("/annotations/{}/segments_info", image.at)))
            });
        }
        for (at, _) in segments.iter().enumerate().filter(|(_, segment)| segment.area == 0) {
            faults.push_with(|| {
                let id = image.segments[at].id;
                let message =
                    format!("the segment {id} is listed, and has no pixel in the image {}", image.id);
                Fault::whole(Code::MissingIds, message, "pixels of every listed segment", "none")
                    .at(Place::Pointer(format!("/annotations/{}/segments_info/{at}/id", image.at)))
                    .hint("an id is R + 256 G + 65536 B of its colour")
            });
        }
        (faults.fault_count == before).then_some(Segmented { size, segments, runs })
    }

    /// The ids of the pixels of an image.
    fn map(&self, image: &Image, wanted: Option<(usize, usize)>) -> Result<LabelMap, Faults> {
        if let Some(rows) = &image.rows {
            return wanted.map_or(Ok(()), |wanted| rows.check_size(wanted)).map(|()| rows.clone());
        }
        let place = |field: &str| Place::Pointer(format!("/annotations/{}{field}", image.at));
        let Some(file_name) = &image.file_name else {
            let fault = Fault::whole(
                Code::MissingField,
                "the field \"file_name\" is missing",
                "the name of the PNG image",
                "none",
            );
            return Err(Faults::one(fault.at(place(""))));
        };
        let named = self.by_name.get(base(file_name)).map_or(&[][..], Vec::as_slice);
        let mut named = named.iter().filter(|at| files_end(&self.files[**at].name, file_name));
        match (named.next(), named.next()) {
            (Some(at), None) => {
                let file = &self.files[*at];
                let map = LabelMap::from_png(&file.bytes, Pixels::Colours, wanted);
                map.map_err(|faults| faults.of_file(&file.name))
            }
            (first, _) => {
                let found = if first.is_some() { "several" } else { "none" };
                let message = format!("the image {} is not in the archive once", quoted(file_name));
                let fault = Fault::whole(Code::MissingIds, message, "one PNG image of that name", found);
                Err(Faults::one(fault.at(place("/file_name"))))
            }
        }
    }

    /// The fault that an entry is for no image of the task.
    pub(super) fn unknown_image(&self, position: usize) -> Fault {
        let image = &self.images[position];
        let message = format!("the image {} is not one of the task", quoted(&image.id));
        Fault::whole(Code::UnknownIds, message, "an image of the task", quoted(&image.id))
            .at(Place::Pointer(format!("/annotations/{}/image_id", image.at)))
    }
}

/// The fault that an image has no entry.
pub(super) fn missing_image(id: &str, count: usize) -> Fault {
    let message = format!("the image {} has no entry in \"annotations\"", quoted(id));
    Fault::whole(Code::MissingIds, message, format!("an entry for each of {count} images"), "none")
}

/// Whether a path ends with another one, parts whole, or with an extension.
fn files_end(path: &str, end: &str) -> bool {
    match path.strip_suffix(end) {
        Some(rest) => rest.is_empty() || rest.ends_with('/') || end.starts_with('.'),
        None => false,
    }
}

fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

type Lists = (Vec<Image>, Option<Vec<Category>>);

fn read_lists(reader: &mut JsonReader<'_, '_>) -> Result<Lists, Stop> {
    let (mut images, mut categories, mut listed) = (Vec::new(), None, false);
    let object = reader.object(|reader, key| {
        match &**key {
            "annotations" => {
                listed = true;
                reader.array(|reader, at| {
                    images.extend(read_image(reader, at)?);
                    Ok(())
                })?;
            }
            "categories" => categories = Some(read_categories(reader)?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_some() && !listed {
        reader.missing_field("annotations");
    }
    Ok((images, categories))
}

pub(super) fn read_categories(reader: &mut JsonReader<'_, '_>) -> Result<Vec<Category>, Stop> {
    let mut read = Vec::new();
    reader.array(|reader, _| {
        read.extend(read_category(reader)?);
        Ok(())
    })?;
    Ok(read)
}

fn read_image(reader: &mut JsonReader<'_, '_>, at: u64) -> Read<Image> {
    let (mut id, mut seen_id, mut file_name, mut segments, mut rows) = (None, false, None, None, None);
    let object = reader.object(|reader, key| {
        match &**key {
            "image_id" => {
                seen_id = true;
                id = if reader.at_string()? {
                    reader.string()?.map(std::borrow::Cow::into_owned)
                } else {
                    reader.integer()?.map(|id| id.to_string())
                };
            }
            "file_name" => file_name = reader.string()?.map(std::borrow::Cow::into_owned),
            "segments_info" => {
                let mut read = Vec::new();
                reader.array(|reader, _| {
                    read.extend(read_segment(reader)?);
                    Ok(())
                })?;
                segments = Some(read);
            }
            "label_map" => rows = LabelMap::from_rows(reader)?,
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    for (name, seen) in [("image_id", seen_id), ("segments_info", segments.is_some())] {
        if !seen {
            reader.missing_field(name);
        }
    }
    let segments = segments.unwrap_or_default();
    Ok(id.map(|id| Image { id, at, file_name, segments, rows }))
}

fn read_segment(reader: &mut JsonReader<'_, '_>) -> Read<Listed> {
    let (mut id, mut category, mut crowd) = (None, None, false);
    let mut seen = [false; 2];
    let object = reader.object(|reader, key| {
        match &**key {
            "id" => {
                seen[0] = true;
                if let Some(read) = reader.integer()? {
                    id = u32::try_from(read).ok().filter(|id| *id < 1 << 24);
                    if id.is_none() {
                        let found = read.to_string();
                        reader.fault(
                            Code::OutOfRange,
                            "an id is the colour of its pixels",
                            "1 to 16777215",
                            found,
                        );
                    }
                }
            }
            "category_id" => {
                seen[1] = true;
                category = reader.integer()?;
            }
            "iscrowd" => match reader.integer()? {
                Some(read @ (0 | 1)) => crowd = read == 1,
                Some(other) => {
                    reader.fault(
                        Code::OutOfRange,
                        "a segment is a crowd or none",
                        "0 or 1",
                        other.to_string(),
                    );
                }
                None => {}
            },
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_some() {
        for (name, _) in ["id", "category_id"].iter().zip(seen).filter(|(_, seen)| !seen) {
            reader.missing_field(name);
        }
    }
    Ok(id.zip(category).map(|(id, category)| Listed { id, category, crowd }))
}

fn read_category(reader: &mut JsonReader<'_, '_>) -> Read<Category> {
    let (mut id, mut thing) = (None, None);
    let mut seen = [false; 2];
    let object = reader.object(|reader, key| {
        match &**key {
            "id" => {
                seen[0] = true;
                id = reader.integer()?;
            }
            "isthing" => {
                seen[1] = true;
                thing = reader.integer()?;
            }
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_some() {
        for (name, _) in ["id", "isthing"].iter().zip(seen).filter(|(_, seen)| !seen) {
            reader.missing_field(name);
        }
    }
    Ok(id.zip(thing).map(|(id, thing)| Category { id, is_thing: thing == 1 }))
}
