//! Reads the annotations: takes with the joints of every frame.

use std::borrow::Cow;
use std::collections::HashMap;

use sdk::{Code, Faults, Items, JsonReader, Limits, Slot, Stop};

use super::{JOINTS, Protocol};
use crate::joints::{Point, annotated};

/// The truth.
#[derive(Debug, Default)]
pub(super) struct Truth {
    pub(super) items: Items,
    pub(super) takes: Vec<Take>,
    pub(super) take_of_uid: HashMap<String, usize>,
}

/// A take with its scored frames in the order of time.
#[derive(Debug, Default)]
pub(super) struct Take {
    pub(super) uid: String,
    pub(super) frames: Vec<Frame>,
    pub(super) frame_of_name: HashMap<String, usize>,
}

/// A frame with the joints that are visible in it.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) name: String,
    pub(super) time: u64,
    pub(super) joints: [Option<Point>; JOINTS],
}

/// The scenarios by what the names of their takes contain; the first that fits counts.
const SCENARIOS: [(&str, &[&str]); 8] = [
    ("basketball", &["basketball"]),
    ("bike", &["bike"]),
    ("cooking", &["cooking"]),
    ("dance", &["dance"]),
    ("soccer", &["soccer"]),
    ("health", &["cpr", "covid"]),
    ("bouldering", &["bouldering"]),
    ("music", &["piano", "violin", "guitar", "music"]),
];

fn scenario(take_name: &str) -> &'static str {
    let name = take_name.to_lowercase();
    let fits = |words: &[&str]| words.iter().any(|word| name.contains(word));
    SCENARIOS.iter().find(|(_, words)| fits(words)).map_or("other", |(scenario, _)| scenario)
}

/// Reads the truth and keeps the frames that the protocol scores; without annotations nothing is visible in them.
pub(super) fn read(bytes: &[u8], protocol: Protocol, unannotated: bool) -> Result<Truth, Faults> {
    let limits = Limits::default();
    let mut truth = Truth::default();
    let mut names = Vec::new();
    JsonReader::read(bytes, &limits, |reader| {
        let object = reader.object(|reader, uid| {
            let (mut name, mut take) = (None, Take { uid: uid.clone().into_owned(), ..Take::default() });
            let mut body = Slot::default();
            let object = reader.object(|reader, key| {
                match &**key {
                    "take_name" => name = reader.string()?.map(Cow::into_owned),
                    "body" => {
                        body.put(reader.object(|reader, frame| {
                            read_frame(reader, frame, unannotated, &mut take.frames)
                        })?);
                    }
                    _ => reader.skip()?,
                }
                Ok(())
            })?;
            if object.is_some() {
                body.require("body", reader);
            }
            take.frames.sort_by_key(|frame| frame.time);
            if let Protocol::Joints { shortest } = protocol {
                take.frames = long_runs(std::mem::take(&mut take.frames), shortest);
            }
            take.frame_of_name =
                take.frames.iter().enumerate().map(|(number, frame)| (frame.name.clone(), number)).collect();
            truth.take_of_uid.insert(take.uid.clone(), truth.takes.len());
            truth.takes.push(take);
            names.push(name);
            Ok(())
        })?;
        if object.is_some()
            && reader.fault_count() == 0
            && truth.takes.iter().all(|take| take.frames.is_empty())
        {
            let message = "the annotations hold no frame that is scored";
            reader.fault(Code::EmptySubmission, message, "a frame", "none");
        }
        Ok(())
    })?;
    truth.items = Items::ungrouped(truth.takes.iter().map(|take| &take.uid).collect::<sdk::Ids>());
    truth.items.set_attribute("take_name", names.iter().map(Option::as_ref));
    truth.items.set_attribute("scenario", names.iter().map(|name| name.as_deref().map(scenario)));
    Ok(truth)
}

fn read_frame(
    reader: &mut JsonReader<'_, '_>,
    name: &str,
    unannotated: bool,
    frames: &mut Vec<Frame>,
) -> Result<(), Stop> {
    let joints = if unannotated {
        reader.skip()?;
        Some(None)
    } else {
        annotated::<JOINTS>(reader)?
    };
    // The public code looks frames up by their numbers as it writes them.
    let Some(time) = name.parse::<u32>().ok().filter(|time| time.to_string() == name) else {
        reader.fault(Code::WrongType, "the name of a frame is its number", "a whole number", name);
        return Ok(());
    };
    if let Some(joints) = joints {
        // An empty list is a frame in which nothing is visible.
        frames.push(Frame {
            name: name.to_owned(),
            time: u64::from(time),
            joints: joints.unwrap_or([None; JOINTS]),
        });
    }
    Ok(())
}

/// The frames that stand in runs, without gaps of more than three frames, of at least a length.
fn long_runs(frames: Vec<Frame>, shortest: u64) -> Vec<Frame> {
    const GAP: u64 = 3;
    let mut kept = Vec::new();
    let mut run: Vec<Frame> = Vec::new();
    let mut close = |run: &mut Vec<Frame>| {
        if let (Some(first), Some(last)) = (run.first(), run.last())
            && last.time - first.time + GAP >= shortest
        {
            kept.append(run);
        }
        run.clear();
    };
    for frame in frames {
        if run.last().is_some_and(|last| frame.time - last.time > GAP) {
            close(&mut run);
        }
        run.push(frame);
    }
    close(&mut run);
    kept
}
