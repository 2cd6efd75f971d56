//! What is documented of the two tasks.

use sdk::{Format, Manifest, Metric, Param, ParamKind, ParamValue, Reference, Schema};

const LOOKING_ANNOTATIONS: &str = r#"{"version": "1.0", "challenge": "ego4d_looking_at_me", "annotations": [
 {"video_id": "v1", "unique_id": "000000", "track_id": "27", "label": 1},
 {"video_id": "v1", "unique_id": "000001", "track_id": "27", "label": 0},
 {"video_id": "v2", "unique_id": "000000", "track_id": "16", "label": 0}]}"#;

const LOOKING_SUBMISSION: &str = r#"{"version": "1.0", "challenge": "ego4d_looking_at_me", "results": [
 {"video_id": "v1", "unique_id": "000000", "track_id": "27", "label": 1, "score": 0.92},
 {"video_id": "v1", "unique_id": "000001", "track_id": "27", "label": 1, "score": 0.40},
 {"video_id": "v2", "unique_id": "000000", "track_id": "16", "label": 1, "score": 0.05}]}"#;

const TALKING_ANNOTATIONS: &str = r#"{"version": "1.0", "challenge": "ego4d_talking_to_me", "annotations": [
 {"video_id": "v1", "frame_id": 0, "label": 1},
 {"video_id": "v1", "frame_id": 1, "label": 0},
 {"video_id": "v2", "frame_id": 0, "label": 0}]}"#;

const TALKING_SUBMISSION: &str = r#"{"version": "1.0", "challenge": "ego4d_talking_to_me", "results": [
 {"video_id": "v1", "frame_id": 0, "label": 1, "score": 0.81},
 {"video_id": "v1", "frame_id": 1, "label": 1, "score": 0.33},
 {"video_id": "v2", "frame_id": 0, "label": 1, "score": 0.47}]}"#;

/// Ego4D Looking At Me.
pub(crate) fn looking_at_me() -> Manifest {
    Manifest {
        id: "ego4d_lam".to_owned(),
        title: "Ego4D Looking At Me".to_owned(),
        description:
            "Does a person whose face is seen look at the camera wearer, in each frame of the face's track?"
                .to_owned(),
        item: "face in a frame".to_owned(),
        ..common(
            "A label, 0 or 1, for every face in a frame, known by `video_id`, `unique_id` (the frame) and `track_id`.",
            LOOKING_ANNOTATIONS,
            LOOKING_SUBMISSION,
        )
    }
}

/// Ego4D Talking To Me.
pub(crate) fn talking_to_me() -> Manifest {
    Manifest {
        id: "ego4d_ttm".to_owned(),
        title: "Ego4D Talking To Me".to_owned(),
        description: "Does somebody talk to the camera wearer, in each frame?".to_owned(),
        item: "frame".to_owned(),
        ..common(
            "A label, 0 or 1, for every frame, known by `video_id` and `frame_id`, and by `track_id` where it is given.",
            TALKING_ANNOTATIONS,
            TALKING_SUBMISSION,
        )
    }
}

fn common(annotations: &str, annotations_example: &str, submission_example: &str) -> Manifest {
    let average_precision = "average precision (all points, monotone envelope)";
    Manifest {
        id: String::new(),
        version: "1".to_owned(),
        title: String::new(),
        description: String::new(),
        annotations: vec![Format {
            name: "main".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: format!("{annotations} The order of rows decides between equal scores."),
            example: annotations_example.to_owned(),
        }],
        unannotated: Some(Format::unannotated(
            "application/json",
            "The same rows without `label`.",
            &annotations_example.replace(", \"label\": 1", "").replace(", \"label\": 0", ""),
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "One row for each row of the annotations, in any order. `score` is that of label 1; `label` is \
                always 1 and may be absent. The number 7 and the text \"7\" are the same id."
                .to_owned(),
            example: submission_example.to_owned(),
        },
        metrics: vec![
            Metric::fraction("mAP", "the mean of AP_pos and AP_neg, or the one that there is"),
            Metric::fraction("Acc", "the share of rows of which `score >= threshold` is the label"),
            Metric::fraction("AP_pos", format!("{average_precision} of label 1 by score")),
            Metric::fraction("AP_neg", format!("{average_precision} of label 0 by 1 - score")),
        ],
        params: Schema(vec![Param::new(
            "threshold",
            ParamKind::Number { minimum: 0.0, maximum: 1.0 },
            ParamValue::Number(0.5),
            "scores from here on, this one included, predict label 1 for the accuracy",
        )]),
        item: String::new(),
        resampling_unit: "video".to_owned(),
        rules: "Of equal scores the earlier row of the annotations goes first, for both labels, so that the order of a \
            submission means nothing. A label without a weighted row leaves the mean. Scores may be any finite numbers; \
            those outside of 0 to 1 are noted.\n\n**Strict:** the rows of a submission are those of the annotations, each \
            once.\n\n**Reference:** as in the public code only the number of different rows is compared; rows that the \
            annotations lack are left out with those that have no answer, and of rows that stand twice the first counts."
            .to_owned(),
        references: vec![
            Reference {
                title: "Grauman et al., Ego4D: Around the World in 3,000 Hours of Egocentric Video (2022)".to_owned(),
                url: "https://arxiv.org/abs/2110.07058".to_owned(),
            },
            Reference {
                title: "public evaluation code".to_owned(),
                url: "https://github.com/EGO4D/social-interactions".to_owned(),
            },
        ],
    }
}
