//! What is documented of Moment Queries.

use sdk::{Format, Manifest, Metric, Param, ParamKind, ParamValue, Reference, Schema};

use super::THRESHOLDS;
use super::retrieval::recall_names;

const ANNOTATIONS: &str = r#"{"c1": {"video_id": "v1", "clip_id": "c1", "subset": "test", "annotations": [
  {"label": "cut_dough", "start_time": 10.0, "end_time": 20.0, "primary": true},
  {"label": "wash_hands", "start_time": 30.0, "end_time": 35.5, "primary": true}]},
 "c2": {"video_id": "v2", "clip_id": "c2", "subset": "test", "annotations": []}}"#;

const UNANNOTATED: &str = r#"{"version": "1", "videos": [
  {"video_uid": "v1", "split": "test", "clips": [{"clip_uid": "c1"}]},
  {"video_uid": "v2", "split": "test", "clips": [{"clip_uid": "c2"}]}]}"#;

const SUBMISSION: &str = r#"{"version": "1.0", "challenge": "ego4d_moment_queries",
 "detect_results": {"c1": [{"label": "cut_dough", "score": 0.91, "segment": [9.5, 19.0]},
                           {"label": "wash_hands", "score": 0.40, "segment": [31.0, 36.0]}], "c2": []},
 "retrieve_results": {"c1": [{"label": "cut_dough", "score": 0.91, "segment": [9.5, 19.0]}], "c2": []}}"#;

/// Ego4D Moment Queries.
pub(super) fn manifest() -> Manifest {
    let mut metrics = vec![Metric::fraction("Average mAP", "the mean of mAP over the five thresholds")];
    metrics.extend(THRESHOLDS.iter().map(|threshold| {
        Metric::fraction(
            format!("mAP@{threshold}"),
            format!(
                "the mean over classes of the truth of average precision (all points, monotone envelope); a detection \
                 is right if it overlaps a true moment of its class, not yet taken, by at least {threshold} (overlap \
                 over union)"
            ),
        )
    }));
    metrics.extend(recall_names().into_iter().map(|name| {
        let description = "the share of true moments that one of the first x n answers for the clip and class overlaps \
            by more than the threshold (overlap over convex hull); n is the number of true moments of the class in \
            the clip";
        Metric::fraction(name, description)
    }));
    Manifest {
        id: "ego4d_mq".to_owned(),
        version: "1".to_owned(),
        title: "Ego4D Moment Queries".to_owned(),
        description: "All instances of some hundred named activities are found in clips of first-person video, with \
            their start and end; and, given a class, its instances are retrieved."
            .to_owned(),
        annotations: vec![Format {
            name: "main".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "Clips by their uid, as the benchmark's conversion script writes them; times are seconds of \
                the clip. Clips of other subsets are not looked at."
                .to_owned(),
            example: ANNOTATIONS.to_owned(),
        }],
        unannotated: Some(Format::unannotated(
            "application/json",
            "`moments_test_unannotated.json` of the benchmark (videos with their clips), or clips by their uid as above \
             without moments.",
            UNANNOTATED,
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "Detections and answers for retrieval by clip. A clip without a key has none. Retrieval reads \
                the order of the file and not the scores."
                .to_owned(),
            example: SUBMISSION.to_owned(),
        },
        metrics,
        params: Schema(vec![
            Param::new(
                "subset",
                ParamKind::Text,
                ParamValue::Text("test".to_owned()),
                "the clips that are scored: those of this subset",
            ),
            Param::new(
                "group",
                ParamKind::Choice { choices: vec!["video".to_owned(), "clip".to_owned()] },
                ParamValue::Text("video".to_owned()),
                "what is resampled as a whole",
            ),
        ]),
        item: "clip".to_owned(),
        resampling_unit: "video".to_owned(),
        rules: "Detections go by descending score, of equal scores the later row of the file first. Detections of labels \
            that the truth lacks are dropped, and their number is told. Detections in unknown clips are false \
            positives, whatever the weights. A class without weighted true moments leaves the mean.\n\n**Strict:** a \
            segment that ends before it starts is a fault; the overlap of two empty segments is 0.\n\n**Reference:** as \
            in the public code an overlap of 0 / 0 matches at every threshold, so that a reversed segment can be a true \
            positive; the subset of a clip may be a part of the wanted name."
            .to_owned(),
        references: vec![
            Reference {
                title: "Grauman et al., Ego4D: Around the World in 3,000 Hours of Egocentric Video (2022)".to_owned(),
                url: "https://arxiv.org/abs/2110.07058".to_owned(),
            },
            Reference {
                title: "public evaluation code".to_owned(),
                url: "https://github.com/EGO4D/episodic-memory/tree/main/MQ".to_owned(),
            },
        ],
    }
}
