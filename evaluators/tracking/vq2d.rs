//! Ego4D Visual Queries 2D: when an object was last seen, and where in each frame.

mod annotations;
mod manifest;
mod submission;
mod tracks;

use ndarray::{Array1, Array2};
use sdk::evidence::{ClassAverage, Curve, CurveClass, CurveOutput, CurveRule, Note, Ratio};
use sdk::primitives::order::descending_later_first;
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Input, Inputs, Items, Limits, Manifest, Metric, Mode, Params,
    Prepared, SubmissionFaults,
};

use crate::queries::Index;
use submission::Answer;
use tracks::Track;

/// The overlaps from which on an answer is right.
const THRESHOLDS: [f64; 4] = [0.25, 0.5, 0.75, 0.95];

/// The evaluator `ego4d_vq2d`.
#[derive(Debug)]
pub struct VisualQueries2d {
    manifest: Manifest,
}

impl VisualQueries2d {
    /// The evaluator.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Evaluator for VisualQueries2d {
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
        let truth = annotations::read(
            &main.bytes,
            params.text("group") == Some("clip"),
            annotations.are_unannotated(),
        )?;
        Ok(Box::new(PreparedQueries { truth, metrics: self.manifest.metrics.clone(), mode }))
    }
}

/// The queries with their true tracks.
#[derive(Debug)]
struct Truth {
    items: Items,
    index: Index,
    tracks: Vec<Track>,
    /// What a submission must name as its version.
    version: Option<String>,
    notes: Vec<Note>,
}

#[derive(Debug)]
struct PreparedQueries {
    truth: Truth,
    metrics: Vec<Metric>,
    mode: Mode,
}

impl Prepared for PreparedQueries {
    fn items(&self) -> &Items {
        &self.truth.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn notes(&self) -> &[Note] {
        &self.truth.notes
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let file = submission.single()?;
        let answers = submission::read(self, &file.bytes, limits)?;
        Ok(evidence(&answers, &self.truth.tracks))
    }
}

/// Evidence of one answer for every query.
fn evidence(answers: &[Answer], truth: &[Track]) -> Evidence {
    let mut evidence = Evidence::new(answers.len());
    let scores: Vec<f64> = answers.iter().map(|answer| answer.score).collect();
    let order = descending_later_first(&scores);
    let mut curve = |overlap: fn(&Answer) -> f64| {
        let hits = |item: &u32| {
            let overlap = overlap(&answers[*item as usize]);
            (0..THRESHOLDS.len()).fold(0, |bits, bit| bits | u32::from(overlap >= THRESHOLDS[bit]) << bit)
        };
        let class = CurveClass {
            name: "track".to_owned(),
            hits: order.iter().map(hits).collect(),
            items: order.clone(),
            positives: (0..answers.len() as u32).map(|item| (item, 1)).collect(),
            ..CurveClass::default()
        };
        let outputs = (0..THRESHOLDS.len() as u32).map(|threshold| CurveOutput {
            rule: CurveRule::AllPoint,
            threshold,
            average: ClassAverage::Present,
        });
        let outputs: Vec<CurveOutput> = outputs.collect();
        let block =
            evidence.block(Curve { classes: vec![class], thresholds: THRESHOLDS.len() as u32, outputs });
        (0..THRESHOLDS.len()).map(|output| block.output(output)).collect::<Vec<_>>()
    };
    let in_space = curve(|answer| answer.overlap);
    let in_time = curve(|answer| answer.overlap_in_time);
    evidence.metric("stAP @ IoU=0.25", 1.0, in_space[0]);
    evidence.metric_mean("stAP", 1.0, in_space);
    evidence.metric("tAP @ IoU=0.25", 1.0, in_time[0]);
    evidence.metric_mean("tAP", 1.0, in_time);
    let success = answers.iter().map(|answer| f64::from(u8::from(answer.overlap >= 0.05)));
    let success = Array2::from_shape_vec((answers.len(), 1), success.collect()).unwrap_or_default();
    evidence.means(100.0, ["success"], success);
    let recovered = answers.iter().map(|answer| f64::from(answer.recovered)).collect();
    let frames: Array1<f64> = truth.iter().map(|track| track.boxes.len() as f64).collect();
    let numerators = Array2::from_shape_vec((answers.len(), 1), recovered).unwrap_or_default();
    let recovery = evidence.block(Ratio { numerators, denominators: frames });
    evidence.metric("recovery %", 100.0, recovery.output(0));
    evidence
}
