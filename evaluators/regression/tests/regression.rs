//! Golden cases, degenerate inputs, refusals, documentation and weights.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use conformance::golden::{Walk, case_of, real};
use conformance::manifest::is_documented;
use conformance::task::{codes, evaluate, evidence_keeps_its_word, prepare, values, weights_are_copies};
use proptest::prelude::*;
use sdk::{Evidence, Faults, Mode, Place};
use serde_json::Value;

const README: &str = include_str!("../README.md");

fn judge(truth: &str, submission: &str) -> Result<Evidence, Faults> {
    let family = heldout_regression::evaluators();
    let prepared = prepare(&family, "regression", &[("main", truth)], &[], Mode::Strict)?;
    let evidence = evaluate(&*prepared, submission)?;
    evidence_keeps_its_word(&*prepared, &evidence);
    Ok(evidence)
}

#[test]
fn golden_cases_agree() {
    Walk::of(heldout_regression::evaluators()).folder("general/regression").agrees_with_at_least(140);
}

#[test]
fn real_predictions_give_the_references_values() {
    real(&heldout_regression::evaluators(), &case_of("general/regression"), "sk_diabetes", 1e-12, 10);
}

/// A column of a case as JSON by id; words like `nan` stay texts.
fn by_id(column: &Value) -> String {
    let rows = column.as_array().unwrap().iter().enumerate();
    Value::Object(rows.map(|(row, value)| (format!("r{row}"), value.clone())).collect()).to_string()
}

#[test]
fn degenerate_numbers_score_as_in_the_reference() {
    for case in conformance::edge::table("regression") {
        match judge(&by_id(&case["value"]), &by_id(&case["prediction"])) {
            Ok(evidence) => conformance::edge::compare(&case, &evidence, &[]),
            Err(faults) => {
                assert_eq!(case["name"], "nan", "{faults}");
                assert_eq!(codes(&faults), ["not_a_number"]);
            }
        }
    }
}

#[test]
fn a_case_worked_by_hand() {
    let evidence = judge("id,value\na,1\nb,2\nc,4\nd,5\n", "id,value\nd,5\nc,2\nb,3\na,1\n").unwrap();
    let values = values(&evidence);
    let close = |name: &str, wanted: f64| {
        let found = values[name].unwrap();
        assert!((found - wanted).abs() < 1e-12, "{name}: {found}, not {wanted}");
    };
    // Errors 0, 1, -2, 0; the truth deviates from its mean 3 by -2, -1, 1, 2.
    close("mae", 0.75);
    close("mse", 1.25);
    close("rmse", 1.25_f64.sqrt());
    close("r2", 0.5);
    close("median_absolute_error", 0.5);
    close("max_error", 2.0);
    close("mape", (0.5 + 0.5) / 4.0);
    close("bias", -0.25);
    close("explained_variance", 1.0 - (5.0 - 1.0 / 4.0) / 10.0);
    close("kendall_tau_b", 4.0 / 6.0);
}

#[test]
fn what_is_wrong_is_refused_with_its_place() {
    const TRUTH: &str = "id,value\na,1\nb,2\n";
    let refused = |text: &str| codes(&judge(TRUTH, text).unwrap_err());
    assert_eq!(refused("id,value\na,1\n"), ["missing_ids"]);
    assert_eq!(refused("id,value\na,1\nb,2\nc,3\n"), ["unknown_ids"]);
    assert_eq!(refused("id,value\na,1\nb,2\na,1\n"), ["duplicate_ids"]);
    assert_eq!(refused("id,value\na,nan\nb,x\n"), ["not_finite", "not_a_number"]);
    assert_eq!(refused("id,value\na,1e999\nb,\n"), ["not_finite", "not_a_number"]);
    assert_eq!(refused("id,number\na,1\nb,2\n"), ["missing_column", "unexpected_column"]);
    assert_eq!(refused("id,value\na,1\nb\n"), ["invalid_csv", "missing_ids"]);
    assert_eq!(refused("id,value\n"), ["missing_ids", "missing_ids"]);
    assert_eq!(refused(""), ["empty_submission"]);
    assert_eq!(refused(r#"{"a": 1, "b": "2"}"#), ["not_a_number"]);
    assert_eq!(refused(r#"{"a": 1, "b": Infinity, "x": 1}"#), ["not_finite", "unknown_ids"]);
    assert_eq!(refused(r#"{"a": 1,"#), ["invalid_json"]);
    let faults = judge(TRUTH, "id,value\na,1\n\nb,two\n").unwrap_err();
    assert_eq!(faults.faults[0].place, Place::Line(4));
    assert_eq!(codes(&judge("id,value\na,1\na,2\n", "").unwrap_err()), ["duplicate_ids"]);
    assert_eq!(codes(&judge("id,value\n", "").unwrap_err()), ["empty_submission"]);
}

#[test]
fn what_is_documented_is_true() {
    is_documented(README, &heldout_regression::evaluators());
    let example = |language: &str| {
        let (_, rest) = README.split_once(&format!("```{language}\n")).unwrap();
        rest.split_once("```").unwrap().0
    };
    judge(example("csv"), example("json")).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn weights_are_copies_and_the_order_of_rows_means_nothing(
        rows in prop::collection::vec((-8..8_i32, -8..8_i32), 1..12),
        counts in prop::collection::vec(0..4_u8, 12),
    ) {
        let world = |copies: &[u8]| {
            let (mut truth, mut predicted) = (String::from("id,value"), Vec::new());
            for (item, ((one, other), copies)) in rows.iter().zip(copies).enumerate() {
                for copy in 0..*copies {
                    truth += &format!("\ni{item}_{copy},{}", f64::from(*one) / 4.0);
                    predicted.push(format!("i{item}_{copy},{}", f64::from(*other) / 4.0));
                }
            }
            let evidence = judge(&truth, &format!("id,value\n{}", predicted.join("\n"))).unwrap();
            predicted.reverse();
            let again = judge(&truth, &format!("id,value\n{}", predicted.join("\n"))).unwrap();
            assert_eq!(values(&evidence), values(&again), "the order of rows");
            evidence
        };
        weights_are_copies(&counts[..rows.len()], world);
    }
}
