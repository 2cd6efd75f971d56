//! Multiple object tracking in the MOTChallenge's files: HOTA, CLEAR and Identity.

mod manifest;
mod preprocessing;
mod rows;
mod sequences;
mod submission;

use sdk::evidence::Note;
use sdk::primitives::assignment::Assigner;
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Input, Inputs, Items, Limits, Manifest, Metric, Mode, Params,
    Prepared, SubmissionFaults,
};

use crate::measures::{Which, evidence, measure};
use crate::scene::Boxes;

/// The evaluator `tracking_mot`.
#[derive(Debug)]
pub struct MotTracking {
    manifest: Manifest,
}

impl MotTracking {
    /// The evaluator.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Evaluator for MotTracking {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let benchmark = Benchmark::of(params);
        let main = annotations.require(Inputs::MAIN)?;
        let (sequences, notes) = match annotations.are_unannotated() {
            true => (sequences::read_without_boxes(main)?, Vec::new()),
            false => sequences::read(main, benchmark, mode)?,
        };
        let items = Items::ungrouped(sequences.iter().map(|sequence| &sequence.name).collect::<sdk::Ids>());
        let metrics = self.manifest.metrics.clone();
        Ok(Box::new(PreparedTracking { sequences, items, metrics, notes, benchmark, mode }))
    }
}

/// Which true boxes are scored, and which ones forgive a box that lies on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Benchmark {
    /// All boxes that are to be considered; classes say nothing.
    WithoutClasses,
    /// Pedestrians; persons on vehicles, static persons, distractors and reflections forgive.
    Mot17,
    /// The same; vehicles forgive as well.
    Mot20,
}

impl Benchmark {
    fn of(params: &Params) -> Self {
        match (params.boolean("preprocess"), params.text("benchmark")) {
            (Some(false), _) | (_, Some("mot15")) => Self::WithoutClasses,
            (_, Some("mot20")) => Self::Mot20,
            _ => Self::Mot17,
        }
    }

    fn has_classes(self) -> bool {
        self != Self::WithoutClasses
    }

    fn is_distractor(self, class: i64) -> bool {
        match class {
            2 | 7 | 8 | 12 => self.has_classes(),
            6 => self == Self::Mot20,
            _ => false,
        }
    }
}

/// A true sequence.
#[derive(Debug)]
struct Sequence {
    name: String,
    /// How many frames it has, where that is known.
    length: Option<u32>,
    boxes: Boxes,
    /// Whether each box is scored, in the order of `boxes`.
    scored: Vec<bool>,
    /// Whether each box forgives a predicted box that lies on it, in the order of `boxes`.
    distractors: Vec<bool>,
}

#[derive(Debug)]
struct PreparedTracking {
    sequences: Vec<Sequence>,
    items: Items,
    metrics: Vec<Metric>,
    notes: Vec<Note>,
    benchmark: Benchmark,
    mode: Mode,
}

impl Prepared for PreparedTracking {
    fn items(&self) -> &Items {
        &self.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn notes(&self) -> &[Note] {
        &self.notes
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let sent = submission::read(self, submission, limits)?;
        let mut assigner = Assigner::default();
        let mut measures = Vec::with_capacity(self.sequences.len());
        for (truth, predicted) in self.sequences.iter().zip(&sent.boxes) {
            let scene = preprocessing::scene(truth, predicted, self.benchmark, &mut assigner, limits);
            let of_sequence = scene.and_then(|scene| measure(&scene, limits, &mut assigner));
            measures.push(of_sequence.map_err(|failure| failure.faults(&truth.name))?);
        }
        let mut evidence = evidence(&measures, Which::TrackEval);
        evidence.note(
            "other_files",
            sent.other_files,
            "files of sequences that are not scored here are not read",
        );
        Ok(evidence)
    }
}
