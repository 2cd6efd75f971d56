//! What is documented of body pose.

use sdk::{Format, Manifest, Param, ParamKind, ParamValue, Reference, Schema};

use crate::metric::error;

const ANNOTATIONS: &str = r#"{"take1": {"take_name": "cmu_bike01_2", "body": {
  "0": [[0.0,0.0,1.7],[0.1,0.0,1.6],[0.2,0.0,1.5],[0.3,0.0,1.4],[0.4,0.0,1.3],[0.5,0.0,1.2],[0.6,0.0,1.1],[0.7,0.0,1.0],[0.8,0.0,0.9],
    [0.9,0.0,0.8],[1.0,0.0,0.7],[1.1,0.0,0.6],[1.2,0.0,0.5],[1.3,0.0,0.4],[1.4,0.0,0.3],[1.5,0.0,0.2],null],
  "3": [[0.1,0.0,1.7],[0.2,0.0,1.6],[0.3,0.0,1.5],[0.4,0.0,1.4],[0.5,0.0,1.3],[0.6,0.0,1.2],[0.7,0.0,1.1],[0.8,0.0,1.0],[0.9,0.0,0.9],
    [1.0,0.0,0.8],[1.1,0.0,0.7],[1.2,0.0,0.6],[1.3,0.0,0.5],[1.4,0.0,0.4],[1.5,0.0,0.3],null,null]}}}"#;

const SUBMISSION: &str = r#"{"take1": {"take_name": "cmu_bike01_2", "body": {
  "0": [[0.0,0.1,1.7],[0.1,0.1,1.6],[0.2,0.1,1.5],[0.3,0.1,1.4],[0.4,0.1,1.3],[0.5,0.1,1.2],[0.6,0.1,1.1],[0.7,0.1,1.0],[0.8,0.1,0.9],
    [0.9,0.1,0.8],[1.0,0.1,0.7],[1.1,0.1,0.6],[1.2,0.1,0.5],[1.3,0.1,0.4],[1.4,0.1,0.3],[1.5,0.1,0.2],[1.6,0.1,0.1]],
  "3": [[0.0,0.1,1.7],[0.1,0.1,1.6],[0.2,0.1,1.5],[0.3,0.1,1.4],[0.4,0.1,1.3],[0.5,0.1,1.2],[0.6,0.1,1.1],[0.7,0.1,1.0],[0.8,0.1,0.9],
    [0.9,0.1,0.8],[1.0,0.1,0.7],[1.1,0.1,0.6],[1.2,0.1,0.5],[1.3,0.1,0.4],[1.4,0.1,0.3],[1.5,0.1,0.2],[1.6,0.1,0.1]]}}}"#;

/// Ego-Exo4D body pose.
pub(super) fn manifest() -> Manifest {
    Manifest {
        id: "egoexo_body_pose".to_owned(),
        version: "1".to_owned(),
        title: "Ego-Exo4D Ego Body Pose".to_owned(),
        description: "Where the 17 joints of the camera wearer's body are in the space of the take, from what the worn \
            camera sees and how it moves."
            .to_owned(),
        annotations: vec![Format {
            name: "main".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "Takes by uid; frames by number, at 30 per second; 17 places `[x, y, z]` in metres. A joint that \
                is not visible is `null`, or a place of `null` or `NaN` (which the benchmark's script writes); a frame of \
                an empty list shows nothing."
                .to_owned(),
            example: ANNOTATIONS.to_owned(),
        }],
        unannotated: Some(Format::unannotated(
            "application/json",
            "The same takes and frames; what stands under a frame is not looked at.",
            r#"{"take1": {"take_name": "cmu_bike01_2", "body": {"0": null, "3": null}}}"#,
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "17 places in metres for every annotated frame of every take, the visible joints and the others. \
                Takes and frames that are not scored are ignored."
                .to_owned(),
            example: SUBMISSION.to_owned(),
        },
        metrics: vec![
            error("MPJPE", "cm", "the mean distance of the visible joints"),
            error(
                "MPJVE",
                "m/s",
                "the mean distance between true and predicted velocity, of the joints that are visible in a frame and in \
                 the one before",
            ),
        ],
        params: Schema(vec![
            Param::new(
                "protocol",
                ParamKind::Choice { choices: vec!["takes".to_owned(), "joints".to_owned()] },
                ParamValue::Text("takes".to_owned()),
                "`takes`: the mean over takes of the means within, frames a tenth of a second apart, as in the test loop \
                 of the baseline; `joints`: the mean over all visible joints, time by the numbers of the frames, as in \
                 the standalone evaluation script",
            ),
            Param::new(
                "min_clip_length",
                ParamKind::Integer { minimum: 0, maximum: 1_000_000 },
                ParamValue::Integer(120),
                "under `joints`: runs of frames that are shorter do not count; at 30 frames per second",
            ),
        ]),
        item: "take".to_owned(),
        resampling_unit: "take".to_owned(),
        rules: "A take is the smallest part that is weighted. **takes:** a take without a visible joint, or without a joint \
            that is visible in two frames, leaves the mean; neighbours in the order of frames are taken to be a tenth of a \
            second apart. **joints:** frames that are more than 3 apart begin a new run, runs shorter than \
            `min_clip_length` do not count, and only frames that are fewer than 10 apart have a velocity.\n\n**Strict:** \
            every scored frame has its joints; frames that are not scored must have the right shape too.\n\n\
            **Reference:** those are not looked at."
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
                url: "https://github.com/EGO4D/ego-exo4d-egopose/tree/main/bodypose".to_owned(),
            },
        ],
    }
}
