//! Reads a submission: segments with a verb, a noun and an action, by video.

use sdk::evidence::NO_ITEM;
use sdk::text::quoted;
use sdk::{Code, Fault, Faults, JsonReader, Limits, Read, Slot, Stop};

use super::{PreparedEpic, file_prediction};
use crate::matching::Prediction;

/// What a submission holds.
pub(super) struct Sent {
    /// By label space, by class of the truth, in file order.
    pub(super) predictions: [Vec<Vec<Prediction>>; 3],
    pub(super) total: u64,
    pub(super) unknown_videos: u64,
}

/// Reads a submission.
pub(super) fn read(task: &PreparedEpic, bytes: &[u8], limits: &Limits) -> Result<Sent, Faults> {
    let mut sent = Sent {
        predictions: std::array::from_fn(|space| vec![Vec::new(); task.videos.truths[space].class_count()]),
        total: 0,
        unknown_videos: 0,
    };
    JsonReader::read(bytes, limits, |reader| {
        let (mut version, mut challenge, mut results) = (Slot::default(), Slot::default(), Slot::default());
        let mut levels = ["sls_pt", "sls_tl", "sls_td"].map(|name| (name, Slot::default()));
        let object = reader.object(|reader, key| {
            match &**key {
                "version" => version.put(reader.one_of(&["0.2"], Code::UnsupportedVersion)?),
                "challenge" => challenge.put(reader.one_of(&["action_detection"], Code::WrongChallenge)?),
                "results" => results.put(reader.object(|reader, video| {
                    let item = task.videos.by_id.get(&**video).copied().unwrap_or(NO_ITEM);
                    reader.array(|reader, _| prediction(reader, task, item, &mut sent)).map(drop)
                })?),
                other => match levels.iter_mut().find(|(name, _)| *name == other) {
                    Some((_, level)) => level.put(within(reader, 6)?),
                    None => reader.skip()?,
                },
            }
            Ok(())
        })?;
        if object.is_some() {
            version.require("version", reader);
            challenge.require("challenge", reader);
            for (name, level) in levels {
                level.require(name, reader);
            }
            results.require("results", reader);
        }
        Ok(())
    })?;
    Ok(sent)
}

fn prediction(
    reader: &mut JsonReader<'_, '_>,
    task: &PreparedEpic,
    item: u32,
    sent: &mut Sent,
) -> Result<(), Stop> {
    let (mut verb, mut noun, mut action) = (Slot::default(), Slot::default(), Slot::default());
    let (mut score, mut segment) = (Slot::default(), Slot::default());
    let object = reader.object(|reader, key| {
        match &**key {
            "verb" => verb.put(within(reader, task.settings.verbs)?),
            "noun" => noun.put(within(reader, task.settings.nouns)?),
            "action" => action.put(read_action(reader, task)?),
            "score" => score.put(reader.number()?),
            "segment" => {
                let window = reader.window()?;
                if let Some(window) = window {
                    task.settings.out_of_range.look_at(reader, window);
                }
                segment.put(window);
            }
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(());
    }
    let verb = verb.require("verb", reader);
    let noun = noun.require("noun", reader);
    let action = action.require("action", reader);
    let score = score.require("score", reader);
    let segment = segment.require("segment", reader);
    let (Some(verb), Some(noun), Some(action)) = (verb, noun, action) else {
        return Ok(());
    };
    let (Some(score), Some(segment)) = (score, segment) else {
        return Ok(());
    };
    sent.total += 1;
    sent.unknown_videos += u64::from(item == NO_ITEM);
    let videos = &task.videos;
    let classes = [
        videos.verbs.get(&verb).copied(),
        videos.nouns.get(&noun).copied(),
        videos.actions.get(&action).copied(),
    ];
    file_prediction(&task.videos, &mut sent.predictions, classes, Prediction { item, score, segment });
    Ok(())
}

/// Reads an action, `"verb,noun"`.
fn read_action(reader: &mut JsonReader<'_, '_>, task: &PreparedEpic) -> Read<(i64, i64)> {
    let Some(text) = reader.string()? else {
        return Ok(None);
    };
    let parsed = text.split_once(',').and_then(|(verb, noun)| {
        let (verb, noun) = (verb.trim().parse().ok()?, noun.trim().parse().ok()?);
        ((0..task.settings.verbs).contains(&verb) && (0..task.settings.nouns).contains(&noun))
            .then_some((verb, noun))
    });
    if parsed.is_none() {
        reader.fault_with(|| {
            let found = quoted(&text);
            Fault::whole(
                Code::OutOfRange,
                format!("{found} is no action \"verb,noun\""),
                "\"verb,noun\"",
                found,
            )
        });
    }
    Ok(parsed)
}

/// Reads a whole number from 0 up to, but not including, `end`.
fn within(reader: &mut JsonReader<'_, '_>, end: i64) -> Read<i64> {
    let Some(number) = reader.integer()? else {
        return Ok(None);
    };
    if (0..end).contains(&number) {
        return Ok(Some(number));
    }
    reader.fault_with(|| {
        let expected = format!("a whole number from 0 to {}", end - 1);
        Fault::whole(Code::OutOfRange, format!("{number} is out of range"), expected, number.to_string())
    });
    Ok(None)
}
