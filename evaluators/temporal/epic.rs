//! EPIC-KITCHENS-100 action detection (C2): verbs, nouns and actions in untrimmed video.

mod annotations;
mod manifest;
mod submission;

use std::collections::HashMap;

use sdk::evidence::{ClassAverage, Curve, CurveOutput, CurveRule, NO_ITEM};
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Input, Inputs, Items, Limits, Manifest, Metric, Mode, Params,
    Prepared, SubmissionFaults,
};

use crate::matching::{Prediction, Rule, Truth};
use crate::out_of_range::OutOfRange;
use crate::thresholds::linspace;

/// The evaluator `epic_c2`.
#[derive(Debug)]
pub struct EpicDetection {
    manifest: Manifest,
}

impl EpicDetection {
    /// The evaluator.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Evaluator for EpicDetection {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let settings = Settings {
            verbs: params.integer("verbs").unwrap_or(97),
            nouns: params.integer("nouns").unwrap_or(300),
            out_of_range: OutOfRange::of(params, mode),
            mode,
        };
        let videos = annotations::read(annotations, params.text("group") == Some("video"), &settings)?;
        Ok(Box::new(PreparedEpic { videos, metrics: self.manifest.metrics.clone(), settings }))
    }
}

#[derive(Debug)]
struct Settings {
    verbs: i64,
    nouns: i64,
    out_of_range: OutOfRange,
    mode: Mode,
}

/// What a prediction is judged by.
const TASKS: [&str; 3] = ["verb", "noun", "action"];

/// The videos with their true segments, in each of the three label spaces.
#[derive(Debug, Default)]
struct Videos {
    items: Items,
    by_id: HashMap<String, u32>,
    truths: [Truth; 3],
    /// The position of each verb among the classes of the first truth, of each noun among those of the second, and of
    /// each pair of both among those of the third.
    verbs: HashMap<i64, u32>,
    nouns: HashMap<i64, u32>,
    actions: HashMap<(i64, i64), u32>,
}

#[derive(Debug)]
struct PreparedEpic {
    videos: Videos,
    metrics: Vec<Metric>,
    settings: Settings,
}

impl Prepared for PreparedEpic {
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
            "unknown_videos",
            sent.unknown_videos,
            "predictions in videos without truth count as false positives",
        );
        let rule = Rule {
            thresholds: linspace(0.1, 0.5, 5),
            nan: self.settings.out_of_range.nan_rule(self.settings.mode),
        };
        for ((task, truth), predictions) in TASKS.into_iter().zip(&self.videos.truths).zip(sent.predictions) {
            let kept: usize = predictions.iter().map(Vec::len).sum();
            evidence.note(
                &format!("{task}_labels_without_truth_dropped"),
                sent.total - kept as u64,
                format!("predictions of a {task} that no video shows are dropped"),
            );
            let classes =
                truth.rank(predictions, &rule, limits).map_err(|stopped| SubmissionFaults(stopped.into()))?;
            add_metrics(&mut evidence, task, classes, rule.thresholds.len() as u32);
        }
        Ok(evidence)
    }
}

fn add_metrics(
    evidence: &mut Evidence,
    task: &str,
    classes: Vec<sdk::evidence::CurveClass>,
    thresholds: u32,
) {
    let outputs = (0..thresholds)
        .map(|threshold| CurveOutput { rule: CurveRule::AllPoint, threshold, average: ClassAverage::Present })
        .collect();
    let curve = evidence.block(Curve { classes, thresholds, outputs });
    let outputs = (0..thresholds as usize).map(|output| curve.output(output)).collect();
    evidence.metric_mean(format!("{task}_map_avg"), 100.0, outputs);
    for output in 0..thresholds as usize {
        evidence.metric(format!("{task}_map_at_{:02}", output + 1), 100.0, curve.output(output));
    }
}

/// The names of the three classes of a segment.
fn class_names(verb: i64, noun: i64) -> [String; 3] {
    [verb.to_string(), noun.to_string(), format!("{verb},{noun}")]
}

/// Puts a prediction among those of its class in each label space that shows the class.
fn file_prediction(
    videos: &Videos,
    predictions: &mut [Vec<Vec<Prediction>>; 3],
    classes: [Option<u32>; 3],
    prediction: Prediction,
) {
    debug_assert!(prediction.item == NO_ITEM || (prediction.item as usize) < videos.items.len());
    for (of_task, class) in predictions.iter_mut().zip(classes) {
        if let Some(class) = class {
            of_task[class as usize].push(prediction);
        }
    }
}
