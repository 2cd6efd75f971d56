//! What is wrong with a file is told: all of it, with its place.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use conformance::task::{codes, evaluate, prepare};
use sdk::{Faults, Mode, Place};

const REFERENCES: &str =
    "{\"id\": \"a\", \"references\": [\"zanzibar\"]}\n{\"id\": \"b\", \"references\": [\"x\", \"y\"]}\n";
const QUESTIONS: &str = r#"{"data": [{"paragraphs": [{"qas": [{"id": "q/1", "answers": [{"text": "zanzibar"}]},
    {"id": "q2", "answers": []}]}]}]}"#;

fn refused(id: &str, truth: &str, submission: &str) -> Faults {
    let prepared = prepare(&heldout_text::evaluators(), id, &[("main", truth)], &[], Mode::Strict).unwrap();
    let faults = evaluate(prepared.as_ref(), submission).unwrap_err();
    assert!(!faults.to_string().contains("zanzibar"), "{faults}");
    faults
}

fn refused_truth(id: &str, truth: &str, params: &[(&str, &str)]) -> Faults {
    prepare(&heldout_text::evaluators(), id, &[("main", truth)], params, Mode::Strict).map(drop).unwrap_err()
}

#[test]
fn generated_texts() {
    let submission = "{\"id\": \"c\", \"text\": \"\"}\n{\"id\": \"a\", \"text\": \"\"}\n{\"id\": \"a\", \"text\": \"\"}\n{\"id\": \"b\", \"text\": 1}\n";
    let faults = refused("text_generation", REFERENCES, submission);
    assert_eq!(codes(&faults), ["unknown_ids", "duplicate_ids", "wrong_type", "missing_ids"]);
    assert_eq!(faults.faults[2].place, Place::Line(4));
    let long = format!("{{\"a\": \"{}\", \"b\": \"{}\"}}", "w ".repeat(5001), "w".repeat(100_001));
    assert_eq!(codes(&refused("text_generation", REFERENCES, &long)), ["too_large", "too_large"]);
    let just_right = format!("{{\"a\": \"{}\", \"b\": \"{}\"}}", "w ".repeat(5000), "w".repeat(100_000));
    let cheap = [("scores", "bleu,exact_match")];
    let prepared = prepare(
        &heldout_text::evaluators(),
        "text_generation",
        &[("main", REFERENCES)],
        &cheap,
        Mode::Strict,
    );
    assert!(evaluate(prepared.unwrap().as_ref(), &just_right).is_ok());
}

#[test]
fn references_and_scores() {
    let faults = refused_truth("text_generation", "{\"a\": [], \"b\": [1], \"c\": \"x\"}", &[]);
    assert_eq!(codes(&faults), ["wrong_shape", "wrong_type"]);
    let twice = "id,references\na,x\na,y\n";
    assert_eq!(codes(&refused_truth("text_generation", twice, &[])), ["duplicate_ids"]);
    let unknown = refused_truth("text_generation", REFERENCES, &[("scores", "bleu,meteor")]);
    assert_eq!(codes(&unknown), ["invalid_parameter"]);
    assert_eq!(
        codes(&refused_truth("text_generation", REFERENCES, &[("scores", "[]")])),
        ["invalid_parameter"]
    );
}

#[test]
fn answers() {
    let faults = refused("text_qa", QUESTIONS, r#"{"q/1": null, "q3": "x", "q3": ["y"]}"#);
    assert_eq!(
        codes(&faults),
        ["unknown_ids", "wrong_type", "duplicate_key", "wrong_type", "missing_ids", "missing_ids"]
    );
    let pointers: Vec<&Place> = faults.faults.iter().map(|fault| &fault.place).collect();
    assert_eq!(*pointers[1], Place::Pointer("/q~11".to_owned()));
}

#[test]
fn questions() {
    let truth = r#"{"data": [{"paragraphs": [{"qas": [{"id": "q", "answers": [{"text": 1}, {}]}, {"id": "q", "answers": []},
        {"answers": []}, {"id": "r"}]}, {}]}, {}]}"#;
    let codes_of = codes(&refused_truth("text_qa", truth, &[])).join(" ");
    assert_eq!(
        codes_of,
        "wrong_type missing_field duplicate_ids missing_field missing_field missing_field missing_field"
    );
    assert_eq!(codes(&refused_truth("text_qa", "{}", &[])), ["missing_field"]);
    assert_eq!(codes(&refused_truth("text_qa", r#"{"data": []}"#, &[])), ["empty_submission"]);
}
