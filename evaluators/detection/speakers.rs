//! Active speaker detection of Ego4D's audio-visual diarization: who is speaking, as boxes frame by frame.

mod files;
mod manifest;

use std::collections::HashMap;

use sdk::evidence::{ClassAverage, Curve, CurveClass, CurveOutput, CurveRule};
use sdk::limits::Stopped;
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Input, Inputs, Items, Limits, Manifest, Metric, Mode, Params,
    Prepared, SubmissionFaults,
};

use crate::corners::{Corners, overlap_of_pixels};
use crate::ranking::descending;

/// The evaluator `ego4d_avl_detection`.
#[derive(Debug)]
pub struct ActiveSpeakers {
    manifest: Manifest,
}

impl ActiveSpeakers {
    /// The evaluator.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

/// How many detections are judged between two looks at the time.
const CHECK_EVERY: usize = 4096;

/// The overlap that makes a detection right.
const OVERLAP: f64 = 0.5;

impl Evaluator for ActiveSpeakers {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        _params: &Params,
        mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let main = annotations.require(Inputs::MAIN)?.single()?;
        let clips = files::read_annotations(&main.bytes, mode)?;
        Ok(Box::new(PreparedSpeakers { clips, mode, metrics: self.manifest.metrics.clone() }))
    }
}

/// The clips, and the true boxes of every frame.
#[derive(Debug, Default)]
struct Clips {
    items: Items,
    by_id: HashMap<String, u32>,
    /// Per clip, the boxes of the frames that have some.
    frames: Vec<HashMap<String, Vec<Corners>>>,
}

/// A detection in a frame of a clip.
#[derive(Debug, Clone, Copy)]
struct Detection {
    /// The position of the frame in [`Sent::frames`].
    frame: u32,
    score: f64,
    corners: Corners,
}

/// The detections of a submission, in the order of the file.
#[derive(Debug, Default)]
struct Sent<'a> {
    /// The frames with a key: the clip and the name.
    frames: Vec<(u32, std::borrow::Cow<'a, str>)>,
    detections: Vec<Detection>,
    missing_clips: u64,
}

#[derive(Debug)]
struct PreparedSpeakers {
    clips: Clips,
    mode: Mode,
    metrics: Vec<Metric>,
}

impl Prepared for PreparedSpeakers {
    fn items(&self) -> &Items {
        &self.clips.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let file = submission.single()?;
        let sent = files::read_submission(self, &file.bytes, limits)?;
        let mut evidence = Evidence::new(self.clips.items.len());
        evidence.note(
            "clips_without_detections",
            sent.missing_clips,
            "clips without a key have no detections",
        );
        let class = self.rank(&sent, limits).map_err(|stopped| SubmissionFaults(stopped.into()))?;
        let output = CurveOutput { rule: CurveRule::AllPoint, threshold: 0, average: ClassAverage::Present };
        let curve = evidence.block(Curve { classes: vec![class], thresholds: 1, outputs: vec![output] });
        evidence.metric(manifest::PRECISION, 100.0, curve.output(0));
        Ok(evidence)
    }
}

impl PreparedSpeakers {
    /// Judges the detections, best first: each by the true box of its frame that it overlaps most, taken or not.
    fn rank(&self, sent: &Sent<'_>, limits: &Limits) -> Result<CurveClass, Stopped> {
        let order_of_frame = order_of_files(&sent.frames);
        let mut order: Vec<u32> = (0..sent.detections.len() as u32).collect();
        order.sort_by_key(|one| {
            let detection = &sent.detections[*one as usize];
            (descending(detection.score), order_of_frame[detection.frame as usize])
        });
        let positives =
            self.clips.frames.iter().map(|frames| frames.values().map(Vec::len).sum::<usize>() as u32);
        let mut class = CurveClass {
            name: "speaking".to_owned(),
            items: Vec::with_capacity(order.len()),
            hits: Vec::with_capacity(order.len()),
            positives: (0..).zip(positives).filter(|(_, count)| *count > 0).collect(),
            ..CurveClass::default()
        };
        let truth: Vec<&[Corners]> = sent
            .frames
            .iter()
            .map(|(clip, frame)| {
                self.clips.frames[*clip as usize].get(&**frame).map_or(&[][..], Vec::as_slice)
            })
            .collect();
        let mut taken: Vec<Vec<bool>> = truth.iter().map(|boxes| vec![false; boxes.len()]).collect();
        for (number, one) in order.into_iter().enumerate() {
            if number.is_multiple_of(CHECK_EVERY) {
                limits.check()?;
            }
            let detection = &sent.detections[one as usize];
            let frame = detection.frame as usize;
            let hit = match most_overlapped(detection.corners, truth[frame]) {
                Some(best) => !std::mem::replace(&mut taken[frame][best], true),
                None => false,
            };
            class.items.push(sent.frames[frame].0);
            class.hits.push(u32::from(hit));
        }
        Ok(class)
    }
}

/// The first of the boxes that are overlapped most, if by enough.
fn most_overlapped(detection: Corners, boxes: &[Corners]) -> Option<usize> {
    let (mut best, mut highest) = (None, f64::NEG_INFINITY);
    for (position, one) in boxes.iter().enumerate() {
        let overlap = overlap_of_pixels(detection, *one);
        if overlap > highest {
            (best, highest) = (Some(position), overlap);
        }
    }
    best.filter(|_| highest >= OVERLAP)
}

/// The rank of every frame among the names of the files that the public code makes of them, `CLIP_FRAME.txt`.
///
/// They are sorted as texts, which decides the order of equal scores.
fn order_of_files(frames: &[(u32, std::borrow::Cow<'_, str>)]) -> Vec<u32> {
    let names: Vec<String> = frames.iter().map(|(clip, frame)| format!("{clip}_{frame}.txt")).collect();
    let mut order: Vec<u32> = (0..frames.len() as u32).collect();
    order.sort_by(|a, b| names[*a as usize].cmp(&names[*b as usize]));
    let mut ranks = vec![0; frames.len()];
    for (rank, frame) in (0_u32..).zip(order) {
        ranks[frame as usize] = rank;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_in_the_order_of_texts() {
        let frames = [(0, "10".into()), (0, "9".into()), (10, "0".into()), (1, "0".into()), (0, "1".into())];
        assert_eq!(order_of_files(&frames), [1, 2, 3, 4, 0]);
    }
}
