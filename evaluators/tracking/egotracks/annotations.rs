//! Reads the annotations: the long-term tracks of valid query sets.

use std::borrow::Cow;

use sdk::evidence::Note;
use sdk::text::quoted;
use sdk::{Code, Fault, Faults, JsonReader, Mode, Read, Slot};

use super::{Sequence, Truth};
use crate::queries::{Query, Size, frame_box, items, read_queries};

/// What is read of a query set; a track for one that is scored.
struct Content {
    title: String,
    track: Option<Vec<(i64, Size)>>,
    /// The frame of the picture that the query shows.
    shown: Option<i64>,
}

/// Reads the true tracks; without annotations the sequences have empty ones.
pub(super) fn read(
    bytes: &[u8],
    group_by_clip: bool,
    unannotated: bool,
    mode: Mode,
) -> Result<Truth, Faults> {
    let queries = read_queries(bytes, |reader| query_set(reader, unannotated))?;
    let mut truth = Truth::default();
    let mut faults = Faults::new();
    let mut scored = Vec::new();
    let mut never_seen = 0;
    for query in queries.list {
        let name = format!("{}_{}_{}", query.place.clip, query.place.set, query.content.title);
        let of_name = truth.by_name.entry(name.clone()).or_default();
        let Some(track) = &query.content.track else { continue };
        let Some(sequence) = sequence(&name, &query, track, &mut faults) else { continue };
        if sequence.frames.is_empty() && mode == Mode::Strict && !unannotated {
            never_seen += 1;
            continue;
        }
        of_name.push(truth.sequences.len());
        truth.sequences.push(sequence);
        scored.push(query);
    }
    if truth.sequences.is_empty() && faults.is_empty() {
        let message = "the annotations hold no track that is scored";
        faults.push(Fault::whole(Code::EmptySubmission, message, "a track", "none"));
    }
    if never_seen > 0 {
        truth.notes.push(Note {
            code: "objects_never_seen".to_owned(),
            count: never_seen,
            message: "objects that are seen in no frame but the one of their picture are not scored"
                .to_owned(),
        });
    }
    truth.items = items(&scored, group_by_clip, |content: &Content| Some(content.title.as_str()));
    faults.or(truth)
}

/// The sequence of a query, or the faults that it has.
fn sequence(
    name: &str,
    query: &Query<Content>,
    track: &[(i64, Size)],
    faults: &mut Faults,
) -> Option<Sequence> {
    let mut refuse = |code: Code, message: &str, expected: &str, found: String| {
        faults.push_with(|| {
            let message = format!("{message} in the sequence {}", quoted(name));
            Fault::whole(code, message, expected, found)
        });
    };
    let Some(frame_count) = query.frames else {
        refuse(
            Code::MissingField,
            "the number of frames is missing",
            "n_frames of the clip",
            "none".to_owned(),
        );
        return None;
    };
    let Some(frame_count) = u32::try_from(frame_count).ok().filter(|frames| *frames < u32::MAX) else {
        refuse(Code::OutOfRange, "the number of frames is wrong", "0 or more", frame_count.to_string());
        return None;
    };
    let mut seen: Vec<(u32, Size)> = Vec::with_capacity(track.len());
    for (frame, at) in track {
        match u32::try_from(*frame).ok().filter(|frame| *frame < frame_count) {
            Some(_) if Some(*frame) == query.content.shown => {}
            Some(frame) => seen.push((frame, *at)),
            None => {
                refuse(Code::OutOfRange, "there is no such frame", "a frame of the clip", frame.to_string());
            }
        }
    }
    seen.sort_by_key(|(frame, _)| *frame);
    for pair in seen.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        refuse(
            Code::DuplicateIds,
            "a frame has two boxes",
            "one box per frame",
            format!("frame {}", pair[0].0),
        );
    }
    Some(Sequence {
        frame_count,
        frames: seen.iter().map(|(frame, _)| *frame).collect(),
        boxes: seen.iter().map(|(_, at)| *at).collect(),
    })
}

fn query_set(reader: &mut JsonReader<'_, '_>, unannotated: bool) -> Read<Option<Content>> {
    let (mut valid, mut track, mut title) = (Slot::default(), Slot::default(), Slot::default());
    let mut shown = None;
    let object = reader.object(|reader, key| {
        match &**key {
            "is_valid" => valid.put(reader.boolean()?),
            "lt_track" if unannotated => reader.skip()?,
            "lt_track" => {
                let mut boxes = Vec::new();
                let list = reader.array(|reader, _| {
                    boxes.extend(frame_box(reader)?);
                    Ok(())
                })?;
                track.put(list.map(|_| boxes));
            }
            "object_title" => title.put(reader.string()?.map(Cow::into_owned)),
            "visual_crop" if reader.at_object()? => shown = frame_box(reader)?.map(|(frame, _)| frame),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    let valid = valid.require("is_valid", reader);
    if valid == Some(false) {
        let title = title.get().unwrap_or_default();
        return Ok(Some(Some(Content { title, track: None, shown })));
    }
    let title = title.require("object_title", reader);
    let track = if unannotated { Some(Vec::new()) } else { track.require("lt_track", reader) };
    let (Some(_), Some(title), Some(track)) = (valid, title, track) else {
        return Ok(None);
    };
    Ok(Some(Some(Content { title, track: Some(track), shown })))
}
