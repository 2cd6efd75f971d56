//! One metric alone has the scores that it has among all others, to the bit.

mod world;

use heldout_sdk::Score;
use heldout_sdk::evidence::{Block, Evidence, LANES, Mean, Opaque};
use ndarray::{Array1, Array2, array};
use proptest::prelude::*;
use world::world;

/// The score as bits, and why there is none.
fn bits(score: Score) -> Result<u64, heldout_sdk::Undefined> {
    match score {
        Score::Value(value) => Ok(value.to_bits()),
        Score::Undefined(reason) => Err(reason),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_metric_alone_has_the_same_bits(
        world in world(),
        drawn in prop::collection::vec((0..2_u8, 0..5_u8, 0.0..2.0_f64), 9),
    ) {
        let mut evidence = world.once();
        let values = evidence.block(Opaque {
            values: vec![0.5, 0.25],
            replicates: Some(Array2::from_shape_fn((LANES, 2), |(row, column)| row as f64 / (3 + column) as f64)),
        });
        evidence.metric("opaque", 1.0, values.output(1));
        let items = evidence.items();
        let weights = |of: fn(&(u8, u8, f64)) -> f64| Array1::from_iter(drawn[..items].iter().map(of));
        let weightings = [
            Array1::ones(items),
            weights(|(mask, _, _)| f64::from(*mask)),
            weights(|(_, count, _)| f64::from(*count)),
            weights(|(_, _, share)| *share),
        ];
        let lanes: Vec<[f64; LANES]> =
            (0..items).map(|item| std::array::from_fn(|lane| weightings[lane % 4][(item + lane) % items])).collect();
        let expected: Vec<Vec<_>> = weightings
            .iter()
            .map(|weights| evidence.score(weights.view()).iter().map(|(_, score)| bits(score)).collect())
            .collect();
        for first in [None, Some(0)] {
            let together = evidence.scorer().score_lanes(&lanes, first).to_vec();
            for (position, metric) in evidence.metrics().iter().enumerate() {
                let alone = evidence.only(&metric.name).unwrap();
                alone.check().unwrap();
                let at = alone.metrics().iter().position(|own| own.name == metric.name).unwrap();
                for (weights, expected) in weightings.iter().zip(&expected) {
                    let score = alone.score(weights.view()).get(&metric.name).unwrap();
                    prop_assert_eq!(bits(score), expected[position], "{}", &metric.name);
                }
                let replicates = alone.scorer().score_lanes(&lanes, first)[at].map(bits);
                prop_assert_eq!(replicates, together[position].map(bits), "replicates of {}", &metric.name);
            }
        }
    }
}

#[test]
fn only_what_the_metric_is_made_of_is_kept() {
    let mut evidence = Evidence::new(2);
    let [first, second, third] =
        [1.0, 2.0, 4.0].map(|value| evidence.block(Mean::new(array![[0.0, value], [0.0, value]])));
    evidence.metric("first", 1.0, first.output(1));
    let other = evidence.metric("second", 1.0, second.output(1));
    let factor = evidence.metric("third", 10.0, third.output(1));
    evidence.metric_mean("both", 1.0, vec![factor, first.output(1)]);
    evidence.metric("after", 1.0, other);
    let alone = evidence.only("both").unwrap();
    let names: Vec<&str> = alone.metrics().iter().map(|metric| metric.name.as_str()).collect();
    assert_eq!(names, ["third", "both"]);
    let kept: Vec<f64> = alone
        .blocks()
        .iter()
        .map(|block| match block {
            Block::Mean(mean) => mean.values.value(0, 1),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(kept, [1.0, 4.0]);
    assert_eq!(alone.score_all().get("both"), Some(Score::Value(20.5)));
    assert!(evidence.only("none").is_none());
}
