//! `repetition_counting`: worked by hand, refusals, weights.

use conformance::task::{codes, evaluate, evidence_keeps_its_word, prepare, values, weights_are_copies};
use proptest::prelude::*;
use sdk::{Evidence, Faults, Mode};

fn judge(truth: &str, submission: &str, mode: Mode) -> Result<Evidence, Faults> {
    let family = heldout_regression::evaluators();
    let prepared = prepare(&family, "repetition_counting", &[("main", truth)], &[], mode)?;
    let evidence = evaluate(&*prepared, submission)?;
    evidence_keeps_its_word(&*prepared, &evidence);
    Ok(evidence)
}

#[test]
fn a_case_worked_by_hand() {
    // Rounded 12, 5, 30 and 2 (halfway, to the even one): errors 0, 1, 1, 2.
    let truth = "id,count\na,12\nb,4\nc,31\nd,4\n";
    let sent = "id,count\nd,2.5\na,11.6\nb,5\nc,30.49\n";
    let strict = values(&judge(truth, sent, Mode::Strict).unwrap());
    let close = |found: Option<f64>, wanted: f64| {
        assert!((found.unwrap() - wanted).abs() < 1e-15, "{found:?}, not {wanted}");
    };
    close(strict["mae"], (0.25 + 1.0 / 31.0 + 0.5) / 4.0);
    close(strict["obo"], 0.75);
    close(strict["obz"], 0.25);
    close(strict["rmse"], 1.5_f64.sqrt());
    let reference = values(&judge(truth, sent, Mode::Reference).unwrap());
    close(reference["mae"], (1.0 / 4.1 + 1.0 / 31.1 + 2.0 / 4.1) / 4.0);
    close(reference["obo"], 0.75);
}

#[test]
fn counts_that_are_wrong_are_refused() {
    let of_truth = |rows: &str| codes(&judge(&format!("id,count\n{rows}"), "", Mode::Strict).unwrap_err());
    assert_eq!(of_truth("a,0\nb,2.5\nc,-1\nd,3\n"), ["out_of_range"; 3]);
    assert_eq!(of_truth("a,1\na,2\n"), ["duplicate_ids"]);
    assert_eq!(of_truth(""), ["empty_submission"]);
    let refused = |text: &str| codes(&judge("id,count\na,1\nb,2\n", text, Mode::Strict).unwrap_err());
    assert_eq!(refused("id,count\na,-0.5\nb,2\n"), ["out_of_range"]);
    assert_eq!(refused("id,count\na,inf\nb,two\n"), ["not_finite", "not_a_number"]);
    assert_eq!(refused("id,value\na,1\nb,2\n"), ["missing_column", "unexpected_column"]);
    assert_eq!(refused("id,count\na,1\nc,1\n"), ["unknown_ids", "missing_ids"]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn weights_are_copies_and_the_order_of_rows_means_nothing(
        rows in prop::collection::vec((1..9_u32, 0..40_u32), 1..12),
        counts in prop::collection::vec(0..4_u8, 12),
    ) {
        let world = |copies: &[u8]| {
            let (mut truth, mut predicted) = (String::from("id,count"), Vec::new());
            for (item, ((count, quarters), copies)) in rows.iter().zip(copies).enumerate() {
                for copy in 0..*copies {
                    truth += &format!("\ni{item}_{copy},{count}");
                    predicted.push(format!("i{item}_{copy},{}", f64::from(*quarters) / 4.0));
                }
            }
            let sent = |rows: &[String]| format!("id,count\n{}", rows.join("\n"));
            let evidence = judge(&truth, &sent(&predicted), Mode::Strict).unwrap();
            predicted.reverse();
            let again = judge(&truth, &sent(&predicted), Mode::Strict).unwrap();
            assert_eq!(values(&evidence), values(&again), "the order of rows");
            evidence
        };
        weights_are_copies(&counts[..rows.len()], world);
    }
}
