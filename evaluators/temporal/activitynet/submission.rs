//! Reads a submission: labelled segments by video.

use sdk::evidence::NO_ITEM;
use sdk::text::quoted;
use sdk::{Code, Fault, Faults, JsonReader, Limits, Slot, Stop};

use super::PreparedDetection;
use crate::matching::Prediction;

/// What a submission holds.
pub(super) struct Sent {
    /// By class of the truth, in file order.
    pub(super) predictions: Vec<Vec<Prediction>>,
    /// For proposals: score and segment of every prediction of a video, whatever its label, in file order.
    pub(super) by_video: Vec<Vec<(f64, [f64; 2])>>,
    /// How many predictions there are in all, those in unknown videos included.
    pub(super) total: u64,
    /// How many have a label that the file of annotations knows but no scored video shows.
    pub(super) labels_without_truth: u64,
}

/// Reads a submission.
pub(super) fn read(task: &PreparedDetection, bytes: &[u8], limits: &Limits) -> Result<Sent, Faults> {
    let mut sent = Sent {
        predictions: vec![Vec::new(); task.videos.truth.class_count()],
        by_video: vec![Vec::new(); if task.settings.proposals { task.videos.items.len() } else { 0 }],
        total: 0,
        labels_without_truth: 0,
    };
    JsonReader::read(bytes, limits, |reader| {
        let (mut results, mut version) = (Slot::default(), Slot::default());
        let object = reader.object(|reader, key| {
            match &**key {
                "version" => version.put(reader.string()?),
                "results" => results.put(reader.object(|reader, video| {
                    if task.settings.blocked.contains(&**video) {
                        return reader.skip();
                    }
                    let item = task.videos.by_id.get(&**video).copied().unwrap_or(NO_ITEM);
                    reader.array(|reader, _| prediction(reader, task, item, &mut sent)).map(drop)
                })?),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if object.is_some() {
            results.require("results", reader);
            version.require("version", reader);
        }
        Ok(())
    })?;
    Ok(sent)
}

fn prediction(
    reader: &mut JsonReader<'_, '_>,
    task: &PreparedDetection,
    item: u32,
    sent: &mut Sent,
) -> Result<(), Stop> {
    let (mut label, mut score, mut segment) = (Slot::default(), Slot::default(), Slot::default());
    let object = reader.object(|reader, key| {
        match &**key {
            "label" => {
                let text = reader.string()?;
                let known = text.as_deref().map(|text| class_of(reader, task, text));
                label.put(known.flatten());
            }
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
    let label = label.require("label", reader);
    let score = score.require("score", reader);
    let segment = segment.require("segment", reader);
    let (Some(class), Some(score), Some(segment)) = (label, score, segment) else {
        return Ok(());
    };
    sent.total += 1;
    match class {
        Class::InTruth(class) => sent.predictions[class as usize].push(Prediction { item, score, segment }),
        Class::WithoutTruth => sent.labels_without_truth += 1,
    }
    if let Some(video) = sent.by_video.get_mut(item as usize) {
        video.push((score, segment));
    }
    Ok(())
}

enum Class {
    InTruth(u32),
    WithoutTruth,
}

fn class_of(reader: &mut JsonReader<'_, '_>, task: &PreparedDetection, label: &str) -> Option<Class> {
    if let Some(class) = task.videos.truth.class(label) {
        return Some(Class::InTruth(class));
    }
    if task.videos.labels.is_empty() || task.videos.labels.contains(label) {
        return Some(Class::WithoutTruth);
    }
    reader.fault_with(|| {
        let found = quoted(label);
        Fault::whole(
            Code::UnknownLabel,
            format!("{found} is no label of this task"),
            "a label of this task",
            found,
        )
        .hint("labels are compared letter by letter, blanks and case included")
    });
    None
}
