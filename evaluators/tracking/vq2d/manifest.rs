//! What is documented of Visual Queries 2D.

use sdk::{Format, Manifest, Metric, Param, ParamKind, ParamValue, Reference, Schema};

const ANNOTATIONS: &str = r#"{"version": "1.0", "videos": [{"video_uid": "v1", "clips": [{"clip_uid": "c1", "annotations": [
 {"annotation_uid": "a1", "query_sets": {
  "1": {"is_valid": true, "object_title": "knife", "query_frame": 442,
   "visual_crop": {"frame_number": 592, "x": 308.6, "y": 604.0, "width": 33.8, "height": 170.4},
   "response_track": [
    {"frame_number": 391, "x": 311.1, "y": 318.6, "width": 63.1, "height": 133.4},
    {"frame_number": 392, "x": 315.0, "y": 315.1, "width": 63.1, "height": 133.4}]},
  "2": {"is_valid": false, "response_track": []}}}]}]}]}"#;

const UNANNOTATED: &str = r#"{"version": "1.0", "videos": [{"video_uid": "v1", "clips": [{"clip_uid": "c1", "annotations": [
 {"annotation_uid": "a1", "query_sets": {
  "1": {"is_valid": true, "object_title": "knife", "query_frame": 442,
   "visual_crop": {"frame_number": 592, "x": 308.6, "y": 604.0, "width": 33.8, "height": 170.4}},
  "2": {"is_valid": false}}}]}]}]}"#;

const SUBMISSION: &str = r#"{"version": "1.0", "challenge": "ego4d_vq2d_challenge", "results": {"videos": [
 {"video_uid": "v1", "clips": [{"clip_uid": "c1", "predictions": [
  {"annotation_uid": "a1", "query_sets": {
   "1": {"score": 0.56, "bboxes": [
    {"fno": 391, "x1": 315, "y1": 323, "x2": 373, "y2": 446},
    {"fno": 392, "x1": 319, "y1": 320, "x2": 377, "y2": 443}]},
   "2": {"score": 0.0, "bboxes": []}}}]}]}]}}"#;

/// Ego4D Visual Queries 2D.
pub(super) fn manifest() -> Manifest {
    Manifest {
        id: "ego4d_vq2d".to_owned(),
        version: "1".to_owned(),
        title: "Ego4D Visual Queries 2D".to_owned(),
        description: "Given the picture of an object, the answer is its last occurrence in a first-person video before \
            the query: a box in each of a run of frames."
            .to_owned(),
        annotations: vec![Format {
            name: "main".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "The annotation file of the benchmark, frames at 5 per second. Query sets that are not valid are \
                not scored."
                .to_owned(),
            example: ANNOTATIONS.to_owned(),
        }],
        unannotated: Some(Format::unannotated(
            "application/json",
            "`vq_test_unannotated.json` of the benchmark: the same file without `response_track`.",
            UNANNOTATED,
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "The same tree with a track and a score for every query set; videos, clips and annotations are \
                found by their uids, in any order. `version` is that of the annotation file. A track has a box in every \
                frame from its first to its last, as two corners in pixels; an empty one says that nothing was found. \
                Answers to query sets that are not valid are dropped."
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
        rules: "An overlap equal to a threshold is a hit. Tracks are ranked by score, of equal scores the query that \
            stands later in the annotations first. Queries with a box of 1e10 square pixels or more are not scored. 0 / 0 \
            is 0.\n\n**Both modes** find videos, clips and annotations by their uids, where the public code wants them in \
            the order of the annotations; a query without answer, an unknown or a repeated one are faults, and so are \
            gaps in a track and frames with two boxes.\n\n**Strict:** a box without area is a fault. **Reference:** as in \
            the public code such a box counts, with a negative area where its corners are swapped."
            .to_owned(),
        references: vec![
            Reference {
                title: "Grauman et al., Ego4D: Around the World in 3,000 Hours of Egocentric Video (2022)".to_owned(),
                url: "https://arxiv.org/abs/2110.07058".to_owned(),
            },
            Reference {
                title: "public evaluation code".to_owned(),
                url: "https://github.com/EGO4D/episodic-memory/tree/main/VQ2D".to_owned(),
            },
        ],
    }
}

fn metrics() -> Vec<Metric> {
    let in_space = "average precision (all points, monotone envelope) over all queries ranked by score; a track is right \
        if the volumes that it and the true one share, frame by frame, are the given share of their union";
    let in_time = "the same with tracks as intervals of frames";
    vec![
        Metric::fraction("stAP @ IoU=0.25", format!("{in_space}, here 0.25")),
        Metric::fraction("stAP", "the mean of stAP at 0.25, 0.5, 0.75 and 0.95"),
        Metric::fraction("tAP @ IoU=0.25", format!("stAP @ IoU=0.25, {in_time}")),
        Metric::fraction("tAP", "the mean of tAP at 0.25, 0.5, 0.75 and 0.95"),
        Metric::percent(
            "success",
            "100 times the share of queries whose tracks overlap by 0.05 or more in volume",
        ),
        Metric::percent(
            "recovery %",
            "100 times the share of true boxes, of all queries together, that a box of their frame overlaps by 0.5 or more",
        ),
    ]
}
