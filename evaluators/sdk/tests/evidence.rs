//! Properties of evidence: what weights mean, and that bytes are read back.

use ndarray::{Array1, Array2};
use proptest::prelude::*;
use sdk::evidence::{
    Averaging, Cell, ClassAverage, ClassQuotient, ClassQuotients, ClassValue, Confusion, ConfusionMeasure,
    Correlation, Curve, CurveClass, CurveOutput, CurveRule, Evidence, GroupedMean, KappaWeights, LANES,
    Maximum, Mean, NO_GROUP, NO_ITEM, OperatingPoint, Pairs, Ratio, Reducer, Stats,
};
use sdk::sum::Sum;
use sdk::{Score, Undefined};

use heldout_sdk as sdk;

/// What is known of one item, for every kind of block.
#[derive(Debug, Clone)]
struct Fact {
    left: f64,
    right: f64,
    group: u32,
    truth: u32,
    predicted: u32,
}

/// A ranked prediction: its item (none for a prediction elsewhere) and its hits.
#[derive(Debug, Clone)]
struct Ranked {
    item: Option<usize>,
    hits: u32,
    ties_with_next: bool,
}

/// Facts of some items, from which evidence can be built with every item copied some times.
#[derive(Debug, Clone)]
struct World {
    facts: Vec<Fact>,
    rankings: Vec<Vec<Ranked>>,
}

const GROUPS: u32 = 3;
const CLASSES: u32 = 3;

impl World {
    /// Evidence in which every item occurs so many times.
    fn evidence(&self, copies: &[usize]) -> Evidence {
        let kept: Vec<&Fact> = self
            .facts
            .iter()
            .zip(copies)
            .flat_map(|(fact, copies)| std::iter::repeat_n(fact, *copies))
            .collect();
        let mut first_copy = vec![0; copies.len()];
        for item in 1..copies.len() {
            first_copy[item] = first_copy[item - 1] + copies[item - 1];
        }
        let column = |of: fn(&Fact) -> f64| -> Vec<f64> { kept.iter().map(|fact| of(fact)).collect() };
        let items = kept.len();
        let two = Array2::from_shape_fn((items, 2), |(item, side)| [kept[item].left, kept[item].right][side]);
        let mut evidence = Evidence::new(items);

        let block = evidence.block(Mean::new(two.clone()));
        let mean = evidence.metric("mean", 100.0, block.output(0));
        evidence.metric_mean("mean_of_means", 1.0, vec![mean, block.output(1)]);
        let largest = evidence.block(Maximum { values: two.clone() });
        evidence.metric("maximum", 1.0, largest.output(1));
        let weighted = evidence.block(Mean {
            values: two.clone(),
            item_weights: Some(column(|fact| f64::from(fact.truth + 1)).into()),
        });
        evidence.metric("weighted_mean", 1.0, weighted.output(0));
        let ratio = evidence.block(Ratio {
            numerators: two.clone(),
            denominators: column(|fact| f64::from(fact.predicted)).into(),
        });
        evidence.metric("ratio", 1.0, ratio.output(1));
        let grouped = evidence.block(GroupedMean {
            values: two,
            groups: kept
                .iter()
                .map(|fact| if fact.group == GROUPS { NO_GROUP } else { fact.group })
                .collect(),
            group_count: GROUPS,
        });
        evidence.metric("grouped_mean", 1.0, grouped.output(0));
        let counts = Array2::from_shape_fn((items, 4), |(item, column)| {
            let fact = kept[item];
            [1.0, f64::from(fact.truth), f64::from(fact.predicted), f64::from(fact.truth * fact.truth)]
                [column]
        });
        let stats = evidence.block(Stats {
            columns: counts,
            reducers: vec![
                Reducer::Quotient { numerator: 1, denominator: 0 },
                Reducer::RootQuotient { numerator: 3, denominator: 0 },
                Reducer::F1 { true_positives: 0, false_positives: 1, false_negatives: 2 },
                Reducer::Iou { true_positives: 0, false_positives: 1, false_negatives: 2 },
                Reducer::Determination { count: 0, squared_error: 2, truth: 1, truth_squared: 3 },
                Reducer::Total { column: 1 },
                Reducer::OverAtLeastOne { numerator: 0, denominator: 1 },
                Reducer::QuotientOrOne { numerator: 1, denominator: 2 },
                Reducer::GeometricMean { numerators: [0, 1], denominators: [3, 2] },
                Reducer::GeometricMeanTimes { numerators: [0, 1, 2], denominators: [3, 2, 0] },
                Reducer::LessLogarithm { numerator: 3, count: 1, denominator: 2 },
                Reducer::ExponentialQuotient { numerator: 1, denominator: 0 },
                Reducer::ExplainedVariance {
                    count: 0,
                    error: 2,
                    squared_error: 3,
                    truth: 1,
                    truth_squared: 3,
                },
            ],
        });
        for output in 0..13 {
            evidence.metric(format!("stats_{output}"), 1.0, stats.output(output));
        }
        self.add_confusion(&mut evidence, &kept);
        Self::add_class_quotients(&mut evidence, &kept);
        Self::add_operating_point(&mut evidence, &kept);
        let pairs = evidence.block(Pairs::new(
            column(|fact| fact.left),
            column(|fact| fact.right),
            vec![Correlation::Pearson, Correlation::Spearman, Correlation::Kendall],
        ));
        for (output, name) in ["pearson", "spearman", "kendall"].into_iter().enumerate() {
            evidence.metric(name, 1.0, pairs.output(output));
        }
        self.add_curves(&mut evidence, copies, &first_copy);
        evidence
    }

    fn add_class_quotients(evidence: &mut Evidence, kept: &[&Fact]) {
        // Items of an odd truth have a second row.
        let mut rows = Vec::new();
        let mut values = Vec::new();
        for (item, fact) in (0..).zip(kept) {
            for class in [fact.truth, fact.predicted].into_iter().take(1 + fact.truth as usize % 2) {
                rows.push((item, class));
                values.extend([fact.left, f64::from(fact.predicted), 1.0]);
            }
        }
        let quotient = |numerator: u32, set: u32| ClassQuotient {
            set,
            counts: vec![(2, 1.0)],
            value: ClassValue::Mean {
                numerator: vec![(numerator, 1.0)],
                denominator: vec![(2, 1.0), (1, 0.5)],
            },
        };
        let count = ClassQuotient { set: 0, counts: vec![(2, 1.0)], value: ClassValue::Count };
        let block = evidence.block(ClassQuotients {
            classes: CLASSES,
            columns: Array2::from_shape_vec((rows.len(), 3), values).expect("three values a row"),
            rows,
            sets: vec![(0..CLASSES).collect(), vec![1]],
            outputs: vec![quotient(0, 0), quotient(1, 1), count],
        });
        for output in 0..3 {
            evidence.metric(format!("class_quotient_{output}"), 1.0, block.output(output));
        }
    }

    fn add_operating_point(evidence: &mut Evidence, kept: &[&Fact]) {
        let falling = |fact: &Fact, threshold: usize| 1.0 / (1.0 + f64::from(fact.truth) + threshold as f64);
        let rising = |fact: &Fact, threshold: usize| f64::from(fact.predicted) * threshold as f64 / 8.0;
        let block = evidence.block(OperatingPoint {
            precision: Array2::from_shape_fn((kept.len(), 4), |(item, at)| falling(kept[item], at)),
            recall: Array2::from_shape_fn((kept.len(), 4), |(item, at)| rising(kept[item], at)),
            nothing_is_best: false,
        });
        for (output, name) in ["f", "precision", "recall"].into_iter().enumerate() {
            evidence.metric(format!("operating_point_{name}"), 1.0, block.output(output));
        }
    }

    fn add_confusion(&self, evidence: &mut Evidence, kept: &[&Fact]) {
        let cell = |(item, fact): (usize, &&Fact)| Cell {
            item: item as u32,
            truth: fact.truth,
            predicted: fact.predicted,
            count: 1,
        };
        let measures = vec![
            ConfusionMeasure::Accuracy,
            ConfusionMeasure::BalancedAccuracy,
            ConfusionMeasure::F1(Averaging::Macro),
            ConfusionMeasure::F1(Averaging::Weighted),
            ConfusionMeasure::Precision(Averaging::Micro),
            ConfusionMeasure::Recall(Averaging::MacroAll),
            ConfusionMeasure::Jaccard(Averaging::Class(1)),
            ConfusionMeasure::Jaccard(Averaging::Present),
            ConfusionMeasure::Matthews,
            ConfusionMeasure::Kappa(KappaWeights::Equal),
            ConfusionMeasure::Kappa(KappaWeights::Quadratic),
        ];
        let count = measures.len();
        let cells = kept.iter().enumerate().map(cell).collect();
        let block = evidence.block(Confusion { classes: CLASSES, cells, measures, ordered: true });
        for output in 0..count {
            evidence.metric(format!("confusion_{output}"), 1.0, block.output(output));
        }
    }

    fn add_curves(&self, evidence: &mut Evidence, copies: &[usize], first_copy: &[usize]) {
        let class = |ranking: &Vec<Ranked>| {
            let mut class = CurveClass { name: "class".to_owned(), ..CurveClass::default() };
            let mut run = 0;
            for ranked in ranking {
                let of_item: Vec<u32> = match ranked.item {
                    None => vec![NO_ITEM],
                    Some(item) => (0..copies[item]).map(|copy| (first_copy[item] + copy) as u32).collect(),
                };
                run += of_item.len() as u32;
                class.hits.extend(of_item.iter().map(|item| if *item == NO_ITEM { 0 } else { ranked.hits }));
                class.items.extend(of_item);
                if !ranked.ties_with_next && run > 0 {
                    class.runs.push(run);
                    run = 0;
                }
            }
            if run > 0 {
                class.runs.push(run);
            }
            // One positive per prediction of an item, and one more that nothing finds.
            for (item, copies) in copies.iter().enumerate() {
                let predicted = ranking.iter().filter(|ranked| ranked.item == Some(item)).count() as u32;
                for copy in 0..*copies {
                    class.positives.push(((first_copy[item] + copy) as u32, predicted + item as u32 % 2));
                }
            }
            class
        };
        let rules = [
            CurveRule::AllPoint,
            CurveRule::Points101,
            CurveRule::DistinctThresholds,
            CurveRule::PrecisionRecallTrapezoid,
            CurveRule::RocArea,
            CurveRule::PartialRocArea { max_false_positive_rate: 0.3 },
            CurveRule::MaxF1,
            CurveRule::Recall,
            CurveRule::CalibratedPrecision,
        ];
        let outputs: Vec<CurveOutput> = rules
            .iter()
            .flat_map(|rule| {
                [ClassAverage::Present, ClassAverage::All, ClassAverage::Support].into_iter().enumerate().map(
                    |(threshold, average)| CurveOutput {
                        rule: *rule,
                        threshold: threshold as u32 % 2,
                        average,
                    },
                )
            })
            .collect();
        let count = outputs.len();
        let classes: Vec<CurveClass> = self.rankings.iter().map(class).collect();
        let block = evidence.block(Curve { classes: classes.clone(), thresholds: 2, outputs });
        for output in 0..count {
            evidence.metric(format!("curve_{output}"), 1.0, block.output(output));
        }
        self.add_envelopes(evidence, classes);
    }

    /// The same rankings by rules that need only hits; predictions of items with an even number of positives
    /// do not count at the second threshold.
    fn add_envelopes(&self, evidence: &mut Evidence, mut classes: Vec<CurveClass>) {
        for class in &mut classes {
            let positive = |item: &u32| class.positives.iter().find(|(of, _)| of == item);
            class.ignored = class
                .items
                .iter()
                .map(|item| positive(item).map_or(0, |(_, count)| 2 * (1 - count % 2)))
                .collect();
        }
        let rules = [CurveRule::AllPoint, CurveRule::Points101, CurveRule::Points11, CurveRule::Recall];
        let outputs: Vec<CurveOutput> = rules
            .into_iter()
            .flat_map(|rule| {
                [0, 1].map(|threshold| CurveOutput { rule, threshold, average: ClassAverage::Present })
            })
            .collect();
        let count = outputs.len();
        let block = evidence.block(Curve { classes, thresholds: 2, outputs });
        for output in 0..count {
            evidence.metric(format!("envelope_{output}"), 1.0, block.output(output));
        }
    }

    fn once(&self) -> Evidence {
        self.evidence(&vec![1; self.facts.len()])
    }
}

fn fact() -> impl Strategy<Value = Fact> {
    (0..8_i32, 0..8_i32, 0..=GROUPS, 0..CLASSES, 0..CLASSES).prop_map(
        |(left, right, group, truth, predicted)| Fact {
            left: f64::from(left) / 7.0,
            right: f64::from(right) / 3.0,
            group,
            truth,
            predicted,
        },
    )
}

fn world() -> impl Strategy<Value = World> {
    prop::collection::vec(fact(), 3..9).prop_flat_map(|facts| {
        let items = facts.len();
        let ranked = (prop::option::weighted(0.9, 0..items), 0..4_u32, any::<bool>())
            .prop_map(|(item, hits, ties_with_next)| Ranked { item, hits, ties_with_next });
        let rankings = prop::collection::vec(prop::collection::vec(ranked, 0..14), 1..4);
        rankings.prop_map(move |rankings| World { facts: facts.clone(), rankings })
    })
}

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
