//! Ego4D future locomotion: where the camera wearer will walk in the next seconds.

mod manifest;
mod submission;
mod trajectory;

use ndarray::{Array1, Array2};
use sdk::evidence::{Mean, Median, Reducer, Stats};
use sdk::{
    AnnotationFaults, Code, Evaluator, Evidence, Faults, Input, Inputs, Items, JsonReader, Limits, Manifest,
    Metric, Mode, Params, Prepared, SubmissionFaults,
};

use crate::instances::Instances;
use trajectory::Trajectory;

/// The evaluator `ego4d_locomotion`.
#[derive(Debug)]
pub struct FutureLocomotion {
    manifest: Manifest,
}

impl FutureLocomotion {
    /// The evaluator.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Evaluator for FutureLocomotion {
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
        let (instances, trajectories) = read(&main.bytes, annotations.are_unannotated())?;
        let refuse_missing = mode == Mode::Strict && params.text("missing") == Some("refuse");
        let metrics = self.manifest.metrics.clone();
        Ok(Box::new(PreparedLocomotion { instances, trajectories, refuse_missing, metrics, mode }))
    }
}

#[derive(Debug)]
struct PreparedLocomotion {
    instances: Instances,
    trajectories: Vec<Trajectory>,
    refuse_missing: bool,
    metrics: Vec<Metric>,
    mode: Mode,
}

impl Prepared for PreparedLocomotion {
    fn items(&self) -> &Items {
        &self.instances.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let file = submission.single()?;
        let sent = submission::read(self, &file.bytes, limits)?;
        let items = self.trajectories.len();
        let mut evidence = Evidence::new(items);
        sent.answered.note_unknown(&mut evidence);
        evidence.note(
            "missing_ids_ignored",
            sent.answered.missing(),
            "instances without a trajectory leave the means and medians; num_missing tells how many",
        );
        let has_value = |item: usize| sent.errors[item].is_some();
        let column = |item: usize, column: usize| sent.errors[item].map(|errors| errors[column]);
        let means = evidence.block(Mean {
            values: Array2::from_shape_fn((items, 2), |(item, at)| column(item, at).unwrap_or(0.0)),
            item_weights: Some(Array1::from_shape_fn(items, |item| f64::from(u8::from(has_value(item))))),
        });
        let medians = evidence.block(Median::new(Array2::from_shape_fn((items, 2), |(item, at)| {
            column(item, at).unwrap_or(f64::NAN)
        })));
        let counts = evidence.block(Stats {
            columns: Array2::from_shape_fn((items, 2), |(item, at)| {
                let counts = if at == 0 { !sent.answered.has(item) } else { has_value(item) };
                f64::from(u8::from(counts))
            }),
            reducers: vec![Reducer::Total { column: 0 }, Reducer::Total { column: 1 }],
        });
        let terms = [means.output(0), medians.output(0), means.output(1), medians.output(1)];
        for (metric, term) in
            self.metrics.iter().zip(terms.into_iter().chain([counts.output(0), counts.output(1)]))
        {
            evidence.metric(metric.name.clone(), 1.0, term);
        }
        Ok(evidence)
    }
}

/// Reads the truth; without annotations the names of the instances alone.
fn read(bytes: &[u8], unannotated: bool) -> Result<(Instances, Vec<Trajectory>), Faults> {
    let limits = Limits::default();
    let (mut ids, mut trajectories) = (Vec::new(), Vec::new());
    JsonReader::read(bytes, &limits, |reader| {
        let object = reader.object(|reader, id| {
            ids.push(id.clone().into_owned());
            if unannotated {
                trajectories.push(Trajectory::default());
                return reader.skip();
            }
            trajectories.extend(submission::trajectory(reader, Mode::Strict)?);
            Ok(())
        })?;
        if object.is_some() && ids.is_empty() {
            reader.fault(Code::EmptySubmission, "the annotations hold no instance", "an instance", "none");
        }
        Ok(())
    })?;
    // An instance is a frame of a video, called after its path.
    let videos: Vec<&str> =
        ids.iter().map(|id| id.rsplit_once('/').map_or(&**id, |(video, _)| video)).collect();
    let mut items = Items::new(ids.iter().zip(&videos));
    items.set_attribute("video", videos.iter().map(Some));
    Ok((Instances::new(items), trajectories))
}
