//! Ego4D EgoTracks: one object, followed through a whole clip in which it comes and goes.

mod annotations;
mod curves;
mod manifest;
mod submission;

use std::collections::HashMap;

use ndarray::{Array1, Array2};
use sdk::evidence::{Mean, Note, OperatingPoint};
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Input, Inputs, Items, Limits, Manifest, Metric, Mode, Params,
    Prepared, SubmissionFaults,
};

use curves::{Found, thresholds};

/// The evaluator `ego4d_egotracks`.
#[derive(Debug)]
pub struct LongTermTracking {
    manifest: Manifest,
}

impl LongTermTracking {
    /// The evaluator.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Evaluator for LongTermTracking {
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
            mode,
        )?;
        Ok(Box::new(PreparedTracks { truth, metrics: self.manifest.metrics.clone(), mode }))
    }
}

/// The true tracks.
#[derive(Debug, Default)]
struct Truth {
    items: Items,
    sequences: Vec<Sequence>,
    /// The sequences of a name, several where annotations give an object of a clip the same name; none where the query
    /// set is not scored.
    by_name: HashMap<String, Vec<usize>>,
    notes: Vec<Note>,
}

/// The true boxes of an object, by frame, without the frame of the picture that the query shows.
#[derive(Debug, Default)]
struct Sequence {
    frame_count: u32,
    frames: Vec<u32>,
    /// Left side, top, width and height.
    boxes: Vec<[f64; 4]>,
}

#[derive(Debug)]
struct PreparedTracks {
    truth: Truth,
    metrics: Vec<Metric>,
    mode: Mode,
}

impl Prepared for PreparedTracks {
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
        let sent = submission::read(self, &file.bytes, limits)?;
        let mut evidence = evidence(&sent.found, self.mode);
        evidence.note(
            "other_sequences",
            sent.other_sequences,
            "sequences that are not scored here are not read",
        );
        Ok(evidence)
    }
}

/// Evidence of what was found in every sequence.
fn evidence(found: &[Found], mode: Mode) -> Evidence {
    let thresholds = thresholds(found);
    let shape = (found.len(), thresholds.len());
    let (mut precision, mut recall) = (Array2::zeros(shape), Array2::zeros(shape));
    for (item, found) in found.iter().enumerate() {
        for (column, point) in found.at(&thresholds).enumerate() {
            (precision[[item, column]], recall[[item, column]]) = point;
        }
    }
    let mut evidence = Evidence::new(found.len());
    let best = evidence.block(OperatingPoint { precision, recall, nothing_is_best: mode == Mode::Reference });
    for (output, name) in ["F-score", "Precision", "Recall"].into_iter().enumerate() {
        evidence.metric(name, 1.0, best.output(output));
    }
    let overlaps: Vec<f64> = found.iter().map(Found::mean_overlap).collect();
    let has_truth = |found: &Found| f64::from(u8::from(found.true_frames > 0));
    let average = evidence.block(Mean {
        values: Array2::from_shape_vec((found.len(), 1), overlaps).unwrap_or_default(),
        item_weights: Some(found.iter().map(has_truth).collect::<Array1<f64>>()),
    });
    evidence.metric("AO", 1.0, average.output(0));
    evidence
}
