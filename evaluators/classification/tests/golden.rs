//! The golden cases, the tables of degenerate inputs and the real data of the family.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use conformance::golden::{Walk, case_of, real};
use conformance::task::{evaluate, prepare};
use sdk::{Evidence, Faults, Mode};
use serde_json::Value;

#[test]
fn golden_cases_agree() {
    Walk::of(heldout_classification::evaluators())
        .folder("general/cls_label")
        .folder("general/cls_prob")
        .folder("general/binary")
        .folder("general/multilabel")
        .agrees_with_at_least(400);
}

#[test]
fn real_tables_give_the_references_values() {
    let family = heldout_classification::evaluators();
    for (name, golden) in [
        ("sk_iris", "general/cls_label"),
        ("sk_wine", "general/cls_prob"),
        ("sk_digits", "general/cls_prob"),
        ("sk_breast_cancer", "general/binary"),
    ] {
        real(&family, &case_of(golden), name, 1e-12, 11);
    }
}

/// A column of a case as JSON by id; words like `nan` stay texts.
fn by_id(column: &Value) -> String {
    let rows =
        column.as_array().unwrap().iter().enumerate().map(|(row, value)| (format!("r{row}"), value.clone()));
    Value::Object(rows.collect()).to_string()
}

fn degenerate(id: &str, truth: &Value, submission: &Value) -> Result<Evidence, Faults> {
    let family = heldout_classification::evaluators();
    let prepared = prepare(&family, id, &[("main", &by_id(truth))], &[], Mode::Strict).unwrap();
    evaluate(&*prepared, &by_id(submission))
}

#[test]
fn degenerate_labels_score_as_in_the_reference() {
    for case in conformance::edge::table("cls_label") {
        let evidence = degenerate("classification_label", &case["label"], &case["prediction"]).unwrap();
        conformance::edge::compare(&case, &evidence, &["labels"]);
    }
}

#[test]
fn degenerate_binary_scores_score_as_in_the_reference() {
    for case in conformance::edge::table("binary") {
        match degenerate("classification_binary", &case["label"], &case["score"]) {
            Ok(evidence) => conformance::edge::compare(&case, &evidence, &["labels"]),
            Err(faults) => {
                assert_eq!(case["name"], "nan_score", "{faults}");
                assert_eq!(faults.fault_count, 1, "{faults}");
            }
        }
    }
}
