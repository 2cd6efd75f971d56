//! Ego4D Moment Queries: detection of named activities in clips, and retrieval given the class.

mod annotations;
mod manifest;
mod retrieval;
mod submission;

use std::collections::HashMap;

use sdk::evidence::{ClassAverage, Curve, CurveOutput, CurveRule, NO_ITEM, Ratio};
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Input, Inputs, Items, Limits, Manifest, Metric, Mode, Params,
    Prepared, SubmissionFaults,
};

use crate::matching::{NanRule, Rule, Truth};
use retrieval::{Retrieval, recall_names};

/// The thresholds of detection.
const THRESHOLDS: [f64; 5] = [0.1, 0.2, 0.3, 0.4, 0.5];

/// The evaluator `ego4d_mq`.
#[derive(Debug)]
pub struct MomentQueries {
    manifest: Manifest,
}

impl MomentQueries {
    /// The evaluator.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Evaluator for MomentQueries {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let main = annotations.require(Inputs::MAIN)?.single()?;
        let subset = params.text("subset").unwrap_or("test");
        let wanted = Wanted {
            subset,
            by_clip: params.text("group") == Some("clip"),
            unannotated: annotations.are_unannotated(),
        };
        let clips = annotations::read(&main.bytes, wanted, mode)?;
        Ok(Box::new(PreparedMoments { clips, metrics: self.manifest.metrics.clone(), mode }))
    }
}

/// What is read of the annotations.
#[derive(Debug, Clone, Copy)]
struct Wanted<'p> {
    subset: &'p str,
    /// Whether the group of a clip is itself instead of its video.
    by_clip: bool,
    /// Whether the moments are left out.
    unannotated: bool,
}

/// The clips of a subset with their true moments.
#[derive(Debug, Default)]
struct Clips {
    items: Items,
    by_uid: HashMap<String, u32>,
    truth: Truth,
    retrieval: Retrieval,
}

#[derive(Debug)]
struct PreparedMoments {
    clips: Clips,
    metrics: Vec<Metric>,
    mode: Mode,
}

impl Prepared for PreparedMoments {
    fn items(&self) -> &Items {
        &self.clips.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let file = submission.single()?;
        let sent = submission::read(self, &file.bytes, limits)?;
        let nan = match self.mode {
            Mode::Strict => NanRule::Never,
            Mode::Reference => NanRule::Always,
        };
        let rule = Rule { thresholds: THRESHOLDS.to_vec(), nan };
        let outside = sent.detections.iter().flatten().filter(|one| one.item == NO_ITEM).count() as u64;
        let classes = self
            .clips
            .truth
            .rank(sent.detections, &rule, limits)
            .map_err(|stopped| SubmissionFaults(stopped.into()))?;

        let mut evidence = Evidence::new(self.clips.items.len());
        // Without the truth no label is known to be scored.
        let known_labels = self.clips.truth.class_count() > 0;
        evidence.note(
            "unknown_labels_dropped",
            if known_labels { sent.unknown_labels } else { 0 },
            "predictions of labels that are not scored here are dropped",
        );
        evidence.note(
            "unknown_clips",
            outside,
            "detections in clips that are not scored here count as false positives",
        );
        evidence.note(
            "clips_without_detections",
            sent.missing_clips,
            "clips without a key in detect_results have no detections",
        );
        let outputs = (0..THRESHOLDS.len() as u32)
            .map(|threshold| CurveOutput {
                rule: CurveRule::AllPoint,
                threshold,
                average: ClassAverage::Present,
            })
            .collect();
        let curve = evidence.block(Curve { classes, thresholds: THRESHOLDS.len() as u32, outputs });
        let outputs = (0..THRESHOLDS.len()).map(|output| curve.output(output)).collect();
        evidence.metric_mean("Average mAP", 1.0, outputs);
        for (output, threshold) in THRESHOLDS.iter().enumerate() {
            evidence.metric(format!("mAP@{threshold}"), 1.0, curve.output(output));
        }
        let recalls = evidence
            .block(Ratio { numerators: sent.retrieved, denominators: self.clips.retrieval.positives() });
        for (output, name) in recall_names().into_iter().enumerate() {
            evidence.metric(name, 1.0, recalls.output(output));
        }
        Ok(evidence)
    }
}
