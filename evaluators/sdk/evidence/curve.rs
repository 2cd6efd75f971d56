//! Ranked predictions with their hits, and the areas under the curves that they draw.

mod envelope;
mod runs;

use serde::{Deserialize, Serialize};

use self::envelope::{Gathered, POINTS_11, POINTS_101, Point, all_point, collect_points, points_at};
use self::runs::Runs;
use super::Block;
use super::asked::Asked;
use super::score::{Score, Undefined, each_lane};
use crate::sum::{LaneSum, Sum};

/// The item of a prediction that belongs to none (a false positive in an unknown video): it always weighs one.
pub const NO_ITEM: u32 = u32::MAX;

/// Ranked predictions of some classes with their hits at one or more thresholds.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// The classes.
    pub classes: Vec<CurveClass>,
    /// How many thresholds the bits of [`CurveClass::hits`] stand for, at most 32.
    pub thresholds: u32,
    /// What is computed.
    pub outputs: Vec<CurveOutput>,
}

/// The predictions of one class, best first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CurveClass {
    /// The name of the class.
    pub name: String,
    /// The item of every prediction, or [`NO_ITEM`].
    pub items: Vec<u32>,
    /// Bit `t` of a prediction says whether it is a true positive at threshold `t`.
    pub hits: Vec<u32>,
    /// Bit `t` says whether the prediction does not count at threshold `t`; empty if all count.
    pub ignored: Vec<u32>,
    /// The lengths of the runs of equal scores; empty if every score counts as distinct.
    pub runs: Vec<u32>,
    /// How many positives an item has, for the items that have some.
    pub positives: Vec<(u32, u32)>,
}

/// One output of a curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CurveOutput {
    /// The area, or the point, that is computed per class.
    pub rule: CurveRule,
    /// The threshold whose hits count.
    pub threshold: u32,
    /// How the classes are averaged.
    pub average: ClassAverage,
}

/// What is computed of the curve of a class.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum CurveRule {
    /// Average precision under the monotone envelope at every change of recall (VOC 2010 and later, ActivityNet, Ego4D, EPIC).
    AllPoint,
    /// Average precision at the 101 recalls 0, 0.01 .. 1 under the monotone envelope (COCO).
    Points101,
    /// Average precision as the sum of `(R_n - R_(n-1)) P_n` over distinct scores, not interpolated (scikit-learn).
    DistinctThresholds,
    /// The area under precision over recall by the trapezoid rule, from recall 0 with precision 1.
    PrecisionRecallTrapezoid,
    /// The area under the receiver operating characteristic; equal scores give half credit.
    RocArea,
    /// The same up to a false positive rate, standardised after McClish.
    PartialRocArea {
        /// The largest false positive rate.
        max_false_positive_rate: f64,
    },
    /// The largest F1 at any threshold on the score.
    MaxF1,
    /// The equal error rate: the mean of both error rates at the corner of the curve where they differ least.
    ///
    /// Corners are what scikit-learn's `roc_curve` keeps; of equal ones the first, with the highest score, counts.
    EqualErrorRate,
    /// The recall of all predictions together.
    Recall,
    /// Average precision as the sum of `(R_n - R_(n-1)) P_n` over distinct scores, in whose precision all misses together
    /// weigh as much as all positives: `P = w h / (w h + m)` with `w` the misses per positive (De Geest et al.).
    ///
    /// Scores that say nothing reach one half on average, whatever the share of positives.
    CalibratedPrecision,
    /// Average precision at the 11 recalls 0, 0.1 .. 1 under the monotone envelope (VOC 2007).
    Points11,
}

/// How the values of classes become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClassAverage {
    /// The mean over classes that have a value (for average precision: classes with weighted positives).
    Present,
    /// The mean over all classes; one without a value counts zero.
    All,
    /// The mean weighted by the positives of the classes.
    Support,
    /// The mean over pairs of classes that occur, each class ranking the items of both (Hand and Till); for
    /// [`CurveRule::RocArea`] of classes of which every item has one.
    Pairs,
    /// The same weighted by the positives of the pairs.
    PairsSupport,
    /// The mean over those classes from `first` to before `end` that have a value: a group of classes that stand together.
    PresentWithin {
        /// The position of the first class of the group.
        first: u32,
        /// The position after the last class of the group.
        end: u32,
    },
}

impl From<Curve> for Block {
    fn from(block: Curve) -> Self {
        Self::Curve(block)
    }
}

/// Working memory of curves.
#[derive(Debug, Default)]
pub(super) struct CurveScratch<const L: usize> {
    hits: Gathered<L>,
    points: Vec<Point<L>>,
    averages: Vec<[(Sum, f64); L]>,
}

/// A class with the weights of its items.
struct Weighted<'a, const L: usize> {
    class: &'a CurveClass,
    weights: &'a [[f64; L]],
    positives: [f64; L],
}

impl Curve {
    pub(super) fn score<const L: usize>(
        &self,
        weights: &[[f64; L]],
        asked: &Asked,
        scratch: &mut CurveScratch<L>,
        outputs: &mut [[Score; L]],
    ) {
        scratch.averages.clear();
        scratch.averages.resize(outputs.len(), [(Sum::default(), 0.0); L]);
        for (number, class) in self.classes.iter().enumerate() {
            let class = Weighted::new(class, weights);
            if asked.among(&self.outputs).any(|output| output.rule.needs_hits()) {
                class.gather_hits(&mut scratch.hits);
            }
            for (position, output) in asked.among(self.outputs.iter().enumerate()) {
                if output.average.is_pairwise() || !output.average.includes(number) {
                    continue;
                }
                let values = class.values(output.rule, output.threshold, &scratch.hits, &mut scratch.points);
                for (lane, value) in values.into_iter().enumerate() {
                    let (sum, count) = &mut scratch.averages[position][lane];
                    match (output.average, value) {
                        (
                            ClassAverage::Present | ClassAverage::All | ClassAverage::PresentWithin { .. },
                            Score::Value(value),
                        ) => {
                            sum.add(value);
                            *count += 1.0;
                        }
                        (ClassAverage::All, Score::Undefined(_)) => *count += 1.0,
                        (ClassAverage::Support, Score::Value(value)) => {
                            sum.add(class.positives[lane] * value);
                            *count += class.positives[lane];
                        }
                        (_, _) => {}
                    }
                }
            }
        }
        if asked.among(&self.outputs).any(|output| output.average.is_pairwise()) {
            self.score_pairs(weights, outputs);
        }
        let others = outputs.iter_mut().zip(&self.outputs).zip(&scratch.averages);
        for ((output, _), averages) in others.filter(|((_, wanted), _)| !wanted.average.is_pairwise()) {
            *output = averages.map(|(sum, count)| match count {
                0.0 => self.nothing(),
                count => Score::of(sum.total() / count),
            });
        }
        for lane in 0..L {
            if weights.iter().all(|weights| weights[lane] == 0.0) {
                for output in &mut *outputs {
                    output[lane] = Score::Undefined(Undefined::NoWeight);
                }
            }
        }
    }

    /// The outputs that are means over pairs of classes.
    fn score_pairs<const L: usize>(&self, weights: &[[f64; L]], outputs: &mut [[Score; L]]) {
        for lane in 0..L {
            let weights: Vec<f64> = weights.iter().map(|weights| weights[lane]).collect();
            let (mean, weighted) = super::one_vs_one::areas(&self.classes, &weights);
            for (output, wanted) in outputs.iter_mut().zip(&self.outputs) {
                match wanted.average {
                    ClassAverage::Pairs => output[lane] = mean,
                    ClassAverage::PairsSupport => output[lane] = weighted,
                    ClassAverage::Present
                    | ClassAverage::All
                    | ClassAverage::Support
                    | ClassAverage::PresentWithin { .. } => {}
                }
            }
        }
    }

    /// Why there is no value when no class has one.
    fn nothing(&self) -> Score {
        match self.classes.len() {
            1 if self.outputs.iter().any(|output| output.rule.needs_negatives()) => {
                Score::Undefined(Undefined::OneClass)
            }
            _ => Score::Undefined(Undefined::NoPositives),
        }
    }

    /// One output of every class by itself, in the order of the classes.
    pub fn per_class(&self, weights: &[f64], rule: CurveRule, threshold: u32) -> Vec<Score> {
        let (mut hits, mut points) = (Gathered::default(), Vec::new());
        let value = |class| {
            let class = Weighted::new(class, weights.as_chunks::<1>().0);
            class.gather_hits(&mut hits);
            let [value] = class.values(rule, threshold, &hits, &mut points);
            value
        };
        self.classes.iter().map(value).collect()
    }
}

impl ClassAverage {
    pub(super) fn is_pairwise(self) -> bool {
        matches!(self, Self::Pairs | Self::PairsSupport)
    }

    /// Whether the class at that position can count.
    fn includes(self, number: usize) -> bool {
        match self {
            Self::PresentWithin { first, end } => (first as usize..end as usize).contains(&number),
            Self::Present | Self::All | Self::Support | Self::Pairs | Self::PairsSupport => true,
        }
    }
}

impl CurveRule {
    fn needs_hits(self) -> bool {
        matches!(self, Self::AllPoint | Self::Points101 | Self::Points11 | Self::Recall)
    }

    fn needs_negatives(self) -> bool {
        matches!(self, Self::RocArea | Self::PartialRocArea { .. } | Self::EqualErrorRate)
    }
}

impl<'a, const L: usize> Weighted<'a, L> {
    fn new(class: &'a CurveClass, weights: &'a [[f64; L]]) -> Self {
        let mut positives = LaneSum::default();
        for (item, count) in &class.positives {
            positives.add(weights[*item as usize].map(|weight| weight * f64::from(*count)));
        }
        Self { class, weights, positives: std::array::from_fn(|lane| positives.lane(lane).total()) }
    }

    fn values(
        &self,
        rule: CurveRule,
        threshold: u32,
        gathered: &Gathered<L>,
        points: &mut Vec<Point<L>>,
    ) -> [Score; L] {
        if !self.positives.iter().any(|positives| *positives > 0.0) {
            return [Score::Undefined(Undefined::NoPositives); L];
        }
        let mut envelope = |area: fn(&[Point<L>], &[f64; L]) -> [f64; L]| {
            area(collect_points(threshold, &gathered.hits, points), &self.positives).map(Score::of)
        };
        let runs = Runs { weighted: self, threshold };
        let scores = match rule {
            CurveRule::AllPoint => envelope(all_point),
            CurveRule::Points101 => envelope(|points, positives| points_at(&POINTS_101, points, positives)),
            CurveRule::Points11 => envelope(|points, positives| points_at(&POINTS_11, points, positives)),
            CurveRule::Recall => {
                let found = &gathered.found[threshold as usize];
                each_lane(|lane| Score::of(found[lane] / self.positives[lane]))
            }
            CurveRule::DistinctThresholds => runs.distinct_thresholds(),
            CurveRule::CalibratedPrecision => runs.calibrated_precision(),
            CurveRule::PrecisionRecallTrapezoid => runs.trapezoid(),
            CurveRule::MaxF1 => runs.max_f1(),
            CurveRule::RocArea => runs.roc_area(1.0),
            CurveRule::PartialRocArea { max_false_positive_rate: limit } => runs.standardised_roc_area(limit),
            CurveRule::EqualErrorRate => runs.equal_error_rate(),
        };
        each_lane(|lane| match self.positives[lane] {
            positives if positives > 0.0 => scores[lane],
            _ => Score::Undefined(Undefined::NoPositives),
        })
    }

    fn weights(&self, item: u32) -> &[f64; L] {
        // No item has the number [`NO_ITEM`], which so weighs one.
        self.weights.get(item as usize).unwrap_or(&[1.0; L])
    }
}
