//! Reads the annotations: videos, clips, annotations, queries with their true windows.

use std::borrow::Cow;

use sdk::evidence::Note;
use sdk::primitives::segment::Segment;
use sdk::{Code, Faults, Items, JsonReader, Limits, Read, Slot, Stop};

use super::Truth;

/// A query as it stands in the file.
struct Query {
    window: Option<Segment>,
    template: Option<String>,
}

/// What the items are made of.
#[derive(Default)]
struct Rows {
    ids: Vec<String>,
    videos: Vec<String>,
    clips: Vec<String>,
    templates: Vec<Option<String>>,
}

/// Reads the true windows; the group of a query is its clip or its video.
pub(super) fn read(bytes: &[u8], group_by_clip: bool) -> Result<Truth, Faults> {
    let limits = Limits::default();
    let mut truth = Truth::default();
    let mut rows = Rows::default();
    JsonReader::read(bytes, &limits, |reader| {
        let mut videos = Slot::default();
        let object = reader.object(|reader, key| match &**key {
            "videos" => {
                videos.put(reader.array(|reader, _| video(reader, &mut truth, &mut rows).map(drop))?);
                Ok(())
            }
            _ => reader.skip(),
        })?;
        if object.is_some() && videos.require("videos", reader).is_some() && rows.ids.is_empty() {
            reader.fault(Code::EmptySubmission, "the annotations hold no query", "a query", "none");
        }
        Ok(())
    })?;
    let groups = if group_by_clip { &rows.clips } else { &rows.videos };
    truth.items = Items::new(rows.ids.iter().zip(groups));
    truth.items.set_attribute("video", rows.videos.iter().map(Some));
    truth.items.set_attribute("clip", rows.clips.iter().map(Some));
    truth.items.set_attribute("template", rows.templates.iter().map(Option::as_ref));
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

fn video<'a>(reader: &mut JsonReader<'a, '_>, truth: &mut Truth, rows: &mut Rows) -> Read<()> {
    let first = rows.ids.len();
    let (mut uid, mut clips) = (Slot::default(), Slot::default());
    let object = reader.object(|reader, key| {
        match &**key {
            "video_uid" => uid.put(reader.string()?),
            "clips" => clips.put(reader.array(|reader, _| clip(reader, truth, rows).map(drop))?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_some() {
        clips.require("clips", reader);
        let uid: Cow<'_, str> = uid.require("video_uid", reader).unwrap_or_default();
        rows.videos.resize(first, String::new());
        rows.videos.resize(rows.ids.len(), uid.into_owned());
    }
    Ok(object)
}

fn clip<'a>(reader: &mut JsonReader<'a, '_>, truth: &mut Truth, rows: &mut Rows) -> Read<()> {
    let mut uid = Slot::default();
    let mut found: Slot<Vec<(Cow<'a, str>, Vec<Query>)>> = Slot::default();
    let object = reader.object(|reader, key| {
        match &**key {
            "clip_uid" => uid.put(reader.string()?),
            "annotations" => {
                let mut list = Vec::new();
                let array = reader.array(|reader, _| {
                    list.extend(annotation(reader)?);
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
        let first = truth.windows.len() as u32;
        let of_clip = truth.queries.entry(uid.clone().into_owned()).or_default();
        if of_clip.insert(annotation.clone().into_owned(), (first, queries.len() as u32)).is_some() {
            reader.fault(
                Code::DuplicateIds,
                format!("annotation {annotation:?} stands twice in clip {uid:?}"),
                "every annotation once",
                "another of the same name",
            );
        }
        for (index, query) in queries.into_iter().enumerate() {
            rows.ids.push(format!("{uid}/{annotation}/{index}"));
            rows.clips.push(uid.clone().into_owned());
            rows.templates.push(query.template);
            truth.windows.push(query.window.unwrap_or_default());
        }
    }
    Ok(Some(()))
}

fn annotation<'a>(reader: &mut JsonReader<'a, '_>) -> Read<(Cow<'a, str>, Vec<Query>)> {
    let mut uid = Slot::default();
    let mut found = Slot::default();
    let object = reader.object(|reader, key| {
        match &**key {
            "annotation_uid" => uid.put(reader.string()?),
            "language_queries" => {
                let mut queries = Vec::new();
                let array = reader.array(|reader, _| {
                    queries.push(query(reader)?);
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

fn query(reader: &mut JsonReader<'_, '_>) -> Result<Query, Stop> {
    let (mut start, mut end, mut template) = (Slot::default(), Slot::default(), None);
    let object = reader.object(|reader, key| {
        match &**key {
            "clip_start_sec" => start.put(reader.number()?),
            "clip_end_sec" => end.put(reader.number()?),
            "template" if reader.at_string()? => template = reader.string()?.map(Cow::into_owned),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    let mut window = None;
    if object.is_some() {
        let start: Option<f64> = start.require("clip_start_sec", reader);
        let end: Option<f64> = end.require("clip_end_sec", reader);
        window = start.zip(end).map(|(start, end)| [start, end]);
    }
    if let Some([start, end]) = window
        && end < start
    {
        let found = format!("[{start}, {end}]");
        reader.fault(Code::OutOfRange, "the window ends before it starts", "start <= end", found);
    }
    Ok(Query { window, template })
}
