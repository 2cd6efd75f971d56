//! Scores, and the scorer that computes them from evidence under weights.

use ndarray::ArrayView1;
use serde::{Deserialize, Serialize};

use super::asked::Asked;
use super::{Block, Evidence, MetricFormula, Term};
use crate::sum::{LaneSum, Sum};

/// How many weightings [`Scorer::score_lanes`] takes at once.
pub const LANES: usize = 8;

/// The value of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Score {
    /// A finite number.
    Value(f64),
    /// No number, for a reason.
    Undefined(Undefined),
}

/// Why a metric has no value under some weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Undefined {
    /// No weight falls on anything that the metric counts.
    #[error("nothing to average: no item here counts for this metric")]
    NoWeight,
    /// No weight falls on a positive.
    #[error("no item here has a positive")]
    NoPositives,
    /// Only one of two classes has weight.
    #[error("only one class occurs here")]
    OneClass,
    /// A side of a correlation does not vary.
    #[error("one side does not vary")]
    Constant,
    /// The arithmetic gives no finite number.
    #[error("the value is not a finite number")]
    NotFinite,
    /// The evaluator gave a value without evidence, which holds for all items only.
    #[error("this metric is known for all items together only")]
    NoItemEvidence,
}

impl Score {
    /// A score of a number that may not be finite.
    pub fn of(value: f64) -> Self {
        if value.is_finite() { Self::Value(value) } else { Self::Undefined(Undefined::NotFinite) }
    }

    /// A quotient; without a denominator there is nothing to average.
    pub(super) fn quotient(numerator: f64, denominator: f64) -> Self {
        if denominator == 0.0 {
            Self::Undefined(Undefined::NoWeight)
        } else {
            Self::of(numerator / denominator)
        }
    }

    /// The number, if there is one.
    pub fn value(self) -> Option<f64> {
        match self {
            Self::Value(value) => Some(value),
            Self::Undefined(_) => None,
        }
    }
}

/// The scores of one weighting, by the names of the metrics.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores<'e> {
    pub(super) metrics: &'e [MetricFormula],
    pub(super) values: Vec<Score>,
}

impl Scores<'_> {
    /// The score of a metric.
    pub fn get(&self, metric: &str) -> Option<Score> {
        self.iter().find(|(name, _)| *name == metric).map(|(_, score)| score)
    }

    /// All scores, in the order of the metrics.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Score)> {
        self.metrics.iter().map(|metric| metric.name.as_str()).zip(self.values.iter().copied())
    }
}

/// Scores many weightings of the same evidence, keeping its working memory.
#[derive(Debug)]
pub struct Scorer<'e> {
    evidence: &'e Evidence,
    plan: Plan,
    one: Workspace<1>,
    many: Workspace<LANES>,
}

/// What is computed of each block, and where it is found.
#[derive(Debug)]
struct Plan {
    /// Where the outputs of each block begin; at last, where all end.
    starts: Vec<usize>,
    asked: Vec<Asked>,
}

/// Working memory for so many weightings side by side.
#[derive(Debug, Default)]
struct Workspace<const L: usize> {
    outputs: Vec<[Score; L]>,
    values: Vec<[Score; L]>,
    padded: Vec<[f64; L]>,
    scratch: Scratch<L>,
}

/// Working memory of the blocks.
#[derive(Debug, Default)]
pub(super) struct Scratch<const L: usize> {
    pub(super) sums: Vec<LaneSum<L>>,
    pub(super) confusion: super::confusion::ConfusionScratch<L>,
    curve: super::curve::CurveScratch<L>,
    one_by_one: OneByOne,
}

/// Working memory of the blocks that take one weighting at a time.
#[derive(Debug, Default)]
struct OneByOne {
    weights: Vec<f64>,
    outputs: Vec<Score>,
    pairs: super::pairs::PairsScratch,
}

/// A score for every lane.
pub(super) fn each_lane<const L: usize>(score: impl FnMut(usize) -> Score) -> [Score; L] {
    std::array::from_fn(score)
}

impl<'e> Scorer<'e> {
    pub(super) fn new(evidence: &'e Evidence) -> Self {
        let mut starts = Vec::with_capacity(evidence.blocks.len());
        let mut total = 0;
        for block in &evidence.blocks {
            starts.push(total);
            total += block.outputs();
        }
        starts.push(total);
        let plan = Plan { starts, asked: Asked::of_blocks(evidence) };
        Self { evidence, plan, one: Workspace::default(), many: Workspace::default() }
    }

    /// The scores under weights, in the order of the metrics.
    pub fn score(&mut self, weights: ArrayView1<'_, f64>) -> &[Score] {
        let copied: Vec<f64>;
        let weights = match weights.as_slice() {
            Some(weights) => weights,
            None => {
                copied = weights.to_vec();
                &copied
            }
        };
        let (weights, _) = weights.as_chunks::<1>();
        self.one.score(self.evidence, &self.plan, weights, None).as_flattened()
    }

    /// The scores under several weightings at once, in the order of the metrics: for every item its weight in each.
    ///
    /// Each has the bits that [`Scorer::score`] gives it alone; most kinds of evidence are read only once for all.
    /// With `first_replicate`, values without evidence per item are those of the evaluator's own replicates with that number and
    /// the following ones, and undefined where it made none.
    pub fn score_lanes(
        &mut self,
        weights: &[[f64; LANES]],
        first_replicate: Option<usize>,
    ) -> &[[Score; LANES]] {
        self.many.score(self.evidence, &self.plan, weights, first_replicate)
    }
}

impl<const L: usize> Workspace<L> {
    fn score(
        &mut self,
        evidence: &Evidence,
        plan: &Plan,
        weights: &[[f64; L]],
        first_replicate: Option<usize>,
    ) -> &[[Score; L]] {
        let Plan { starts, asked } = plan;
        let undefined = [Score::Undefined(Undefined::NoWeight); L];
        self.outputs.resize(starts.last().copied().unwrap_or(0), undefined);
        self.values.resize(evidence.metrics.len(), undefined);
        let weights = match weights.get(..evidence.items) {
            Some(weights) => weights,
            None => {
                self.padded.clear();
                self.padded.extend_from_slice(weights);
                self.padded.resize(evidence.items, [0.0; L]);
                &self.padded
            }
        };
        for ((block, asked), range) in evidence.blocks.iter().zip(asked).zip(starts.windows(2)) {
            let outputs = &mut self.outputs[range[0]..range[1]];
            block.score(weights, first_replicate, asked, &mut self.scratch, outputs);
        }
        for (position, metric) in evidence.metrics.iter().enumerate() {
            self.values[position] = each_lane(|lane| self.combine(metric, starts, lane));
        }
        &self.values
    }

    fn combine(&self, metric: &MetricFormula, starts: &[usize], lane: usize) -> Score {
        let mut sum = Sum::default();
        for term in &metric.terms {
            let score = match term {
                Term::Output { block, output } => {
                    self.outputs[starts[*block as usize] + *output as usize][lane]
                }
                Term::Metric(earlier) => self.values[*earlier as usize][lane],
            };
            match score {
                Score::Value(value) => sum.add(value),
                Score::Undefined(_) => return score,
            }
        }
        match metric.terms.len() {
            1 => Score::of(metric.factor * sum.total()),
            count => Score::of(metric.factor * (sum.total() / count as f64)),
        }
    }
}

impl Block {
    pub(super) fn outputs(&self) -> usize {
        match self {
            Self::Mean(block) => block.values.ncols(),
            Self::Ratio(block) => block.numerators.ncols(),
            Self::Stats(block) => block.reducers.len(),
            Self::GroupedMean(block) => block.values.ncols(),
            Self::Confusion(block) => block.measures.len(),
            Self::Curve(block) => block.outputs.len(),
            Self::Pairs(block) => block.measures().len(),
            Self::Opaque(block) => block.values.len(),
            Self::Median(block) => block.values().ncols(),
            Self::Maximum(block) => block.values.ncols(),
            Self::ClassQuotients(block) => block.outputs.len(),
            Self::OperatingPoint(_) => 3,
        }
    }

    fn score<const L: usize>(
        &self,
        weights: &[[f64; L]],
        first_replicate: Option<usize>,
        asked: &Asked,
        scratch: &mut Scratch<L>,
        outputs: &mut [[Score; L]],
    ) {
        match self {
            _ if asked.is_nothing() => {}
            Self::Mean(block) => block.score(weights, asked, scratch, outputs),
            Self::Ratio(block) => block.score(weights, asked, scratch, outputs),
            Self::Stats(block) => block.score(weights, asked, scratch, outputs),
            Self::GroupedMean(block) => block.score(weights, asked, scratch, outputs),
            Self::Confusion(block) => block.score(weights, asked, &mut scratch.confusion, outputs),
            Self::Opaque(block) => block.score(weights, first_replicate, outputs),
            Self::ClassQuotients(block) => block.score(weights, asked, &mut scratch.sums, outputs),
            Self::OperatingPoint(block) => block.score(weights, asked, &mut scratch.sums, outputs),
            Self::Curve(block) => block.score(weights, asked, &mut scratch.curve, outputs),
            Self::Pairs(_) | Self::Median(_) | Self::Maximum(_) => {
                for lane in 0..L {
                    self.score_lane(weights, lane, asked, &mut scratch.one_by_one, outputs);
                }
            }
        }
    }

    /// Scores one lane of what does not reduce to sums.
    fn score_lane<const L: usize>(
        &self,
        weights: &[[f64; L]],
        lane: usize,
        asked: &Asked,
        scratch: &mut OneByOne,
        outputs: &mut [[Score; L]],
    ) {
        let OneByOne { weights: own, outputs: found, pairs } = scratch;
        own.clear();
        own.extend(weights.iter().map(|weights| weights[lane]));
        found.resize(outputs.len(), Score::Undefined(Undefined::NoWeight));
        match self {
            Self::Pairs(block) => block.score(own, asked, pairs, found),
            Self::Median(block) => block.score(own, asked, found),
            Self::Maximum(block) => block.score(own, found),
            Self::Mean(_)
            | Self::Ratio(_)
            | Self::Stats(_)
            | Self::GroupedMean(_)
            | Self::Confusion(_)
            | Self::Curve(_)
            | Self::Opaque(_)
            | Self::ClassQuotients(_)
            | Self::OperatingPoint(_) => {}
        }
        for (output, found) in outputs.iter_mut().zip(found) {
            output[lane] = *found;
        }
    }
}
