//! Metrics of sums of columns, and values that come without evidence.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::Block;
use super::means::sum_columns;
use super::score::{Score, Scratch, Undefined};

/// Reducers of the weighted sums of columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Stats {
    /// One row per item.
    pub columns: Array2<f64>,
    /// One output each; they name columns by position.
    pub reducers: Vec<Reducer>,
}

/// A function of sums of columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Reducer {
    /// `n / d`.
    Quotient {
        /// The column of the numerator.
        numerator: u32,
        /// The column of the denominator.
        denominator: u32,
    },
    /// `sqrt(n / d)`: a root mean square.
    RootQuotient {
        /// The column of the numerator.
        numerator: u32,
        /// The column of the denominator.
        denominator: u32,
    },
    /// `2 tp / (2 tp + fp + fn)`, zero without anything to find or found.
    F1 {
        /// The column of the true positives.
        true_positives: u32,
        /// The column of the false positives.
        false_positives: u32,
        /// The column of the false negatives.
        false_negatives: u32,
    },
    /// `tp / (tp + fp + fn)`.
    Iou {
        /// The column of the true positives.
        true_positives: u32,
        /// The column of the false positives.
        false_positives: u32,
        /// The column of the false negatives.
        false_negatives: u32,
    },
    /// `1 - squared errors / (yy - y y / n)`: the coefficient of determination.
    Determination {
        /// The column of ones.
        count: u32,
        /// The column of squared errors.
        squared_error: u32,
        /// The column of the truth.
        truth: u32,
        /// The column of the truth's squares.
        truth_squared: u32,
    },
}

/// Values without evidence per item: they hold for all items together only.
#[derive(Debug, Clone, PartialEq)]
pub struct Opaque {
    /// One output each.
    pub values: Vec<f64>,
    /// Replicates that the evaluator made itself: one row each, one column per output.
    pub replicates: Option<Array2<f64>>,
}

impl From<Stats> for Block {
    fn from(block: Stats) -> Self {
        Self::Stats(block)
    }
}

impl From<Opaque> for Block {
    fn from(block: Opaque) -> Self {
        Self::Opaque(block)
    }
}

impl Reducer {
    /// The columns that the reducer names.
    pub(super) fn columns(self) -> [u32; 4] {
        match self {
            Self::Quotient { numerator, denominator } | Self::RootQuotient { numerator, denominator } => {
                [numerator, denominator, numerator, numerator]
            }
            Self::F1 { true_positives, false_positives, false_negatives }
            | Self::Iou { true_positives, false_positives, false_negatives } => {
                [true_positives, false_positives, false_negatives, true_positives]
            }
            Self::Determination { count, squared_error, truth, truth_squared } => {
                [count, squared_error, truth, truth_squared]
            }
        }
    }
}

impl Stats {
    pub(super) fn score(&self, weights: &[f64], scratch: &mut Scratch, outputs: &mut [Score]) {
        let total = sum_columns(self.columns.view(), &mut scratch.sums, |item| weights[item]).total();
        let sum = |column: u32| scratch.sums[column as usize].total();
        for (output, reducer) in outputs.iter_mut().zip(&self.reducers) {
            *output =
                if total == 0.0 { Score::Undefined(Undefined::NoWeight) } else { reduce(*reducer, sum) };
        }
    }
}

fn reduce(reducer: Reducer, sum: impl Fn(u32) -> f64) -> Score {
    match reducer {
        Reducer::Quotient { numerator, denominator } => Score::quotient(sum(numerator), sum(denominator)),
        Reducer::RootQuotient { numerator, denominator } => {
            match Score::quotient(sum(numerator), sum(denominator)) {
                Score::Value(value) => Score::of(value.sqrt()),
                undefined @ Score::Undefined(_) => undefined,
            }
        }
        Reducer::F1 { true_positives, false_positives, false_negatives } => {
            let twice = 2.0 * sum(true_positives);
            let denominator = twice + sum(false_positives) + sum(false_negatives);
            if denominator == 0.0 { Score::Value(0.0) } else { Score::of(twice / denominator) }
        }
        Reducer::Iou { true_positives, false_positives, false_negatives } => {
            let hits = sum(true_positives);
            Score::quotient(hits, hits + sum(false_positives) + sum(false_negatives))
        }
        Reducer::Determination { count, squared_error, truth, truth_squared } => {
            let spread = sum(truth_squared) - sum(truth) * sum(truth) / sum(count);
            let error = sum(squared_error);
            match (spread > 0.0, error == 0.0) {
                (true, _) => Score::of(1.0 - error / spread),
                (false, perfect) => Score::Value(f64::from(u8::from(perfect))),
            }
        }
    }
}

impl Opaque {
    pub(super) fn score(&self, weights: &[f64], outputs: &mut [Score]) {
        let everything = weights.iter().all(|weight| *weight == 1.0);
        for (output, value) in outputs.iter_mut().zip(&self.values) {
            *output =
                if everything { Score::of(*value) } else { Score::Undefined(Undefined::NoItemEvidence) };
        }
    }
}
