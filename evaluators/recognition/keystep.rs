//! Ego-Exo4D fine-grained keysteps: which of 278 steps does a trimmed clip show?

mod annotations;
mod manifest;

use ndarray::Array2;
use sdk::evidence::{GroupedMean, Mean};
use sdk::roll::repeated;
use sdk::{
    AnnotationFaults, Code, Evaluator, Evidence, Input, Inputs, Items, Limits, Manifest, Metric, Mode,
    Params, Prepared, SubmissionFaults,
};

use crate::answers::Answers;
use crate::roll::{Call, Ids, Roll, complete, unknown};

/// The evaluator `egoexo_keystep`.
#[derive(Debug)]
pub struct Keystep {
    manifest: Manifest,
}

impl Keystep {
    /// The evaluator.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

/// How many keysteps the benchmark has.
const KEYSTEPS: i64 = 278;

impl Evaluator for Keystep {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        _mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let labels = Answers {
            first: 0,
            count: params.integer("classes").unwrap_or(KEYSTEPS),
            noun: "keystep",
            otherwise: Code::UnknownLabel,
            id_columns: &["segment_name"],
            column: "label_id",
        };
        let by_take = params.text("group") != Some("segment");
        let segments = annotations::read(annotations, labels, by_take)?;
        Ok(Box::new(PreparedKeystep { segments, labels, metrics: self.manifest.metrics.clone() }))
    }
}

/// The segments with their true keysteps.
#[derive(Debug, Default)]
struct Segments {
    items: Items,
    ids: Ids,
    labels: Vec<i64>,
}

#[derive(Debug)]
struct PreparedKeystep {
    segments: Segments,
    labels: Answers,
    metrics: Vec<Metric>,
}

impl Prepared for PreparedKeystep {
    fn items(&self) -> &Items {
        &self.segments.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let truth = &self.segments.labels;
        let mut right = Array2::zeros((truth.len(), 1));
        let mut roll = Roll::new(&self.segments.ids, "segment");
        let read = self.labels.read(submission.single()?, limits, |id, label| {
            match roll.call(id) {
                Call::First(item) => {
                    let item = item as usize;
                    right[[item, 0]] = f64::from(u8::from(label == Some(truth[item])));
                }
                Call::Again(_) => return Some(repeated("segment", id)),
                Call::Unknown => return Some(unknown("segment", id)),
            }
            None
        });
        complete(read, &roll)?;
        let mut evidence = Evidence::new(truth.len());
        let groups = truth.iter().map(|label| *label as u32).collect();
        let by_keystep = GroupedMean { values: right.clone(), groups, group_count: self.labels.count as u32 };
        let accuracy = evidence.block(Mean::new(right));
        let by_keystep = evidence.block(by_keystep);
        for (metric, block) in self.metrics.iter().zip([accuracy, by_keystep]) {
            evidence.metric(&*metric.name, 100.0, block.output(0));
        }
        Ok(evidence)
    }
}
