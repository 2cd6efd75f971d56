//! Medians and totals under weights.

use heldout_sdk::evidence::{Median, Reducer, Stats};
use heldout_sdk::{Evidence, Score, Undefined};
use ndarray::{Array1, Array2, array};
use proptest::prelude::*;

fn median_of(values: &[f64]) -> Evidence {
    let column = Array2::from_shape_fn((values.len(), 1), |(item, _)| values[item]);
    let mut evidence = Evidence::new(values.len());
    let block = evidence.block(Median::new(column));
    evidence.metric("median", 1.0, block.output(0));
    evidence
}

fn plain(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    Some(if values.len().is_multiple_of(2) { (values[values.len() / 2 - 1] + upper) / 2.0 } else { upper })
}

#[test]
fn half_of_the_weight_lies_on_either_side() {
    let evidence = median_of(&[3.0, f64::NAN, 1.0, 10.0]);
    let median = |weights: Array1<f64>| evidence.score(weights.view()).get("median").unwrap();
    assert_eq!(median(array![1.0, 1.0, 1.0, 1.0]), Score::Value(3.0));
    assert_eq!(median(array![1.0, 9.0, 1.0, 2.0]), Score::Value(6.5));
    assert_eq!(median(array![1.0, 1.0, 1.0, 3.5]), Score::Value(10.0));
    assert_eq!(median(array![0.0, 1.0, 0.0, 0.0]), Score::Undefined(Undefined::NoWeight));
}

#[test]
fn a_total_is_the_sum_under_weights() {
    let mut evidence = Evidence::new(2);
    let block =
        evidence.block(Stats { columns: array![[2.0], [5.0]], reducers: vec![Reducer::Total { column: 0 }] });
    evidence.metric("count", 1.0, block.output(0));
    let total = |weights: Array1<f64>| evidence.score(weights.view()).get("count").unwrap();
    assert_eq!(total(array![1.0, 1.0]), Score::Value(7.0));
    assert_eq!(total(array![0.0, 3.0]), Score::Value(15.0));
    assert_eq!(total(array![0.0, 0.0]), Score::Undefined(Undefined::NoWeight));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whole_weights_are_copies(facts in prop::collection::vec((0..6_i32, 0..4_usize), 1..12)) {
        let values: Vec<f64> = facts.iter().map(|(value, _)| f64::from(*value) / 4.0).collect();
        let evidence = median_of(&values);
        let stored = Evidence::from_bytes(&evidence.to_bytes().unwrap()).unwrap();
        let weights: Array1<f64> = facts.iter().map(|(_, copies)| *copies as f64).collect();
        let copied = values.iter().zip(&facts).flat_map(|(value, (_, copies))| vec![*value; *copies]);
        let expected = plain(copied.collect());
        prop_assert_eq!(evidence.score(weights.view()).get("median").unwrap().value(), expected);
        prop_assert_eq!(stored.score(weights.view()).get("median").unwrap().value(), expected);
    }
}
