//! What is documented of Visual Queries 3D.

use sdk::{Direction, Format, Manifest, Metric, Param, ParamKind, ParamValue, Reference, Schema};

const ANNOTATIONS: &str = r#"{"version": "1", "videos": [{"video_uid": "v1", "clips": [{"clip_uid": "c1", "annotations": [
 {"annotation_uid": "a1", "query_sets": {"1": {"object_title": "needle",
  "3d_annotation_1": {"position": {"x": 3.77, "y": -1.49, "z": -2.12}, "dimension": {"x": 1.17, "y": 0.43, "z": 1.36}},
  "3d_annotation_2": {"position": {"x": 3.66, "y": -1.53, "z": -2.14}, "dimension": {"x": 1.22, "y": 0.41, "z": 1.03}},
  "gt_3d_vec_world_1": [-1.49, -3.77, -2.12], "gt_3d_vec_1": [4.18, -1.68, -2.74]}}},
 {}]}]}]}"#;

const UNANNOTATED: &str = r#"{"version": "1", "videos": [{"video_uid": "v1", "clips": [{"clip_uid": "c1", "annotations": [
 {"annotation_uid": "a1", "query_sets": {"1": {"object_title": "needle", "pred_3d_vec_world": null}}},
 {}]}]}]}"#;

const SUBMISSION: &str = r#"{"version": "1.0", "challenge": "ego4d_vq3d_challenge", "results": {"videos": [
 {"video_uid": "v1", "clips": [{"clip_uid": "c1", "predictions": [
  {"annotation_uid": "a1", "query_sets": {"1": {
   "pred_3d_vec_world": [-1.2, -3.5, -2.0],
   "pred_3d_vec_query_frame": [4.0, -1.5, -2.6],
   "query_frame_pose": null}}},
  {}]}]}]}}"#;

/// Ego4D Visual Queries 3D.
pub(super) fn manifest() -> Manifest {
    Manifest {
        id: "ego4d_vq3d".to_owned(),
        version: "1".to_owned(),
        title: "Ego4D Visual Queries 3D".to_owned(),
        description: "Given the picture of an object, the answer is where in the room it was last seen, as a place in the \
            room's coordinates and as one from the camera at the time of the query."
            .to_owned(),
        annotations: vec![Format {
            name: "main".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "The annotation file of the benchmark, with the boxes of two annotators; `gt_3d_vec_1` is there \
                where the pose of the query's camera is known. Lengths are metres."
                .to_owned(),
            example: ANNOTATIONS.to_owned(),
        }],
        unannotated: Some(Format::unannotated(
            "application/json",
            "`vq3d_test_unannotated_template.json` of the benchmark: the same tree; of a query set `object_title` alone is \
             looked at.",
            UNANNOTATED,
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "The same tree with two places for every query set, or `null` for none; videos and clips are found \
                by their uids, annotations by theirs or, where it is not given, by their position. An empty annotation is \
                answered by an empty object."
                .to_owned(),
            example: SUBMISSION.to_owned(),
        },
        metrics: metrics(),
        params: Schema(vec![Param::new(
            "group",
            ParamKind::Choice { choices: vec!["video".to_owned(), "clip".to_owned()] },
            ParamValue::Text("video".to_owned()),
            "what is resampled as a whole",
        )]),
        item: "query".to_owned(),
        resampling_unit: "video".to_owned(),
        rules: "An answer is a success if it is nearer than 6 x (d + exp(-s)) to the middle of both annotators' boxes, d \
            being the distance of the boxes' centers and s the mean of their diagonals; the boxes' axes are turned by a \
            quarter about the third axis into the room's. A place from the camera without one in the room does not \
            count. Where nothing is predicted Succ* and L2 are undefined, and without a pair of places from the camera \
            the angle is. In both modes videos and clips may stand in any order, and every query needs an answer.\n\n\
            **Both modes** leave the angle of a query out whose camera pose the annotations do not know, where the public \
            code stops.\n\n**Strict:** the cosine of an angle is clamped to [-1, 1]; the angle of a vector without length \
            is pi/2. **Reference:** both make the mean angle undefined, as in the public code."
            .to_owned(),
        references: vec![
            Reference {
                title: "Grauman et al., Ego4D: Around the World in 3,000 Hours of Egocentric Video (2022)".to_owned(),
                url: "https://arxiv.org/abs/2110.07058".to_owned(),
            },
            Reference {
                title: "public evaluation code".to_owned(),
                url: "https://github.com/EGO4D/episodic-memory/tree/main/VQ3D".to_owned(),
            },
        ],
    }
}

fn metrics() -> Vec<Metric> {
    let lower = |name: &str, unit: &str, maximum: Option<f64>, description: &str| Metric {
        unit: unit.to_owned(),
        direction: Direction::Lower,
        maximum,
        ..Metric::fraction(name, description)
    };
    vec![
        Metric::percent(
            "Succ%",
            "100 times the share of all queries that are a success and have both places",
        ),
        Metric::percent(
            "Succ*%",
            "100 times the share of successes among the queries with a place in the room",
        ),
        lower("L2", "metres", None, "the mean distance of predicted places to the first annotator's"),
        lower(
            "angle",
            "radians",
            Some(std::f64::consts::PI),
            "the mean angle, seen from the query's camera, between predicted places and the first annotator's",
        ),
        Metric::percent("QwP%", "100 times the share of all queries that have both places"),
    ]
}
