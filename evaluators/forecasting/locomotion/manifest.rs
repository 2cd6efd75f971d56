//! What is documented of future locomotion.

use sdk::{Direction, Format, Manifest, Metric, Param, ParamKind, ParamValue, Reference, Schema};

use crate::metric::lower;

const ANNOTATIONS: &str = r#"{"video_0001/frame_000120.jpg": {"traj": "0.02 -1.51 0.08 2 1 0.03 -0.14 0.09 0 0 2 0.04 -0.10 0.22 0 0"}}"#;

const SUBMISSION: &str = r#"{"video_0001/frame_000120.jpg": {"traj": "0.01 -1.52 0.07 2 1 0.02 -0.17 0.11 0 0 2 0.06 -0.13 0.25 0 0"}}"#;

/// Ego4D future locomotion.
pub(super) fn manifest() -> Manifest {
    let error = "the mean distance on the ground over the frames 1 to 150 (10 per second) that both trajectories have";
    let first = "the same over the first 7 seconds from the first of these frames";
    Manifest {
        id: "ego4d_locomotion".to_owned(),
        version: "1".to_owned(),
        title: "Ego4D Future Locomotion".to_owned(),
        description: "From one frame it is foreseen where the camera wearer will walk in the next 15 seconds.".to_owned(),
        annotations: vec![Format {
            name: "main".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "A trajectory for every frame of a video: numbers in a text, `up_x up_y up_z n` and n times \
                `frame x y z u v`. `up` is the normal of the ground, as long as the camera is high, in metres; x y z are \
                places in the space of the camera; u and v are not looked at."
                .to_owned(),
            example: ANNOTATIONS.to_owned(),
        }],
        unannotated: Some(Format::unannotated(
            "application/json",
            "The frames alone; whatever stands under their names is not looked at.",
            r#"{"video_0001/frame_000120.jpg": {}}"#,
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "The same for the predicted trajectories. Instances that are not scored are ignored.".to_owned(),
            example: SUBMISSION.to_owned(),
        },
        metrics: vec![
            lower("mean", "metres", 3, &format!("the mean over instances of {error}")),
            lower("median", "metres", 3, &format!("the median over instances of {error}")),
            lower("mean_firstN", "metres", 3, &format!("the mean over instances of {first}")),
            lower("median_firstN", "metres", 3, &format!("the median over instances of {first}")),
            lower("num_missing", "instances", 0, "how many instances have no trajectory"),
            Metric {
                direction: Direction::Higher,
                ..lower("num_scored", "instances", 0, "how many instances have a frame that both trajectories have")
            },
        ],
        params: Schema(vec![Param::new(
            "missing",
            ParamKind::Choice { choices: vec!["skip".to_owned(), "refuse".to_owned()] },
            ParamValue::Text("skip".to_owned()),
            "what becomes of instances without a trajectory: they leave means and medians, as in the public code, or \
             they are faults",
        )]),
        item: "instance".to_owned(),
        resampling_unit: "video".to_owned(),
        rules: "Both trajectories are turned so that the ground is level, each by its own normal, and seen from above. \
            Numbers are rounded to 32 bits first, as in the public code. Of several samples of a frame the first counts. \
            An instance without a trajectory, or without a frame that both have, leaves means and medians.\n\n**Strict:** \
            a normal of length zero, or along the view, is a fault. **Reference:** such an instance is passed over."
            .to_owned(),
        references: vec![
            Reference {
                title: "Grauman et al., Ego4D: Around the World in 3,000 Hours of Egocentric Video (2022)".to_owned(),
                url: "https://arxiv.org/abs/2110.07058".to_owned(),
            },
            Reference {
                title: "public evaluation code".to_owned(),
                url: "https://github.com/EGO4D/forecasting/tree/main/Ego4D-Future-Locomotion".to_owned(),
            },
        ],
    }
}
