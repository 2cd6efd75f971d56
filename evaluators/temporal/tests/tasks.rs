//! Small cases worked by hand, for every evaluator of the family; they need no data from outside.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use conformance::manifest::is_documented;
use conformance::task::{Values, codes, evaluate, example, prepare, told, values, weighted};
use sdk::{Evidence, Faults, Mode, Prepared};
use serde_json::{Value, json};

fn task(id: &str, truth: &Value, params: &[(&str, &str)], mode: Mode) -> Result<Box<dyn Prepared>, Faults> {
    prepare(&heldout_temporal::evaluators(), id, &[("main", &truth.to_string())], params, mode)
}

/// What becomes of a submission in strict mode with the parameters' defaults.
fn sent(id: &str, truth: &Value, submission: &str) -> Result<Evidence, Faults> {
    evaluate(&*task(id, truth, &[], Mode::Strict).unwrap(), submission)
}

fn scores(id: &str, truth: &Value, submission: &str) -> Values {
    values(&sent(id, truth, submission).unwrap())
}

/// The metrics of the items that have a value of an attribute.
fn slice(prepared: &dyn Prepared, evidence: &Evidence, attribute: &str, value: &str) -> Values {
    weighted(evidence, &prepared.items().mask(attribute, value).unwrap().to_vec())
}

fn close(values: &Values, metric: &str, expected: f64) {
    let value = values[metric].unwrap();
    assert!((value - expected).abs() < 1e-12, "{metric}: {value} and {expected}");
}

fn nlq_truth() -> Value {
    let query = |start: f64, end: f64| json!({"clip_start_sec": start, "clip_end_sec": end, "query": "q", "template": "t"});
    json!({"version": "1", "videos": [
        {"video_uid": "v1", "clips": [{"clip_uid": "c1", "annotations": [
            {"language_queries": [query(0.0, 10.0), query(20.0, 30.0)], "annotation_uid": "a1"}]}]},
        {"video_uid": "v2", "clips": [{"clip_uid": "c2", "annotations": [
            {"annotation_uid": "a1", "language_queries": [query(5.0, 5.0)]}]}]},
    ]})
}

fn nlq_row(clip: &str, index: i64, windows: Value) -> Value {
    json!({"query_idx": index, "clip_uid": clip, "annotation_uid": "a1", "predicted_times": windows})
}

fn nlq(rows: Vec<Value>) -> String {
    json!({"results": rows, "version": "1.0", "challenge": "ego4d_nlq_challenge"}).to_string()
}

#[test]
fn the_manifests_and_the_readme_are_true() {
    is_documented(include_str!("../README.md"), &heldout_temporal::evaluators());
}

#[test]
fn queries_are_hit_by_more_than_the_threshold() {
    // Overlaps: exactly 0.5; 0.2 first and 0.9 second; a zero-length truth that nothing can hit.
    let rows = nlq(vec![
        nlq_row("c1", 0, json!([[0.0, 5.0]])),
        nlq_row("c2", 0, json!([[5.0, 5.0], [4.0, 6.0]])),
        nlq_row("c1", 1, json!([[20.0, 22.0], [20.0, 29.0]])),
    ]);
    let scores = scores("ego4d_nlq", &nlq_truth(), &rows);
    close(&scores, "r@1, IoU=0.3", 100.0 / 3.0);
    close(&scores, "r@1, IoU=0.5", 0.0);
    close(&scores, "r@3, IoU=0.7", 100.0 / 3.0);
    close(&scores, "Mean r@1", 50.0 / 3.0);
    close(&scores, "mIoU", 100.0 * 0.7 / 3.0);
}

#[test]
fn queries_are_grouped_by_video_and_sliced_by_template() {
    let prepared = task("ego4d_nlq", &nlq_truth(), &[], Mode::Strict).unwrap();
    assert_eq!(prepared.items().ids(), ["c1/a1/0", "c1/a1/1", "c2/a1/0"]);
    assert_eq!(prepared.items().group_names(), ["v1", "v2"]);
    assert_eq!(prepared.items().mask("template", "t").unwrap().to_vec(), [1.0, 1.0, 1.0]);
    assert_eq!(prepared.items().mask("clip", "c2").unwrap().to_vec(), [0.0, 0.0, 1.0]);
    assert_eq!(prepared.notes()[0].code, "empty_windows");
}

#[test]
fn all_faults_of_the_rows_are_told_at_once() {
    let rows = nlq(vec![
        nlq_row("c1", 0, json!([[0.0, 5.0]])),
        nlq_row("c1", 0, json!([[9.0, 5.0], [1.0], ["1", 2.0], 4.0])),
        nlq_row("c9", 0, json!([])),
        nlq_row("c1", 2, json!([])),
        json!({"clip_uid": "c1", "query_idx": 1.5, "predicted_times": {}}),
        json!([]),
    ]);
    assert_eq!(
        told(&sent("ego4d_nlq", &nlq_truth(), &rows).unwrap_err()),
        [
            "out_of_range /results/1/predicted_times/0",
            "wrong_shape /results/1/predicted_times/1",
            "not_a_number /results/1/predicted_times/2/0",
            "wrong_type /results/1/predicted_times/3",
            "duplicate_ids /results/1",
            "unknown_ids /results/2",
            "unknown_ids /results/3",
            "wrong_type /results/4/predicted_times",
            "wrong_type /results/4/query_idx",
            "missing_field /results/4",
            "wrong_type /results/5",
            "missing_ids /results",
            "missing_ids /results",
        ]
    );
}

#[test]
fn a_file_for_another_task_is_told_by_its_challenge() {
    let text =
        json!({"version": "1.0", "challenge": "ego4d_moment_queries", "detect_results": {}}).to_string();
    let faults = sent("ego4d_nlq", &nlq_truth(), &text).unwrap_err();
    assert_eq!(codes(&faults), ["wrong_challenge", "missing_field"]);
}

#[test]
fn rows_that_were_not_sent_vanish_only_in_reference_mode() {
    let rows = nlq(vec![
        nlq_row("c1", 0, json!([[0.0, 10.0]])),
        nlq_row("c1", 0, json!([[0.0, 10.0]])),
        nlq_row("c1", -1, json!([])),
    ]);
    let prepared = task("ego4d_nlq", &nlq_truth(), &[], Mode::Reference).unwrap();
    let evidence = evaluate(&*prepared, &rows).unwrap();
    assert_eq!(values(&evidence)["r@1, IoU=0.3"], Some(100.0 * (2.0 / 3.0)));
    // The query of the second video has no row, so that there is nothing to average over.
    assert_eq!(slice(&*prepared, &evidence, "video", "v2")["mIoU"], None);
}

fn moments_truth() -> Value {
    let moment = |label: &str, start: f64, end: f64| json!({"label": label, "start_time": start, "end_time": end, "primary": true});
    json!({
        "c1": {"video_id": "v1", "subset": "test", "annotations": [moment("cut", 0.0, 10.0), moment("wash", 20.0, 30.0)]},
        "c2": {"video_id": "v2", "subset": "test", "annotations": [moment("cut", 0.0, 10.0)]},
        "c3": {"video_id": "v3", "subset": "train", "annotations": [moment("iron", 0.0, 10.0)]},
    })
}

fn moments(detections: Value) -> String {
    json!({"version": "1.0", "challenge": "ego4d_moment_queries", "detect_results": detections, "retrieve_results": {}})
        .to_string()
}

fn detection(label: &str, score: f64, start: f64, end: f64) -> Value {
    json!({"label": label, "score": score, "segment": [start, end]})
}

#[test]
fn a_mask_by_clip_leaves_the_classes_that_the_clip_shows() {
    let prepared = task("ego4d_mq", &moments_truth(), &[], Mode::Strict).unwrap();
    let text = moments(json!({
        "c1": [detection("cut", 0.9, 50.0, 60.0), detection("cut", 0.8, 0.0, 10.0), detection("iron", 1.0, 0.0, 1.0)],
        "c2": [detection("cut", 0.7, 0.0, 10.0)],
        "elsewhere": [detection("wash", 0.9, 0.0, 1.0)],
    }));
    let evidence = evaluate(&*prepared, &text).unwrap();
    // cut: a miss, then two hits of two: 2/3 by the envelope; wash: never found.
    close(&values(&evidence), "mAP@0.5", 1.0 / 3.0);
    assert_eq!(slice(&*prepared, &evidence, "item", "c2")["mAP@0.5"], Some(1.0));
    assert_eq!(slice(&*prepared, &evidence, "item", "c1")["mAP@0.5"], Some(0.25));
    let notes: Vec<(&str, u64)> =
        evidence.notes().iter().map(|note| (note.code.as_str(), note.count)).collect();
    assert_eq!(notes, [("unknown_labels_dropped", 1), ("unknown_clips", 1)]);
}

#[test]
fn retrieval_follows_the_order_of_the_file_and_counts_n_answers() {
    let text = json!({"version": "1.0", "challenge": "ego4d_moment_queries", "detect_results": {},
        "retrieve_results": {"c1": [
            detection("cut", 0.1, 50.0, 60.0), detection("cut", 0.9, 0.0, 10.0), detection("wash", 0.5, 20.0, 25.0)]}});
    let scores = scores("ego4d_mq", &moments_truth(), &text.to_string());
    assert_eq!(scores["Recall@1x,tIoU=0.3"], Some(1.0 / 3.0));
    assert_eq!(scores["Recall@1x,tIoU=0.5"], Some(0.0));
    assert_eq!(scores["Recall@2x,tIoU=0.5"], Some(1.0 / 3.0));
    assert_eq!(scores["Recall@2x,tIoU=0.3"], Some(2.0 / 3.0));
}

fn videos_truth() -> Value {
    json!({"version": "1", "taxonomy": [{"nodeName": "Sleeping", "nodeId": 1}], "database": {
        "v1": {"subset": "validation", "annotations": [{"label": "Ironing", "segment": [0.0, 10.0]}]},
        "v2": {"subset": "validation", "annotations": [{"label": "Ironing", "segment": [0.0, 10.0]}]},
        "v3": {"subset": "training", "annotations": [{"label": "Cooking", "segment": [0.0, 10.0]}]},
    }})
}

#[test]
fn labels_are_known_from_the_whole_file_or_refused() {
    let id = "temporal_detection";
    let text = |label: &str| {
        json!({"version": "1", "results": {"v1": [detection(label, 0.9, 0.0, 10.0)]}, "external_data": {}})
            .to_string()
    };
    for (known, score) in [("Ironing", 0.5), ("Cooking", 0.0), ("Sleeping", 0.0)] {
        assert_eq!(scores(id, &videos_truth(), &text(known))["average_mAP"], Some(score));
    }
    let faults = sent(id, &videos_truth(), &text("ironing")).unwrap_err();
    assert_eq!(told(&faults), ["unknown_label /results/v1/0/label"]);
    assert!(!faults.to_string().contains("Ironing"), "{faults}");
}

#[test]
fn blocked_videos_leave_truth_and_submission() {
    let params = [("blocked_videos", "v2"), ("tiou", "0.5")];
    let prepared = task("temporal_detection", &videos_truth(), &params, Mode::Strict).unwrap();
    let text = json!({"version": "1", "results": {
        "v1": [detection("Ironing", 0.5, 0.0, 10.0)], "v2": [detection("Ironing", 0.9, 50.0, 60.0)]}});
    let scores = values(&evaluate(&*prepared, &text.to_string()).unwrap());
    assert_eq!(scores.len(), 2);
    assert_eq!((scores["average_mAP"], scores["mAP@0.50"]), (Some(1.0), Some(1.0)));
}

#[test]
fn segments_out_of_range_are_what_the_organizer_says() {
    let (id, truth) = ("temporal_detection", videos_truth());
    let text = json!({"version": "1", "results": {"v1": [
        detection("Ironing", 0.9, 20.0, 10.0), detection("Ironing", 0.8, -1.0, 10.0)]}})
    .to_string();
    assert_eq!(codes(&sent(id, &truth, &text).unwrap_err()), ["out_of_range", "out_of_range"]);
    // The length of -10 and the true one of 10 cancel out, and so the public code takes the first for a hit.
    for (choice, score) in [("miss", 0.25), ("as_public_code", 0.5)] {
        let params = [("out_of_range_segments", choice), ("tiou", "0.5")];
        let prepared = task(id, &truth, &params, Mode::Strict).unwrap();
        assert_eq!(values(&evaluate(&*prepared, &text).unwrap())["mAP@0.50"], Some(score), "{choice}");
    }
}

#[test]
fn no_submission_of_nothing_is_scored_by_accident() {
    let family = heldout_temporal::evaluators();
    for id in family.iter().map(|evaluator| &evaluator.manifest().id) {
        let prepared = example(&family, id, Mode::Strict);
        for text in ["", " ", "null", "[]", "{}", "3", "\"x\"", "{\"results\": null}", "PK\u{3}\u{4}"] {
            assert!(evaluate(&*prepared, text).is_err(), "{id} takes {text:?}");
        }
    }
}

#[test]
fn wrong_annotations_are_refused() {
    let refused = |id: &str, truth: &Value| task(id, truth, &[], Mode::Strict).unwrap_err();
    let code = |id: &str, truth: &Value| codes(&refused(id, truth))[0];
    assert_eq!(code("ego4d_nlq", &json!({})), "missing_field");
    assert_eq!(code("ego4d_nlq", &json!({"videos": []})), "empty_submission");
    assert_eq!(code("ego4d_mq", &json!({})), "invalid_parameter");
    assert_eq!(code("temporal_detection", &json!({"database": {}})), "invalid_parameter");
    let mut reversed = moments_truth();
    reversed["c1"]["annotations"][1]["end_time"] = json!(1.0);
    assert_eq!(told(&refused("ego4d_mq", &reversed))[0], "out_of_range /c1/annotations/1");
    let mut twice = nlq_truth();
    twice["videos"][1] = twice["videos"][0].clone();
    assert_eq!(code("ego4d_nlq", &twice), "duplicate_ids");
}
