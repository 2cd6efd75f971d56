//! The tables of degenerate inputs of the reference, which lie outside of the repository (`HELDOUT_SHARED`).

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use heldout_registry::Registry;
use sdk::{Evidence, Input, Inputs, Limits, Mode, Params, SubmissionFaults};
use serde_json::Value;

/// The cases of a table, unless the shared data is absent.
fn table(name: &str) -> Option<Vec<Value>> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    #[expect(
        clippy::disallowed_methods,
        reason = "tests are told by the environment where the shared data is"
    )]
    let shared = std::env::var("HELDOUT_SHARED").unwrap_or_else(|_| "../shared".to_owned());
    let path = repository.join(shared).join("golden/general/edge").join(name);
    let Ok(text) = std::fs::read_to_string(&path) else {
        #[expect(clippy::print_stderr, reason = "a test that skips says so")]
        {
            eprintln!(
                "SKIPPED: {} is absent; HELDOUT_SHARED names the folder of shared data",
                path.display()
            );
        }
        return None;
    };
    let table: Value = serde_json::from_str(&text).unwrap();
    Some(table["cases"].as_array().unwrap().clone())
}

/// A column of a case as JSON by id; words like `nan` stay texts.
fn by_id(column: &Value) -> String {
    let rows =
        column.as_array().unwrap().iter().enumerate().map(|(row, value)| (format!("r{row}"), value.clone()));
    Value::Object(rows.collect()).to_string()
}

fn evaluate(id: &str, truth: &Value, submission: &Value) -> Result<Evidence, SubmissionFaults> {
    let registry = Registry::built_in();
    let evaluator = registry.get(id).unwrap();
    let (truth, submission) = (by_id(truth), by_id(submission));
    let annotations = Inputs::main_only(Input::file("truth.json", truth.as_bytes()));
    let params = Params::defaults(&evaluator.manifest().params);
    let prepared = evaluator.prepare(&annotations, &params, Mode::Strict).unwrap();
    prepared.evaluate(&Input::file("submission.json", submission.as_bytes()), &Limits::default())
}

/// Compares every expected value; what the reference calls NaN, or refuses, is undefined here.
fn compare(case: &Value, evidence: &Evidence) {
    let scores = evidence.score_all();
    for (metric, expected) in
        case["expected"].as_object().unwrap().iter().filter(|(name, _)| *name != "labels")
    {
        let ours = scores.get(metric).unwrap_or_else(|| panic!("no metric {metric}")).value();
        let agrees = match (expected.as_f64(), ours) {
            (Some(expected), Some(ours)) => (ours - expected).abs() <= 1e-12 * expected.abs().max(ours.abs()),
            (expected, ours) => expected.is_none() && ours.is_none(),
        };
        assert!(agrees, "{}: {metric} is {ours:?}, not {expected}", case["name"]);
    }
}

#[test]
fn degenerate_labels_score_as_in_the_reference() {
    for case in table("cls_label.json").unwrap_or_default() {
        compare(&case, &evaluate("classification_label", &case["label"], &case["prediction"]).unwrap());
    }
}

#[test]
fn degenerate_binary_scores_score_as_in_the_reference() {
    for case in table("binary.json").unwrap_or_default() {
        match evaluate("classification_binary", &case["label"], &case["score"]) {
            Ok(evidence) => compare(&case, &evidence),
            Err(faults) => {
                assert_eq!(case["name"], "nan_score", "{faults}");
                assert_eq!(faults.0.fault_count, 1, "{faults}");
            }
        }
    }
}
