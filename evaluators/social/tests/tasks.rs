//! Small cases worked out by hand, and what is refused.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use conformance::task::{codes, evaluate, example, prepare, told, values, weighted};
use sdk::{Evidence, Faults, Mode, Prepared};
use serde_json::{Value, json};

fn task(truth: &Value, params: &[(&str, &str)], mode: Mode) -> Result<Box<dyn Prepared>, Faults> {
    prepare(&heldout_social::evaluators(), "ego4d_ttm", &[("main", &truth.to_string())], params, mode)
}

fn labels(labels: &[Value]) -> Value {
    let row = |(frame, label): (usize, &Value)| json!({"video_id": "v", "frame_id": frame, "label": label});
    json!({"annotations": labels.iter().enumerate().map(row).collect::<Vec<_>>()})
}

fn scores(rows: &[(Value, f64)]) -> Value {
    let row = |(frame, score): &(Value, f64)| json!({"video_id": "v", "frame_id": frame, "label": 1, "score": score});
    json!({"version": "1.0", "challenge": "ego4d_talking_to_me", "results": rows.iter().map(row).collect::<Vec<_>>()})
}

fn sent(truth: &Value, rows: &[(Value, f64)], mode: Mode) -> Result<Evidence, Faults> {
    evaluate(&*task(truth, &[], mode).unwrap(), &scores(rows).to_string())
}

fn in_order(values: &[f64]) -> Vec<(Value, f64)> {
    values.iter().enumerate().map(|(frame, score)| (json!(frame), *score)).collect()
}

#[test]
fn equal_scores_go_in_the_order_of_the_annotations() {
    let truth = labels(&[json!(0), json!(1), json!(true), json!(false)]);
    let evidence = sent(&truth, &in_order(&[0.5; 4]), Mode::Strict).unwrap();
    let all = values(&evidence);
    // Label 1 stands second and third: precision 1/2 and 2/3, under the envelope 2/3 twice.
    assert!((all["AP_pos"].unwrap() - 2.0 / 3.0).abs() < 1e-15);
    // Label 0 stands first and last: precision 1 and 1/2.
    assert_eq!(all["AP_neg"], Some(0.75));
    assert_eq!(all["Acc"], Some(0.5));
    let mut shuffled = in_order(&[0.5; 4]);
    shuffled.reverse();
    assert_eq!(values(&sent(&truth, &shuffled, Mode::Strict).unwrap()), all);
}

#[test]
fn scores_that_differ_by_less_than_rounding_are_equal_for_label_0() {
    // By score the second row comes first; one minus either is 1, and the first row does.
    let truth = labels(&[json!(0), json!(1)]);
    let all = values(&sent(&truth, &in_order(&[1e-18, 2e-18]), Mode::Strict).unwrap());
    assert_eq!((all["AP_pos"], all["AP_neg"]), (Some(1.0), Some(1.0)));
    let truth = labels(&[json!(1), json!(0)]);
    let all = values(&sent(&truth, &in_order(&[2e-18, 1e-18]), Mode::Strict).unwrap());
    assert_eq!((all["AP_pos"], all["AP_neg"]), (Some(1.0), Some(0.5)));
}

#[test]
fn a_label_without_weight_leaves_the_mean() {
    let truth = labels(&[json!(1), json!(0), json!(0)]);
    let evidence = sent(&truth, &in_order(&[0.4, 0.6, 0.1]), Mode::Strict).unwrap();
    let all = values(&evidence);
    assert_eq!((all["AP_pos"], all["AP_neg"]), (Some(0.5), Some(0.5 + 1.0 / 3.0)));
    let negatives = weighted(&evidence, &[0.0, 1.0, 1.0]);
    assert_eq!((negatives["mAP"], negatives["AP_pos"], negatives["Acc"]), (Some(1.0), None, Some(0.5)));
}

#[test]
fn the_threshold_is_that_of_the_organizer() {
    let truth = labels(&[json!(1), json!(0)]);
    let prepared = task(&truth, &[("threshold", "0.7")], Mode::Strict).unwrap();
    let accuracy = |values_sent: &[f64]| {
        values(&evaluate(&*prepared, &scores(&in_order(values_sent)).to_string()).unwrap())["Acc"]
    };
    assert_eq!(accuracy(&[0.7, 0.69]), Some(1.0));
    assert_eq!(accuracy(&[0.69, 0.7]), Some(0.0));
}

#[test]
fn the_reference_counts_rows_and_joins_what_matches() {
    let truth = labels(&[json!(1), json!(0), json!(1)]);
    let rows = [(json!(0), 0.9), (json!("0"), 0.1), (json!(77), 0.9), (json!(77), 0.9), (json!(1), 0.2)];
    let evidence = sent(&truth, &rows, Mode::Reference).unwrap();
    let all = values(&evidence);
    assert_eq!((all["mAP"], all["Acc"]), (Some(1.0), Some(1.0)));
    assert_eq!((evidence.notes()[0].code.as_str(), evidence.notes()[0].count), ("repeated_rows_ignored", 2));
    assert_eq!(codes(&sent(&truth, &rows[..2], Mode::Reference).unwrap_err()), ["missing_ids"]);
}

#[test]
fn files_are_refused_with_every_fault() {
    let truth = labels(&[json!(1), json!(0), json!(1)]);
    let prepared = task(&truth, &[], Mode::Strict).unwrap();
    let refusal = |submission: &Value| told(&evaluate(&*prepared, &submission.to_string()).unwrap_err());
    let submission = json!({"version": 1, "challenge": "ego4d_looking_at_me", "results": [
        {"video_id": "v", "frame_id": 0, "label": 1, "score": 0.5},
        {"video_id": "v", "frame_id": "0", "label": 1, "score": 0.5},
        {"video_id": "v", "frame_id": "00", "label": 0, "score": "0.5"},
        {"video_id": "v", "frame_id": null, "label": true, "score": 0.5},
        {"frame_id": 1, "label": 1},
        7,
        {"video_id": "w", "frame_id": 1, "score": 0.5}]});
    let expected = [
        "wrong_challenge /challenge",
        "duplicate_ids /results/1",
        "out_of_range /results/2/label",
        "not_a_number /results/2/score",
        "wrong_type /results/3/frame_id",
        "not_a_number /results/3/label",
        "missing_field /results/4",
        "missing_field /results/4",
        "wrong_type /results/5",
        "unknown_ids /results/6",
        "missing_ids /results",
        "missing_ids /results",
        "wrong_type /version",
    ];
    assert_eq!(refusal(&submission), expected);
    let of_another_split = scores(&[(json!(7), 0.5), (json!(8), 0.5)]);
    let unknown = refusal(&of_another_split);
    assert!(unknown.len() == 2 && unknown.iter().all(|told| told.starts_with("unknown_ids ")), "{unknown:?}");
    assert_eq!(refusal(&scores(&[])).len(), 3);
    let tracked = json!({"version": "1.0", "challenge": "ego4d_looking_at_me",
        "results": [{"video_id": "v1", "unique_id": "000000", "score": 0.5}]});
    let family = heldout_social::evaluators();
    let faults = evaluate(&*example(&family, "ego4d_lam", Mode::Strict), &tracked.to_string()).unwrap_err();
    assert_eq!(faults.faults[0].message, "the field \"track_id\" is missing");
}

#[test]
fn wrong_annotations_are_refused() {
    let refused = |truth: Value| codes(&task(&truth, &[], Mode::Strict).unwrap_err());
    assert_eq!(refused(labels(&[])), ["empty_submission"]);
    assert_eq!(refused(json!({"challenge": "ego4d_looking_at_me"})), ["wrong_challenge", "missing_field"]);
    let row = json!({"video_id": "v", "frame_id": 1, "label": 1});
    assert_eq!(refused(json!({"annotations": [row, row]})), ["duplicate_ids"]);
    assert_eq!(refused(labels(&[json!(2), json!("1")])), ["unknown_label", "wrong_type"]);
}
