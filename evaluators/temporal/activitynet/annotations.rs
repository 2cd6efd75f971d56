//! Reads the annotations: the `database` of videos.

use std::borrow::Cow;

use sdk::primitives::segment::Segment;
use sdk::{Code, Faults, Items, JsonReader, Limits, Read, Slot};

use super::{Settings, Videos};

struct Video<'a> {
    subset: Cow<'a, str>,
    annotations: Vec<(Cow<'a, str>, Segment)>,
}

/// Reads the videos of the wanted subset that are not blocked.
///
/// Without the truth their segments are not looked at; labels are those of the taxonomy and of segments that stand there.
pub(super) fn read(bytes: &[u8], settings: &Settings, unannotated: bool) -> Result<Videos, Faults> {
    let limits = Limits::default();
    let mut videos = Videos::default();
    let mut ids = Vec::new();
    JsonReader::read(bytes, &limits, |reader| {
        let mut database = Slot::default();
        let object = reader.object(|reader, key| {
            match &**key {
                "database" => database.put(reader.object(|reader, id| {
                    let Some(mut video) = video(reader, unannotated)? else {
                        return Ok(());
                    };
                    videos
                        .labels
                        .extend(video.annotations.iter().map(|(label, _)| label.clone().into_owned()));
                    if video.subset == settings.subset && !settings.blocked.contains(&**id) {
                        if unannotated {
                            video.annotations.clear();
                        }
                        let item = ids.len() as u32;
                        for (label, segment) in &video.annotations {
                            videos.truth.add(label, item, *segment);
                        }
                        videos.segments.push(video.annotations.iter().map(|(_, segment)| *segment).collect());
                        videos.by_id.insert(id.clone().into_owned(), item);
                        ids.push(id.clone().into_owned());
                    }
                    Ok(())
                })?),
                "taxonomy" if reader.at_array()? => {
                    reader.array(|reader, _| {
                        if reader.at_object()? {
                            videos.labels.extend(node_name(reader)?);
                            return Ok(());
                        }
                        reader.skip()
                    })?;
                }
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if object.is_some()
            && database.require("database", reader).is_some()
            && reader.fault_count() == 0
            && (ids.is_empty() || videos.truth.class_count() == 0 && !unannotated)
        {
            let (what, wanted) =
                if unannotated { ("is there", "videos") } else { ("has a segment", "segments") };
            let message = format!("no video of the subset {:?} {what}", settings.subset);
            reader.fault(Code::InvalidParameter, message, format!("a subset with {wanted}"), "none");
        }
        Ok(())
    })?;
    videos.items = Items::new(ids.iter().map(|id| (id.as_str(), id)));
    Ok(videos)
}

/// The name of a node of the taxonomy, which is a label that a submission may use.
fn node_name(reader: &mut JsonReader<'_, '_>) -> Read<String> {
    let mut name = None;
    reader.object(|reader, key| {
        match &**key {
            "nodeName" if reader.at_string()? => name = reader.string()?,
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    Ok(name.map(Cow::into_owned))
}

fn video<'a>(reader: &mut JsonReader<'a, '_>, unannotated: bool) -> Read<Video<'a>> {
    let (mut subset, mut annotations) = (Slot::default(), Slot::default());
    let object = reader.object(|reader, key| {
        match &**key {
            "subset" => subset.put(reader.string()?),
            "annotations" if unannotated && !reader.at_array()? => reader.skip()?,
            "annotations" => {
                let mut list = Vec::new();
                let array = reader.array(|reader, _| {
                    list.extend(annotation(reader)?);
                    Ok(())
                })?;
                annotations.put(array.map(|_| list));
            }
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    let subset = subset.require("subset", reader);
    let annotations = if unannotated {
        Some(annotations.get().unwrap_or_default())
    } else {
        annotations.require("annotations", reader)
    };
    Ok(subset.zip(annotations).map(|(subset, annotations)| Video { subset, annotations }))
}

fn annotation<'a>(reader: &mut JsonReader<'a, '_>) -> Read<(Cow<'a, str>, Segment)> {
    let (mut label, mut segment) = (Slot::default(), Slot::default());
    let object = reader.object(|reader, key| {
        match &**key {
            "label" => label.put(reader.string()?),
            "segment" => segment.put(reader.window()?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    let label = label.require("label", reader);
    let segment = segment.require("segment", reader);
    if let Some([start, end]) = segment
        && end < start
    {
        let found = format!("[{start}, {end}]");
        reader.fault(Code::OutOfRange, "the segment ends before it starts", "start <= end", found);
    }
    Ok(label.zip(segment))
}
