//! Properties of evidence: what weights mean, and that bytes are read back.

mod world;

use heldout_sdk as sdk;
use ndarray::{Array1, Array2};
use proptest::prelude::*;
use sdk::evidence::{
    ClassAverage, Curve, CurveClass, CurveOutput, CurveRule, Evidence, LANES, Reducer, Stats,
};
use sdk::sum::Sum;
use sdk::{Score, Undefined};
use world::{World, world};

/// A world and how often each of its items is copied.
fn copied_world() -> impl Strategy<Value = (World, Vec<usize>)> {
    world().prop_flat_map(|world| {
        let copies = prop::collection::vec(0..4_usize, world.facts.len());
        copies.prop_map(move |copies| (world.clone(), copies))
    })
}

fn close(a: Score, b: Score) -> bool {
    match (a, b) {
        (Score::Value(a), Score::Value(b)) => (a - b).abs() <= 1e-12 * a.abs().max(b.abs()).max(1.0),
        // Which of several reasons is told does not matter here.
        (Score::Undefined(_), Score::Undefined(_)) => true,
        _ => false,
    }
}

fn weights(copies: &[usize]) -> Array1<f64> {
    copies.iter().map(|copies| *copies as f64).collect()
}

proptest! {
    // A folder of regressions beside the crates would be taken for a crate of the workspace.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whole_weights_are_copies_of_items((world, copies) in copied_world()) {
        let evidence = world.once();
        let copied = world.evidence(&copies);
        copied.check().unwrap();
        let copied = copied.score_all();
        for (metric, score) in evidence.score(weights(&copies).view()).iter() {
            let of_copies = copied.get(metric).unwrap();
            prop_assert!(close(score, of_copies), "{}: {:?} and {:?}", metric, score, of_copies);
        }
    }

    #[test]
    fn a_scorer_that_is_used_again_gives_the_same_bits((world, copies) in copied_world()) {
        let evidence = world.once();
        let mut scorer = evidence.scorer();
        let first = scorer.score(weights(&copies).view()).to_vec();
        scorer.score(Array1::ones(copies.len()).view());
        prop_assert_eq!(scorer.score(weights(&copies).view()), &first[..]);
    }

    #[test]
    fn weightings_side_by_side_give_the_bits_of_each((world, copies) in copied_world()) {
        let evidence = world.once();
        let items = copies.len();
        let rotated = |lane: usize| -> Array1<f64> {
            (0..items).map(|item| copies[(item + lane) % items] as f64).collect()
        };
        let lanes: Vec<[f64; LANES]> =
            (0..items).map(|item| std::array::from_fn(|lane| rotated(lane)[item])).collect();
        let mut scorer = evidence.scorer();
        let together = scorer.score_lanes(&lanes, None).to_vec();
        for lane in 0..LANES {
            for ((score, (metric, alone)), value) in
                together.iter().zip(evidence.score(rotated(lane).view()).iter()).zip(scorer.score(rotated(lane).view()))
            {
                prop_assert_eq!(score[lane], alone, "{} in lane {}", metric, lane);
                prop_assert_eq!(*value, alone);
            }
        }
    }

    #[test]
    fn a_common_factor_of_the_weights_of_means_changes_nothing((world, copies) in copied_world()) {
        let evidence = world.once();
        let twice = weights(&copies) * 2.0;
        let (once, twice) = (evidence.score(weights(&copies).view()), evidence.score(twice.view()));
        for metric in ["mean", "weighted_mean", "ratio", "grouped_mean", "pearson", "kendall", "confusion_7"] {
            prop_assert!(close(once.get(metric).unwrap(), twice.get(metric).unwrap()), "{}", metric);
        }
    }

    #[test]
    fn weights_of_one_give_the_plain_metric_to_the_bit(world in world()) {
        let evidence = world.once();
        let scores = evidence.score_all();
        let left = world.facts.iter().map(|fact| fact.left);
        let mean = 100.0 * (left.collect::<Sum>().total() / world.facts.len() as f64);
        prop_assert_eq!(scores.get("mean"), Some(Score::Value(mean)));
        let right = world.facts.iter().map(|fact| fact.right).collect::<Sum>().total();
        let predicted: f64 = world.facts.iter().map(|fact| f64::from(fact.predicted)).sum();
        let ratio = if predicted == 0.0 { Score::Undefined(Undefined::NoWeight) } else { Score::Value(right / predicted) };
        prop_assert_eq!(scores.get("ratio"), Some(ratio));
    }

    #[test]
    fn average_precision_is_that_of_the_textbook(world in world()) {
        let evidence = world.once();
        let copies = vec![1; world.facts.len()];
        for ranking in &world.rankings {
            let alone = World { facts: world.facts.clone(), rankings: vec![ranking.clone()] };
            let score = alone.once().score_all().get("curve_0").unwrap();
            let positives = (0..copies.len())
                .map(|item| ranking.iter().filter(|ranked| ranked.item == Some(item)).count() + item % 2)
                .sum::<usize>();
            let hits: Vec<bool> = ranking.iter().map(|ranked| ranked.item.is_some() && ranked.hits & 1 != 0).collect();
            prop_assert!(close(score, Score::Value(textbook(&hits, positives))), "{:?}", score);
        }
        prop_assert_eq!(evidence.items(), world.facts.len());
    }

    #[test]
    fn no_weight_at_all_is_undefined(world in world()) {
        let evidence = world.once();
        let nothing = Array1::zeros(world.facts.len());
        for (metric, score) in evidence.score(nothing.view()).iter() {
            prop_assert!(matches!(score, Score::Undefined(_)), "{}: {:?}", metric, score);
        }
    }

    #[test]
    fn bytes_are_read_back_to_the_last_bit(world in world()) {
        let mut evidence = world.once();
        evidence.note("dropped", 3, "three are dropped");
        let bytes = evidence.to_bytes().unwrap();
        let read = Evidence::from_bytes(&bytes).unwrap();
        prop_assert_eq!(&read, &evidence);
        prop_assert_eq!(read.score_all(), evidence.score_all());
    }

    #[test]
    fn damaged_bytes_are_an_error(world in world(), at in any::<prop::sample::Index>(), bit in 0..8_u32) {
        let mut bytes = world.once().to_bytes().unwrap();
        let cut = at.index(bytes.len());
        prop_assert!(Evidence::from_bytes(&bytes[..cut]).is_err());
        bytes[cut] ^= 1 << bit;
        prop_assert!(Evidence::from_bytes(&bytes).is_err());
    }

    #[test]
    fn bytes_that_lie_are_an_error_or_sound(
        world in world(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = world.once().to_bytes().unwrap();
        for (at, byte) in changes {
            let at = 14 + at.index(bytes.len() - 14);
            bytes[at] = byte;
        }
        let checksum = bytes[14..]
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
        bytes[6..14].copy_from_slice(&checksum.to_le_bytes());
        if let Ok(evidence) = Evidence::from_bytes(&bytes) && evidence.items() < 100_000 {
            evidence.score_all();
        }
    }
}

/// Average precision over all points, as the public codes write it down.
fn textbook(hits: &[bool], positives: usize) -> f64 {
    let (mut precision, mut recall) = (vec![0.0], vec![0.0]);
    let mut found = 0;
    for (position, hit) in hits.iter().enumerate() {
        found += usize::from(*hit);
        precision.push(found as f64 / (position + 1) as f64);
        recall.push(found as f64 / positives as f64);
    }
    precision.push(0.0);
    recall.push(1.0);
    for position in (0..precision.len() - 1).rev() {
        precision[position] = f64::max(precision[position], precision[position + 1]);
    }
    (1..recall.len())
        .filter(|position| recall[*position] != recall[position - 1])
        .map(|position| (recall[position] - recall[position - 1]) * precision[position])
        .sum()
}

#[test]
fn calibrated_precision_weighs_all_misses_as_much_as_all_positives() {
    // Best first: a hit, then a hit and a miss with one score, then two misses.
    let class = CurveClass {
        items: vec![0, 1, 2, 3, 4],
        hits: vec![1, 1, 0, 0, 0],
        runs: vec![1, 2, 2],
        positives: vec![(0, 1), (1, 1)],
        ..CurveClass::default()
    };
    let output =
        CurveOutput { rule: CurveRule::CalibratedPrecision, threshold: 0, average: ClassAverage::Present };
    let mut evidence = Evidence::new(5);
    let block = evidence.block(Curve { classes: vec![class], thresholds: 1, outputs: vec![output] });
    evidence.metric("cAP", 1.0, block.output(0));
    let score = |weights: [f64; 5]| evidence.score(Array1::from(weights.to_vec()).view()).get("cAP").unwrap();
    // Three misses for two positives: w = 3 / 2, and P = 3 / (3 + 1) at the second hit.
    assert!(close(score([1.0; 5]), Score::Value(0.5 + 0.5 * 0.75)));
    // A miss that counts twice: w = 2, P = 4 / (4 + 2).
    assert!(close(score([1.0, 1.0, 2.0, 1.0, 1.0]), Score::Value(0.5 + 0.5 * 4.0 / 6.0)));
    // Without misses, and without positives.
    assert_eq!(score([1.0, 1.0, 0.0, 0.0, 0.0]), Score::Value(1.0));
    assert_eq!(score([0.0, 0.0, 1.0, 1.0, 1.0]), Score::Undefined(Undefined::NoPositives));
}

#[test]
fn a_total_is_a_weighted_sum() {
    let mut evidence = Evidence::new(2);
    let columns = Array2::from_shape_vec((2, 1), vec![3.0, 4.0]).unwrap();
    let block = evidence.block(Stats { columns, reducers: vec![Reducer::Total { column: 0 }] });
    evidence.metric("total", 1.0, block.output(0));
    let score =
        |weights: [f64; 2]| evidence.score(Array1::from(weights.to_vec()).view()).get("total").unwrap();
    assert_eq!(score([1.0, 0.5]), Score::Value(5.0));
    assert_eq!(score([0.0, 0.0]), Score::Undefined(Undefined::NoWeight));
}
