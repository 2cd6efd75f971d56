//! Temporal detection in the format of ActivityNet, with its proposals.

mod annotations;
mod manifest;
mod proposals;
mod submission;

use std::collections::{HashMap, HashSet};

use sdk::evidence::{ClassAverage, Curve, CurveOutput, CurveRule, NO_ITEM, Ratio};
use sdk::primitives::segment::Segment;
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Input, Inputs, Items, Limits, Manifest, Metric, Mode, Params,
    Prepared, SubmissionFaults,
};

use crate::matching::{Rule, Truth};
use crate::out_of_range::OutOfRange;
use crate::thresholds::linspace;

/// The evaluator `temporal_detection`.
#[derive(Debug)]
pub struct TemporalDetection {
    manifest: Manifest,
}

impl TemporalDetection {
    /// The evaluator.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Evaluator for TemporalDetection {
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
        let settings = Settings::of(params, mode);
        let videos = annotations::read(&main.bytes, &settings, annotations.are_unannotated())?;
        let metrics = manifest::metrics(&settings.thresholds, settings.proposals);
        Ok(Box::new(PreparedDetection { videos, metrics, settings }))
    }
}

/// What the parameters say.
#[derive(Debug)]
struct Settings {
    thresholds: Vec<f64>,
    subset: String,
    blocked: HashSet<String>,
    proposals: bool,
    out_of_range: OutOfRange,
    mode: Mode,
}

impl Settings {
    fn of(params: &Params, mode: Mode) -> Self {
        let thresholds = match (params.numbers("tiou"), params.text("preset")) {
            (Some(thresholds), _) => thresholds.to_vec(),
            (None, Some("thumos")) => linspace(0.3, 0.7, 5),
            (None, _) => linspace(0.5, 0.95, 10),
        };
        Self {
            thresholds,
            subset: params.text("subset").unwrap_or("validation").to_owned(),
            blocked: params.texts("blocked_videos").unwrap_or_default().iter().cloned().collect(),
            proposals: params.boolean("proposals") == Some(true),
            out_of_range: OutOfRange::of(params, mode),
            mode,
        }
    }
}

/// The videos of a subset with their true segments.
#[derive(Debug, Default)]
struct Videos {
    items: Items,
    by_id: HashMap<String, u32>,
    /// Labels that the file knows, in any subset; none where it is published without labels.
    labels: HashSet<String>,
    truth: Truth,
    /// The true segments of every video, whatever their label.
    segments: Vec<Vec<Segment>>,
}

#[derive(Debug)]
struct PreparedDetection {
    videos: Videos,
    metrics: Vec<Metric>,
    settings: Settings,
}

impl Prepared for PreparedDetection {
    fn items(&self) -> &Items {
        &self.videos.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let file = submission.single()?;
        let sent = submission::read(self, &file.bytes, limits)?;
        let mut evidence = Evidence::new(self.videos.items.len());
        evidence.note(
            "labels_without_truth_dropped",
            // Without the truth no label is known to be shown.
            if self.videos.truth.class_count() > 0 { sent.labels_without_truth } else { 0 },
            "predictions of known labels that no scored video shows are dropped",
        );
        let outside = sent.predictions.iter().flatten().filter(|one| one.item == NO_ITEM).count() as u64;
        evidence.note(
            "unknown_videos",
            outside,
            "predictions in videos that are not scored count as false positives",
        );

        let proposals = self.settings.proposals.then(|| proposals::retrieve(&self.videos.segments, &sent));
        let nan = self.settings.out_of_range.nan_rule(self.settings.mode);
        let rule = Rule { thresholds: self.settings.thresholds.clone(), nan };
        let classes = self
            .videos
            .truth
            .rank(sent.predictions, &rule, limits)
            .map_err(|stopped| SubmissionFaults(stopped.into()))?;
        let thresholds = rule.thresholds.len() as u32;
        let outputs = (0..thresholds)
            .map(|threshold| CurveOutput {
                rule: CurveRule::AllPoint,
                threshold,
                average: ClassAverage::Present,
            })
            .collect();
        let curve = evidence.block(Curve { classes, thresholds, outputs });
        let outputs = (0..rule.thresholds.len()).map(|output| curve.output(output)).collect();
        evidence.metric_mean(manifest::AVERAGE, 1.0, outputs);
        for (output, name) in manifest::map_names(&rule.thresholds).into_iter().enumerate() {
            evidence.metric(name, 1.0, curve.output(output));
        }
        if let Some(proposals) = proposals {
            let ratio =
                evidence.block(Ratio { numerators: proposals.found, denominators: proposals.positives });
            for (output, (name, factor)) in manifest::PROPOSALS.into_iter().enumerate() {
                evidence.metric(name, factor, ratio.output(output));
            }
        }
        Ok(evidence)
    }
}
