//! Visual queries: videos, clips, annotations and their query sets, which three tasks of Ego4D share.

mod answers;
mod frames;
mod index;

use std::borrow::Cow;

use sdk::{Code, Faults, Items, JsonReader, Limits, Read, Slot, Stop};

pub(crate) use answers::{Header, read_answers};
pub(crate) use frames::{Size, four, frame, frame_box};
pub(crate) use index::Index;

/// A query set of the annotations that is scored.
#[derive(Debug)]
pub(crate) struct Query<T> {
    pub(crate) place: Place,
    /// The number of frames of the clip, where it is told.
    pub(crate) frames: Option<i64>,
    /// What the task reads of it.
    pub(crate) content: T,
}

/// Where a query set stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) video: String,
    pub(crate) clip: String,
    pub(crate) annotation: Option<String>,
    /// The position of the annotation in its clip.
    pub(crate) position: u32,
    /// The name of the query set, `"1"`.
    pub(crate) set: String,
}

impl Place {
    /// The id of the query as an item.
    pub(crate) fn id(&self) -> String {
        let Self { clip, annotation, position, set, .. } = self;
        match annotation {
            Some(annotation) => format!("{clip}/{annotation}/{set}"),
            None => format!("{clip}/{position}/{set}"),
        }
    }
}

/// The annotations of a task.
#[derive(Debug)]
pub(crate) struct Queries<T> {
    pub(crate) version: Option<String>,
    /// The queries that are scored.
    pub(crate) list: Vec<Query<T>>,
    /// Where all query sets are, those that are not scored included.
    pub(crate) index: Index,
}

/// What is read of the annotations so far.
struct Reading<T> {
    version: Option<String>,
    /// Every query set; one that is not scored has no content.
    sets: Vec<Query<Option<T>>>,
    /// Every annotation, those without query sets included.
    annotations: Vec<Place>,
}

/// Reads the annotations.
///
/// `read_set` reads a query set, and gives nothing in the inner option if it is not scored.
pub(crate) fn read_queries<'a, T>(
    bytes: &'a [u8],
    mut read_set: impl FnMut(&mut JsonReader<'a, '_>) -> Read<Option<T>>,
) -> Result<Queries<T>, Faults> {
    let limits = Limits::default();
    let mut reading = Reading { version: None, sets: Vec::new(), annotations: Vec::new() };
    JsonReader::read(bytes, &limits, |reader| {
        let mut videos = Slot::default();
        let object = reader.object(|reader, key| {
            match &**key {
                "version" if reader.at_string()? => {
                    reading.version = reader.string()?.map(Cow::into_owned);
                }
                "videos" => videos.put(reader.array(|reader, _| reading.video(reader, &mut read_set))?),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if object.is_some() && videos.require("videos", reader).is_some() {
            let scored = reading.sets.iter().any(|set| set.content.is_some());
            if !scored && reader.fault_count() == 0 {
                let message = "the annotations hold no query that is scored";
                reader.fault(Code::EmptySubmission, message, "a query", "none");
            }
        }
        Ok(())
    })?;
    let Reading { version, sets, annotations } = reading;
    let index = Index::new(&annotations, &sets)?;
    let scored = |set: Query<Option<T>>| {
        let Query { place, frames, content } = set;
        content.map(|content| Query { place, frames, content })
    };
    Ok(Queries { version, list: sets.into_iter().filter_map(scored).collect(), index })
}

impl<T> Reading<T> {
    fn video<'a>(
        &mut self,
        reader: &mut JsonReader<'a, '_>,
        read_set: &mut impl FnMut(&mut JsonReader<'a, '_>) -> Read<Option<T>>,
    ) -> Result<(), Stop> {
        let (first_set, first_annotation) = (self.sets.len(), self.annotations.len());
        let (mut uid, mut clips) = (Slot::default(), Slot::default());
        let object = reader.object(|reader, key| {
            match &**key {
                "video_uid" => uid.put(reader.string()?),
                "clips" => clips.put(reader.array(|reader, _| self.clip(reader, read_set))?),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if object.is_some() {
            clips.require("clips", reader);
            let uid: Cow<'_, str> = uid.require("video_uid", reader).unwrap_or_default();
            let sets = self.sets[first_set..].iter_mut().map(|set| &mut set.place);
            for place in sets.chain(&mut self.annotations[first_annotation..]) {
                place.video = uid.to_string();
            }
        }
        Ok(())
    }

    fn clip<'a>(
        &mut self,
        reader: &mut JsonReader<'a, '_>,
        read_set: &mut impl FnMut(&mut JsonReader<'a, '_>) -> Read<Option<T>>,
    ) -> Result<(), Stop> {
        let (first_set, first_annotation) = (self.sets.len(), self.annotations.len());
        let (mut uid, mut annotations, mut frames) = (Slot::default(), Slot::default(), None);
        let object = reader.object(|reader, key| {
            match &**key {
                "clip_uid" => uid.put(reader.string()?),
                "n_frames" => frames = reader.integer()?,
                "annotations" => annotations.put(
                    reader.array(|reader, position| self.annotation(reader, position as u32, read_set))?,
                ),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if object.is_some() {
            annotations.require("annotations", reader);
            let uid: Cow<'_, str> = uid.require("clip_uid", reader).unwrap_or_default();
            for set in &mut self.sets[first_set..] {
                set.frames = frames;
            }
            let sets = self.sets[first_set..].iter_mut().map(|set| &mut set.place);
            for place in sets.chain(&mut self.annotations[first_annotation..]) {
                place.clip = uid.to_string();
            }
        }
        Ok(())
    }

    fn annotation<'a>(
        &mut self,
        reader: &mut JsonReader<'a, '_>,
        position: u32,
        read_set: &mut impl FnMut(&mut JsonReader<'a, '_>) -> Read<Option<T>>,
    ) -> Result<(), Stop> {
        let first_set = self.sets.len();
        let mut uid = None;
        reader.object(|reader, key| {
            match &**key {
                "annotation_uid" => uid = reader.string()?.map(Cow::into_owned),
                "query_sets" => {
                    reader.object(|reader, set| {
                        if let Some(content) = read_set(reader)? {
                            let place = Place { position, set: set.to_string(), ..Place::default() };
                            self.sets.push(Query { place, frames: None, content });
                        }
                        Ok(())
                    })?;
                }
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        for set in &mut self.sets[first_set..] {
            set.place.annotation.clone_from(&uid);
        }
        self.annotations.push(Place { position, annotation: uid, ..Place::default() });
        Ok(())
    }
}

/// The queries as items, grouped by video or by clip, with attributes for slices.
pub(crate) fn items<T>(
    queries: &[Query<T>],
    group_by_clip: bool,
    title: impl Fn(&T) -> Option<&str>,
) -> Items {
    let place = |query: &Query<T>| query.place.clone();
    let groups = queries.iter().map(place).map(|place| if group_by_clip { place.clip } else { place.video });
    let mut items = Items::new(queries.iter().map(|query| query.place.id()).zip(groups));
    items.set_attribute("video", queries.iter().map(|query| Some(&query.place.video)));
    items.set_attribute("clip", queries.iter().map(|query| Some(&query.place.clip)));
    items.set_attribute("object", queries.iter().map(|query| title(&query.content)));
    items
}
