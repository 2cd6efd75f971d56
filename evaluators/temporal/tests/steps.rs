//! GoalStep's own files, and steps that are done several times.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use conformance::task::{Values, codes, evaluate, prepare, values};
use sdk::{Faults, Mode, Prepared};
use serde_json::{Value, json};

fn try_prepare(id: &str, truth: &Value, mode: Mode) -> Result<Box<dyn Prepared>, Faults> {
    prepare(&heldout_temporal::evaluators(), id, &[("main", &truth.to_string())], &[], mode)
}

fn goalstep(truth: &Value, mode: Mode) -> Box<dyn Prepared> {
    try_prepare("ego4d_goalstep", truth, mode).unwrap()
}

fn row(annotation: &str, index: usize, windows: Value) -> Value {
    json!({"clip_uid": "v1", "annotation_uid": annotation, "query_idx": index, "predicted_times": windows})
}

fn scores(prepared: &dyn Prepared, rows: Vec<Value>) -> Values {
    let sent = json!({"version": "1.0", "challenge": "ego4d_goalstep_challenge", "results": rows});
    values(&evaluate(prepared, &sent.to_string()).unwrap())
}

fn several() -> Value {
    let window = |start: f64, end: f64| json!({"start_time": start, "end_time": end});
    json!({"version": "1.0", "videos": [{"video_uid": "v1", "goal_category": "COOKING:MAKE_BREAD", "step_segments": [
        {"step_description": "knead", "segment_count": 2, "segments": [window(0.0, 10.0), window(50.0, 60.0)]},
        {"step_description": "bake", "segments": [window(70.0, 80.0)]}]}]})
}

#[test]
fn any_of_several_windows_can_be_hit() {
    let rows = || vec![row("v1", 1, json!([[0, 1]])), row("v1", 0, json!([[50, 56], [0, 10]]))];
    let strict = scores(&*goalstep(&several(), Mode::Strict), rows());
    assert_eq!((strict["r@1, IoU=0.5"], strict["r@1, IoU=0.7"]), (Some(50.0), Some(0.0)));
    assert_eq!(strict["r@3, IoU=0.7"], Some(50.0));
    assert!((strict["mIoU"].unwrap() - 30.0).abs() < 1e-12);
    // The public code takes the mean over the true windows of the first predicted one.
    let reference = scores(&*goalstep(&several(), Mode::Reference), rows());
    assert_eq!(reference["r@1, IoU=0.5"], Some(50.0));
    assert!((reference["mIoU"].unwrap() - 15.0).abs() < 1e-12);
}

#[test]
fn of_many_windows_the_public_code_takes_the_best_three() {
    let windows = [0.0, 20.0, 40.0, 60.0].map(|start| json!({"start_time": start, "end_time": start + 10.0}));
    let truth = json!({"videos": [{"video_uid": "v1", "step_segments": [{"segments": windows}]}]});
    let miou = |mode| scores(&*goalstep(&truth, mode), vec![row("v1", 0, json!([[0, 70]]))])["mIoU"].unwrap();
    assert!((miou(Mode::Reference) - 100.0 / 7.0).abs() < 1e-12);
    let first =
        |mode| scores(&*goalstep(&truth, mode), vec![row("v1", 0, json!([[0, 30]]))])["mIoU"].unwrap();
    assert!((first(Mode::Strict) - 100.0 / 3.0).abs() < 1e-12);
    assert!((first(Mode::Reference) - 100.0 * (2.0 / 3.0) / 3.0).abs() < 1e-12);
}

#[test]
fn steps_are_followed_by_their_substeps() {
    let truth = json!({"videos": [{"video_uid": "v1", "start_time": 0.5, "end_time": 90, "goal_category": "g", "segments": [
        {"start_time": 0, "end_time": 40, "is_relevant": "essential", "segments": [
            {"start_time": 5, "end_time": 10, "is_relevant": "optional", "summary": []}]},
        {"start_time": 50, "end_time": 60, "segments": []}]}]});
    let prepared = goalstep(&truth, Mode::Strict);
    let items = prepared.items();
    assert_eq!(items.ids(), ["v1/v1/0", "v1/v1/1", "v1/v1/2"]);
    assert_eq!(items.mask("level", "substep").unwrap().to_vec(), [0.0, 1.0, 0.0]);
    assert_eq!(items.mask("relevance", "essential").unwrap().to_vec(), [1.0, 0.0, 0.0]);
    assert_eq!(items.mask("goal", "g").unwrap().to_vec(), [1.0, 1.0, 1.0]);
    // Either name of the annotation will do.
    let rows = vec![
        row("v1", 0, json!([[0, 40]])),
        row("v1_0.5_90", 1, json!([[5, 10]])),
        row("v1_0.5_90", 2, json!([[0, 1]])),
    ];
    assert!((scores(&*prepared, rows)["r@1, IoU=0.7"].unwrap() - 200.0 / 3.0).abs() < 1e-12);
}

#[test]
fn the_example_of_the_readme_is_accepted() {
    let readme = include_str!("../README.md");
    let (_, example) = readme.split_once("```json\n{\"videos\"").unwrap();
    let example = format!("{{\"videos\"{}", example.split("```").next().unwrap());
    let truth: Value = serde_json::from_str(&example).unwrap();
    let prepared = goalstep(&truth, Mode::Strict);
    assert_eq!(scores(&*prepared, vec![row("v1", 0, json!([[95, 110]]))])["r@1, IoU=0.7"], Some(100.0));
}

#[test]
fn steps_without_right_windows_are_refused() {
    let refused = |video: Value| {
        let faults = try_prepare("ego4d_goalstep", &json!({"videos": [video]}), Mode::Strict).unwrap_err();
        codes(&faults)
    };
    // The public file of the test set has no windows.
    let public =
        json!({"video_uid": "v1", "step_segments": [{"step_description": "knead", "segment_count": 2}]});
    assert_eq!(refused(public), ["missing_field"]);
    let windows = json!([{"start_time": 1, "end_time": 0}, {"start_time": 1}, 7]);
    let wrong = json!({"video_uid": "v1", "step_segments": [{"segment_count": 2, "segments": windows}, {"segments": []}]});
    assert_eq!(refused(wrong), ["out_of_range", "missing_field", "wrong_type", "wrong_shape", "wrong_shape"]);
    assert_eq!(refused(json!({"video_uid": "v1"})), ["missing_field", "empty_submission"]);
    let segments =
        json!({"video_uid": "v1", "segments": [{"end_time": 1, "segments": [{"start_time": "1"}]}]});
    assert_eq!(refused(segments), ["not_a_number", "missing_field", "missing_field"]);
    // They are no file of the sibling task.
    assert_eq!(codes(&try_prepare("ego4d_nlq", &several(), Mode::Strict).unwrap_err())[0], "missing_field");
}
