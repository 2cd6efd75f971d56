//! Ego4D Visual Queries 3D: where in a room an object was last seen.

mod annotations;
mod manifest;
mod submission;
mod vectors;

use ndarray::{Array1, Array2};
use sdk::evidence::{Mean, Ratio};
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Input, Inputs, Items, Limits, Manifest, Metric, Mode, Params,
    Prepared, SubmissionFaults,
};

use crate::queries::Index;
use submission::Answer;
use vectors::Vector;

/// The evaluator `ego4d_vq3d`.
#[derive(Debug)]
pub struct VisualQueries3d {
    manifest: Manifest,
}

impl VisualQueries3d {
    /// The evaluator.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Evaluator for VisualQueries3d {
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

/// The queries with where their objects are.
#[derive(Debug)]
struct Truth {
    items: Items,
    index: Index,
    objects: Vec<Object>,
}

/// Where an object is, as two annotators have it.
#[derive(Debug, Clone, Default)]
struct Object {
    /// The middle of both boxes.
    center: Vector,
    /// How far from it an answer may lie.
    radius: f64,
    /// The middle of the first box, in the room.
    first_center: Vector,
    /// The same from the camera of the query, where its pose is known.
    from_camera: Option<Vector>,
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

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let file = submission.single()?;
        let answers = submission::read(self, &file.bytes, limits)?;
        Ok(evidence(&answers))
    }
}

/// Evidence of one answer for every query.
fn evidence(answers: &[Answer]) -> Evidence {
    let mut evidence = Evidence::new(answers.len());
    let one = |holds: bool| f64::from(u8::from(holds));
    let columns = |values: &dyn Fn(&Answer) -> [f64; 2]| {
        Array2::from_shape_fn((answers.len(), 2), |(item, column)| values(&answers[item])[column])
    };
    let located = |answer: &Answer| answer.distance.is_some();
    let of_all = evidence.block(Mean::new(columns(&|answer| {
        let posed = located(answer) && answer.posed;
        [one(posed && answer.success), one(posed)]
    })));
    evidence.metric("Succ%", 100.0, of_all.output(0));
    let of_located = evidence.block(Ratio {
        numerators: columns(&|answer| [one(answer.success), answer.distance.unwrap_or(0.0)]),
        denominators: answers.iter().map(|answer| one(located(answer))).collect(),
    });
    evidence.metric("Succ*%", 100.0, of_located.output(0));
    evidence.metric("L2", 1.0, of_located.output(1));
    let angles: Array1<f64> = answers.iter().map(|answer| answer.angle.unwrap_or(0.0)).collect();
    let of_posed = evidence.block(Ratio {
        numerators: angles.insert_axis(ndarray::Axis(1)),
        denominators: answers.iter().map(|answer| one(answer.angle.is_some())).collect(),
    });
    evidence.metric("angle", 1.0, of_posed.output(0));
    evidence.metric("QwP%", 100.0, of_all.output(1));
    evidence
}
