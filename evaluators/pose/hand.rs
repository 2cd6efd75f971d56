//! Ego-Exo4D hand pose: the joints of both hands in space, seen by the wearer's camera.

mod annotations;
mod manifest;
mod submission;

use ndarray::{Array1, Array2};
use sdk::evidence::Mean;
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Input, Inputs, Items, Limits, Manifest, Metric, Mode, Params,
    Prepared, SubmissionFaults,
};

use crate::alignment::aligned_error;
use crate::joints::{Point, distance};
use annotations::{Hand, Truth};

/// How many joints a hand has.
const JOINTS: usize = 21;
/// The hands, with the fields of their joints and of the flags of valid ones.
const HANDS: [(&str, &str, &str); 2] =
    [("right", "right_hand_3d", "right_hand_valid_3d"), ("left", "left_hand_3d", "left_hand_valid_3d")];

/// The evaluator `egoexo_hand_pose`.
#[derive(Debug)]
pub struct HandPose {
    manifest: Manifest,
}

impl HandPose {
    /// The evaluator.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Evaluator for HandPose {
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
        let from_wrist = params.boolean("from_wrist").unwrap_or(false);
        Ok(Box::new(PreparedHands {
            truth: annotations::read(&main.bytes, from_wrist, annotations.are_unannotated())?,
            from_wrist,
            metrics: self.manifest.metrics.clone(),
            mode,
        }))
    }
}

#[derive(Debug)]
struct PreparedHands {
    truth: Truth,
    /// Whether the joints of a submission are seen from the true wrist.
    from_wrist: bool,
    metrics: Vec<Metric>,
    mode: Mode,
}

/// The errors of a hand in metres, after alignment and without; nothing without a valid joint.
type Errors = Option<[f64; 2]>;

impl Prepared for PreparedHands {
    fn items(&self) -> &Items {
        &self.truth.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let file = submission.single()?;
        let sent = submission::read(self, &file.bytes, limits)?;
        let items = self.truth.hands.len();
        let mut evidence = Evidence::new(items);
        evidence.note(
            "unknown_ids_ignored",
            sent.unknown,
            "takes and frames that are not scored here are ignored",
        );
        evidence.note(
            "looks_like_millimetres",
            u64::from(sent.far_away),
            "most joints are farther than 10 metres from the camera: joints are sent in metres",
        );
        let value = |item: usize, column: usize| sent.errors[item].map(|errors| errors[column]);
        let means = evidence.block(match self.mode {
            Mode::Strict => Mean {
                values: Array2::from_shape_fn((items, 2), |(item, column)| {
                    value(item, column).unwrap_or(0.0)
                }),
                item_weights: Some(Array1::from_shape_fn(items, |item| {
                    f64::from(u8::from(value(item, 0).is_some()))
                })),
            },
            // The mean over no joints is NaN in the public code, and makes the whole NaN.
            Mode::Reference => Mean::new(Array2::from_shape_fn((items, 2), |(item, column)| {
                value(item, column).unwrap_or(f64::NAN)
            })),
        });
        evidence.metric("PA-MPJPE", 1000.0, means.output(0));
        evidence.metric("MPJPE", 1000.0, means.output(1));
        Ok(evidence)
    }
}

impl PreparedHands {
    /// The errors of a predicted hand over the joints that are valid.
    fn errors(&self, hand: &Hand, predicted: &[Point; JOINTS]) -> Errors {
        let wrist = if self.from_wrist { hand.joints[0] } else { [0.0; 3] };
        let (mut points, mut target) = ([[0.0; 3]; JOINTS], [[0.0; 3]; JOINTS]);
        let mut count = 0;
        for joint in (0..JOINTS).filter(|joint| hand.valid >> joint & 1 == 1) {
            points[count] = [0, 1, 2].map(|axis| predicted[joint][axis] + wrist[axis]);
            target[count] = hand.joints[joint];
            count += 1;
        }
        let (points, target) = (&points[..count], &target[..count]);
        let plain = points.iter().zip(target).map(|(point, goal)| distance(*point, *goal)).sum::<f64>();
        aligned_error(points, target).map(|aligned| [aligned, plain / count as f64])
    }
}
