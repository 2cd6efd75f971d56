//! Reads the annotations: clips with the moments in them.

use std::borrow::Cow;

use sdk::primitives::segment::Segment;
use sdk::{Code, Faults, Items, JsonReader, Limits, Mode, Read, Slot, Stop};

use super::Clips;

/// A clip as it stands in the file.
struct Clip<'a> {
    video: Option<Cow<'a, str>>,
    subset: Cow<'a, str>,
    moments: Vec<(Cow<'a, str>, Segment)>,
}

/// Reads the clips of a subset.
///
/// The public code keeps a clip whose subset is a part of the wanted name ("es" of "test"); strict mode wants the name.
pub(super) fn read(bytes: &[u8], subset: &str, group_by_clip: bool, mode: Mode) -> Result<Clips, Faults> {
    let limits = Limits::default();
    let mut clips = Clips::default();
    let (mut ids, mut videos) = (Vec::new(), Vec::new());
    JsonReader::read(bytes, &limits, |reader| {
        reader.object(|reader, uid| {
            let Some(clip) = clip(reader)? else {
                return Ok(());
            };
            let wanted = match mode {
                Mode::Strict => clip.subset == subset,
                Mode::Reference => subset.contains(&*clip.subset),
            };
            if wanted {
                let item = ids.len() as u32;
                for (label, segment) in &clip.moments {
                    let class = clips.truth.add(label, item, *segment);
                    clips.retrieval.add(item, class, *segment);
                }
                clips.by_uid.insert(uid.clone().into_owned(), item);
                videos.push(clip.video.unwrap_or_else(|| uid.clone()).into_owned());
                ids.push(uid.clone().into_owned());
            }
            Ok(())
        })?;
        if reader.fault_count() == 0 && clips.truth.class_count() == 0 {
            let message = format!("no clip of the subset {subset:?} holds a moment");
            reader.fault(Code::InvalidParameter, message, "a subset with moments", "none");
        }
        Ok(())
    })?;
    clips.retrieval.finish(ids.len());
    clips.items = Items::new(ids.iter().zip(if group_by_clip { &ids } else { &videos }));
    clips.items.set_attribute("video", videos.iter().map(Some));
    Ok(clips)
}

fn clip<'a>(reader: &mut JsonReader<'a, '_>) -> Read<Clip<'a>> {
    let (mut video, mut subset, mut annotations) = (None, Slot::default(), Slot::default());
    let object = reader.object(|reader, key| {
        match &**key {
            "video_id" => video = reader.string()?,
            "subset" => subset.put(reader.string()?),
            "annotations" => {
                let mut moments = Vec::new();
                let array = reader.array(|reader, _| {
                    moments.extend(moment(reader)?);
                    Ok(())
                })?;
                annotations.put(array.map(|_| moments));
            }
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    let subset = subset.require("subset", reader);
    let moments = annotations.require("annotations", reader);
    Ok(subset.zip(moments).map(|(subset, moments)| Clip { video, subset, moments }))
}

fn moment<'a>(reader: &mut JsonReader<'a, '_>) -> Result<Option<(Cow<'a, str>, Segment)>, Stop> {
    let (mut label, mut start, mut end) = (Slot::default(), Slot::default(), Slot::default());
    let object = reader.object(|reader, key| {
        match &**key {
            "label" => label.put(reader.string()?),
            "start_time" => start.put(reader.number()?),
            "end_time" => end.put(reader.number()?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    let label = label.require("label", reader);
    let start: Option<f64> = start.require("start_time", reader);
    let end: Option<f64> = end.require("end_time", reader);
    let (Some(label), Some(start), Some(end)) = (label, start, end) else {
        return Ok(None);
    };
    if end < start {
        let found = format!("[{start}, {end}]");
        reader.fault(Code::OutOfRange, "the moment ends before it starts", "start <= end", found);
    }
    Ok(Some((label, [start, end])))
}
