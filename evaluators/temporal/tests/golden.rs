//! The golden cases and the real data of the family, and the table of degenerate overlaps.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use conformance::golden::{Strict, Walk, case_of, real};
use sdk::evidence::{ClassAverage, Curve, CurveClass, CurveOutput, CurveRule, Evidence};
use sdk::primitives::segment::tiou;
use serde_json::Value;

#[test]
fn golden_cases_agree() {
    let (nlq, mq) = ("ego4d/nlq", "ego4d/mq");
    Walk::of(heldout_temporal::evaluators())
        .folder(nlq)
        .strict(nlq, "edge-duplicate-entry", Strict::Refused("duplicate_ids"))
        .strict(nlq, "edge-empty-predictions", Strict::Scored("r@1, IoU=0.3", 50.0))
        .strict(nlq, "edge-flat-window", Strict::Refused("wrong_type"))
        .strict(nlq, "edge-inf-window", Strict::Refused("not_finite"))
        .strict(nlq, "edge-missing-query", Strict::Refused("missing_ids"))
        .strict(nlq, "edge-nan-window", Strict::Refused("not_finite"))
        .strict(nlq, "edge-negative-query-idx", Strict::Refused("unknown_ids"))
        .strict(nlq, "edge-query-idx-out-of-range", Strict::Refused("unknown_ids"))
        .strict(nlq, "edge-reversed-window", Strict::Refused("out_of_range"))
        .strict(nlq, "edge-unknown-annotation", Strict::Refused("unknown_ids"))
        .strict(nlq, "edge-wrong-challenge", Strict::Refused("wrong_challenge"))
        .strict(nlq, "edge-wrong-version", Strict::Refused("unsupported_version"))
        .strict(nlq, "edge-zero-length-gt-and-equal-zero-length-pred", Strict::Scored("mIoU", 50.0))
        .folder("ego4d/goalstep")
        .folder(mq)
        .strict(mq, "edge-clip-missing-in-retrieval", Strict::Scored("Recall@1x,tIoU=0.5", 0.5))
        .strict(mq, "edge-nan-score", Strict::Refused("not_finite"))
        .strict(mq, "edge-reversed-segment", Strict::Refused("out_of_range"))
        .strict(mq, "edge-string-score", Strict::Refused("not_a_number"))
        .strict(mq, "edge-zero-length-gt", Strict::Scored("Average mAP", 0.25))
        // An empty detection lies on an empty moment, which the public code takes for a hit.
        .strict(mq, "small-1", Strict::Scored("Average mAP", 0.4919097955598346))
        .folder("general/anet")
        .folder("general/anet_ties")
        .folder("general/epic_c2")
        .agrees_with_at_least(1000);
}

#[test]
fn real_segments_of_kitchens_give_the_published_codes_values() {
    real(&heldout_temporal::evaluators(), &case_of("general/epic_c2"), "epic100_c2", 1e-9, 18);
}

/// `golden/general/edge/tiou.json`, or nothing, said aloud, where the shared data is absent.
fn overlaps() -> Option<Value> {
    let path = conformance::shared("golden/general/edge/tiou.json")?;
    Some(serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
}

fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

#[test]
fn degenerate_overlaps_are_the_references() {
    let Some(table) = overlaps() else { return };
    let segment = |value: &Value| <[f64; 2]>::try_from(numbers(value)).unwrap();
    let mut compared = 0;
    for case in table["segment_iou"].as_array().unwrap() {
        let truths = case["truth"].as_array().unwrap().iter().map(segment);
        for (truth, expected) in truths.zip(case["tiou"].as_array().unwrap()) {
            let ours = tiou(segment(&case["prediction"]), truth);
            // What the reference calls NaN takes part in no match in strict mode.
            let agrees = expected.as_f64().map_or(ours.is_nan(), |expected| (ours - expected).abs() <= 1e-12);
            assert!(agrees, "{case}: {ours}");
            compared += 1;
        }
    }
    assert!(compared >= 9, "only {compared} overlaps were compared");
}

#[test]
fn degenerate_precisions_give_the_references_average_precision() {
    let Some(table) = overlaps() else { return };
    for case in table["interpolated_ap"].as_array().unwrap() {
        let (precision, recall) = (numbers(&case["precision"]), numbers(&case["recall"]));
        // A hit is where the recall rises; the last recall says how many positives there are.
        let before = std::iter::once(0.0).chain(recall.iter().copied());
        let hits: Vec<u32> =
            recall.iter().zip(before).map(|(recall, before)| u32::from(*recall > before)).collect();
        let found: u32 = hits.iter().sum();
        let positives =
            if found == 0 { 1 } else { (f64::from(found) / recall[recall.len() - 1]).round() as u32 };
        for (position, precision) in precision.iter().enumerate() {
            let hits: u32 = hits[..=position].iter().sum();
            assert!((precision - f64::from(hits) / (position + 1) as f64).abs() < 1e-12, "{case}");
        }
        let class = CurveClass {
            items: vec![0; hits.len()],
            hits,
            positives: vec![(0, positives)],
            ..CurveClass::default()
        };
        let output = CurveOutput { rule: CurveRule::AllPoint, threshold: 0, average: ClassAverage::Present };
        let mut evidence = Evidence::new(1);
        let block = evidence.block(Curve { classes: vec![class], thresholds: 1, outputs: vec![output] });
        evidence.metric("AP", 1.0, block.output(0));
        let ours = evidence.score_all().get("AP").unwrap().value().unwrap();
        assert!((ours - case["interpolated_ap"].as_f64().unwrap()).abs() <= 1e-12, "{case}: {ours}");
    }
}
