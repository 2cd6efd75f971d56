//! Areas under curves: worked by hand, and against plain loops.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use heldout_sdk as sdk;
use ndarray::Array1;
use proptest::prelude::*;
use sdk::evidence::{ClassAverage, Curve, CurveClass, CurveOutput, CurveRule, Evidence};
use sdk::{Score, Undefined};

fn curve(classes: Vec<CurveClass>, items: usize, outputs: Vec<(CurveRule, u32, ClassAverage)>) -> Evidence {
    let mut evidence = Evidence::new(items);
    let count = outputs.len();
    let outputs = outputs
        .into_iter()
        .map(|(rule, threshold, average)| CurveOutput { rule, threshold, average })
        .collect();
    let block = evidence.block(Curve { classes, thresholds: 3, outputs });
    for output in 0..count {
        evidence.metric(output.to_string(), 1.0, block.output(output));
    }
    evidence.check().unwrap();
    evidence
}

fn scores(evidence: &Evidence, weights: &[f64]) -> Vec<Score> {
    evidence.score(Array1::from(weights.to_vec()).view()).iter().map(|(_, score)| score).collect()
}

/// A class of predictions in the items 0, 1, 2, ...
fn class(hits: &[u32], ignored: &[u32], positives: &[(u32, u32)]) -> CurveClass {
    CurveClass {
        name: "c".to_owned(),
        items: (0..hits.len() as u32).collect(),
        hits: hits.to_vec(),
        ignored: ignored.to_vec(),
        positives: positives.to_vec(),
        ..CurveClass::default()
    }
}

fn close(score: Score, wanted: f64) {
    assert!(score.value().is_some_and(|value| (value - wanted).abs() < 1e-12), "{score:?}, not {wanted}");
}

#[test]
fn recalls_have_the_bits_of_numpy() {
    // 7 of 20 is 0.35, and the recall of that name is 0.35000000000000003.
    let one = class(&[1; 7], &[], &[(0, 20)]);
    let evidence = curve(vec![one], 7, vec![(CurveRule::Points101, 0, ClassAverage::Present)]);
    close(scores(&evidence, &[1.0; 7])[0], 35.0 / 101.0);
    // 6 of 10 is 0.6, and the recall of that name is 0.6000000000000001.
    let one = class(&[1; 6], &[], &[(0, 10)]);
    let evidence = curve(vec![one], 6, vec![(CurveRule::Points11, 0, ClassAverage::Present)]);
    close(scores(&evidence, &[1.0; 6])[0], 6.0 / 11.0);
}

#[test]
fn what_is_ignored_is_neither_right_nor_wrong() {
    // At the first threshold: ignored, hit, miss, hit. At the second: miss, ignored, hit, hit.
    let one = class(&[0b00, 0b01, 0b10, 0b11], &[0b01, 0b10, 0, 0], &[(3, 2)]);
    let outputs = [0, 1].map(|threshold| (CurveRule::AllPoint, threshold, ClassAverage::Present));
    let evidence = curve(vec![one], 4, outputs.to_vec());
    let both = scores(&evidence, &[1.0; 4]);
    close(both[0], 0.5 + 0.5 * 2.0 / 3.0);
    close(both[1], 2.0 / 3.0);
}

#[test]
fn classes_that_stand_together_have_a_mean_of_their_own() {
    let found = |hits: &[u32]| class(hits, &[], &[(0, 1)]);
    let nothing = class(&[0], &[], &[]);
    let classes = vec![found(&[1]), found(&[0, 1]), nothing, found(&[0])];
    let within = |first, end| (CurveRule::AllPoint, 0, ClassAverage::PresentWithin { first, end });
    let evidence = curve(classes, 2, vec![within(0, 2), within(1, 4), within(2, 3), within(4, 9)]);
    let scores = scores(&evidence, &[1.0; 2]);
    close(scores[0], 0.75);
    close(scores[1], 0.25);
    assert_eq!(scores[2..], [Score::Undefined(Undefined::NoPositives); 2]);
}

/// The area under the envelope, and its mean at 101 recalls, by plain loops over repeated predictions.
fn plainly(class: &CurveClass, counts: &[u8], threshold: u32) -> Option<(f64, f64, f64)> {
    let count = |item: u32| u32::from(counts[item as usize]);
    let positives: u32 = class.positives.iter().map(|(item, positives)| count(*item) * positives).sum();
    if positives == 0 {
        return None;
    }
    let (mut hits, mut seen, mut points) = (0, 0, Vec::new());
    for (at, item) in class.items.iter().enumerate() {
        if class.ignored.get(at).is_some_and(|ignored| ignored >> threshold & 1 == 1) {
            continue;
        }
        for _ in 0..count(*item) {
            seen += 1;
            hits += class.hits[at] >> threshold & 1;
            points.push((f64::from(hits) / f64::from(positives), f64::from(hits) / f64::from(seen)));
        }
    }
    let envelope = |from: f64| {
        let after = points.iter().filter(|(recall, _)| *recall >= from);
        after.map(|(_, precision)| *precision).fold(0.0, f64::max)
    };
    let mut area = 0.0;
    let mut before = 0.0;
    for (recall, _) in &points {
        area += (recall - before) * envelope(*recall);
        before = *recall;
    }
    let at_recalls = (0..=100).map(|step| envelope(f64::from(step) * 0.01)).sum::<f64>() / 101.0;
    Some((area, at_recalls, before))
}

fn ranked() -> impl Strategy<Value = CurveClass> {
    let row = (
        0..6_u32,
        prop_oneof![3 => Just(0_u32), 2 => 0..8_u32],
        prop_oneof![3 => Just(0_u32), 1 => 0..8_u32],
    );
    (prop::collection::vec(row, 0..40), prop::collection::vec(0..9_u32, 6), any::<bool>()).prop_map(
        |(rows, positives, some_ignored)| CurveClass {
            name: "c".to_owned(),
            items: rows.iter().map(|row| row.0).collect(),
            hits: rows.iter().map(|row| row.1).collect(),
            ignored: if some_ignored { rows.iter().map(|row| row.2).collect() } else { Vec::new() },
            positives: (0..).zip(positives).filter(|(_, count)| *count > 0).collect(),
            ..CurveClass::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn areas_are_those_of_plain_loops(class in ranked(), counts in prop::array::uniform6(0..3_u8)) {
        for threshold in 0..3 {
            let wanted = plainly(&class, &counts, threshold);
            let rules = [CurveRule::AllPoint, CurveRule::Points101, CurveRule::Recall];
            let outputs = rules.map(|rule| (rule, threshold, ClassAverage::Present));
            let evidence = curve(vec![class.clone()], 6, outputs.to_vec());
            let weights = counts.map(f64::from);
            let values: Vec<Option<f64>> = scores(&evidence, &weights).iter().map(|score| score.value()).collect();
            match wanted {
                None => prop_assert_eq!(values, [None; 3]),
                Some((area, at_recalls, recall)) => {
                    for (value, wanted) in values.iter().zip([area, at_recalls, recall]) {
                        let value = value.unwrap();
                        prop_assert!((value - wanted).abs() < 1e-9, "{} and {}", value, wanted);
                    }
                }
            }
        }
    }
}
