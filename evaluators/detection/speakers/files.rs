//! Reads boxes by clip and frame.

use std::borrow::Cow;
use std::num::NonZeroU32;

use sdk::{Code, Fault, Faults, Items, JsonReader, Limits, Mode, Slot, Stop};

use super::{Clips, Detection, PreparedSpeakers, Sent, most_overlapped};
use crate::corners::Corners;

/// Reads the true boxes; without annotations there are clips alone.
pub(super) fn read_annotations(bytes: &[u8], unannotated: bool, mode: Mode) -> Result<Clips, Faults> {
    let limits = Limits::default();
    if unannotated {
        return JsonReader::read(bytes, &limits, read_list);
    }
    JsonReader::read(bytes, &limits, |reader| {
        let mut clips = Clips::default();
        let mut ids = Vec::new();
        read_clips(reader, |reader, id| {
            let (clip, first) = (ids.len() as u32, clips.frames.boxes.len());
            reader.object(|reader, frame| {
                let start = clips.frames.boxes.len();
                reader.array(|reader, _| {
                    let read = reader.numbers::<4>("[x1, y1, x2, y2]")?;
                    clips.frames.boxes.extend(read.filter(|corners| are_in_order(reader, *corners, mode)));
                    Ok(())
                })?;
                clips.frames.add(clip, frame, start);
                Ok(())
            })?;
            clips.positives.push((clips.frames.boxes.len() - first) as u32);
            clips.by_id.insert(id.clone().into_owned(), clip);
            ids.push(id.clone().into_owned());
            Ok(())
        })?;
        clips.items = Items::ungrouped(ids);
        Ok(clips)
    })
}

/// Reads a list of clips.
fn read_list(reader: &mut JsonReader<'_, '_>) -> Result<Clips, Stop> {
    let (mut clips, mut list, mut ids) = (Clips::default(), Slot::default(), Vec::new());
    let object = reader.object(|reader, key| {
        match &**key {
            "clips" => list.put(reader.array(|reader, _| {
                if let Some(id) = reader.string()? {
                    clips.by_id.insert(id.clone().into_owned(), ids.len() as u32);
                    ids.push(id.into_owned());
                }
                Ok(())
            })?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_some() {
        list.require("clips", reader);
    }
    clips.positives = vec![0; ids.len()];
    clips.items = Items::ungrouped(ids);
    Ok(clips)
}

/// Reads the detections.
pub(super) fn read_submission<'a>(
    task: &PreparedSpeakers,
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<Sent<'a>, Faults> {
    JsonReader::read(bytes, limits, |reader| {
        let mut sent = Sent::default();
        let mut seen = vec![false; task.clips.items.len()];
        read_clips(reader, |reader, id| {
            let Some(clip) = task.clips.by_id.get(&**id).copied() else {
                if task.mode == Mode::Reference {
                    return reader.skip();
                }
                reader.fault_with(|| {
                    let found = sdk::text::quoted(id);
                    let message = format!("this task has no clip {found}");
                    Fault::whole(Code::UnknownIds, message, "the id of a clip of this task", found)
                        .hint("ids of another split, or of another task, are not known here")
                });
                return reader.skip();
            };
            seen[clip as usize] = true;
            reader.object(|reader, frame| read_frame(reader, task, clip, frame.clone(), &mut sent)).map(drop)
        })?;
        sent.missing_clips = seen.iter().filter(|seen| !**seen).count() as u64;
        Ok(sent)
    })
}

fn read_clips<'a>(
    reader: &mut JsonReader<'a, '_>,
    mut clip: impl FnMut(&mut JsonReader<'a, '_>, &Cow<'a, str>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut clips = Slot::default();
    let object = reader.object(|reader, key| {
        match &**key {
            "clips" => clips.put(reader.object(&mut clip)?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_some() {
        clips.require("clips", reader);
    }
    Ok(())
}

fn read_frame<'a>(
    reader: &mut JsonReader<'a, '_>,
    task: &PreparedSpeakers,
    clip: u32,
    frame: Cow<'a, str>,
    sent: &mut Sent<'a>,
) -> Result<(), Stop> {
    let number = sent.frames.len() as u32;
    let truth = task.clips.frames.of(clip, &frame);
    let boxes = &task.clips.frames.boxes[truth.clone()];
    sent.frames.push((clip, frame));
    reader.array(|reader, _| {
        let Some([score, x1, y1, x2, y2]) = reader.numbers::<5>("[score, x1, y1, x2, y2]")? else {
            return Ok(());
        };
        let corners = [x1, y1, x2, y2];
        if are_in_order(reader, corners, task.mode) {
            // Counted from 1, so that the number of none takes no room.
            let best = most_overlapped(corners, boxes).map(|best| (truth.start + best) as u32);
            let best = best.and_then(|best| NonZeroU32::MIN.checked_add(best));
            sent.detections.push(Detection { frame: number, best, score: written_score(score, task.mode) });
        }
        Ok(())
    })?;
    Ok(())
}

/// The score; the public code sees it only after it was written with six decimals.
fn written_score(score: f64, mode: Mode) -> f64 {
    match mode {
        Mode::Strict => score,
        Mode::Reference => format!("{score:.6}").parse().unwrap_or(score),
    }
}

/// Whether the corners of a box are left, upper, right and lower; in reference mode they need not be.
fn are_in_order(reader: &mut JsonReader<'_, '_>, [left, upper, right, lower]: Corners, mode: Mode) -> bool {
    if mode == Mode::Reference || (left <= right && upper <= lower) {
        return true;
    }
    reader.fault_with(|| {
        let found = format!("[{left}, {upper}, {right}, {lower}]");
        Fault::whole(Code::OutOfRange, "the box ends before it starts", "x1 <= x2 and y1 <= y2", found)
            .hint("a box is two corners [x1, y1, x2, y2], not a corner with a width and a height")
    });
    false
}
