//! Reads the annotations: clips with the moments in them.

use std::borrow::Cow;

use sdk::primitives::segment::Segment;
use sdk::{Code, Faults, Items, JsonReader, Limits, Mode, Read, Slot, Stop};

use super::{Clips, Wanted};

/// A clip as it stands in the file.
struct Clip<'a> {
    video: Option<Cow<'a, str>>,
    subset: Cow<'a, str>,
    moments: Vec<(Cow<'a, str>, Segment)>,
}

/// Reads the clips of a subset.
///
/// The public code keeps a clip whose subset is a part of the wanted name ("es" of "test"); strict mode wants the name.
///
/// Without the moments a file may also be as it was before the public conversion: videos with their clips.
pub(super) fn read(bytes: &[u8], wanted: Wanted<'_>, mode: Mode) -> Result<Clips, Faults> {
    let limits = Limits::default();
    let mut clips = Clips::default();
    let mut rows = Vec::new();
    JsonReader::read(bytes, &limits, |reader| {
        reader.object(|reader, uid| {
            if wanted.unannotated && !reader.at_object()? {
                let unconverted = &**uid == "videos" && reader.at_array()?;
                return if unconverted { videos(reader, wanted.subset, &mut rows) } else { reader.skip() };
            }
            let Some(clip) = clip(reader, wanted.unannotated)? else {
                return Ok(());
            };
            let is_wanted = match mode {
                Mode::Strict => clip.subset == wanted.subset,
                Mode::Reference => wanted.subset.contains(&*clip.subset),
            };
            if is_wanted {
                let item = rows.len() as u32;
                for (label, segment) in &clip.moments {
                    let class = clips.truth.add(label, item, *segment);
                    clips.retrieval.add(item, class, *segment);
                }
                rows.push((uid.clone(), clip.video.unwrap_or_else(|| uid.clone())));
            }
            Ok(())
        })?;
        let subset = wanted.subset;
        if reader.fault_count() == 0 && rows.is_empty() && wanted.unannotated {
            let message = format!("no clip is of the subset {subset:?}");
            reader.fault(Code::InvalidParameter, message, "a subset with clips", "none");
        }
        if reader.fault_count() == 0 && clips.truth.class_count() == 0 && !wanted.unannotated {
            let message = format!("no clip of the subset {subset:?} holds a moment");
            reader.fault(Code::InvalidParameter, message, "a subset with moments", "none");
        }
        Ok(())
    })?;
    clips.retrieval.finish(rows.len());
    clips.by_uid =
        rows.iter().enumerate().map(|(item, (uid, _))| (uid.clone().into_owned(), item as u32)).collect();
    let by_group = rows.iter().map(|(uid, video)| (&**uid, if wanted.by_clip { uid } else { video }));
    clips.items = Items::new(by_group);
    clips.items.set_attribute("video", rows.iter().map(|(_, video)| Some(video)));
    Ok(clips)
}

/// A clip and its video.
type Row<'a> = (Cow<'a, str>, Cow<'a, str>);

/// Reads the videos of a file before the public conversion; those of which it says another split are left out.
fn videos<'a>(reader: &mut JsonReader<'a, '_>, subset: &str, rows: &mut Vec<Row<'a>>) -> Result<(), Stop> {
    reader.array(|reader, _| {
        let (mut uid, mut split, mut clips) = (Slot::default(), None, Vec::new());
        let object = reader.object(|reader, key| {
            match &**key {
                "video_uid" => uid.put(reader.string()?),
                "split" if reader.at_string()? => split = reader.string()?,
                "clips" => {
                    reader.array(|reader, _| {
                        let mut clip = Slot::default();
                        let object = reader.object(|reader, key| match &**key {
                            "clip_uid" => {
                                clip.put(reader.string()?);
                                Ok(())
                            }
                            _ => reader.skip(),
                        })?;
                        if object.is_some() {
                            clips.extend(clip.require("clip_uid", reader));
                        }
                        Ok(())
                    })?;
                }
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if object.is_some()
            && let Some(uid) = uid.require("video_uid", reader)
            && split.is_none_or(|split| split == subset)
        {
            rows.extend(clips.into_iter().map(|clip: Cow<'a, str>| (clip, Cow::clone(&uid))));
        }
        Ok(())
    })?;
    Ok(())
}

fn clip<'a>(reader: &mut JsonReader<'a, '_>, unannotated: bool) -> Read<Clip<'a>> {
    let (mut video, mut subset, mut annotations) = (None, Slot::default(), Slot::default());
    let object = reader.object(|reader, key| {
        match &**key {
            "video_id" => video = reader.string()?,
            "subset" => subset.put(reader.string()?),
            "annotations" if unannotated => reader.skip()?,
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
    let moments = if unannotated { Some(Vec::new()) } else { annotations.require("annotations", reader) };
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
