//! Small cases worked by hand, for every evaluator of the family; they need no data from outside.

mod support;

use sdk::{Code, Mode, Score};
use serde_json::{Value, json};
use support::{Task, example};

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
fn every_example_of_the_documentation_is_accepted() {
    for evaluator in heldout_temporal::evaluators() {
        let (task, submission) = example(&*evaluator);
        for mode in [Mode::Strict, Mode::Reference] {
            let prepared = task.prepare(mode);
            let evidence = support::evaluate(&*prepared, submission.as_bytes()).unwrap();
            assert_eq!(evidence.items(), prepared.items().len());
            let scored: Vec<&str> = evidence.metrics().iter().map(|metric| metric.name.as_str()).collect();
            for metric in prepared.metrics() {
                assert!(scored.contains(&metric.name.as_str()), "{} lacks {}", task.id, metric.name);
            }
            assert_eq!(scored.len(), prepared.metrics().len(), "{}", task.id);
        }
        assert_eq!(task.prepare(Mode::Strict).metrics(), evaluator.manifest().metrics, "{}", task.id);
    }
}

#[test]
fn queries_are_hit_by_more_than_the_threshold() {
    let task = Task::new("ego4d_nlq", nlq_truth());
    // Overlaps: exactly 0.5; 0.2 first and 0.9 second; a zero-length truth that nothing can hit.
    let scores = task.scores(&nlq(vec![
        nlq_row("c1", 0, json!([[0.0, 5.0]])),
        nlq_row("c2", 0, json!([[5.0, 5.0], [4.0, 6.0]])),
        nlq_row("c1", 1, json!([[20.0, 22.0], [20.0, 29.0]])),
    ]));
    let value = |metric: &str| scores[metric].value().unwrap();
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} and {b}");
    close(value("r@1, IoU=0.3"), 100.0 / 3.0);
    close(value("r@1, IoU=0.5"), 0.0);
    close(value("r@3, IoU=0.7"), 100.0 / 3.0);
    close(value("Mean r@1"), 50.0 / 3.0);
    close(value("mIoU"), 100.0 * 0.7 / 3.0);
}

#[test]
fn queries_are_grouped_by_video_and_sliced_by_template() {
    let prepared = Task::new("ego4d_nlq", nlq_truth()).prepare(Mode::Strict);
    assert_eq!(prepared.items().ids(), ["c1/a1/0", "c1/a1/1", "c2/a1/0"]);
    assert_eq!(prepared.items().group_names(), ["v1", "v2"]);
    assert_eq!(prepared.items().mask("template", "t").unwrap().to_vec(), [1.0, 1.0, 1.0]);
    assert_eq!(prepared.items().mask("clip", "c2").unwrap().to_vec(), [0.0, 0.0, 1.0]);
    assert_eq!(prepared.notes()[0].code, "empty_windows");
}

#[test]
fn all_faults_of_the_rows_are_told_at_once() {
    let faults = Task::new("ego4d_nlq", nlq_truth()).faults(&nlq(vec![
        nlq_row("c1", 0, json!([[0.0, 5.0]])),
        nlq_row("c1", 0, json!([[9.0, 5.0], [1.0], ["1", 2.0], 4.0])),
        nlq_row("c9", 0, json!([])),
        nlq_row("c1", 2, json!([])),
        json!({"clip_uid": "c1", "query_idx": 1.5, "predicted_times": {}}),
        json!([]),
    ]));
    let seen: Vec<(Code, &str)> = faults.iter().map(|(code, place, _)| (*code, place.as_str())).collect();
    assert_eq!(
        seen,
        [
            (Code::OutOfRange, "/results/1/predicted_times/0"),
            (Code::WrongShape, "/results/1/predicted_times/1"),
            (Code::NotANumber, "/results/1/predicted_times/2/0"),
            (Code::WrongType, "/results/1/predicted_times/3"),
            (Code::DuplicateIds, "/results/1"),
            (Code::UnknownIds, "/results/2"),
            (Code::UnknownIds, "/results/3"),
            (Code::WrongType, "/results/4/predicted_times"),
            (Code::WrongType, "/results/4/query_idx"),
            (Code::MissingField, "/results/4"),
            (Code::WrongType, "/results/5"),
            (Code::MissingIds, "/results"),
            (Code::MissingIds, "/results"),
        ]
    );
}

#[test]
fn a_file_for_another_task_is_told_by_its_challenge() {
    let text =
        json!({"version": "1.0", "challenge": "ego4d_moment_queries", "detect_results": {}}).to_string();
    let faults = Task::new("ego4d_nlq", nlq_truth()).faults(&text);
    let codes: Vec<Code> = faults.iter().map(|(code, _, _)| *code).collect();
    assert_eq!(codes, [Code::WrongChallenge, Code::MissingField]);
}

#[test]
fn rows_that_were_not_sent_vanish_only_in_reference_mode() {
    let rows = nlq(vec![
        nlq_row("c1", 0, json!([[0.0, 10.0]])),
        nlq_row("c1", 0, json!([[0.0, 10.0]])),
        nlq_row("c1", -1, json!([])),
    ]);
    let task = Task::new("ego4d_nlq", nlq_truth());
    let prepared = task.prepare(Mode::Reference);
    let evidence = support::evaluate(&*prepared, rows.as_bytes()).unwrap();
    assert_eq!(evidence.score_all().get("r@1, IoU=0.3"), Some(Score::of(100.0 * (2.0 / 3.0))));
    // The query of the second video has no row, so that there is nothing to average over.
    let of_second = prepared.items().mask("video", "v2").unwrap();
    assert!(evidence.score(of_second.view()).get("mIoU").unwrap().value().is_none());
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
    let task = Task::new("ego4d_mq", moments_truth());
    let prepared = task.prepare(Mode::Strict);
    let text = moments(json!({
        "c1": [detection("cut", 0.9, 50.0, 60.0), detection("cut", 0.8, 0.0, 10.0), detection("iron", 1.0, 0.0, 1.0)],
        "c2": [detection("cut", 0.7, 0.0, 10.0)],
        "elsewhere": [detection("wash", 0.9, 0.0, 1.0)],
    }));
    let evidence = support::evaluate(&*prepared, text.as_bytes()).unwrap();
    // cut: a miss, then two hits of two: 2/3 by the envelope; wash: never found.
    let all = evidence.score_all();
    assert!((all.get("mAP@0.5").unwrap().value().unwrap() - 1.0 / 3.0).abs() < 1e-12);
    let second = evidence.score(prepared.items().mask("item", "c2").unwrap().view());
    assert_eq!(second.get("mAP@0.5"), Some(Score::Value(1.0)));
    let first = evidence.score(prepared.items().mask("item", "c1").unwrap().view());
    assert_eq!(first.get("mAP@0.5"), Some(Score::Value(0.25)));
    let notes: Vec<(&str, u64)> =
        evidence.notes().iter().map(|note| (note.code.as_str(), note.count)).collect();
    assert_eq!(notes, [("unknown_labels_dropped", 1), ("unknown_clips", 1)]);
}

#[test]
fn retrieval_follows_the_order_of_the_file_and_counts_n_answers() {
    let task = Task::new("ego4d_mq", moments_truth());
    let text = json!({"version": "1.0", "challenge": "ego4d_moment_queries", "detect_results": {},
        "retrieve_results": {"c1": [
            detection("cut", 0.1, 50.0, 60.0), detection("cut", 0.9, 0.0, 10.0), detection("wash", 0.5, 20.0, 25.0)]}});
    let scores = task.scores(&text.to_string());
    let third = 1.0 / 3.0;
    assert_eq!(scores["Recall@1x,tIoU=0.3"], Score::Value(third));
    assert_eq!(scores["Recall@1x,tIoU=0.5"], Score::Value(0.0));
    assert_eq!(scores["Recall@2x,tIoU=0.5"], Score::Value(third));
    assert_eq!(scores["Recall@2x,tIoU=0.3"], Score::Value(2.0 / 3.0));
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
    let task = Task::new("temporal_detection", videos_truth());
    let text = |label: &str| {
        json!({"version": "1", "results": {"v1": [detection(label, 0.9, 0.0, 10.0)]}, "external_data": {}})
            .to_string()
    };
    assert_eq!(task.scores(&text("Ironing"))["average_mAP"], Score::of(0.5));
    for known in ["Cooking", "Sleeping"] {
        assert_eq!(task.scores(&text(known))["average_mAP"], Score::Value(0.0));
    }
    let (code, place, message) = task.faults(&text("ironing"))[0].clone();
    assert_eq!((code, place.as_str()), (Code::UnknownLabel, "/results/v1/0/label"));
    assert!(!message.contains("Ironing"), "{message}");
}

#[test]
fn blocked_videos_leave_truth_and_submission() {
    let mut task = Task::new("temporal_detection", videos_truth());
    task.params = json!({"blocked_videos": ["v2"], "tiou": [0.5]});
    let text = json!({"version": "1", "results": {
        "v1": [detection("Ironing", 0.5, 0.0, 10.0)], "v2": [detection("Ironing", 0.9, 50.0, 60.0)]}});
    let scores = task.scores(&text.to_string());
    assert_eq!(scores["average_mAP"], Score::Value(1.0));
    assert_eq!(scores["mAP@0.50"], Score::Value(1.0));
    assert_eq!(scores.len(), 2);
}

#[test]
fn segments_out_of_range_are_what_the_organizer_says() {
    let mut task = Task::new("temporal_detection", videos_truth());
    let text = json!({"version": "1", "results": {"v1": [
        detection("Ironing", 0.9, 20.0, 10.0), detection("Ironing", 0.8, -1.0, 10.0)]}})
    .to_string();
    let refused: Vec<Code> = task.faults(&text).iter().map(|(code, _, _)| *code).collect();
    assert_eq!(refused, [Code::OutOfRange, Code::OutOfRange]);
    task.params = json!({"out_of_range_segments": "miss", "tiou": [0.5]});
    assert_eq!(task.scores(&text)["mAP@0.50"], Score::Value(0.25));
    // Its length of -10 and the true one of 10 cancel out, and so the public code takes it for a hit.
    task.params = json!({"out_of_range_segments": "as_public_code", "tiou": [0.5]});
    assert_eq!(task.scores(&text)["mAP@0.50"], Score::Value(0.5));
}

#[test]
fn no_submission_of_nothing_is_scored_by_accident() {
    for evaluator in heldout_temporal::evaluators() {
        let (task, _) = example(&*evaluator);
        for text in ["", " ", "null", "[]", "{}", "3", "\"x\"", "{\"results\": null}", "PK\u{3}\u{4}"] {
            assert!(!task.faults(text).is_empty(), "{} takes {text:?}", task.id);
        }
    }
}

#[test]
fn wrong_annotations_are_refused() {
    let refused = |id: &str, truth: Value| {
        let faults = Task::new(id, truth).try_prepare(Mode::Strict).unwrap_err().0;
        (faults.faults[0].code, faults.faults[0].to_string())
    };
    assert_eq!(refused("ego4d_nlq", json!({})).0, Code::MissingField);
    assert_eq!(refused("ego4d_nlq", json!({"videos": []})).0, Code::EmptySubmission);
    assert_eq!(refused("ego4d_mq", json!({})).0, Code::InvalidParameter);
    assert_eq!(refused("temporal_detection", json!({"database": {}})).0, Code::InvalidParameter);
    let mut reversed = moments_truth();
    reversed["c1"]["annotations"][1]["end_time"] = json!(1.0);
    let (code, told) = refused("ego4d_mq", reversed);
    assert_eq!(code, Code::OutOfRange);
    assert!(told.starts_with("/c1/annotations/1: "), "{told}");
    let mut twice = nlq_truth();
    twice["videos"][1] = twice["videos"][0].clone();
    assert_eq!(refused("ego4d_nlq", twice).0, Code::DuplicateIds);
}
