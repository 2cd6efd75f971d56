//! Reads the annotations: videos, clips, annotations, queries with their true windows.

use std::borrow::Cow;

use sdk::evidence::Note;
use sdk::primitives::segment::Segment;
use sdk::{Code, Faults, Items, JsonReader, Limits, Read, Slot, Stop};

use super::procedure::Procedure;
use super::{Layout, Truth};

/// A query as it stands in the file.
#[derive(Default)]
pub(super) struct Query {
    /// Its true windows; more than one where a step is done several times.
    pub(super) windows: Vec<Segment>,
    /// What it is sliced by, in the order of [`ATTRIBUTES`].
    pub(super) attributes: [Option<String>; ATTRIBUTES.len()],
}

/// The attributes of queries besides video and clip.
const ATTRIBUTES: [&str; 4] = ["template", "goal", "level", "relevance"];

/// What the items are made of.
#[derive(Default)]
struct Rows {
    ids: Vec<String>,
    videos: Vec<String>,
    clips: Vec<String>,
    attributes: [Vec<Option<String>>; ATTRIBUTES.len()],
}

/// Reads the queries with their true windows.
pub(super) fn read(bytes: &[u8], layout: Layout) -> Result<Truth, Faults> {
    let limits = Limits::default();
    let mut truth = Truth::default();
    let mut rows = Rows::default();
    JsonReader::read(bytes, &limits, |reader| {
        let mut videos = Slot::default();
        let object = reader.object(|reader, key| match &**key {
            "videos" => {
                videos.put(reader.array(|reader, _| video(reader, &mut truth, &mut rows, layout).map(drop))?);
                Ok(())
            }
            _ => reader.skip(),
        })?;
        if object.is_some() && videos.require("videos", reader).is_some() && rows.ids.is_empty() {
            reader.fault(Code::EmptySubmission, "the annotations hold no query", "a query", "none");
        }
        Ok(())
    })?;
    let groups = if layout.by_clip { &rows.clips } else { &rows.videos };
    truth.items = Items::new(rows.ids.iter().zip(groups));
    truth.items.set_attribute("video", rows.videos.iter().map(Some));
    truth.items.set_attribute("clip", rows.clips.iter().map(Some));
    for (name, values) in ATTRIBUTES.into_iter().zip(&rows.attributes) {
        if name == "template" || values.iter().any(Option::is_some) {
            truth.items.set_attribute(name, values.iter().map(Option::as_ref));
        }
    }
    let empty = truth.windows.iter().filter(|[start, end]| start == end).count() as u64;
    if empty > 0 {
        truth.notes.push(Note {
            code: "empty_windows".to_owned(),
            count: empty,
            message: "true windows of length zero can never be hit, and stay in the denominator".to_owned(),
        });
    }
    Ok(truth)
}

fn video<'a>(
    reader: &mut JsonReader<'a, '_>,
    truth: &mut Truth,
    rows: &mut Rows,
    layout: Layout,
) -> Read<()> {
    let first = rows.ids.len();
    let (mut uid, mut clips, mut procedure) = (Slot::default(), Slot::default(), Procedure::default());
    let object = reader.object(|reader, key| {
        match &**key {
            "video_uid" => uid.put(reader.string()?),
            "clips" => clips.put(reader.array(|reader, _| clip(reader, truth, rows, layout).map(drop))?),
            key if layout.steps && procedure.field(reader, key, layout)? => {}
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_some() {
        let uid: Cow<'_, str> = uid.require("video_uid", reader).unwrap_or_default();
        if procedure.is_there() {
            let (names, queries) = procedure.into_queries(&uid);
            add(reader, truth, rows, &uid, &names, queries);
        } else {
            clips.require("clips", reader);
        }
        rows.videos.resize(first, String::new());
        rows.videos.resize(rows.ids.len(), uid.into_owned());
    }
    Ok(object)
}

/// Adds the queries of an annotation, which has one name or several.
fn add(
    reader: &mut JsonReader<'_, '_>,
    truth: &mut Truth,
    rows: &mut Rows,
    clip: &str,
    names: &[String],
    queries: Vec<Query>,
) {
    let first = truth.ends.len() as u32;
    let of_clip = truth.queries.entry(clip.to_owned()).or_default();
    for annotation in names {
        if of_clip.insert(annotation.clone(), (first, queries.len() as u32)).is_some() {
            reader.fault(
                Code::DuplicateIds,
                format!("annotation {annotation:?} stands twice in clip {clip:?}"),
                "every annotation once",
                "another of the same name",
            );
        }
    }
    for (index, query) in queries.into_iter().enumerate() {
        rows.ids.push(format!("{clip}/{}/{index}", names[0]));
        rows.clips.push(clip.to_owned());
        for (values, value) in rows.attributes.iter_mut().zip(query.attributes) {
            values.push(value);
        }
        truth.windows.extend(query.windows);
        truth.ends.push(truth.windows.len() as u32);
    }
}

fn clip<'a>(reader: &mut JsonReader<'a, '_>, truth: &mut Truth, rows: &mut Rows, layout: Layout) -> Read<()> {
    let mut uid = Slot::default();
    let mut found: Slot<Vec<(Cow<'a, str>, Vec<Query>)>> = Slot::default();
    let object = reader.object(|reader, key| {
        match &**key {
            "clip_uid" => uid.put(reader.string()?),
            "annotations" => {
                let mut list = Vec::new();
                let array = reader.array(|reader, _| {
                    list.extend(annotation(reader, layout)?);
                    Ok(())
                })?;
                found.put(array.map(|_| list));
            }
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    let uid: Option<Cow<'a, str>> = uid.require("clip_uid", reader);
    let (Some(uid), Some(annotations)) = (uid, found.require("annotations", reader)) else {
        return Ok(None);
    };
    for (annotation, queries) in annotations {
        add(reader, truth, rows, &uid, &[annotation.into_owned()], queries);
    }
    Ok(Some(()))
}

fn annotation<'a>(reader: &mut JsonReader<'a, '_>, layout: Layout) -> Read<(Cow<'a, str>, Vec<Query>)> {
    let mut uid = Slot::default();
    let mut found = Slot::default();
    let object = reader.object(|reader, key| {
        match &**key {
            "annotation_uid" => uid.put(reader.string()?),
            "language_queries" => {
                let mut queries = Vec::new();
                let array = reader.array(|reader, _| {
                    queries.push(query(reader, layout)?);
                    Ok(())
                })?;
                found.put(array.map(|_| queries));
            }
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    let uid = uid.require("annotation_uid", reader);
    let queries = found.require("language_queries", reader);
    Ok(uid.zip(queries))
}

fn query(reader: &mut JsonReader<'_, '_>, layout: Layout) -> Result<Query, Stop> {
    let (mut start, mut end, mut template) = (Slot::default(), Slot::default(), None);
    let object = reader.object(|reader, key| {
        match &**key {
            "clip_start_sec" | "clip_end_sec" if layout.unannotated => reader.skip()?,
            "clip_start_sec" => start.put(reader.number()?),
            "clip_end_sec" => end.put(reader.number()?),
            "template" if reader.at_string()? => template = reader.string()?.map(Cow::into_owned),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    let mut query = Query::default();
    query.attributes[0] = template;
    if object.is_some() && !layout.unannotated {
        let start: Option<f64> = start.require("clip_start_sec", reader);
        let end: Option<f64> = end.require("clip_end_sec", reader);
        query.windows.extend(window(reader, start, end));
    }
    Ok(query)
}

/// A window that does not end before it starts.
pub(super) fn window(
    reader: &mut JsonReader<'_, '_>,
    start: Option<f64>,
    end: Option<f64>,
) -> Option<Segment> {
    let (start, end) = (start?, end?);
    if end < start {
        let found = format!("[{start}, {end}]");
        reader.fault(Code::OutOfRange, "the window ends before it starts", "start <= end", found);
    }
    Some([start, end])
}
