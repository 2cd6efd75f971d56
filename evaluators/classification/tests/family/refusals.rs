//! What is wrong with a file is told: all of it, with its place.

use conformance::task::{codes, evaluate, told};
use sdk::Mode;

use crate::support::{evaluate_file, prepare};

const LABELS: &str = "id,label\na,x\nb,y\nc,x\n";
const BINARY: &str = "id,label\na,1\nb,0\n";

/// The faults of a submission with their lines.
fn refused(id: &str, truth: &str, submission: &str) -> Vec<String> {
    let prepared = prepare(id, truth, &[], Mode::Strict).unwrap();
    told(&evaluate(prepared.as_ref(), submission).unwrap_err())
}

#[test]
fn ids_are_complete_known_and_distinct() {
    let faults = refused("classification_label", LABELS, "id,label\nb,x\nz,x\nb,y\n");
    assert_eq!(faults, ["unknown_ids line 3", "duplicate_ids line 4", "missing_ids", "missing_ids"]);
}

#[test]
fn columns_are_those_of_the_format() {
    let faults = refused("classification_label", LABELS, "id,lable\na,x\n");
    assert_eq!(faults, ["missing_column line 1", "unexpected_column line 1"]);
    let faults = refused("classification_probability", LABELS, "id,x\na,1\n");
    assert_eq!(faults, ["missing_column line 1"]);
    let faults = refused("classification_probability", LABELS, "id,x,y,z\na,1,0,0\nb,1,0,0\nc,1,0,0\n");
    assert_eq!(faults, ["unexpected_column line 1"]);
}

#[test]
fn numbers_are_finite() {
    let faults = refused("classification_binary", BINARY, "id,score\na,nan\nb,abc\n");
    assert_eq!(faults, ["not_finite line 2", "not_a_number line 3"]);
    let faults = refused("classification_binary", BINARY, "id,score\na,1e999\nb,\n");
    assert_eq!(faults, ["not_finite line 2", "not_a_number line 3"]);
}

#[test]
fn probabilities_are_probabilities() {
    let faults =
        refused("classification_probability", LABELS, "id,x,y\na,0.7,0.2\nb,1.5,-0.5\nc,0.6,0.4005\n");
    assert_eq!(faults, ["out_of_range line 2", "out_of_range line 3"]);
    let lenient = prepare("classification_probability", LABELS, &[], Mode::Reference).unwrap();
    let faults = evaluate(lenient.as_ref(), "id,x,y\na,0.7,0.2\nb,1.5,-0.5\nc,0.6,0.4005\n").unwrap_err();
    assert_eq!(codes(&faults), ["out_of_range"]);
}

#[test]
fn labels_are_of_the_listed_classes() {
    let prepared = prepare("classification_label", LABELS, &[("classes", "x,y")], Mode::Strict).unwrap();
    let faults = evaluate(prepared.as_ref(), "id,label\na,x\nb,w\nc,x\n").unwrap_err();
    assert_eq!(codes(&faults), ["unknown_label"]);
    // What the truth of the item is stays untold.
    assert!(!faults.to_string().contains("\"y\""), "{faults}");
    let faults = prepare("classification_label", LABELS, &[("classes", "x,w")], Mode::Strict).unwrap_err();
    assert_eq!(codes(&faults), ["unknown_label"]);
    assert_eq!(faults.faults[0].file.as_deref(), Some("main"));
}

#[test]
fn faults_of_json_have_pointers_or_lines() {
    let prepared = prepare("classification_probability", LABELS, &[], Mode::Strict).unwrap();
    let map = r#"{"a/1": {"x": 1, "y": 0}, "b": {"x": "1", "y": 0}, "c": {"x": 1, "z": 0}}"#;
    let faults = evaluate_file(prepared.as_ref(), "s.json", map).unwrap_err();
    let written = told(&faults);
    let expected =
        ["unknown_ids /a~11", "missing_ids", "not_a_number /b/x", "unknown_field /c/z", "missing_field /c"];
    for fault in expected {
        assert!(written.iter().any(|one| one == fault), "{fault}: {written:?}");
    }

    let lines = "{\"id\":\"a\",\"x\":1,\"y\":0}\n{\"id\":\"b\",\"x\":1}\n{\"id\":3,\"x\":1,\"y\":0}\n{\"id\":\"c\",\n";
    let faults = evaluate_file(prepared.as_ref(), "s.jsonl", lines).unwrap_err();
    let written = told(&faults);
    for fault in ["missing_field line 2", "wrong_type line 3", "invalid_json line 4"] {
        assert!(written.iter().any(|one| one == fault), "{fault}: {written:?}");
    }
}

#[test]
fn files_of_another_kind_are_told_so() {
    let prepared = prepare("classification_label", LABELS, &[], Mode::Strict).unwrap();
    let code = |name: &str, text: &str| codes(&evaluate_file(prepared.as_ref(), name, text).unwrap_err())[0];
    assert_eq!(code("s.csv", ""), "empty_submission");
    assert_eq!(code("s.csv", "PK\u{3}\u{4}rest"), "wrong_format");
    assert_eq!(code("s.json", "{\"a\": \"x\""), "invalid_json");
    assert_eq!(code("s.json", "[1, 2]"), "wrong_type");
    assert_eq!(code("s.json", "{\"a\": \"x\", \"a\": \"y\", \"b\": \"x\", \"c\": \"x\"}"), "duplicate_key");
    assert_eq!(code("s.csv", "id,label\na\n"), "invalid_csv");
}

#[test]
fn annotations_are_checked_like_submissions() {
    let refused = |id: &str, truth: &str, params: &[(&str, &str)]| {
        codes(&prepare(id, truth, params, Mode::Strict).unwrap_err())
    };
    assert_eq!(refused("classification_label", "id,label\na,x\na,y\n", &[]), ["duplicate_ids"]);
    assert_eq!(refused("classification_label", "id,label\n", &[]), ["empty_submission"]);
    assert_eq!(refused("classification_binary", "id,label\na,2\n", &[]), ["unknown_label"]);
    assert_eq!(refused("classification_binary", BINARY, &[("positive", "0")]), ["invalid_parameter"]);
    assert_eq!(refused("classification_multilabel", "id,labels\na,x|x\n", &[]), ["duplicate_key"]);
    assert_eq!(refused("classification_multilabel", "id,labels\na,\n", &[]), ["unknown_label"]);
    assert_eq!(refused("classification_probability", LABELS, &[("top_k", "1.5")]), ["invalid_parameter"]);
}
