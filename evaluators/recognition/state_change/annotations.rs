//! Reads the annotations: the clips of `fho_oscc-pnr_*.json`.

use std::borrow::Cow;

use sdk::roll::repeated;
use sdk::{Code, Fault, Faults, Inputs, Items, JsonReader, Limits, Slot, Stop};

use super::{Clips, Task, Truth};

/// A clip while it is read.
#[derive(Default)]
struct Fields {
    id: Slot<String>,
    video: Option<String>,
    clip: Option<String>,
    state_change: Slot<bool>,
    seconds: [Slot<f64>; 2],
    frames: [Slot<f64>; 2],
    change_frame: Slot<f64>,
}

/// The video and the clip of every item, as far as they are known.
type Origins = Vec<[Option<String>; 2]>;

/// Reads the clips.
pub(super) fn read(inputs: &Inputs<'_>, task: Task, by_video: bool) -> Result<Clips, Faults> {
    let limits = Limits::default();
    let file = inputs.require(Inputs::MAIN)?.single()?;
    let mut clips = Clips::default();
    let mut origins = Origins::new();
    let unannotated = inputs.are_unannotated();
    JsonReader::read(&file.bytes, &limits, |reader| {
        let mut list = Slot::default();
        let object = reader.object(|reader, key| {
            match &**key {
                "clips" => list.put(
                    reader.array(|reader, _| clip(reader, task, unannotated, &mut clips, &mut origins))?,
                ),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if object.is_some() {
            list.require("clips", reader);
        }
        Ok(())
    })?;
    if clips.truths.is_empty() {
        let message = "the annotations hold no clip";
        return Err(Faults::one(Fault::whole(Code::EmptySubmission, message, "a clip", "none")));
    }
    let ids = clips.ids.all();
    let groups = origins.iter().zip(ids).map(|([video, _], id)| match video {
        Some(video) if by_video => video.as_str(),
        _ => id.as_str(),
    });
    clips.items = Items::new(ids.iter().zip(groups));
    for (position, name) in ["video", "clip"].into_iter().enumerate() {
        if origins.iter().any(|origin| origin[position].is_some()) {
            clips.items.set_attribute(name, origins.iter().map(|origin| origin[position].as_deref()));
        }
    }
    Ok(clips)
}

fn clip(
    reader: &mut JsonReader<'_, '_>,
    task: Task,
    unannotated: bool,
    clips: &mut Clips,
    origins: &mut Origins,
) -> Result<(), Stop> {
    let mut fields = Fields::default();
    let object = reader.object(|reader, key| {
        match &**key {
            "state_change" | "parent_pnr_frame" if unannotated => reader.skip()?,
            "unique_id" => fields.id.put(reader.string()?.map(Cow::into_owned)),
            "video_uid" => fields.video = reader.string()?.map(Cow::into_owned),
            "clip_uid" => fields.clip = reader.string()?.map(Cow::into_owned),
            "state_change" => fields.state_change.put(reader.boolean()?),
            "parent_start_sec" => fields.seconds[0].put(reader.number()?),
            "parent_end_sec" => fields.seconds[1].put(reader.number()?),
            "parent_start_frame" => fields.frames[0].put(reader.number()?),
            "parent_end_frame" => fields.frames[1].put(reader.number()?),
            // A clip without a change says so by `null`.
            "parent_pnr_frame" if !reader.null()? => fields.change_frame.put(reader.number()?),
            "parent_pnr_frame" => {}
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(());
    }
    let id = std::mem::take(&mut fields.id).require("unique_id", reader);
    let state_change = match unannotated {
        true => Some(false),
        false => std::mem::take(&mut fields.state_change).require("state_change", reader),
    };
    let origin = [fields.video.take(), fields.clip.take()];
    let (Some(id), Some(state_change)) = (id, state_change) else {
        return Ok(());
    };
    let truth = match task {
        Task::Pnr => window(reader, fields, state_change),
        Task::Oscc => Some(Truth { state_change, ..Truth::default() }),
    };
    if clips.ids.add(&id).is_none() {
        reader.fault_with(|| repeated("clip", &id));
        return Ok(());
    }
    clips.truths.push(truth.unwrap_or_default());
    origins.push(origin);
    Ok(())
}

/// The window of a clip with its change.
fn window(reader: &mut JsonReader<'_, '_>, fields: Fields, state_change: bool) -> Option<Truth> {
    let [start_second, end_second] = fields.seconds;
    let [start_frame, end_frame] = fields.frames;
    let start_second = start_second.require("parent_start_sec", reader);
    let end_second = end_second.require("parent_end_sec", reader);
    let start_frame = start_frame.require("parent_start_frame", reader);
    let end_frame = end_frame.require("parent_end_frame", reader);
    let change_frame = match state_change {
        true => fields.change_frame.require("parent_pnr_frame", reader),
        false => start_frame,
    };
    let (seconds, frames) = (end_second? - start_second?, end_frame? - start_frame?);
    if !(seconds > 0.0 && frames >= 0.0 && seconds.is_finite() && frames.is_finite()) {
        let found = format!("{seconds} seconds and {frames} frames");
        reader.fault(Code::OutOfRange, "the clip ends before it starts", "a clip that lasts", found);
        return None;
    }
    let change_frame = change_frame? - start_frame?;
    if !change_frame.is_finite() {
        reader.fault(
            Code::OutOfRange,
            "the frame of the change is out of range",
            "a frame of the video",
            "another number",
        );
        return None;
    }
    Some(Truth { state_change, change_frame, frames, seconds })
}
