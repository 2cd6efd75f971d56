//! What is documented of active speaker detection.

use sdk::{Format, Manifest, Metric, Reference, Schema};

/// The name of the metric.
pub(super) const PRECISION: &str = "mAP@0.5";

const TRUTH: &str = r#"{"clips": {
  "c1": {"0": [[535, 316, 597, 432], [1200, 121, 1295, 184]], "1": [[536, 311, 598, 427]]},
  "c2": {"0": []}}}"#;

const SENT: &str = r#"{"clips": {
  "c1": {"0": [[0.513, 1198, 126, 1298, 187], [0.398, 530, 309, 599, 435]], "1": [[0.305, 533, 311, 598, 428]]},
  "c2": {"0": [[0.079, 10, 20, 60, 90]]}}}"#;

/// The documentation.
pub(super) fn manifest() -> Manifest {
    let json = |name: &str, description: &str, example: &str| Format {
        name: name.to_owned(),
        media_type: "application/json".to_owned(),
        optional: false,
        description: description.to_owned(),
        example: example.to_owned(),
    };
    Manifest {
        id: "ego4d_avl_detection".to_owned(),
        version: "1".to_owned(),
        title: "Ego4D Audio-Visual Localization: active speakers".to_owned(),
        description: "In every frame of a clip the heads of those who are speaking are found, each with a box and a score."
            .to_owned(),
        annotations: vec![json(
            "main",
            "By clip and frame the boxes of speaking heads, `[x1, y1, x2, y2]` in pixels.",
            TRUTH,
        )],
        unannotated: Some(Format::unannotated(
            "application/json",
            "The list of clips.",
            r#"{"clips": ["c1", "c2"]}"#,
        )),
        submission: json(
            "submission",
            "By clip and frame the detections, `[score, x1, y1, x2, y2]`. A frame or clip without a key has none.",
            SENT,
        ),
        metrics: vec![Metric::percent(
            PRECISION,
            "100 times average precision (all points, monotone envelope) over the frames of all clips; a detection is right \
             if the speaking head that it overlaps most in its frame is overlapped by at least 0.5 and not taken",
        )],
        params: Schema::default(),
        item: "clip".to_owned(),
        resampling_unit: "clip".to_owned(),
        rules: "Both corners belong to a box: its width is `x2 - x1 + 1`. Detections go by descending score, **of equal \
            scores by the name `CLIP_FRAME.txt`** that the public code gives a frame (the clip by its position in the \
            annotations, names in the order of texts), within a frame the earlier row first. Each is judged by the head of \
            its frame that it overlaps most, of equals the first: if that is taken it is wrong, a second best head is not \
            tried. A frame that the annotations lack has no speaking head. Without any speaking head the metric is undefined, \
            where the public code divides by zero.\n\n**Strict:** unknown clips and boxes that end before they start are \
            faults.\n\n**Reference:** scores count with six decimals, unknown clips are passed over, and boxes are kept."
            .to_owned(),
        references: vec![
            Reference {
                title: "Grauman et al., Ego4D: Around the World in 3,000 Hours of Egocentric Video (2022)".to_owned(),
                url: "https://doi.org/10.1109/CVPR52688.2022.01842".to_owned(),
            },
            Reference {
                title: "public evaluation code".to_owned(),
                url: "https://github.com/EGO4D/audio-visual".to_owned(),
            },
        ],
    }
}
