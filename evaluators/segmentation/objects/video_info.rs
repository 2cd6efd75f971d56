//! The videos of a test set: the names of their frames, their size and how many objects they have, and no mask.

use std::collections::BTreeSet;

use sdk::roll::repeated;
use sdk::text::quoted;
use sdk::{Code, Fault, Faults, Input, JsonReader, Limits, Slot, Stop};

use super::{MOST_OBJECTS, Video, scored_frames};
use crate::frame_size::SizeFields;
use crate::objects::Frame;

/// The videos by name, and the names of all their frames in order.
#[derive(Debug, Default)]
pub(super) struct Videos {
    pub(super) videos: Vec<(String, Video)>,
    pub(super) names: BTreeSet<String>,
}

/// Reads by video `width`, `height`, `objects` and `frames`; in every frame all is background.
pub(super) fn read(input: &Input<'_>, all_frames: bool, limits: &Limits) -> Result<Videos, Faults> {
    let file = input.single()?;
    let (mut found, mut faults) = (Videos::default(), Faults::new());
    JsonReader::read(&file.bytes, limits, |reader| {
        reader.object(|reader, name| found.video(reader, name, all_frames, &mut faults))?;
        Ok(())
    })?;
    found.videos.sort_by(|(a, _), (b, _)| a.cmp(b));
    faults.or(found)
}

impl Videos {
    fn video(
        &mut self,
        reader: &mut JsonReader<'_, '_>,
        name: &str,
        all_frames: bool,
        faults: &mut Faults,
    ) -> Result<(), Stop> {
        let (mut size, mut objects, mut frames) =
            (SizeFields::default(), Slot::default(), Slot::<BTreeSet<String>>::default());
        let object = reader.object(|reader, key| {
            match &**key {
                "objects" => objects.put(count(reader)?),
                "frames" => {
                    let mut listed = BTreeSet::new();
                    let list = reader.array(|reader, _| {
                        if let Some(frame) = reader.string()?
                            && let path = format!("{name}/{frame}")
                            && !listed.insert(path.clone())
                        {
                            faults.push_with(|| repeated("frame", &path));
                        }
                        Ok(())
                    })?;
                    frames.put(list.map(|_| listed));
                }
                key => size.read(key, reader)?,
            }
            Ok(())
        })?;
        if object.is_none() {
            return Ok(());
        }
        let (size, objects) = (size.require(reader), objects.require("objects", reader));
        let frames = frames.require("frames", reader);
        let (Some(size), Some(objects), Some(frames)) = (size, objects, frames) else { return Ok(()) };
        let scored = scored_frames(frames.len(), all_frames);
        if scored.is_empty() {
            faults.push_with(|| too_short(name, frames.len()));
        }
        let background = vec![(0, (size.0 * size.1) as u32)];
        let of_frame = |name: &String| Frame { name: name.clone(), size, runs: background.clone() };
        let frames_scored = frames.iter().skip(scored.start).take(scored.len()).map(of_frame).collect();
        self.videos.push((name.to_owned(), Video { objects, frames: frames_scored }));
        self.names.extend(frames);
        Ok(())
    }
}

/// Reads how many objects a video has.
fn count(reader: &mut JsonReader<'_, '_>) -> sdk::Read<u32> {
    let Some(number) = reader.integer()? else { return Ok(None) };
    let count = u32::try_from(number).ok().filter(|count| *count <= MOST_OBJECTS);
    if count.is_none() {
        let expected = format!("0 to {MOST_OBJECTS}");
        reader.fault(Code::OutOfRange, "no video has so many objects", expected, number.to_string());
    }
    Ok(count)
}

/// A video of which no frame is scored.
pub(super) fn too_short(video: &str, frames: usize) -> Fault {
    let message = format!("the video {} has no frame between its first and its last", quoted(video));
    Fault::whole(Code::WrongShape, message, "at least 3 frames", frames.to_string())
}
