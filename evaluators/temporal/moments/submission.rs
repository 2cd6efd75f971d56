//! Reads a submission: detections of every clip, and answers for retrieval.

use ndarray::Array2;
use sdk::evidence::NO_ITEM;
use sdk::{Code, Faults, JsonReader, Limits, Mode, Slot, Stop};

use super::PreparedMoments;
use super::retrieval::COLUMNS;
use crate::matching::Prediction;
use crate::out_of_range::refuse_reversed;

/// What a submission holds.
pub(super) struct Sent {
    /// By class of the truth, in file order.
    pub(super) detections: Vec<Vec<Prediction>>,
    /// How many true moments each clip's answers find.
    pub(super) retrieved: Array2<f64>,
    /// How many detections have a label that the truth lacks.
    pub(super) unknown_labels: u64,
    /// How many clips have no detections.
    pub(super) missing_clips: u64,
}

/// One labelled segment; the class is there if the truth has it.
struct Row {
    class: Option<u32>,
    score: f64,
    segment: [f64; 2],
}

/// Reads a submission.
pub(super) fn read(task: &PreparedMoments, bytes: &[u8], limits: &Limits) -> Result<Sent, Faults> {
    let clips = task.clips.items.len();
    let mut sent = Sent {
        detections: vec![Vec::new(); task.clips.truth.class_count()],
        retrieved: Array2::zeros((clips, COLUMNS)),
        unknown_labels: 0,
        missing_clips: clips as u64,
    };
    let mut answers = Vec::new();
    JsonReader::read(bytes, limits, |reader| {
        let (mut version, mut challenge) = (Slot::default(), Slot::default());
        let (mut detections, mut retrievals) = (Slot::default(), Slot::default());
        let object = reader.object(|reader, key| {
            match &**key {
                "version" => version.put(reader.one_of(&["1.0"], Code::UnsupportedVersion)?),
                "challenge" => challenge.put(reader.one_of(&["ego4d_moment_queries"], Code::WrongChallenge)?),
                "detect_results" => detections.put(reader.object(|reader, uid| {
                    let item = task.clips.by_uid.get(&**uid).copied();
                    sent.missing_clips -= u64::from(item.is_some() && sent.missing_clips > 0);
                    rows(reader, task, |row| match row.class {
                        Some(class) => sent.detections[class as usize].push(Prediction {
                            item: item.unwrap_or(NO_ITEM),
                            score: row.score,
                            segment: row.segment,
                        }),
                        None => sent.unknown_labels += 1,
                    })
                })?),
                "retrieve_results" => retrievals.put(reader.object(|reader, uid| {
                    let item = task.clips.by_uid.get(&**uid).copied();
                    answers.clear();
                    rows(reader, task, |row| answers.extend(row.class.map(|class| (class, row.segment))))?;
                    if let Some(item) = item {
                        let mut row = sent.retrieved.row_mut(item as usize);
                        row.fill(0.0);
                        task.clips.retrieval.count(item, &answers, row);
                    }
                    Ok(())
                })?),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if object.is_some() {
            version.require("version", reader);
            challenge.require("challenge", reader);
            detections.require("detect_results", reader);
            retrievals.require("retrieve_results", reader);
        }
        Ok(())
    })?;
    Ok(sent)
}

/// Reads the labelled segments of a clip.
fn rows(
    reader: &mut JsonReader<'_, '_>,
    task: &PreparedMoments,
    mut each: impl FnMut(Row),
) -> Result<(), Stop> {
    reader.array(|reader, _| {
        let (mut label, mut score, mut segment) = (Slot::default(), Slot::default(), Slot::default());
        let object = reader.object(|reader, key| {
            match &**key {
                "label" => label.put(reader.string()?),
                "score" => score.put(reader.number()?),
                "segment" => segment.put(reader.window()?),
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
        let (Some(label), Some(score), Some(segment)) = (label, score, segment) else {
            return Ok(());
        };
        let [start, end]: [f64; 2] = segment;
        if end < start && task.mode == Mode::Strict {
            refuse_reversed(reader, segment);
        }
        each(Row { class: task.clips.truth.class(&label), score, segment });
        Ok(())
    })?;
    Ok(())
}
