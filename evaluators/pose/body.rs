//! Ego-Exo4D body pose: the joints of the camera wearer's body in the space of the take.

mod annotations;
mod manifest;
mod submission;

use ndarray::{Array1, Array2};
use sdk::evidence::{Block, Mean, Ratio};
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Input, Inputs, Items, Limits, Manifest, Metric, Mode, Params,
    Prepared, SubmissionFaults,
};

use crate::joints::{Point, difference, distance};
use annotations::{Take, Truth};

/// How many joints a body has.
const JOINTS: usize = 17;
/// The public test loop takes frames to be a tenth of a second apart.
const FRAMES_PER_SECOND: f64 = 10.0;

/// The evaluator `egoexo_body_pose`.
#[derive(Debug)]
pub struct BodyPose {
    manifest: Manifest,
}

impl BodyPose {
    /// The evaluator.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Evaluator for BodyPose {
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
        let protocol = match params.text("protocol") {
            Some("joints") => Protocol::Joints {
                shortest: params.integer("min_clip_length").map_or(120, i64::unsigned_abs),
            },
            _ => Protocol::Takes,
        };
        let truth = annotations::read(&main.bytes, protocol, annotations.are_unannotated())?;
        let metrics = self.manifest.metrics.clone();
        Ok(Box::new(PreparedBodies { truth, protocol, metrics, mode }))
    }
}

/// How errors are averaged, and which frames count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protocol {
    /// The mean over takes of the means within; every frame counts, and follows the one before by a tenth of a second.
    Takes,
    /// The mean over all visible joints; runs of frames shorter than this do not count, and time is that of the frames.
    Joints {
        /// The shortest run of frames that counts, in frames of a video with 30 per second.
        shortest: u64,
    },
}

#[derive(Debug)]
struct PreparedBodies {
    truth: Truth,
    protocol: Protocol,
    metrics: Vec<Metric>,
    mode: Mode,
}

/// Sums of errors of a take with their numbers: of places, and of velocities.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    errors: [f64; 2],
    counts: [f64; 2],
}

impl Prepared for PreparedBodies {
    fn items(&self) -> &Items {
        &self.truth.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let file = submission.single()?;
        let sent = submission::read(self, &file.bytes, limits)?;
        let mut evidence = Evidence::new(sent.sums.len());
        evidence.note("unknown_ids_ignored", sent.unknown, "takes that are not scored here are ignored");
        // The numbers of places and of velocities differ, so that each has its own denominator.
        for (metric, (name, factor)) in [("MPJPE", 100.0), ("MPJVE", 1.0)].into_iter().enumerate() {
            let block = evidence.block(self.average(&sent.sums, metric));
            evidence.metric(name, factor, block.output(0));
        }
        Ok(evidence)
    }
}

impl PreparedBodies {
    fn average(&self, sums: &[Sums], metric: usize) -> Block {
        let numbers = Array1::from_shape_fn(sums.len(), |take| sums[take].counts[metric]);
        let errors = Array2::from_shape_fn((sums.len(), 1), |(take, _)| sums[take].errors[metric]);
        match self.protocol {
            Protocol::Joints { .. } => Ratio { numerators: errors, denominators: numbers }.into(),
            Protocol::Takes => Mean {
                values: Array2::from_shape_fn((sums.len(), 1), |(take, _)| {
                    errors[[take, 0]] / numbers[take].max(1.0)
                }),
                // A take without anything visible has no mean.
                item_weights: Some(numbers.mapv(|number| f64::from(u8::from(number > 0.0)))),
            }
            .into(),
        }
    }

    /// The errors of a take, whose scored frames all have a prediction.
    fn measure(&self, take: &Take, predicted: &[[Point; JOINTS]]) -> Sums {
        let mut sums = Sums::default();
        let mut add = |metric: usize, error: f64| {
            sums.errors[metric] += error;
            sums.counts[metric] += 1.0;
        };
        for (number, (frame, bodies)) in take.frames.iter().zip(predicted).enumerate() {
            for (truth, place) in frame.joints.iter().zip(bodies) {
                if let Some(truth) = truth {
                    add(0, distance(*truth, *place));
                }
            }
            let before = number.checked_sub(1).map(|number| (&take.frames[number], &predicted[number]));
            let Some((frame_before, bodies_before)) = before else { continue };
            let Some(per_second) = self.per_second(frame_before.time, frame.time) else { continue };
            for joint in 0..JOINTS {
                if let (Some(truth), Some(truth_before)) = (frame.joints[joint], frame_before.joints[joint]) {
                    let moved = difference(truth, truth_before);
                    let predicted_move = difference(bodies[joint], bodies_before[joint]);
                    add(1, distance(moved, predicted_move) * per_second);
                }
            }
        }
        sums
    }

    /// What turns the way between two frames into a velocity; nothing where they are too far apart.
    fn per_second(&self, before: u64, now: u64) -> Option<f64> {
        /// The frames of a video with 30 per second within which there is a velocity.
        const NEAR: u64 = 10;
        match self.protocol {
            Protocol::Takes => Some(FRAMES_PER_SECOND),
            Protocol::Joints { .. } => (now - before < NEAR).then(|| 30.0 / (now - before) as f64),
        }
    }
}
