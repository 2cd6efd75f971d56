//! Grounding of a query in time: Ego4D Natural Language Queries and GoalStep step grounding.

mod annotations;
mod manifest;
mod procedure;
mod submission;

use std::collections::HashMap;

use ndarray::{Array1, Array2};
use sdk::evidence::{Mean, Note, Ratio};
use sdk::primitives::segment::Segment;
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Input, Inputs, Items, Limits, Manifest, Metric, Mode, Params,
    Prepared, SubmissionFaults,
};

use submission::Answers;

/// An overlap must be greater than one of these to be a hit.
const THRESHOLDS: [f64; 3] = [0.3, 0.5, 0.7];
/// How many of the first windows are looked at.
const DEPTHS: [usize; 3] = [1, 3, 5];
/// One column per depth and threshold, and one for the overlap of the first window.
const COLUMNS: usize = DEPTHS.len() * THRESHOLDS.len() + 1;

/// The challenge of GoalStep, whose own files are read too.
const GOALSTEP: &str = "ego4d_goalstep_challenge";

/// The evaluators `ego4d_nlq` and `ego4d_goalstep`.
#[derive(Debug)]
pub struct Grounding {
    manifest: Manifest,
    challenge: &'static str,
}

impl Grounding {
    /// Ego4D Natural Language Queries.
    pub fn nlq() -> Self {
        Self { manifest: manifest::nlq(), challenge: "ego4d_nlq_challenge" }
    }

    /// Ego4D GoalStep step grounding.
    pub fn goalstep() -> Self {
        Self { manifest: manifest::goalstep(), challenge: GOALSTEP }
    }
}

impl Evaluator for Grounding {
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
        let layout = Layout {
            steps: self.challenge == GOALSTEP,
            by_clip: params.text("group") == Some("clip"),
            unannotated: annotations.are_unannotated(),
        };
        let truth = annotations::read(&main.bytes, layout)?;
        Ok(Box::new(PreparedGrounding {
            truth,
            metrics: self.manifest.metrics.clone(),
            challenge: self.challenge,
            mode,
        }))
    }
}

/// How the annotations are read.
#[derive(Debug, Clone, Copy)]
struct Layout {
    /// Whether the videos may also be those of GoalStep's own files.
    steps: bool,
    /// Whether the group of a query is its clip instead of its video.
    by_clip: bool,
    /// Whether the windows are left out.
    unannotated: bool,
}

/// The true windows, with the way to find the one that a row speaks of.
#[derive(Debug, Default)]
struct Truth {
    items: Items,
    /// The true windows of all items, one item after the other.
    windows: Vec<Segment>,
    /// Where the windows of every item end.
    ends: Vec<u32>,
    /// By clip and annotation: the item of the first query, and how many there are.
    queries: HashMap<String, HashMap<String, (u32, u32)>>,
    notes: Vec<Note>,
}

impl Truth {
    /// The true windows of an item.
    fn windows_of(&self, item: usize) -> &[Segment] {
        let start = if item == 0 { 0 } else { self.ends[item - 1] as usize };
        &self.windows[start..self.ends[item] as usize]
    }
}

#[derive(Debug)]
struct PreparedGrounding {
    truth: Truth,
    metrics: Vec<Metric>,
    challenge: &'static str,
    mode: Mode,
}

impl Prepared for PreparedGrounding {
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
        Ok(evidence(answers, self.mode))
    }
}

/// Evidence of the answers.
///
/// In strict mode every query counts once. The public code divides by the rows that were sent instead, which the
/// reference mode keeps as a ratio: queries without row weigh nothing, those with two rows weigh two.
fn evidence(answers: Answers, mode: Mode) -> Evidence {
    let mut evidence = Evidence::new(answers.rows.len());
    evidence.note("empty_answers", answers.empty, "queries whose list of windows is empty count as missed");
    let block = match mode {
        Mode::Strict => evidence.block(Mean::new(answers.values)),
        Mode::Reference => {
            evidence.block(Ratio { numerators: answers.values, denominators: answers.rows.mapv(f64::from) })
        }
    };
    let mut means_of_first = Vec::new();
    for (column, (depth, threshold)) in columns().enumerate() {
        let metric = evidence.metric(hit_name(depth, threshold), 100.0, block.output(column));
        if depth == 1 && threshold < 0.6 {
            means_of_first.push(metric);
        }
    }
    evidence.metric_mean("Mean r@1", 1.0, means_of_first);
    evidence.metric("mIoU", 100.0, block.output(COLUMNS - 1));
    evidence
}

/// Depth and threshold of every column of hits.
fn columns() -> impl Iterator<Item = (usize, f64)> {
    DEPTHS.into_iter().flat_map(|depth| THRESHOLDS.into_iter().map(move |threshold| (depth, threshold)))
}

fn hit_name(depth: usize, threshold: f64) -> String {
    format!("r@{depth}, IoU={threshold}")
}

/// What every item got, before any answer is known.
fn no_answers(items: usize) -> (Array2<f64>, Array1<u32>) {
    (Array2::zeros((items, COLUMNS)), Array1::zeros(items))
}
