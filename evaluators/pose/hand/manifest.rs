//! What is documented of hand pose.

use sdk::{Format, Manifest, Param, ParamKind, ParamValue, Reference, Schema};

use crate::metric::error;

const ANNOTATIONS: &str = r#"{"take1": {"120": {
  "right_hand_3d": [[0.00,0.0,0.40],[0.02,0.01,0.40],[0.04,0.02,0.41],[0.05,0.03,0.41],[0.06,0.04,0.42],[0.03,0.06,0.40],[0.03,0.08,0.40],
    [0.03,0.09,0.41],[0.03,0.10,0.41],[0.01,0.06,0.40],[0.01,0.08,0.40],[0.01,0.10,0.41],[0.01,0.11,0.41],[-0.01,0.06,0.40],
    [-0.01,0.08,0.40],[-0.01,0.09,0.41],[-0.01,0.10,0.41],[-0.03,0.05,0.40],[-0.03,0.07,0.40],[-0.03,0.08,0.41],[-0.03,0.09,0.41]],
  "right_hand_valid_3d": [true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,false,false],
  "left_hand_3d": [], "left_hand_valid_3d": []}}}"#;

const UNANNOTATED: &str = r#"{"take1": {"120": {
  "right_hand_valid_3d": [true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,false,false],
  "left_hand_valid_3d": []}}}"#;

const SUBMISSION: &str = r#"{"take1": {"120": {
  "right_hand_3d": [[0.01,0.0,0.41],[0.02,0.02,0.40],[0.04,0.02,0.42],[0.05,0.04,0.41],[0.07,0.04,0.42],[0.03,0.07,0.40],[0.03,0.08,0.41],
    [0.04,0.09,0.41],[0.03,0.10,0.42],[0.01,0.07,0.40],[0.02,0.08,0.40],[0.01,0.10,0.42],[0.01,0.12,0.41],[-0.01,0.07,0.40],
    [-0.02,0.08,0.40],[-0.01,0.09,0.42],[-0.01,0.11,0.41],[-0.03,0.05,0.41],[-0.04,0.07,0.40],[-0.03,0.08,0.42],[-0.03,0.10,0.41]],
  "left_hand_3d": []}}}"#;

/// Ego-Exo4D hand pose.
pub(super) fn manifest() -> Manifest {
    Manifest {
        id: "egoexo_hand_pose".to_owned(),
        version: "1".to_owned(),
        title: "Ego-Exo4D Ego Hand Pose".to_owned(),
        description: "Where the 21 joints of each hand of the camera wearer are in space, seen by the worn camera alone."
            .to_owned(),
        annotations: vec![Format {
            name: "main".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "Takes by uid, frames by number; for each hand 21 places `[x, y, z]` in metres in the space of the \
                camera, and whether each is valid. An empty list is a hand that is not annotated; a joint that is not \
                valid may be `null`."
                .to_owned(),
            example: ANNOTATIONS.to_owned(),
        }],
        unannotated: Some(Format::unannotated(
            "application/json",
            "The public file of the test set: the same takes and frames without places. A hand that has flags for its \
             joints is one that is scored.",
            UNANNOTATED,
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "21 places in metres for every hand that is annotated, the valid ones and the others. Takes, \
                frames and hands that are not annotated are ignored."
                .to_owned(),
            example: SUBMISSION.to_owned(),
        },
        metrics: vec![
            error(
                "PA-MPJPE",
                "mm",
                "the mean over hands of the mean distance of the valid joints after the best turn, scale and shift of the \
                 prediction (Procrustes, without mirror images)",
            ),
            error("MPJPE", "mm", "the mean over hands of the mean distance of the valid joints"),
        ],
        params: Schema(vec![Param::new(
            "from_wrist",
            ParamKind::Boolean,
            ParamValue::Boolean(false),
            "whether the joints of a submission are seen from the wrist; the true wrist is added to them then",
        )]),
        item: "hand".to_owned(),
        resampling_unit: "take".to_owned(),
        rules: "Every hand counts the same, however many of its joints are valid.\n\n**Strict:** a hand without a valid \
            joint does not count. Where all predicted (or all true) joints lie in one place the best scale is zero, and \
            the error after alignment is the mean distance of the true joints from their middle.\n\n**Reference:** a hand \
            without a valid joint makes both values undefined, as in the public code, which crashes where all joints lie \
            in one place."
            .to_owned(),
        references: vec![
            Reference {
                title: "Grauman et al., Ego-Exo4D: Understanding Skilled Human Activity from First- and Third-Person \
                    Perspectives (2024)"
                    .to_owned(),
                url: "https://arxiv.org/abs/2311.18259".to_owned(),
            },
            Reference {
                title: "public evaluation code".to_owned(),
                url: "https://github.com/EGO4D/ego-exo4d-egopose/tree/main/handpose/evaluation".to_owned(),
            },
        ],
    }
}
