//! Active speaker detection of Ego4D's audio-visual diarization: who is speaking, as boxes frame by frame.

mod files;
mod frames;
mod manifest;

use std::borrow::Cow;
use std::collections::HashMap;
use std::num::NonZeroU32;

use sdk::evidence::{ClassAverage, Curve, CurveClass, CurveOutput, CurveRule};
use sdk::limits::Stopped;
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Input, Inputs, Items, Limits, Manifest, Metric, Mode, Params,
    Prepared, SubmissionFaults,
};

use crate::corners::{Corners, overlap_of_pixels};
use crate::ranking::descending;
use frames::Frames;

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
        let clips = files::read_annotations(&main.bytes, annotations.are_unannotated(), mode)?;
        Ok(Box::new(PreparedSpeakers { clips, mode, metrics: self.manifest.metrics.clone() }))
    }
}

/// The clips, and the true boxes of every frame.
#[derive(Debug, Default)]
struct Clips {
    items: Items,
    by_id: HashMap<String, u32>,
    frames: Frames,
    /// How many true boxes each clip has.
    positives: Vec<u32>,
}

/// A detection in a frame of a clip.
#[derive(Debug, Clone, Copy)]
struct Detection {
    /// The position of the frame in [`Sent::frames`].
    frame: u32,
    /// The number of the true box that it overlaps most, if by enough.
    best: Option<NonZeroU32>,
    score: f64,
}

/// The detections of a submission, in the order of the file.
#[derive(Debug, Default)]
struct Sent<'a> {
    /// The frames with a key: the clip and the name.
    frames: Vec<(u32, Cow<'a, str>)>,
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
    /// Judges the detections, best first: each by the true box of its frame that it overlaps most, which may be taken.
    fn rank(&self, sent: &Sent<'_>, limits: &Limits) -> Result<CurveClass, Stopped> {
        let order = order(sent, self.clips.items.len());
        let mut class = CurveClass {
            name: "speaking".to_owned(),
            items: Vec::with_capacity(order.len()),
            hits: Vec::with_capacity(order.len()),
            positives: (0..)
                .zip(self.clips.positives.iter().copied())
                .filter(|(_, count)| *count > 0)
                .collect(),
            ..CurveClass::default()
        };
        let mut taken = vec![false; self.clips.frames.boxes.len()];
        for (number, one) in order.into_iter().enumerate() {
            if number.is_multiple_of(CHECK_EVERY) {
                limits.check()?;
            }
            let detection = &sent.detections[one as usize];
            let hit = match detection.best {
                Some(best) => !std::mem::replace(&mut taken[best.get() as usize - 1], true),
                None => false,
            };
            class.items.push(sent.frames[detection.frame as usize].0);
            class.hits.push(u32::from(hit));
        }
        Ok(class)
    }
}

/// The detections by descending score; of equal scores by the names of the files that the public code makes of the
/// frames, `CLIP_FRAME.txt`, as texts, and within a frame by the order of the rows.
fn order(sent: &Sent<'_>, clips: usize) -> Vec<u32> {
    let mut by_name: Vec<usize> = (0..clips).collect();
    by_name.sort_by_cached_key(|clip| format!("{clip}_"));
    let mut ranks = vec![0_u32; clips];
    for (rank, clip) in (0..).zip(by_name) {
        ranks[clip] = rank;
    }
    let name = |one: u32| {
        let (clip, frame) = &sent.frames[sent.detections[one as usize].frame as usize];
        (ranks[*clip as usize], frame)
    };
    let mut keys: Vec<(u64, u32)> =
        sent.detections.iter().zip(0..).map(|(detection, one)| (descending(detection.score), one)).collect();
    keys.sort_by(|a, b| {
        a.0.cmp(&b.0).then_with(|| {
            let ((clip_a, frame_a), (clip_b, frame_b)) = (name(a.1), name(b.1));
            clip_a.cmp(&clip_b).then_with(|| file(frame_a).cmp(file(frame_b)))
        })
    });
    keys.into_iter().map(|(_, one)| one).collect()
}

/// The end of the name of a file, from the frame on.
fn file(frame: &str) -> impl Iterator<Item = u8> {
    frame.bytes().chain(*b".txt")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_scores_are_in_the_order_of_the_names_of_files() {
        let frames = [(0, "10"), (0, "9"), (10, "0"), (1, "0"), (0, "1"), (0, "1-")];
        let mut sent = Sent::default();
        for (frame, (clip, name)) in (0..).zip(frames) {
            sent.frames.push((clip, name.into()));
            sent.detections.push(Detection { frame, score: 0.5, best: None });
        }
        sent.detections.push(Detection { frame: 2, score: 0.6, best: None });
        assert_eq!(order(&sent, 11), [6, 5, 4, 0, 1, 2, 3]);
    }
}
