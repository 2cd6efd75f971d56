//! What is documented of temporal detection.

use sdk::{Format, Manifest, Metric, Param, ParamKind, ParamValue, Reference, Schema};

use crate::out_of_range::OutOfRange;
use crate::thresholds::linspace;

/// The name of the primary metric.
pub(super) const AVERAGE: &str = "average_mAP";

/// The metrics of proposals with their factors, in the order in which they are found.
pub(super) const PROPOSALS: [(&str, f64); 3] =
    [("proposal_AR_AN_auc_pct", 100.0), ("proposal_AR@1", 1.0), ("proposal_AR@100", 1.0)];

const ANNOTATIONS: &str = r#"{"version": "VERSION 1.3", "taxonomy": [], "database": {
  "v1": {"duration": 60.0, "subset": "validation", "annotations": [
    {"label": "Washing dishes", "segment": [2.0, 18.5]}, {"label": "Ironing", "segment": [30.0, 55.0]}]},
  "v2": {"duration": 30.0, "subset": "training", "annotations": []}}}"#;

const UNANNOTATED: &str = r#"{"version": "VERSION 1.3",
  "taxonomy": [{"nodeId": 1, "nodeName": "Washing dishes"}, {"nodeId": 2, "nodeName": "Ironing"}],
  "database": {"v1": {"duration": 60.0, "subset": "validation"}}}"#;

const SUBMISSION: &str = r#"{"version": "VERSION 1.3", "results": {
  "v1": [{"label": "Washing dishes", "score": 0.93, "segment": [1.5, 18.0]},
         {"label": "Ironing", "score": 0.41, "segment": [40.0, 58.0]}]},
 "external_data": {"used": false, "details": ""}}"#;

/// The names of mean average precision at thresholds.
pub(super) fn map_names(thresholds: &[f64]) -> Vec<String> {
    let name = |digits: usize| -> Vec<String> {
        thresholds.iter().map(|threshold| format!("mAP@{threshold:.digits$}")).collect()
    };
    let short = name(2);
    let distinct = (1..short.len()).all(|one| !short[..one].contains(&short[one]));
    if distinct { short } else { name(12) }
}

/// The metrics at these thresholds.
pub(super) fn metrics(thresholds: &[f64], proposals: bool) -> Vec<Metric> {
    let mut metrics = vec![Metric::fraction(AVERAGE, "the mean of mAP over the thresholds")];
    metrics.extend(map_names(thresholds).into_iter().map(|name| {
        let description = "the mean over labels of the truth of average precision (all points, monotone envelope); a \
            prediction is right if it overlaps a true segment of its label, not yet taken, by at least the threshold \
            (overlap over union)";
        Metric::fraction(name, description)
    }));
    if proposals {
        let [(area, _), (first, _), (last, _)] = PROPOSALS;
        metrics.push(Metric::percent(
            area,
            "100 times the area under average recall (tIoU 0.5 to 0.95) over the average number of proposals per video, \
             1 to 100",
        ));
        metrics.push(Metric::fraction(first, "average recall at one proposal per video on average"));
        metrics.push(Metric::fraction(last, "average recall at 100 proposals per video on average"));
    }
    metrics
}

/// Temporal detection.
pub(super) fn manifest() -> Manifest {
    Manifest {
        id: "temporal_detection".to_owned(),
        version: "1".to_owned(),
        title: "Temporal activity detection (ActivityNet, THUMOS)".to_owned(),
        description: "All instances of labelled activities are found in untrimmed videos, with their start and end."
            .to_owned(),
        annotations: vec![Format {
            name: "main".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "The `database` of ActivityNet; segments are seconds of the video. Videos of other subsets are \
                not scored, but their labels, and those of the `taxonomy`, are known labels."
                .to_owned(),
            example: ANNOTATIONS.to_owned(),
        }],
        unannotated: Some(Format::unannotated(
            "application/json",
            "The public file, in which the videos of the subset have no `annotations`. Where neither the taxonomy nor \
             another subset names a label, every label is accepted.",
            UNANNOTATED,
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "Labelled segments with scores by video. A video without a key has no prediction.".to_owned(),
            example: SUBMISSION.to_owned(),
        },
        metrics: metrics(&linspace(0.5, 0.95, 10), false),
        params: Schema(vec![
            Param::new(
                "preset",
                ParamKind::Choice { choices: vec!["activitynet".to_owned(), "thumos".to_owned()] },
                ParamValue::Text("activitynet".to_owned()),
                "the thresholds: 0.5 to 0.95 in steps of 0.05 (activitynet), or 0.3 to 0.7 in steps of 0.1 (thumos)",
            ),
            Param::optional(
                "tiou",
                ParamKind::Numbers { minimum: 0.001, maximum: 1.0, most: 32 },
                "the thresholds by themselves, instead of a preset",
            ),
            Param::new(
                "subset",
                ParamKind::Text,
                ParamValue::Text("validation".to_owned()),
                "the videos that are scored: those of this subset",
            ),
            Param::new(
                "blocked_videos",
                ParamKind::Texts,
                ParamValue::Texts(Vec::new()),
                "videos that are left out of truth and submissions, because they are no longer to be had",
            ),
            Param::new(
                "proposals",
                ParamKind::Boolean,
                ParamValue::Boolean(false),
                "whether the segments are judged as proposals too, whatever their labels",
            ),
            OutOfRange::param(OutOfRange::Refuse),
        ]),
        item: "video".to_owned(),
        resampling_unit: "video".to_owned(),
        rules: "Predictions go by descending score, of equal scores the later row of the file first; each takes the \
            untaken true segment that it overlaps most, of equal overlaps the later one. Predictions in unknown videos \
            are false positives, whatever the weights. A label without weighted true segments leaves the mean. The share \
            of proposals that counts belongs to the whole submission and does not change with weights.\n\n**Strict:** an \
            unknown label is a fault; one that the annotations know from another subset or from the taxonomy is dropped. \
            The overlap of two empty segments is 0.\n\n**Reference:** as in the public code an overlap of 0 / 0 matches \
            at every threshold, and reversed segments are kept."
            .to_owned(),
        references: vec![
            Reference {
                title: "Caba Heilbron et al., ActivityNet: A Large-Scale Video Benchmark for Human Activity Understanding (2015)"
                    .to_owned(),
                url: "https://doi.org/10.1109/CVPR.2015.7298698".to_owned(),
            },
            Reference {
                title: "public evaluation code".to_owned(),
                url: "https://github.com/activitynet/ActivityNet/tree/master/Evaluation".to_owned(),
            },
        ],
    }
}
