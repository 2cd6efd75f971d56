//! EPIC-KITCHENS-100 action detection (C2): verbs, nouns and actions in untrimmed video.

mod annotations;
mod manifest;
mod submission;

use std::collections::HashMap;

use sdk::archive;
use sdk::evidence::{ClassAverage, Curve, CurveClass, CurveOutput, CurveRule, NO_ITEM, Term};
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
        let metrics = manifest::metrics(|task| videos.rare[task].is_some());
        Ok(Box::new(PreparedEpic { videos, metrics, settings }))
    }
}

#[derive(Debug)]
struct Settings {
    verbs: i64,
    nouns: i64,
    out_of_range: OutOfRange,
    mode: Mode,
}

/// The name of the submission in an archive.
const IN_ARCHIVE: &str = "test.json";

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
    /// Which classes of each truth are rare, if that is known.
    rare: [Option<Vec<bool>>; 3],
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
        let text = archive::single(submission, IN_ARCHIVE, limits)?;
        let sent = submission::read(self, &text, limits)?;
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
        let spaces = TASKS.into_iter().zip(&self.videos.truths).zip(&self.videos.rare);
        for (((task, truth), rare), predictions) in spaces.zip(sent.predictions) {
            let kept: usize = predictions.iter().map(Vec::len).sum();
            evidence.note(
                &format!("{task}_labels_without_truth_dropped"),
                // Without the truth no class is known to be shown.
                if truth.class_count() > 0 { sent.total - kept as u64 } else { 0 },
                format!("predictions of a {task} that no video shows are dropped"),
            );
            let classes =
                truth.rank(predictions, &rule, limits).map_err(|stopped| SubmissionFaults(stopped.into()))?;
            let tail = rare.as_ref().map(|rare| {
                let rare = classes.iter().zip(rare).filter(|(_, rare)| **rare);
                rare.map(|(class, _)| class.clone()).collect::<Vec<_>>()
            });
            add_metrics(&mut evidence, task, classes, rule.thresholds.len());
            if let Some(tail) = tail {
                let mean = add_curve(&mut evidence, tail, rule.thresholds.len());
                evidence.metric_mean(tail_name(task), 100.0, mean);
            }
        }
        Ok(evidence)
    }
}

/// Adds the curves of classes; the terms are their means at every threshold.
fn add_curve(evidence: &mut Evidence, classes: Vec<CurveClass>, thresholds: usize) -> Vec<Term> {
    let rule = CurveRule::AllPoint;
    let output = |threshold| CurveOutput { rule, threshold, average: ClassAverage::Present };
    let outputs = (0..thresholds as u32).map(output).collect();
    let curve = evidence.block(Curve { classes, thresholds: thresholds as u32, outputs });
    (0..thresholds).map(|output| curve.output(output)).collect()
}

fn add_metrics(evidence: &mut Evidence, task: &str, classes: Vec<CurveClass>, thresholds: usize) {
    let terms = add_curve(evidence, classes, thresholds);
    evidence.metric_mean(format!("{task}_map_avg"), 100.0, terms.clone());
    for (output, term) in terms.into_iter().enumerate() {
        evidence.metric(format!("{task}_map_at_{:02}", output + 1), 100.0, term);
    }
}

/// The name of the metric of rare classes.
fn tail_name(task: &str) -> String {
    format!("tail_{task}_map_avg")
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
