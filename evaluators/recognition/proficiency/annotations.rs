//! Reads the annotations: parallel lists of videos, levels and scenarios.

use sdk::roll::repeated;
use sdk::{Code, Fault, Faults, Inputs, Items, JsonReader, Limits, Slot};

use super::{LEVELS, Videos};

/// Reads the true levels.
pub(super) fn read(inputs: &Inputs<'_>) -> Result<Videos, Faults> {
    let limits = Limits::default();
    let file = inputs.require(Inputs::MAIN)?.single()?;
    let mut videos = Videos::default();
    let mut scenarios: Option<Vec<String>> = None;
    let unannotated = inputs.are_unannotated();
    JsonReader::read(&file.bytes, &limits, |reader| {
        let (mut ids, mut levels) = (Slot::default(), Slot::default());
        let object = reader.object(|reader, key| {
            match &**key {
                "videos" => ids.put(reader.array(|reader, _| {
                    if let Some(id) = reader.string()?
                        && videos.ids.add(&id).is_none()
                    {
                        reader.fault_with(|| repeated("video", &id));
                    }
                    Ok(())
                })?),
                "gt_annotations" if unannotated => reader.skip()?,
                "gt_annotations" => levels.put(reader.array(|reader, _| {
                    let level = reader.integer()?;
                    let known =
                        level.and_then(|level| usize::try_from(level).ok()).filter(|level| *level < LEVELS);
                    if let (Some(level), None) = (level, known) {
                        let message = format!("there is no level {level}");
                        reader.fault(Code::OutOfRange, message, "a level from 0 to 3", level.to_string());
                    }
                    videos.levels.push(known.unwrap_or_default());
                    Ok(())
                })?),
                "scenario_names" => {
                    let mut names = Vec::new();
                    reader.array(|reader, _| {
                        names.push(reader.string()?.unwrap_or_default().into_owned());
                        Ok(())
                    })?;
                    scenarios = Some(names);
                }
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if object.is_some() {
            let videos = ids.require("videos", reader);
            let levels = if unannotated { videos } else { levels.require("gt_annotations", reader) };
            let named = scenarios.as_ref().map(|names| names.len() as u64).or(videos);
            if let (Some(videos), Some(levels)) = (videos, levels)
                && (videos != levels || Some(videos) != named)
            {
                let message = "`videos`, `gt_annotations` and `scenario_names` are of different lengths";
                reader.fault(
                    Code::WrongShape,
                    message,
                    "lists of one length",
                    format!("{videos} and {levels} and {named:?}"),
                );
            }
        }
        Ok(())
    })?;
    if unannotated {
        videos.levels = vec![0; videos.ids.len()];
    }
    if videos.levels.is_empty() {
        let message = "the annotations hold no video";
        return Err(Faults::one(Fault::whole(Code::EmptySubmission, message, "a video", "none")));
    }
    videos.items = Items::ungrouped(videos.ids.all().to_vec());
    if let Some(names) = scenarios {
        videos.items.set_attribute("scenario", names.iter().map(Some));
    }
    Ok(videos)
}
