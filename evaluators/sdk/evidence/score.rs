//! Scores, and the scorer that computes them from evidence under weights.

use ndarray::ArrayView1;
use serde::{Deserialize, Serialize};

use super::{Block, Evidence, MetricFormula, Term};
use crate::sum::Sum;

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
    /// Where the outputs of each block begin in `outputs`.
    starts: Vec<usize>,
    outputs: Vec<Score>,
    values: Vec<Score>,
    padded: Vec<f64>,
    scratch: Scratch,
}

/// Working memory of the blocks.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    pub(super) sums: Vec<Sum>,
    pub(super) curve: super::curve::CurveScratch,
    pub(super) confusion: super::confusion::ConfusionScratch,
    pub(super) pairs: super::pairs::PairsScratch,
}

impl<'e> Scorer<'e> {
    pub(super) fn new(evidence: &'e Evidence) -> Self {
        let mut starts = Vec::with_capacity(evidence.blocks.len());
        let mut total = 0;
        for block in &evidence.blocks {
            starts.push(total);
            total += block.outputs();
        }
        let undefined = Score::Undefined(Undefined::NoWeight);
        Self {
            evidence,
            starts,
            outputs: vec![undefined; total],
            values: vec![undefined; evidence.metrics.len()],
            padded: Vec::new(),
            scratch: Scratch::default(),
        }
    }

    /// The scores under weights, in the order of the metrics.
    pub fn score(&mut self, weights: ArrayView1<'_, f64>) -> &[Score] {
        let items = self.evidence.items;
        self.padded.clear();
        self.padded.extend(weights.iter().take(items));
        self.padded.resize(items, 0.0);
        for (block, start) in self.evidence.blocks.iter().zip(&self.starts) {
            let outputs = &mut self.outputs[*start..*start + block.outputs()];
            block.score(&self.padded, &mut self.scratch, outputs);
        }
        for (position, metric) in self.evidence.metrics.iter().enumerate() {
            self.values[position] = self.combine(metric);
        }
        &self.values
    }

    fn combine(&self, metric: &MetricFormula) -> Score {
        let mut sum = Sum::default();
        for term in &metric.terms {
            let score = match term {
                Term::Output { block, output } => {
                    self.outputs[self.starts[*block as usize] + *output as usize]
                }
                Term::Metric(earlier) => self.values[*earlier as usize],
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

    fn score(&self, weights: &[f64], scratch: &mut Scratch, outputs: &mut [Score]) {
        match self {
            Self::Mean(block) => block.score(weights, scratch, outputs),
            Self::Ratio(block) => block.score(weights, scratch, outputs),
            Self::Stats(block) => block.score(weights, scratch, outputs),
            Self::GroupedMean(block) => block.score(weights, scratch, outputs),
            Self::Confusion(block) => block.score(weights, &mut scratch.confusion, outputs),
            Self::Curve(block) => block.score(weights, &mut scratch.curve, outputs),
            Self::Pairs(block) => block.score(weights, &mut scratch.pairs, outputs),
            Self::Opaque(block) => block.score(weights, outputs),
            Self::Median(block) => block.score(weights, outputs),
            Self::Maximum(block) => block.score(weights, outputs),
            Self::ClassQuotients(block) => block.score(weights, &mut scratch.sums, outputs),
            Self::OperatingPoint(block) => block.score(weights, &mut scratch.sums, outputs),
        }
    }
}
