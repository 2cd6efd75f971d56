//! What is wrong with a file is told: all of it, with its place and, where the mistake is a known one, a hint.

use conformance::task::evaluate;
use sdk::{Faults, Mode};
use serde_json::{Value, json};

use crate::support::{clips, faults, refused_truth, task};

/// The hints of a refused submission.
fn hints(id: &str, truth: &Value, submission: &str) -> Vec<String> {
    let faults: Faults = evaluate(&*task(id, truth, Mode::Strict), submission).unwrap_err();
    faults.faults.iter().filter_map(|fault| fault.hint.clone()).collect()
}

#[test]
fn options_are_whole_numbers_in_range() {
    let truth = json!({"a": 1, "b/c": 0, "d": 4, "e": 2, "f": 3, "g": 0, "h": 1});
    let prepared = task("egoschema", &truth, Mode::Strict);
    let text = r#"{"a": "1", "b/c": null, "d": 5, "e": 2.0, "f": true, "g": -1, "x": 0, "a": 9}"#;
    let expected = [
        "wrong_type /a",
        "wrong_type /b~1c",
        "out_of_range /d",
        "wrong_type /e",
        "wrong_type /f",
        "out_of_range /g",
        "unknown_ids /x",
        "duplicate_key /a",
        "out_of_range /a",
        "duplicate_ids /a",
        "missing_ids",
    ];
    assert_eq!(faults(&*prepared, text), expected);
    let table = "q_uid,answer\na,B\nb/c,\nd,5\ne,2.0\nf,1e400\ng,0\nx,0\ng,9\n";
    let expected = [
        "wrong_type line 2",
        "wrong_type line 3",
        "out_of_range line 4",
        "wrong_type line 5",
        "wrong_type line 6",
        "unknown_ids line 8",
        "out_of_range line 9",
        "duplicate_ids line 9",
        "missing_ids",
    ];
    assert_eq!(faults(&*prepared, table), expected);
}

#[test]
fn known_mistakes_with_options_have_hints() {
    let truth = json!({"a": 1, "b": 0});
    let of = |submission: &str| hints("mcq", &truth, submission);
    assert_eq!(of(r#"{"a": 5, "b": 0}"#), ["they are counted from 0"]);
    assert_eq!(of(r#"{"a": "B", "b": 0}"#), ["numbers are wanted: A is 0, B is 1"]);
    assert_eq!(of(r#"{"a": "2", "b": 0}"#), ["write the number without quotes"]);
    assert_eq!(of("id,answer\na,2.0\nb,0\n"), ["write it without a fraction"]);
}

#[test]
fn broken_text_is_told_alone() {
    let prepared = task("mcq", &json!({"a": 1, "b": 0}), Mode::Strict);
    assert_eq!(faults(&*prepared, "{\"a\": 1,"), ["invalid_json"]);
    assert_eq!(faults(&*prepared, ""), ["empty_submission"]);
    assert_eq!(faults(&*prepared, "q_uid,choice\na,1\n"), ["missing_column line 1"]);
    let deep = "/0".repeat(64);
    assert_eq!(faults(&*prepared, &"[".repeat(1000)), ["wrong_type".to_owned(), format!("too_deep {deep}")]);
}

#[test]
fn rows_of_clips_are_complete() {
    let truth = clips(&[("a", "v", Some(400)), ("b", "v", None), ("c", "v", None)]);
    let text = r#"[{"unique_id": "a", "pnr_frame": "12"}, {"unique_id": "a", "pnr_frame": 1},
                   {"pnr_frame": 1}, {"unique_id": "x", "pnr_frame": NaN}, 7, {"unique_id": "b"}]"#;
    let expected = [
        "not_a_number /0/pnr_frame",
        "duplicate_ids /1",
        "missing_field /2",
        "not_finite /3/pnr_frame",
        "unknown_ids /3",
        "wrong_type /4",
        "missing_field /5",
        "missing_ids",
    ];
    assert_eq!(faults(&*task("ego4d_pnr", &truth, Mode::Strict), text), expected);
    // A missing clip is told whether it counts or not.
    for left_out in ["a", "b"] {
        let others = ["a", "b", "c"].into_iter().filter(|id| *id != left_out);
        let rows = Value::from_iter(others.map(|id| json!({"unique_id": id, "pnr_frame": 1})));
        for mode in [Mode::Strict, Mode::Reference] {
            let prepared = task("ego4d_pnr", &truth, mode);
            assert_eq!(faults(&*prepared, &rows.to_string()), ["missing_ids"]);
        }
    }
}

#[test]
fn a_file_for_the_sibling_task_is_told() {
    let truth = clips(&[("a", "v", Some(400))]);
    let frame = r#"[{"unique_id": "a", "pnr_frame": 3}]"#;
    let change = r#"[{"unique_id": "a", "state_change": true}]"#;
    assert_eq!(hints("ego4d_oscc", &truth, frame), ["this row is one of ego4d_pnr"]);
    assert_eq!(hints("ego4d_pnr", &truth, change), ["this row is one of ego4d_oscc"]);
}

#[test]
fn a_change_is_decided() {
    let truth = clips(&[("a", "v", Some(400)), ("b", "v", None), ("c", "v", None), ("d", "v", None)]);
    let text = r#"[{"unique_id": "a", "state_change": "true"}, {"unique_id": "b", "state_change": 0.7},
                   {"unique_id": "c", "state_change": null}, {"unique_id": "d", "state_change": Infinity}]"#;
    let expected = [
        "wrong_type /0/state_change",
        "wrong_type /1/state_change",
        "wrong_type /2/state_change",
        "not_finite /3/state_change",
    ];
    assert_eq!(faults(&*task("ego4d_oscc", &truth, Mode::Strict), text), expected);
    let hints = hints("ego4d_oscc", &truth, text);
    assert_eq!(hints[0], "write true or false without quotes");
    assert_eq!(hints[1], "send the decision, not its probability");
}

#[test]
fn logits_have_their_shape() {
    let truth = json!({"videos": ["x", "y", "z"], "gt_annotations": [1, 3, 0]});
    let prepared = task("egoexo_proficiency", &truth, Mode::Strict);
    let text = r#"{"videos": ["x", "q", "x", 4],
        "ego_model_predictions": [[1, 2, 3], [1, 2, 3, 4, 5], ["1", 2, 3, 1e999], {}],
        "exo_model_predictions": [[[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4]]]}"#;
    let expected = [
        "unknown_ids /videos/1",
        "duplicate_ids /videos/2",
        "wrong_type /videos/3",
        "wrong_shape /ego_model_predictions/0",
        "wrong_shape /ego_model_predictions/1",
        "not_a_number /ego_model_predictions/2/0",
        "not_finite /ego_model_predictions/2/3",
        "wrong_type /ego_model_predictions/3",
        "wrong_shape /exo_model_predictions/0",
        "missing_ids",
        "missing_ids",
        "wrong_shape /exo_model_predictions",
    ];
    assert_eq!(faults(&*prepared, text), expected);
    let labels = r#"{"videos": ["x", "y", "z"], "predictions": [0, 1, 2]}"#;
    assert_eq!(faults(&*prepared, labels), ["missing_field", "missing_field"]);
    assert!(hints("egoexo_proficiency", &truth, labels)[0].contains("logits"));
    let nameless = r#"{"ego_model_predictions": [], "exo_model_predictions": []}"#;
    assert_eq!(faults(&*prepared, nameless), ["missing_field"]);
}

#[test]
fn keysteps_are_those_of_the_benchmark() {
    let truth = json!({"segments": [{"ego_segment_name": "a", "label_id": 277}, {"ego_segment_name": "b", "label_id": 0}]});
    let prepared = task("egoexo_keystep", &truth, Mode::Strict);
    let text = r#"{"a": 278, "b": -1, "c": 0}"#;
    assert_eq!(faults(&*prepared, text), ["unknown_label /a", "unknown_label /b", "unknown_ids /c"]);
}

#[test]
fn procedures_are_answered_whole() {
    let truth = json!({"takes": {"t": {"keysteps": [1, "two"], "segments": [
        {"segment_id": 0, "previous_keysteps": [1], "optional_keystep": true, "procedural_mistake": false,
         "missing_keysteps": [], "future_keysteps": ["two"]},
        {"segment_id": 1, "previous_keysteps": [], "optional_keystep": true, "procedural_mistake": false,
         "missing_keysteps": [], "future_keysteps": []}]}}});
    let prepared = task("egoexo_procedure", &truth, Mode::Strict);
    let text = r#"{"results": {"t": {
        "0": {"previous_keysteps": {"1": "x", "3": 1}, "optional_keystep": true, "procedural_mistake": [],
              "missing_keysteps": [1], "future_keysteps": {"two": 1, "two": 2}},
        "2": {"previous_keysteps": {"9": {}}, "optional_keystep": 0}},
        "u": {"0": {}}}}"#;
    let expected = [
        "not_a_number /results/t/0/previous_keysteps/1",
        "unknown_label /results/t/0/previous_keysteps/3",
        "not_a_number /results/t/0/optional_keystep",
        "not_a_number /results/t/0/procedural_mistake",
        "wrong_type /results/t/0/missing_keysteps",
        "duplicate_key /results/t/0/future_keysteps/two",
        "unknown_ids /results/t/2",
        "missing_field /results/t/2",
        "missing_field /results/t/2",
        "missing_field /results/t/2",
        "unknown_ids /results/u/0",
    ];
    let found = faults(&*prepared, text);
    assert_eq!(found[..expected.len()], expected);
    assert_eq!(found.last().unwrap(), "missing_ids");
    assert_eq!(faults(&*prepared, "{}"), ["missing_field"]);
    assert_eq!(faults(&*prepared, r#"{"results": {}}"#), ["missing_ids", "missing_ids"]);
}

#[test]
fn annotations_are_refused_as_strictly() {
    assert_eq!(refused_truth("mcq", "{}"), ["empty_submission"]);
    assert_eq!(
        refused_truth("mcq", r#"{"a": 5, "a": 0}"#),
        ["out_of_range", "duplicate_key", "duplicate_ids"]
    );
    assert_eq!(refused_truth("ego4d_oscc", r#"{"clips": []}"#), ["empty_submission"]);
    assert_eq!(refused_truth("ego4d_oscc", "{}"), ["missing_field"]);
    let twice = r#"{"clips": [{"unique_id": "a", "state_change": 1}, {"unique_id": "a", "state_change": true},
                              {"unique_id": "a", "state_change": true}, {}]}"#;
    assert_eq!(
        refused_truth("ego4d_oscc", twice),
        ["wrong_type", "duplicate_ids", "missing_field", "missing_field"]
    );
    let windows = r#"{"clips": [{"unique_id": "a", "state_change": true},
        {"unique_id": "b", "state_change": false, "parent_start_sec": 8, "parent_end_sec": 8, "parent_start_frame": 1,
         "parent_end_frame": 2},
        {"unique_id": "c", "state_change": true, "parent_start_sec": -1e308, "parent_end_sec": 1e308,
         "parent_start_frame": 1, "parent_end_frame": 2, "parent_pnr_frame": null}]}"#;
    let expected = ["missing_field"; 5].into_iter().chain(["out_of_range", "out_of_range"]);
    let mut found = refused_truth("ego4d_pnr", windows);
    // The change of the last clip is null, which is no frame.
    let position = found.iter().rposition(|code| *code == "missing_field").unwrap();
    found.remove(position);
    assert_eq!(found, expected.collect::<Vec<_>>());
    let lists = r#"{"videos": ["a", "a"], "gt_annotations": [4, 1, 2], "scenario_names": []}"#;
    assert_eq!(refused_truth("egoexo_proficiency", lists), ["duplicate_ids", "out_of_range", "wrong_shape"]);
    let segments = r#"{"segments": [{"ego_segment_name": "a", "label_id": 278}, {"label_id": 1},
        {"ego_segment_name": "b", "label_id": 1}, {"ego_segment_name": "b", "label_id": 1}]}"#;
    assert_eq!(
        refused_truth("egoexo_keystep", segments),
        ["unknown_label", "missing_field", "duplicate_ids"]
    );
    let takes = r#"{"takes": {"t": {"keysteps": [1, 1], "segments": [
        {"segment_id": 0, "previous_keysteps": [2], "optional_keystep": 1, "procedural_mistake": true,
         "missing_keysteps": [], "future_keysteps": []}, {"segment_id": 0}]}, "u": {}}}"#;
    let expected = ["duplicate_ids", "wrong_type"].into_iter().chain(["missing_field"; 5]);
    let expected: Vec<&str> =
        expected.chain(["unknown_label", "duplicate_ids", "missing_field", "missing_field"]).collect();
    assert_eq!(refused_truth("egoexo_procedure", takes), expected);
}

#[test]
fn faults_never_tell_the_truth() {
    let prepared = task("mcq", &json!({"a": 3, "b": 3, "c": 3}), Mode::Strict);
    let told = evaluate(&*prepared, r#"{"a": 7, "b": "x", "d": 1}"#).unwrap_err().to_string();
    assert!(!told.contains(" 3 ") || told.contains("none for 1 of 3"), "{told}");
    let takes = json!({"takes": {"t": {"keysteps": ["zanzibar"], "segments": [
        {"segment_id": 0, "previous_keysteps": ["zanzibar"], "optional_keystep": true, "procedural_mistake": false,
         "missing_keysteps": [], "future_keysteps": []}]}}});
    let told = evaluate(&*task("egoexo_procedure", &takes, Mode::Strict), r#"{"results": {"t": {"0": {}}}}"#);
    assert!(!told.unwrap_err().to_string().contains("zanzibar"));
}

#[test]
fn a_million_repeated_ids_are_counted() {
    let prepared = task("mcq", &json!({"a": 3}), Mode::Strict);
    let text = format!("{{{}\"a\":1}}", "\"a\":1,".repeat(1_000_000));
    let refused = evaluate(&*prepared, &text).unwrap_err();
    assert_eq!(refused.fault_count, 2_000_000);
    assert_eq!(refused.faults.len(), 50);
}
