//! What is documented of the two grounding tasks.

use sdk::{Format, Manifest, Metric, Param, ParamKind, ParamValue, Reference, Schema};

use super::{columns, hit_name};

const ANNOTATIONS: &str = r#"{"version": "1", "videos": [{"video_uid": "v1", "clips": [{"clip_uid": "c1", "annotations": [
  {"annotation_uid": "a1", "language_queries": [
    {"clip_start_sec": 12.5, "clip_end_sec": 17.0, "query": "Where did I put the knife?"},
    {"clip_start_sec": 40.0, "clip_end_sec": 41.5, "query": "What did I pour?"}]}]}]}]}"#;

const UNANNOTATED: &str = r#"{"version": "1", "videos": [{"video_uid": "v1", "clips": [{"clip_uid": "c1", "annotations": [
  {"annotation_uid": "a1", "language_queries": [
    {"query": "Where did I put the knife?"}, {"query": "What did I pour?"}]}]}]}]}"#;

/// Ego4D Natural Language Queries.
pub(super) fn nlq() -> Manifest {
    let mut manifest = common("ego4d_nlq_challenge");
    manifest.id = "ego4d_nlq".to_owned();
    manifest.title = "Ego4D Natural Language Queries".to_owned();
    manifest.description = "A question about an episode of a first-person video (\"where did I put the knife?\") is \
        answered by the window of time in which the answer can be seen. Up to five windows per query count, best first."
        .to_owned();
    manifest
}

/// Ego4D GoalStep step grounding.
pub(super) fn goalstep() -> Manifest {
    let mut manifest = common("ego4d_goalstep_challenge");
    manifest.id = "ego4d_goalstep".to_owned();
    manifest.title = "Ego4D GoalStep: step grounding".to_owned();
    manifest.description = "The description of a step of a procedure is answered by the window of a whole first-person \
        video in which the step is done. Up to five windows per step count, best first; clip and annotation are the \
        video."
        .to_owned();
    manifest.annotations[0].description = format!(
        "{} GoalStep's own files are read too: videos with `segments` (a query for every step, followed by those of its \
         substeps) or with `step_segments` (a query for every step, which may have several windows: `segments`, each with \
         `start_time` and `end_time`). The clip is then the video, and so is the annotation; of the former also \
         `VIDEO_START_END`, as public conversions call it.",
        manifest.annotations[0].description
    );
    manifest.unannotated = Some(Format::unannotated(
        "application/json",
        "`goalstep_test.json` of the benchmark, or another of the formats above without times and without the `segments` \
         of steps.",
        UNANNOTATED,
    ));
    manifest.rules = format!(
        "{}\n\n**Several true windows:** a predicted window counts for the one that it overlaps most. Reference: mIoU takes \
         the mean of the three largest overlaps of the first window. The challenge's own treatment is not public.",
        manifest.rules
    );
    manifest.references.push(Reference {
        title:
            "Song et al., Ego4D Goal-Step: Toward Hierarchical Understanding of Procedural Activities (2023)"
                .to_owned(),
        url: "https://github.com/facebookresearch/ego4d-goalstep".to_owned(),
    });
    manifest
}

fn common(challenge: &str) -> Manifest {
    let mut metrics: Vec<Metric> = columns()
        .map(|(depth, threshold)| {
            let description = format!(
                "100 times the share of queries of which one of the first {depth} windows overlaps the true one by more \
                 than {threshold} (overlap over convex hull; an overlap equal to the threshold is no hit)"
            );
            Metric::percent(hit_name(depth, threshold), description)
        })
        .collect();
    metrics.push(Metric::percent("Mean r@1", "the mean of r@1 at IoU 0.3 and 0.5"));
    metrics.push(Metric::percent("mIoU", "100 times the mean overlap of the first window"));
    let submission = format!(
        r#"{{"version": "1.0", "challenge": "{challenge}", "results": [
  {{"clip_uid": "c1", "annotation_uid": "a1", "query_idx": 0, "predicted_times": [[12.0, 16.5], [90.0, 95.0]]}},
  {{"clip_uid": "c1", "annotation_uid": "a1", "query_idx": 1, "predicted_times": [[41.0, 44.0]]}}]}}"#
    );
    Manifest {
        id: String::new(),
        version: "1".to_owned(),
        title: String::new(),
        description: String::new(),
        annotations: vec![Format {
            name: "main".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "The annotation file of the benchmark. A query is known by its clip, its annotation and its \
                position in `language_queries`; times are seconds of the clip."
                .to_owned(),
            example: ANNOTATIONS.to_owned(),
        }],
        unannotated: Some(Format::unannotated(
            "application/json",
            "`nlq_test_unannotated.json` of the benchmark: the same file without the times.",
            UNANNOTATED,
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "One row per query, in any order; `predicted_times` holds windows `[start, end]` in seconds of \
                the clip, best first. An empty list counts as a miss."
                .to_owned(),
            example: submission,
        },
        metrics,
        params: Schema(vec![Param::new(
            "group",
            ParamKind::Choice { choices: vec!["video".to_owned(), "clip".to_owned()] },
            ParamValue::Text("video".to_owned()),
            "what is resampled as a whole",
        )]),
        item: "query".to_owned(),
        resampling_unit: "video".to_owned(),
        rules: "**Strict:** every query has exactly one row; a missing, a repeated and an unknown one are faults, so that \
            the denominator is always the number of queries. A window that ends before it starts is a fault. Where the \
            true and the predicted window are both empty and equal the overlap is 0.\n\n**Reference:** as the public \
            code, the denominator is the number of rows that were sent: missing queries vanish and repeated ones count \
            twice; a negative `query_idx` counts from the end; a reversed window overlaps nothing; 0 / 0 makes mIoU \
            undefined."
            .to_owned(),
        references: vec![
            Reference {
                title: "Grauman et al., Ego4D: Around the World in 3,000 Hours of Egocentric Video (2022)".to_owned(),
                url: "https://arxiv.org/abs/2110.07058".to_owned(),
            },
            Reference {
                title: "public evaluation code".to_owned(),
                url: "https://github.com/EGO4D/episodic-memory/tree/main/NLQ".to_owned(),
            },
        ],
    }
}
