//! Evidence of every kind about some items that are made up.

use heldout_sdk::evidence::{
    Averaging, Cell, ClassAverage, ClassQuotient, ClassQuotients, ClassValue, Confusion, ConfusionMeasure,
    Correlation, Curve, CurveClass, CurveOutput, CurveRule, Evidence, GroupedMean, KappaWeights, Maximum,
    Mean, Median, NO_GROUP, NO_ITEM, OperatingPoint, Pairs, Ratio, Reducer, Stats,
};
use ndarray::Array2;
use proptest::prelude::*;

/// What is known of one item, for every kind of block.
#[derive(Debug, Clone)]
pub(crate) struct Fact {
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) group: u32,
    pub(crate) truth: u32,
    pub(crate) predicted: u32,
}

/// A ranked prediction: its item (none for a prediction elsewhere) and its hits.
#[derive(Debug, Clone)]
pub(crate) struct Ranked {
    pub(crate) item: Option<usize>,
    pub(crate) hits: u32,
    pub(crate) ties_with_next: bool,
}

/// Facts of some items, from which evidence can be built with every item copied some times.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) facts: Vec<Fact>,
    pub(crate) rankings: Vec<Vec<Ranked>>,
}

const GROUPS: u32 = 3;
const CLASSES: u32 = 3;

impl World {
    /// Evidence in which every item occurs so many times.
    pub(crate) fn evidence(&self, copies: &[usize]) -> Evidence {
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
        let middle = evidence.block(Median::new(two.clone()));
        evidence.metric("median", 1.0, middle.output(0));
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
            CurveRule::EqualErrorRate,
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

    pub(crate) fn once(&self) -> Evidence {
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

pub(crate) fn world() -> impl Strategy<Value = World> {
    prop::collection::vec(fact(), 3..9).prop_flat_map(|facts| {
        let items = facts.len();
        let ranked = (prop::option::weighted(0.9, 0..items), 0..4_u32, any::<bool>())
            .prop_map(|(item, hits, ties_with_next)| Ranked { item, hits, ties_with_next });
        let rankings = prop::collection::vec(prop::collection::vec(ranked, 0..14), 1..4);
        rankings.prop_map(move |rankings| World { facts: facts.clone(), rankings })
    })
}
