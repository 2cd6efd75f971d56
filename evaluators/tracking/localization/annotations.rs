//! Reads the annotations: clips with the boxes of the persons in them. The rows of boxes are those of submissions.

use std::collections::HashSet;

use sdk::evidence::Note;
use sdk::{Code, Fault, Faults, Items, JsonReader, Limits, Mode, Read, Slot, Stop};

use super::{Clip, Clips};
use crate::boxes::{Box4, FARTHEST, from_size, whole};
use crate::scene::{Boxes, Collected, MOST_BOXES_IN_A_FRAME, Problem};

/// A box as it stands in a file, its frame not looked at yet.
pub(super) struct Row {
    pub(super) frame: i64,
    pub(super) person: i64,
    pub(super) at: Box4,
}

/// Reads the clips; without annotations there is nobody in them.
pub(super) fn read(
    bytes: &[u8],
    group_by_clip: bool,
    unannotated: bool,
    mode: Mode,
) -> Result<Clips, Faults> {
    let limits = Limits::default();
    let mut truth = Clips::default();
    let (mut ids, mut videos) = (Vec::new(), Vec::new());
    let mut repeated = 0;
    JsonReader::read(bytes, &limits, |reader| {
        let mut clips = Slot::default();
        let object = reader.object(|reader, key| match &**key {
            "clips" => {
                clips.put(reader.object(|reader, uid| {
                    if let Some((clip, video)) = clip(reader, mode, unannotated, &mut repeated)? {
                        truth.by_uid.insert(uid.to_string(), ids.len() as u32);
                        videos.push(video.unwrap_or_else(|| uid.to_string()));
                        ids.push(uid.to_string());
                        truth.clips.push(clip);
                    }
                    Ok(())
                })?);
                Ok(())
            }
            _ => reader.skip(),
        })?;
        if object.is_some()
            && clips.require("clips", reader).is_some()
            && reader.fault_count() == 0
            && ids.is_empty()
        {
            reader.fault(Code::EmptySubmission, "the annotations hold no clip", "a clip", "none");
        }
        Ok(())
    })?;
    truth.items = Items::new(ids.iter().zip(if group_by_clip { &ids } else { &videos }));
    truth.items.set_attribute("video", videos.iter().map(Some));
    if repeated > 0 {
        truth.notes.push(Note {
            code: "repeated_persons_dropped".to_owned(),
            count: repeated,
            message: "of two boxes of a person in a frame only the first is scored".to_owned(),
        });
    }
    Ok(truth)
}

fn clip(
    reader: &mut JsonReader<'_, '_>,
    mode: Mode,
    unannotated: bool,
    repeated: &mut u64,
) -> Read<(Clip, Option<String>)> {
    let (mut frames, mut rows, mut video) = (Slot::default(), Slot::default(), None);
    let object = reader.object(|reader, key| {
        match &**key {
            "n_frames" => frames.put(reader.integer()?),
            "boxes" if unannotated => reader.skip()?,
            "boxes" => {
                let mut list = Vec::new();
                rows.put(
                    reader
                        .array(|reader, _| {
                            list.extend(row(reader, mode)?);
                            Ok(())
                        })?
                        .map(|_| list),
                );
            }
            "video_uid" => video = reader.string()?.map(std::borrow::Cow::into_owned),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    let frames = frames.require("n_frames", reader);
    let rows: Option<Vec<Row>> = if unannotated { Some(Vec::new()) } else { rows.require("boxes", reader) };
    let (Some(frames), Some(rows)) = (frames, rows) else { return Ok(None) };
    let Some(frames) = u32::try_from(frames).ok().filter(|frames| *frames < u32::MAX) else {
        reader.fault(Code::OutOfRange, "the number of frames is wrong", "0 or more", frames.to_string());
        return Ok(None);
    };
    let mut collected = Collected::default();
    let (mut seen, mut indices) = (HashSet::new(), Vec::new());
    for (index, Row { frame, person, at }) in (0_u32..).zip(rows) {
        match frame_within(frame, frames) {
            Some(_) if !seen.insert((frame, person)) => *repeated += 1,
            Some(frame) => {
                collected.push(frame, person, at);
                indices.push(index);
            }
            None => reader.fault_below(format_args!("/boxes/{index}"), || no_frame(frame, frames)),
        }
    }
    let boxes = by_frame(reader, "/boxes", collected, &indices);
    Ok(Some((Clip { frames, boxes }, video)))
}

/// Reads `[frame, person, x, y, width, height]`.
pub(super) fn row(reader: &mut JsonReader<'_, '_>, mode: Mode) -> Result<Option<Row>, Stop> {
    let Some([frame, person, x, y, width, height]) =
        reader.numbers::<6>("[frame, person, x, y, width, height]")?
    else {
        return Ok(None);
    };
    let mut whole_number = |name: &str, number: f64| {
        let number = if mode == Mode::Reference { number.trunc() } else { number };
        if whole(number).is_none() {
            reader.fault_with(|| {
                let message = format!("the {name} is no whole number");
                Fault::whole(Code::WrongType, message, "a whole number", number.to_string())
            });
        }
        whole(number)
    };
    let (frame, person) = (whole_number("frame", frame), whole_number("person", person));
    if [x, y, width, height].iter().any(|number| number.abs() > FARTHEST) {
        let expected = format!("pixels between -{FARTHEST} and {FARTHEST}");
        reader.fault(Code::OutOfRange, "a coordinate is too large", expected, "a larger one");
        return Ok(None);
    }
    if mode == Mode::Strict && (width < 0.0 || height < 0.0) {
        reader.fault_with(|| {
            let found = format!("{width} x {height}");
            Fault::whole(
                Code::OutOfRange,
                "a box has a negative side",
                "a width and a height of 0 or more",
                found,
            )
            .hint("a box is x, y, width, height")
        });
        return Ok(None);
    }
    Ok(frame.zip(person).map(|(frame, person)| Row { frame, person, at: from_size([x, y, width, height]) }))
}

/// The frame, if the clip has it.
pub(super) fn frame_within(frame: i64, frames: u32) -> Option<u32> {
    u32::try_from(frame).ok().filter(|frame| (1..=frames).contains(frame))
}

/// The fault that a clip has no such frame.
pub(super) fn no_frame(frame: i64, frames: u32) -> Fault {
    let fault = Fault::whole(
        Code::OutOfRange,
        format!("there is no frame {frame} in this clip"),
        format!("a frame from 1 to {frames}"),
        frame.to_string(),
    );
    if frame == 0 { fault.hint("frames are counted from 1") } else { fault }
}

/// The boxes of a list that was just read by frame; `below` leads to the list, `indices` are their places in it.
pub(super) fn by_frame(
    reader: &mut JsonReader<'_, '_>,
    below: &str,
    collected: Collected,
    indices: &[u32],
) -> Boxes {
    let index = |row: u32| indices[row as usize];
    collected.by_frame(|problem| match problem {
        Problem::Twice(row) => reader.fault_below(format_args!("{below}/{}", index(row)), || {
            let message = "the person stands twice in this frame";
            Fault::whole(Code::DuplicateIds, message, "every person once per frame", "another box")
        }),
        Problem::Crowd(row) => reader.fault_below(format_args!("{below}/{}", index(row)), || {
            let most = format!("at most {MOST_BOXES_IN_A_FRAME} boxes per frame");
            Fault::whole(Code::TooLarge, "there are too many boxes in this frame", most, "more")
        }),
    })
}
