//! Metrics of sums of columns, and values that come without evidence.

use std::ops::Range;

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::Block;
use super::asked::Asked;
use super::columns::Columns;
use super::ngrams::{BLEU_ORDERS, BleuCounts, Smoothing, chrf};
use super::score::{Score, Scratch, Undefined, each_lane};

/// Reducers of the weighted sums of columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Stats<C = Columns> {
    /// One row per item.
    pub columns: C,
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
    /// The sum itself: a count.
    Total {
        /// The column that is summed.
        column: u32,
    },
    /// `n / d`, and `n` where `d` is zero: a quotient of counts whose denominator is at least one.
    OverAtLeastOne {
        /// The column of the numerator.
        numerator: u32,
        /// The column of the denominator.
        denominator: u32,
    },
    /// `n / d`, one where `d` is zero: there is nothing to be wrong about.
    QuotientOrOne {
        /// The column of the numerator.
        numerator: u32,
        /// The column of the denominator.
        denominator: u32,
    },
    /// `sqrt(n1 / d1 * n2 / d2)`, zero without a denominator: a geometric mean of two quotients.
    GeometricMean {
        /// The columns of the numerators.
        numerators: [u32; 2],
        /// The columns of the denominators.
        denominators: [u32; 2],
    },
    /// `sqrt(n1 / d1 * n2 / d2) * n3 / d3`, zero without a denominator.
    GeometricMeanTimes {
        /// The columns of the numerators.
        numerators: [u32; 3],
        /// The columns of the denominators.
        denominators: [u32; 3],
    },
    /// `(n - log10(c)) / d` of counts, `c` and `d` at least one.
    LessLogarithm {
        /// The column of what the logarithm is taken from.
        numerator: u32,
        /// The column of the count whose logarithm is taken.
        count: u32,
        /// The column of the denominator.
        denominator: u32,
    },
    /// `e / t`; where there is nothing to find zero without errors, else one.
    ErrorRate {
        /// The column of the errors.
        errors: u32,
        /// The column of what there is to find.
        total: u32,
    },
    /// `(h / r) (h / y)` of hits `h`, `r` words of the reference and `y` of the hypothesis: the word information preserved;
    /// one where both are empty, zero where one is.
    InformationPreserved {
        /// The column of the hits.
        hits: u32,
        /// The column of the reference's words.
        reference: u32,
        /// The column of the hypothesis' words.
        hypothesis: u32,
    },
    /// One minus the word information preserved: the word information lost.
    InformationLost {
        /// The column of the hits.
        hits: u32,
        /// The column of the reference's words.
        reference: u32,
        /// The column of the hypothesis' words.
        hypothesis: u32,
    },
    /// BLEU of the sums of [`BleuCounts::columns`].
    Bleu {
        /// The first of the columns.
        first: u32,
        /// What an order without a match counts.
        smoothing: Smoothing,
    },
    /// BLEU of the COCO caption evaluation, of the sums of [`BleuCounts::columns`].
    CaptionBleu {
        /// The first of the columns.
        first: u32,
        /// The longest n-grams that count.
        orders: u32,
    },
    /// chrF of the sums of columns: three for each order of n-grams, of the hypothesis, of the reference and of both.
    ChrF {
        /// The first of the columns.
        first: u32,
        /// How many orders there are.
        orders: u32,
        /// How much more recall weighs than precision.
        beta: u32,
    },
    /// `exp(n / d)`: of sums of logarithms the geometric mean.
    ExponentialQuotient {
        /// The column of the logarithms.
        numerator: u32,
        /// The column of what is counted.
        denominator: u32,
    },
    /// `1 - variance of errors / variance of the truth`; where the truth does not vary, one if the errors do not either,
    /// else zero.
    ExplainedVariance {
        /// The column of ones.
        count: u32,
        /// The column of errors.
        error: u32,
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

impl<C: Into<Columns>> From<Stats<C>> for Block {
    fn from(Stats { columns, reducers }: Stats<C>) -> Self {
        Self::Stats(Stats { columns: columns.into(), reducers })
    }
}

impl From<Opaque> for Block {
    fn from(block: Opaque) -> Self {
        Self::Opaque(block)
    }
}

impl Reducer {
    /// The columns that the reducer reads, as ranges; one that no block has where the reducer contradicts itself.
    pub(super) fn columns(self) -> Vec<Range<u32>> {
        let range = |first: u32, columns: u32| first..first.saturating_add(columns);
        let several = |first: u32, columns: u32| Vec::from([range(first, columns)]);
        let each = |columns: &[u32]| columns.iter().map(|column| range(*column, 1)).collect();
        match self {
            Self::Quotient { numerator, denominator }
            | Self::RootQuotient { numerator, denominator }
            | Self::OverAtLeastOne { numerator, denominator }
            | Self::QuotientOrOne { numerator, denominator }
            | Self::ExponentialQuotient { numerator, denominator } => each(&[numerator, denominator]),
            Self::GeometricMean { numerators, denominators } => each(&[numerators, denominators].concat()),
            Self::GeometricMeanTimes { numerators, denominators } => {
                each(&[numerators, denominators].concat())
            }
            Self::LessLogarithm { numerator, count, denominator } => each(&[numerator, count, denominator]),
            Self::F1 { true_positives, false_positives, false_negatives }
            | Self::Iou { true_positives, false_positives, false_negatives } => {
                each(&[true_positives, false_positives, false_negatives])
            }
            Self::Determination { count, squared_error, truth, truth_squared } => {
                each(&[count, squared_error, truth, truth_squared])
            }
            Self::ExplainedVariance { count, error, squared_error, truth, truth_squared } => {
                each(&[count, error, squared_error, truth, truth_squared])
            }
            Self::Total { column } => each(&[column]),
            Self::ErrorRate { errors, total } => each(&[errors, total]),
            Self::InformationPreserved { hits, reference, hypothesis }
            | Self::InformationLost { hits, reference, hypothesis } => each(&[hits, reference, hypothesis]),
            Self::CaptionBleu { orders, .. } if !(1..=BLEU_ORDERS as u32).contains(&orders) => {
                each(&[u32::MAX])
            }
            Self::Bleu { first, .. } | Self::CaptionBleu { first, .. } => {
                several(first, BleuCounts::COLUMNS as u32)
            }
            Self::ChrF { first, orders, .. } => several(first, orders.saturating_mul(3)),
        }
    }
}

impl Stats {
    pub(super) fn score<const L: usize>(
        &self,
        weights: &[[f64; L]],
        asked: &Asked,
        scratch: &mut Scratch<L>,
        outputs: &mut [[Score; L]],
    ) {
        let total = self.columns.sums(asked.columns(), &mut scratch.sums, |item| weights[item]);
        for (output, reducer) in asked.among(outputs.iter_mut().zip(&self.reducers)) {
            *output = each_lane(|lane| match total.lane(lane).total() {
                0.0 => Score::Undefined(Undefined::NoWeight),
                _ => reduce(*reducer, |column| scratch.sums[column as usize].lane(lane).total()),
            });
        }
    }
}

/// The sum of squared deviations from the mean; what rounding alone leaves of one is none.
fn spread(sum: f64, squares: f64, count: f64) -> f64 {
    let spread = squares - sum * sum / count;
    if spread > 16.0 * f64::EPSILON * squares { spread } else { 0.0 }
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
        Reducer::ExponentialQuotient { numerator, denominator } => {
            match Score::quotient(sum(numerator), sum(denominator)) {
                Score::Value(value) => Score::of(value.exp()),
                undefined @ Score::Undefined(_) => undefined,
            }
        }
        Reducer::ExplainedVariance { count, error, squared_error, truth, truth_squared } => {
            let unexplained = spread(sum(error), sum(squared_error), sum(count));
            match spread(sum(truth), sum(truth_squared), sum(count)) {
                0.0 => Score::Value(f64::from(u8::from(unexplained == 0.0))),
                spread => Score::of(1.0 - unexplained / spread),
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
            let error = sum(squared_error);
            match spread(sum(truth), sum(truth_squared), sum(count)) {
                // A single item says nothing of how much the truth varies.
                0.0 if sum(count) < 2.0 => Score::Undefined(Undefined::Constant),
                0.0 => Score::Value(f64::from(u8::from(error == 0.0))),
                spread => Score::of(1.0 - error / spread),
            }
        }
        Reducer::Total { column } => Score::of(sum(column)),
        Reducer::OverAtLeastOne { numerator, denominator } => {
            Score::of(sum(numerator) / one_for_zero(sum(denominator)))
        }
        Reducer::QuotientOrOne { numerator, denominator } => match sum(denominator) {
            0.0 => Score::Value(1.0),
            denominator => Score::of(sum(numerator) / denominator),
        },
        Reducer::GeometricMean { numerators: [n1, n2], denominators: [d1, d2] } => {
            Score::of((or_zero(sum(n1), sum(d1)) * or_zero(sum(n2), sum(d2))).sqrt())
        }
        Reducer::GeometricMeanTimes { numerators: [n1, n2, n3], denominators: [d1, d2, d3] } => {
            let mean = (or_zero(sum(n1), sum(d1)) * or_zero(sum(n2), sum(d2))).sqrt();
            Score::of(mean * or_zero(sum(n3), sum(d3)))
        }
        Reducer::LessLogarithm { numerator, count, denominator } => {
            let logarithm = sum(count).max(1.0).log10();
            Score::of((sum(numerator) - logarithm) / one_for_zero(sum(denominator)))
        }
        Reducer::ErrorRate { errors, total } => match (sum(errors), sum(total)) {
            (0.0, 0.0) => Score::Value(0.0),
            (_, 0.0) => Score::Value(1.0),
            (errors, total) => Score::of(errors / total),
        },
        Reducer::InformationPreserved { hits, reference, hypothesis } => {
            Score::of(preserved(sum(hits), sum(reference), sum(hypothesis)))
        }
        Reducer::InformationLost { hits, reference, hypothesis } => {
            Score::of(1.0 - preserved(sum(hits), sum(reference), sum(hypothesis)))
        }
        Reducer::Bleu { first, smoothing } => {
            let counts = BleuCounts::of_columns(|column| sum(first + column as u32));
            Score::of(counts.bleu(smoothing, false))
        }
        Reducer::CaptionBleu { first, orders } => {
            let counts = BleuCounts::of_columns(|column| sum(first + column as u32));
            Score::of(counts.caption_bleu(orders as usize))
        }
        Reducer::ChrF { first, orders, beta } => {
            let order = |order: u32| [0, 1, 2].map(|column| sum(first + 3 * order + column));
            Score::of(chrf((0..orders).map(order), f64::from(beta)))
        }
    }
}

fn preserved(hits: f64, reference: f64, hypothesis: f64) -> f64 {
    match (reference, hypothesis) {
        (0.0, 0.0) => 1.0,
        (0.0, _) | (_, 0.0) => 0.0,
        _ => hits / reference * (hits / hypothesis),
    }
}

fn one_for_zero(denominator: f64) -> f64 {
    if denominator == 0.0 { 1.0 } else { denominator }
}

fn or_zero(numerator: f64, denominator: f64) -> f64 {
    if denominator == 0.0 { 0.0 } else { numerator / denominator }
}

impl Opaque {
    /// The values where all weights are one, and the block's own replicates from `first_replicate` on where it has them.
    pub(super) fn score<const L: usize>(
        &self,
        weights: &[[f64; L]],
        first_replicate: Option<usize>,
        outputs: &mut [[Score; L]],
    ) {
        let everything: [bool; L] =
            std::array::from_fn(|lane| weights.iter().all(|weights| weights[lane] == 1.0));
        for (position, (output, value)) in outputs.iter_mut().zip(&self.values).enumerate() {
            *output = each_lane(|lane| match (first_replicate, &self.replicates) {
                (Some(first), Some(replicates)) => match replicates.get([first + lane, position]) {
                    Some(value) => Score::of(*value),
                    None => Score::Undefined(Undefined::NoItemEvidence),
                },
                (None, _) if everything[lane] => Score::of(*value),
                _ => Score::Undefined(Undefined::NoItemEvidence),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(reducer: Reducer, sums: &[f64]) -> f64 {
        reduce(reducer, |column| sums[column as usize]).value().unwrap()
    }

    #[test]
    fn a_denominator_of_zero_counts_as_the_reducer_says() {
        let of = |n: f64, d: f64| value(Reducer::OverAtLeastOne { numerator: 0, denominator: 1 }, &[n, d]);
        assert_eq!((of(-3.0, 0.0), of(-3.0, 6.0), of(1.0, 0.5)), (-3.0, -0.5, 2.0));
        let of = |n: f64, d: f64| value(Reducer::QuotientOrOne { numerator: 0, denominator: 1 }, &[n, d]);
        assert_eq!((of(0.0, 0.0), of(3.0, 6.0)), (1.0, 0.5));
    }

    #[test]
    fn geometric_means_are_zero_without_a_denominator() {
        let mean = Reducer::GeometricMean { numerators: [0, 1], denominators: [2, 3] };
        assert_eq!(value(mean, &[1.0, 8.0, 2.0, 4.0]), 1.0);
        assert_eq!(value(mean, &[1.0, 8.0, 0.0, 4.0]), 0.0);
        let times = Reducer::GeometricMeanTimes { numerators: [0, 1, 1], denominators: [2, 3, 3] };
        assert_eq!(value(times, &[1.0, 8.0, 2.0, 4.0]), 2.0);
        assert_eq!(value(times, &[1.0, 8.0, 2.0, 0.0]), 0.0);
    }

    #[test]
    fn an_error_rate_without_anything_to_find_is_zero_or_one() {
        let of = |e: f64, t: f64| value(Reducer::ErrorRate { errors: 0, total: 1 }, &[e, t]);
        assert_eq!((of(0.0, 0.0), of(0.5, 0.0), of(3.0, 2.0)), (0.0, 1.0, 1.5));
    }

    #[test]
    fn information_is_preserved_in_both_directions() {
        let preserved = Reducer::InformationPreserved { hits: 0, reference: 1, hypothesis: 2 };
        assert_eq!(value(preserved, &[2.0, 4.0, 8.0]), 0.125);
        assert_eq!(value(preserved, &[0.0, 0.0, 0.0]), 1.0);
        assert_eq!(value(preserved, &[0.0, 0.0, 3.0]), 0.0);
        assert_eq!(value(preserved, &[0.0, 3.0, 0.0]), 0.0);
    }

    #[test]
    fn reducers_read_ranges_of_columns() {
        let smoothing = Smoothing::None;
        for (reducer, first, end) in [
            (Reducer::Total { column: 3 }, 3, 4),
            (Reducer::Bleu { first: 2, smoothing }, 2, 12),
            (Reducer::ChrF { first: 1, orders: 6, beta: 2 }, 1, 19),
            (Reducer::ChrF { first: 1, orders: u32::MAX, beta: 2 }, 1, u32::MAX),
            (Reducer::CaptionBleu { first: 0, orders: 5 }, u32::MAX, u32::MAX),
            (Reducer::CaptionBleu { first: 0, orders: 4 }, 0, 10),
        ] {
            assert_eq!(reducer.columns(), std::slice::from_ref(&(first..end)));
        }
    }

    #[test]
    fn the_logarithm_of_no_count_is_zero() {
        let reducer = Reducer::LessLogarithm { numerator: 0, count: 1, denominator: 2 };
        assert_eq!(value(reducer, &[7.0, 100.0, 10.0]), 0.5);
        assert_eq!(value(reducer, &[7.0, 0.0, 0.0]), 7.0);
    }

    #[test]
    fn values_without_evidence_answer_with_replicates_of_their_own() {
        let block = Opaque { values: vec![7.0], replicates: Some(ndarray::array![[5.0], [6.0], [8.0]]) };
        let mut outputs = [[Score::Value(0.0); 2]];
        let mut of = |weights: [[f64; 2]; 2], first| {
            block.score(&weights, first, &mut outputs);
            outputs[0].map(Score::value)
        };
        assert_eq!(of([[1.0, 1.0], [1.0, 2.0]], None), [Some(7.0), None]);
        assert_eq!(of([[1.0, 1.0], [1.0, 2.0]], Some(0)), [Some(5.0), Some(6.0)]);
        assert_eq!(of([[0.0, 3.0], [1.0, 2.0]], Some(2)), [Some(8.0), None]);
    }
}
