//! Reads the annotations: the response tracks of valid query sets.

use std::borrow::Cow;

use sdk::evidence::Note;
use sdk::{Code, Fault, Faults, JsonReader, Read, Slot};

use super::Truth;
use super::tracks::{NoTrack, Track};
use crate::boxes::{Box4, from_size};
use crate::queries::{Queries, Size, frame_box, items, read_queries};

/// The public code leaves out queries of which a box has this area or more.
const LARGEST_AREA: f64 = 1e10;

/// What is read of a query set.
struct Content {
    track: Track,
    title: Option<String>,
}

/// Reads the true tracks; without annotations the queries have empty ones.
pub(super) fn read(bytes: &[u8], group_by_clip: bool, unannotated: bool) -> Result<Truth, Faults> {
    let mut too_large = 0;
    let queries = read_queries(bytes, |reader| query_set(reader, &mut too_large, unannotated))?;
    let items = items(&queries.list, group_by_clip, |content: &Content| content.title.as_deref());
    let Queries { version, list, index } = queries;
    let mut notes = Vec::new();
    if too_large > 0 {
        notes.push(Note {
            code: "queries_of_huge_boxes".to_owned(),
            count: too_large,
            message: "queries with a box of 1e10 square pixels or more are not scored".to_owned(),
        });
    }
    let tracks = list.into_iter().map(|query| query.content.track).collect();
    Ok(Truth { items, index, tracks, version, notes })
}

fn query_set(
    reader: &mut JsonReader<'_, '_>,
    too_large: &mut u64,
    unannotated: bool,
) -> Read<Option<Content>> {
    let (mut valid, mut track, mut title, mut crop) = (Slot::default(), Slot::default(), None, None);
    let object = reader.object(|reader, key| {
        match &**key {
            "is_valid" => valid.put(reader.boolean()?),
            "response_track" if unannotated => reader.skip()?,
            "response_track" => {
                let mut boxes = Vec::new();
                let list = reader.array(|reader, _| {
                    boxes.extend(frame_box(reader)?);
                    Ok(())
                })?;
                track.put(list.map(|_| boxes));
            }
            "object_title" if reader.at_string()? => title = reader.string()?.map(Cow::into_owned),
            "visual_crop" if reader.at_object()? => crop = frame_box(reader)?.map(|(_, size)| size),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    match valid.require("is_valid", reader) {
        None => return Ok(None),
        Some(false) => return Ok(Some(None)),
        Some(true) => {}
    }
    let track = if unannotated { Some(Vec::new()) } else { track.require("response_track", reader) };
    let Some(boxes) = track else {
        return Ok(None);
    };
    if boxes.is_empty() && !unannotated {
        reader.fault(Code::WrongShape, "a valid query has no response track", "a box or more", "none");
        return Ok(None);
    }
    let area = |size: &Size| size[2] * size[3];
    let largest = boxes.iter().map(|(_, size)| area(size)).chain(crop.iter().map(area)).fold(0.0, f64::max);
    if largest >= LARGEST_AREA {
        *too_large += 1;
        return Ok(Some(None));
    }
    let corners: Vec<(i64, Box4)> = boxes.into_iter().map(|(frame, size)| (frame, from_size(size))).collect();
    match Track::new(corners) {
        Ok(track) => Ok(Some(Some(Content { track, title }))),
        Err(problem) => {
            reader.fault_with(|| no_track(problem));
            Ok(None)
        }
    }
}

/// The fault that boxes are no track.
pub(super) fn no_track(problem: NoTrack) -> Fault {
    match problem {
        NoTrack::Twice(frame) => Fault::whole(
            Code::DuplicateIds,
            format!("there are two boxes of frame {frame}"),
            "one box per frame",
            "another box",
        ),
        NoTrack::Gap(frame) => Fault::whole(
            Code::WrongShape,
            format!("the track has a gap: there is no box of frame {frame}"),
            "a box in every frame from the first to the last",
            "none",
        )
        .hint("send the last occurrence only, as one run of frames"),
    }
}
