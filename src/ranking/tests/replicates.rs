//! Properties of replicates: what is drawn counts as copied, whatever is drawn together or again.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use heldout_ranking::draws::Key;
use heldout_ranking::level::{Level, Replications};
use heldout_ranking::replicates::{ReplicateError, Replicates, jackknife, replicates, replicates_of_all};
use heldout_ranking::resampling::Resampling;
use ndarray::{Array1, Array2, array};
use proptest::prelude::*;
use sdk::Limits;
use sdk::evidence::{
    ClassAverage, Curve, CurveClass, CurveOutput, CurveRule, Evidence, GroupedMean, Mean, Opaque, Ratio,
};

/// Few replicates, for a level at which they are enough.
fn few() -> Replications {
    Replications::new(19, Level::from_ten_thousandths(1_000).unwrap()).unwrap()
}

/// What is known of an item: a score, a denominator, a class, and whether it is a positive.
type Fact = (f64, f64, u32, bool);

/// A mean, a ratio, a macro mean, and an area under a curve in the order of the items.
fn evidence(facts: &[Fact]) -> Evidence {
    let items = facts.len();
    let mut evidence = Evidence::new(items);
    let scores = Array2::from_shape_fn((items, 1), |(item, _)| facts[item].0);
    let block = evidence.block(Mean::new(scores.clone()));
    evidence.metric("mean", 100.0, block.output(0));
    let denominators: Array1<f64> = facts.iter().map(|fact| fact.1).collect();
    let block = evidence.block(Ratio { numerators: scores.clone(), denominators });
    evidence.metric("ratio", 1.0, block.output(0));
    let groups = facts.iter().map(|fact| fact.2).collect();
    let block = evidence.block(GroupedMean { values: scores, groups, group_count: 3 });
    evidence.metric("macro", 1.0, block.output(0));
    let class = CurveClass {
        items: (0..items as u32).collect(),
        hits: facts.iter().map(|fact| u32::from(fact.3)).collect(),
        positives: (0..items as u32).filter(|item| facts[*item as usize].3).map(|item| (item, 1)).collect(),
        ..CurveClass::default()
    };
    let output = CurveOutput { rule: CurveRule::AllPoint, threshold: 0, average: ClassAverage::Present };
    let block = evidence.block(Curve { classes: vec![class], thresholds: 1, outputs: vec![output] });
    evidence.metric("ap", 1.0, block.output(0));
    evidence
}

fn all(evidence: &Evidence, split: &Resampling, key: u64) -> Vec<Replicates> {
    let found = replicates(evidence, split, Key::from_u64(key), few(), &Limits::default()).unwrap();
    found.into_iter().map(Option::unwrap).collect()
}

fn facts() -> impl Strategy<Value = Vec<(Fact, u32, bool)>> {
    let fact =
        (0..9_u32, 1..5_u32, 0..3_u32, any::<bool>()).prop_map(|(score, denominator, class, positive)| {
            (f64::from(score) / 8.0, f64::from(denominator), class, positive)
        });
    prop::collection::vec((fact, 0..4_u32, any::<bool>()), 1..12)
}

proptest! {
    // A folder of regressions beside the crates would be taken for a crate of the workspace.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_replicate_is_the_score_of_copies(known in facts(), key: u64) {
        let facts: Vec<Fact> = known.iter().map(|(fact, _, _)| *fact).collect();
        let groups: Vec<u32> = known.iter().map(|(_, group, _)| *group).collect();
        let mask: Vec<f64> = known.iter().map(|(_, _, inside)| f64::from(u8::from(*inside))).collect();
        let Ok(split) = Resampling::new(&mask, &groups, None) else { return Ok(()) };
        prop_assume!(split.varies());
        let found = all(&evidence(&facts), &split, key);
        for replicate in 0..few().get() {
            let counts = split.counts(Key::from_u64(key), replicate as u64);
            let copies: Vec<Fact> = (0..facts.len())
                .flat_map(|item| {
                    let count = split.unit(item).map_or(0, |unit| counts[unit] as usize);
                    std::iter::repeat_n(facts[item], count)
                })
                .collect();
            let copied = evidence(&copies);
            for (metric, (name, score)) in copied.score_all().iter().enumerate() {
                let value = found[metric].values()[replicate];
                match score.value() {
                    Some(expected) => prop_assert!((value - expected).abs() < 1e-12, "{}: {} for {}", name, value, expected),
                    None => prop_assert!(value.is_nan(), "{}: {}", name, value),
                }
            }
        }
    }

    #[test]
    fn submissions_together_are_as_alone(known in facts(), key: u64) {
        let facts: Vec<Fact> = known.iter().map(|(fact, _, _)| *fact).collect();
        let turned: Vec<Fact> = facts.iter().rev().copied().collect();
        let groups: Vec<u32> = known.iter().map(|(_, group, _)| *group).collect();
        let split = Resampling::new(&vec![1.0; facts.len()], &groups, None).unwrap();
        prop_assume!(split.varies());
        let (first, second) = (evidence(&facts), evidence(&turned));
        let together =
            replicates_of_all(&[&first, &second], &split, Key::from_u64(key), few(), &Limits::default()).unwrap();
        for (evidence, together) in [first, second].iter().zip(together) {
            let together: Vec<Replicates> = together.into_iter().map(Option::unwrap).collect();
            prop_assert_eq!(all(evidence, &split, key), together);
        }
    }

    #[test]
    fn more_replicates_begin_with_the_same(known in facts(), key: u64) {
        let facts: Vec<Fact> = known.iter().map(|(fact, _, _)| *fact).collect();
        let evidence = evidence(&facts);
        let split = Resampling::one_by_one(facts.len() as u32).unwrap();
        prop_assume!(split.varies());
        let more = Replications::new(39, Level::FIVE_PERCENT).unwrap();
        let more = replicates(&evidence, &split, Key::from_u64(key), more, &Limits::default()).unwrap();
        for (few, more) in all(&evidence, &split, key).iter().zip(more) {
            let begin = Replicates::new(more.unwrap().values()[..19].to_vec());
            prop_assert_eq!(few, &begin);
        }
    }

    #[test]
    fn stored_replicates_are_read_back(values in prop::collection::vec(any::<f64>(), 0..20), cut in 1_usize..8) {
        let replicates = Replicates::new(values);
        let bytes = replicates.to_bytes();
        prop_assert_eq!(bytes.len(), 8 * replicates.len());
        prop_assert_eq!(&Replicates::from_bytes(&bytes).unwrap(), &replicates);
        if let Some(short) = bytes.len().checked_sub(cut) {
            prop_assert_eq!(Replicates::from_bytes(&bytes[..short]).unwrap_err(), ReplicateError::Bytes);
        }
    }
}

#[test]
fn where_nothing_is_left_to_chance_nothing_is_estimated() {
    let evidence = evidence(&[(0.5, 1.0, 0, true), (0.25, 2.0, 1, false)]);
    let of = |split: &Resampling| {
        replicates(&evidence, split, Key::from_u64(3), few(), &Limits::default()).unwrap()
    };
    let one_unit = Resampling::new(&[1.0, 1.0], &[4, 4], None).unwrap();
    assert_eq!(of(&one_unit), vec![None; 4]);
    // One unit in every stratum is drawn every time.
    assert_eq!(of(&Resampling::new(&[1.0, 1.0], &[4, 5], Some(&[0, 1])).unwrap()), vec![None; 4]);
    assert!(of(&Resampling::new(&[1.0, 1.0], &[4, 5], None).unwrap()).iter().all(Option::is_some));
    // Without its only unit nothing is left to score.
    assert_eq!(jackknife(&evidence, &one_unit, &Limits::default()).unwrap(), vec![None; 4]);
}

#[test]
fn the_jackknife_leaves_out_unit_after_unit() {
    let mut evidence = Evidence::new(4);
    evidence.means(1.0, ["mean"], array![[1.0], [2.0], [6.0], [100.0]]);
    let split = Resampling::new(&[1.0, 1.0, 1.0, 0.0], &[0, 0, 1, 1], None).unwrap();
    assert_eq!(jackknife(&evidence, &split, &Limits::default()).unwrap(), [Some(vec![6.0, 1.5])]);
}

#[test]
fn values_without_evidence_have_the_replicates_of_their_evaluator_or_none() {
    let of = |own: Option<Array2<f64>>, weights: &[f64]| {
        let mut evidence = Evidence::new(3);
        let block = evidence.block(Opaque { values: vec![7.0], replicates: own });
        let opaque = evidence.metric("opaque", 2.0, block.output(0));
        let mean = evidence.block(Mean::new(array![[1.0], [1.0], [1.0]]));
        let mean = evidence.metric("mean", 1.0, mean.output(0));
        evidence.metric_mean("both", 1.0, vec![opaque, mean]);
        let split = Resampling::new(weights, &[0, 1, 2], None).unwrap();
        let found = replicates(&evidence, &split, Key::from_u64(1), few(), &Limits::default()).unwrap();
        found.iter().map(|one| one.as_ref().map(|one| one.values()[3])).collect::<Vec<Option<f64>>>()
    };
    let own = Array2::from_shape_fn((19, 1), |(replicate, _)| replicate as f64);
    assert_eq!(of(Some(own.clone()), &[1.0; 3]), [Some(6.0), Some(1.0), Some(3.5)]);
    assert_eq!(of(Some(own), &[1.0, 1.0, 0.0]), [None, Some(1.0), None]);
    assert_eq!(of(Some(Array2::zeros((18, 1))), &[1.0; 3]), [None, Some(1.0), None]);
    assert_eq!(of(None, &[1.0; 3]), [None, Some(1.0), None]);
}

#[test]
fn what_does_not_fit_or_is_halted_is_an_error() {
    let mut evidence = Evidence::new(2);
    evidence.means(1.0, ["mean"], array![[1.0], [2.0]]);
    let split = Resampling::one_by_one(3).unwrap();
    let key = Key::from_u64(1);
    let wanted = ReplicateError::Items { expected: 3, found: 2 };
    assert_eq!(replicates(&evidence, &split, key, few(), &Limits::default()), Err(wanted));
    assert_eq!(jackknife(&evidence, &split, &Limits::default()), Err(wanted));
    let split = Resampling::one_by_one(2).unwrap();
    let halted = Limits::default().stop_when(|| true);
    assert!(matches!(replicates(&evidence, &split, key, few(), &halted), Err(ReplicateError::Stopped(_))));
    let infinite = f64::INFINITY.to_le_bytes();
    assert_eq!(Replicates::from_bytes(&infinite), Err(ReplicateError::Bytes));
}
