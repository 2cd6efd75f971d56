//! Reads a submission, and measures each clip as soon as it is read, so that only one is held.

use sdk::primitives::assignment::Assigner;
use sdk::text::quoted;
use sdk::{Code, Fault, Faults, JsonReader, Limits, Mode, Slot, Stop};

use super::annotations::{by_frame, frame_within, no_frame, row};
use super::{Clip, PreparedPersons};
use crate::measures::{Failure, Measures, measure};
use crate::scene::{Boxes, Collected, Scene};

/// What a submission is worth.
pub(super) struct Sent {
    /// The measures of every clip.
    pub(super) measures: Vec<Measures>,
    /// How many clips are not scored; only reference mode lets them pass.
    pub(super) other_clips: u64,
}

/// Reads a submission.
pub(super) fn read(task: &PreparedPersons, bytes: &[u8], limits: &Limits) -> Result<Sent, Faults> {
    let mut measured: Vec<Option<Measures>> = vec![None; task.truth.clips.len()];
    let mut sent_clips = vec![false; task.truth.clips.len()];
    let mut other_clips = 0;
    let mut assigner = Assigner::default();
    let mut failure = None;
    JsonReader::read(bytes, limits, |reader| {
        let mut clips = Slot::default();
        let object = reader.object(|reader, key| {
            if &**key != "clips" {
                return reader.skip();
            }
            clips.put(reader.object(|reader, uid| {
                let Some(item) = task.truth.by_uid.get(&**uid).map(|item| *item as usize) else {
                    other_clips += 1;
                    if task.mode == Mode::Strict {
                        reader.fault_with(|| unknown(uid));
                    }
                    return reader.skip();
                };
                sent_clips[item] = true;
                let clip = &task.truth.clips[item];
                let boxes = boxes(reader, clip, task.mode)?;
                if let Some(boxes) = boxes.filter(|_| reader.fault_count() == 0 && failure.is_none()) {
                    match measured_clip(clip, &boxes, &mut assigner, limits) {
                        Ok(measures) => measured[item] = Some(measures),
                        Err(problem) => failure = Some(problem.faults(uid)),
                    }
                }
                Ok(())
            })?);
            Ok(())
        })?;
        if object.is_some() && clips.require("clips", reader).is_some() {
            report_missing(reader, task, &sent_clips);
        }
        Ok(())
    })?;
    match failure {
        Some(faults) => Err(faults),
        None => Ok(Sent { measures: measured.into_iter().flatten().collect(), other_clips }),
    }
}

fn measured_clip(
    clip: &Clip,
    boxes: &Boxes,
    assigner: &mut Assigner,
    limits: &Limits,
) -> Result<Measures, Failure> {
    let everything = |_: &_, _: &mut Vec<usize>, _: &mut Vec<usize>| Ok::<_, Failure>(());
    let scene = Scene::new(&clip.boxes, boxes, u64::from(clip.frames), everything)?;
    measure(&scene, limits, assigner)
}

/// Reads the boxes of a clip.
fn boxes(reader: &mut JsonReader<'_, '_>, clip: &Clip, mode: Mode) -> Result<Option<Boxes>, Stop> {
    let mut collected = Collected::default();
    let mut indices = Vec::new();
    let list = reader.array(|reader, index| {
        let Some(row) = row(reader, mode)? else { return Ok(()) };
        match frame_within(row.frame, clip.frames) {
            Some(frame) => {
                collected.push(frame, row.person, row.at);
                indices.push(index as u32);
            }
            None => reader.fault_with(|| no_frame(row.frame, clip.frames)),
        }
        Ok(())
    })?;
    Ok(list.map(|_| by_frame(reader, "", collected, &indices)))
}

fn unknown(uid: &str) -> Fault {
    let message = format!("the clip {} is not one of this split", quoted(uid));
    Fault::whole(Code::UnknownIds, message, "a clip of this split", quoted(uid))
        .hint("are these the clips of another split?")
}

/// Records every clip without a list, as the public code refuses a tracker without the file of a sequence.
fn report_missing(reader: &mut JsonReader<'_, '_>, task: &PreparedPersons, sent: &[bool]) {
    for (uid, _) in task.truth.items.ids().iter().zip(sent).filter(|(_, sent)| !**sent) {
        reader.fault_with(|| {
            let message = format!("the clip {} has no boxes", quoted(uid));
            Fault::whole(Code::MissingIds, message, "a list of boxes for every clip", "none")
                .hint("a clip in which nobody is found has an empty list")
        });
    }
}
