//! Ranked predictions with their hits, and the areas under the curves that they draw.

use serde::{Deserialize, Serialize};

use super::Block;
use super::score::{Score, Undefined};
use crate::sum::Sum;

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
pub(super) struct CurveScratch {
    hits: Gathered,
    /// Hit weight and precision at every hit, best first.
    points: Vec<(f64, f64)>,
    averages: Vec<(Sum, f64)>,
}

/// What a class has that bears on areas under the envelope.
#[derive(Debug, Default)]
struct Gathered {
    hits: Vec<Hit>,
    /// The weight of all hits at each threshold.
    found: [f64; 32],
}

/// A prediction that has weight and is a hit, or does not count, at some threshold.
#[derive(Debug)]
struct Hit {
    bits: u32,
    /// At which thresholds the prediction does not count.
    ignored: u32,
    weight: f64,
    /// The weight of all predictions up to this one, ignored ones too.
    counted: f64,
}

impl Gathered {
    fn add(&mut self, hit: Hit) {
        let mut bits = hit.bits;
        while bits != 0 {
            self.found[bits.trailing_zeros() as usize] += hit.weight;
            bits &= bits - 1;
        }
        self.hits.push(hit);
    }
}

impl Hit {
    /// What the hit weighs at a threshold: nothing where it is none.
    fn weight_at(&self, threshold: u32) -> f64 {
        f64::from((self.bits >> threshold) & 1) * self.weight
    }
}

/// A class with the weights of its items.
struct Weighted<'a> {
    class: &'a CurveClass,
    weights: &'a [f64],
    positives: f64,
}

impl Curve {
    pub(super) fn score(&self, weights: &[f64], scratch: &mut CurveScratch, outputs: &mut [Score]) {
        if weights.iter().all(|weight| *weight == 0.0) {
            outputs.fill(Score::Undefined(Undefined::NoWeight));
            return;
        }
        scratch.averages.clear();
        scratch.averages.resize(outputs.len(), (Sum::default(), 0.0));
        for (number, class) in self.classes.iter().enumerate() {
            let class = Weighted::new(class, weights);
            if self.outputs.iter().any(|output| output.rule.needs_hits()) {
                class.gather_hits(&mut scratch.hits);
            }
            for (position, output) in self.outputs.iter().enumerate() {
                if output.average.is_pairwise() || !output.average.includes(number) {
                    continue;
                }
                let value = class.value(output.rule, output.threshold, &scratch.hits, &mut scratch.points);
                let (sum, count) = &mut scratch.averages[position];
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
                        sum.add(class.positives * value);
                        *count += class.positives;
                    }
                    (_, _) => {}
                }
            }
        }
        if self.outputs.iter().any(|output| output.average.is_pairwise()) {
            let (mean, weighted) = super::one_vs_one::areas(&self.classes, weights);
            for (output, wanted) in outputs.iter_mut().zip(&self.outputs) {
                match wanted.average {
                    ClassAverage::Pairs => *output = mean,
                    ClassAverage::PairsSupport => *output = weighted,
                    ClassAverage::Present
                    | ClassAverage::All
                    | ClassAverage::Support
                    | ClassAverage::PresentWithin { .. } => {}
                }
            }
        }
        let others = outputs.iter_mut().zip(&self.outputs).zip(&scratch.averages);
        for ((output, _), (sum, count)) in others.filter(|((_, wanted), _)| !wanted.average.is_pairwise()) {
            *output = match *count {
                0.0 => self.nothing(),
                count => Score::of(sum.total() / count),
            };
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
            let class = Weighted::new(class, weights);
            class.gather_hits(&mut hits);
            class.value(rule, threshold, &hits, &mut points)
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

impl<'a> Weighted<'a> {
    fn new(class: &'a CurveClass, weights: &'a [f64]) -> Self {
        let positives: Sum =
            class.positives.iter().map(|(item, count)| weights[*item as usize] * f64::from(*count)).collect();
        Self { class, weights, positives: positives.total() }
    }

    fn value(
        &self,
        rule: CurveRule,
        threshold: u32,
        gathered: &Gathered,
        points: &mut Vec<(f64, f64)>,
    ) -> Score {
        let hits = &gathered.hits;
        if self.positives <= 0.0 {
            return Score::Undefined(Undefined::NoPositives);
        }
        match rule {
            CurveRule::AllPoint => {
                Score::of(all_point(collect_points(threshold, hits, points), self.positives))
            }
            CurveRule::Points101 => {
                Score::of(points_at(&POINTS_101, collect_points(threshold, hits, points), self.positives))
            }
            CurveRule::Points11 => {
                Score::of(points_at(&POINTS_11, collect_points(threshold, hits, points), self.positives))
            }
            CurveRule::Recall => Score::of(gathered.found[threshold as usize] / self.positives),
            CurveRule::DistinctThresholds => {
                let (mut area, mut before) = (Sum::default(), 0.0);
                self.each_run(threshold, |hits, misses| {
                    if hits > before {
                        area.add((hits - before) / self.positives * (hits / (hits + misses)));
                        before = hits;
                    }
                });
                Score::of(area.total())
            }
            CurveRule::CalibratedPrecision => self.calibrated_precision(threshold),
            CurveRule::PrecisionRecallTrapezoid => {
                let (mut area, mut recall_before, mut precision_before) = (Sum::default(), 0.0, 1.0);
                self.each_run(threshold, |hits, misses| {
                    if hits + misses > 0.0 {
                        let (recall, precision) = (hits / self.positives, hits / (hits + misses));
                        area.add((recall - recall_before) * (precision + precision_before) / 2.0);
                        (recall_before, precision_before) = (recall, precision);
                    }
                });
                Score::of(area.total())
            }
            CurveRule::MaxF1 => {
                let mut best = 0.0_f64;
                self.each_run(threshold, |hits, misses| {
                    best = best.max(2.0 * hits / (hits + misses + self.positives));
                });
                Score::of(best)
            }
            CurveRule::RocArea => self.roc_area(threshold, 1.0),
            CurveRule::PartialRocArea { max_false_positive_rate: limit } => {
                match self.roc_area(threshold, limit) {
                    Score::Value(area) if limit < 1.0 => {
                        let smallest = 0.5 * limit * limit;
                        Score::of(0.5 * (1.0 + (area - smallest) / (limit - smallest)))
                    }
                    other => other,
                }
            }
            CurveRule::EqualErrorRate => self.equal_error_rate(threshold),
        }
    }

    fn calibrated_precision(&self, threshold: u32) -> Score {
        // Without a miss nothing is out of balance.
        let misses = self.total(threshold, |_, misses| misses);
        let balance = if misses > 0.0 { misses / self.positives } else { 1.0 };
        let (mut area, mut before) = (Sum::default(), 0.0);
        self.each_run(threshold, |hits, misses| {
            if hits > before {
                let found = balance * hits;
                area.add((hits - before) / self.positives * (found / (found + misses)));
                before = hits;
            }
        });
        Score::of(area.total())
    }

    fn weight(&self, item: u32) -> f64 {
        // No item has the number [`NO_ITEM`], which so weighs one.
        self.weights.get(item as usize).copied().unwrap_or(1.0)
    }

    /// What is a hit or ignored at any threshold, with the weight before it: one pass that serves all thresholds.
    fn gather_hits(&self, gathered: &mut Gathered) {
        gathered.hits.clear();
        gathered.found = [0.0; 32];
        // Nothing after the last hit changes an area under the envelope.
        let end = self.class.hits.iter().rposition(|bits| *bits != 0).map_or(0, |last| last + 1);
        let (items, bits) = (&self.class.items[..end], &self.class.hits[..end]);
        let ignored = self.class.ignored.get(..end);
        let (mut counted, mut at) = (0.0, 0);
        while at < end {
            // Most predictions are misses: four at a time do not wait for each other's sum.
            if let (Some([a, b, c, d]), Some(&[0, 0, 0, 0])) = (items.get(at..at + 4), bits.get(at..at + 4))
                && ignored.is_none_or(|ignored| ignored[at..at + 4] == [0; 4])
            {
                counted += (self.weight(*a) + self.weight(*b)) + (self.weight(*c) + self.weight(*d));
                at += 4;
                continue;
            }
            let weight = self.weight(items[at]);
            counted += weight;
            let ignored = ignored.map_or(0, |ignored| ignored[at]);
            if bits[at] | ignored != 0 && weight != 0.0 {
                gathered.add(Hit { bits: bits[at] & !ignored, ignored, weight, counted });
            }
            at += 1;
        }
    }

    /// Calls with the weight of hits and misses so far after every run of equal scores.
    fn each_run(&self, threshold: u32, mut after: impl FnMut(f64, f64)) {
        let bit = 1_u32 << threshold;
        let (mut hits, mut misses, mut position) = (0.0, 0.0, 0);
        let mut runs = self.class.runs.iter();
        while position < self.class.items.len() {
            let end = position + runs.next().map_or(1, |run| *run as usize);
            for at in position..end.min(self.class.items.len()) {
                if self.class.ignored.get(at).is_some_and(|bits| bits & bit != 0) {
                    continue;
                }
                let weight = self.weight(self.class.items[at]);
                if self.class.hits[at] & bit != 0 { hits += weight } else { misses += weight }
            }
            position = end;
            after(hits, misses);
        }
    }

    fn total(&self, threshold: u32, of: impl Fn(f64, f64) -> f64) -> f64 {
        let mut last = 0.0;
        self.each_run(threshold, |hits, misses| last = of(hits, misses));
        last
    }

    fn roc_area(&self, threshold: u32, limit: f64) -> Score {
        let negatives = self.total(threshold, |_, misses| misses);
        if negatives <= 0.0 {
            return Score::Undefined(Undefined::OneClass);
        }
        let (mut area, mut rate_before, mut recall_before) = (Sum::default(), 0.0, 0.0);
        self.each_run(threshold, |hits, misses| {
            let (rate, recall) = (misses / negatives, hits / self.positives);
            if rate_before < limit {
                let end = rate.min(limit);
                let recall_at_end = if end < rate {
                    recall_before + (recall - recall_before) * (end - rate_before) / (rate - rate_before)
                } else {
                    recall
                };
                area.add((end - rate_before) * (recall_at_end + recall_before) / 2.0);
            }
            (rate_before, recall_before) = (rate, recall);
        });
        Score::of(area.total())
    }

    fn equal_error_rate(&self, threshold: u32) -> Score {
        let negatives = self.total(threshold, |_, misses| misses);
        if negatives <= 0.0 {
            return Score::Undefined(Undefined::OneClass);
        }
        let (mut smallest, mut rate) = (1.0, 0.5);
        let mut consider = |(hits, misses): (f64, f64)| {
            let (accepted, refused) = (misses / negatives, 1.0 - hits / self.positives);
            if (accepted - refused).abs() < smallest {
                smallest = (accepted - refused).abs();
                rate = f64::midpoint(accepted, refused);
            }
        };
        // Only ends and corners of the curve count: a point between two equal steps is passed over.
        let mut last: Option<(f64, f64)> = None;
        let mut last_step: Option<(f64, f64)> = None;
        self.each_run(threshold, |hits, misses| {
            if let Some((hits_before, misses_before)) = last {
                let step = (hits - hits_before, misses - misses_before);
                if step == (0.0, 0.0) {
                    return;
                }
                if last_step != Some(step) {
                    consider((hits_before, misses_before));
                }
                last_step = Some(step);
            }
            last = (hits + misses > 0.0).then_some((hits, misses));
        });
        if let Some(end) = last {
            consider(end);
        }
        Score::of(rate)
    }
}

/// Hit weight and precision after every hit at a threshold.
///
/// Every prediction is written down, and only hits are kept: a branch on what is a hit at one threshold and not at another
/// would be mistaken half of the time.
fn collect_points<'p>(threshold: u32, gathered: &[Hit], points: &'p mut Vec<(f64, f64)>) -> &'p [(f64, f64)] {
    if points.len() < gathered.len() {
        points.resize(gathered.len(), (0.0, 0.0));
    }
    let (mut hits, mut passed_over, mut count) = (0.0, 0.0, 0);
    for hit in gathered {
        passed_over += f64::from((hit.ignored >> threshold) & 1) * hit.weight;
        hits += hit.weight_at(threshold);
        points[count] = (hits, hits / (hit.counted - passed_over));
        count += ((hit.bits >> threshold) & 1) as usize;
    }
    &points[..count]
}

/// The area under the monotone envelope; between hits precision only falls, so hits alone decide.
fn all_point(points: &[(f64, f64)], positives: f64) -> f64 {
    let mut area = Sum::default();
    let mut envelope = 0.0_f64;
    for (position, (hits, precision)) in points.iter().enumerate().rev() {
        envelope = envelope.max(*precision);
        let before = if position == 0 { 0.0 } else { points[position - 1].0 };
        area.add((hits - before) * envelope);
    }
    area.total() / positives
}

/// Recalls from 0 to 1, in steps of a width: `step * width` has the bits that NumPy gives them.
struct Recalls {
    steps: u32,
    width: f64,
}

const POINTS_101: Recalls = Recalls { steps: 100, width: 0.01 };
const POINTS_11: Recalls = Recalls { steps: 10, width: 0.1 };

/// The mean of the envelope at some recalls.
fn points_at(recalls: &Recalls, points: &[(f64, f64)], positives: f64) -> f64 {
    let mut sum = Sum::default();
    let mut envelope = 0.0_f64;
    let mut left = recalls.steps + 1;
    for (hits, precision) in points.iter().rev() {
        let recall = hits / positives;
        let before = left;
        while left > 0 && f64::from(left - 1) * recalls.width > recall {
            left -= 1;
        }
        if left < before {
            sum.add(f64::from(before - left) * envelope);
        }
        envelope = envelope.max(*precision);
    }
    sum.add(f64::from(left) * envelope);
    sum.total() / f64::from(recalls.steps + 1)
}
