//! The best threshold on a score, by the F-score of mean precision and mean recall.

use ndarray::{Array2, ArrayView2};

use super::Block;
use super::asked::Asked;
use super::means::sum_columns;
use super::score::{Score, Undefined, each_lane};
use crate::sum::LaneSum;

/// Precision and recall of every item at the same thresholds; at which of them the F-score of their means is best.
///
/// There are three outputs: the F-score `2 p r / (p + r)` of the weighted means at the best threshold, and precision and
/// recall there. Of thresholds that are equally good, but for rounding, the first counts. Where the best F-score is 0,
/// precision and recall are those at the last threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct OperatingPoint {
    /// One row per item, one column per threshold.
    pub precision: Array2<f64>,
    /// The same of recall.
    pub recall: Array2<f64>,
    /// Whether a threshold without any precision and recall, `0 / 0`, is taken for the best and has no F-score; it has
    /// an F-score of 0 otherwise.
    pub nothing_is_best: bool,
}

/// By less than this share of it an F-score is not better: two that are equal differ by it, whatever the order of sums.
const ROUNDING: f64 = 1e-12;

impl From<OperatingPoint> for Block {
    fn from(block: OperatingPoint) -> Self {
        Self::OperatingPoint(block)
    }
}

impl OperatingPoint {
    pub(super) fn score<const L: usize>(
        &self,
        weights: &[[f64; L]],
        asked: &Asked,
        sums: &mut Vec<LaneSum<L>>,
        outputs: &mut [[Score; L]],
    ) {
        let total = sum_columns(self.precision.view(), asked.columns(), sums, |item| weights[item]);
        let means = |sums: &[LaneSum<L>], lane: usize| {
            let total = total.lane(lane).total();
            sums.iter().map(|sum| sum.lane(lane).total() / total).collect::<Vec<f64>>()
        };
        let precision: [Vec<f64>; L] = std::array::from_fn(|lane| means(sums, lane));
        sum_columns(self.recall.view(), asked.columns(), sums, |item| weights[item]);
        let best: [[Score; 3]; L] = std::array::from_fn(|lane| match total.lane(lane).total() {
            total if total > 0.0 => self.best(&precision[lane], &means(sums, lane)),
            _ => [Score::Undefined(Undefined::NoWeight); 3],
        });
        for (position, output) in outputs.iter_mut().enumerate() {
            *output = each_lane(|lane| best[lane][position]);
        }
    }

    /// The best F-score, and precision and recall there.
    fn best(&self, precision: &[f64], recall: &[f64]) -> [Score; 3] {
        if precision.is_empty() {
            return [Score::Undefined(Undefined::NoWeight); 3];
        }
        let mut best = (0, f64::NEG_INFINITY);
        for (threshold, (p, r)) in precision.iter().zip(recall).enumerate() {
            let score = match p + r {
                both if both > 0.0 => 2.0 * p * r / both,
                _ if self.nothing_is_best => {
                    best = (threshold, f64::NAN);
                    break;
                }
                _ => 0.0,
            };
            if score > best.1 * (1.0 + ROUNDING) {
                best = (threshold, score);
            }
        }
        let at = if best.1 == 0.0 { precision.len() - 1 } else { best.0 };
        [best.1, precision[at], recall[at]].map(Score::of)
    }

    pub(super) fn check(&self, items: usize) -> Result<(), &'static str> {
        let fits = |array: ArrayView2<'_, f64>| array.nrows() == items && array.ncols() > 0;
        match fits(self.precision.view()) && self.precision.dim() == self.recall.dim() {
            true => Ok(()),
            false => Err("precision and recall are not one row per item and one column per threshold"),
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::evidence::Evidence;

    fn scores(precision: Array2<f64>, recall: Array2<f64>, nothing_is_best: bool) -> Vec<Option<f64>> {
        let mut evidence = Evidence::new(precision.nrows());
        let block = evidence.block(OperatingPoint { precision, recall, nothing_is_best });
        for output in 0..3 {
            evidence.metric(output.to_string(), 1.0, block.output(output));
        }
        evidence.score_all().iter().map(|(_, score)| score.value()).collect()
    }

    #[test]
    fn the_first_of_the_best_thresholds_counts() {
        let (precision, recall) =
            (array![[1.0, 0.5, 0.5], [1.0, 0.5, 0.5]], array![[0.0, 0.5, 0.5], [0.0, 0.5, 0.5]]);
        assert_eq!(scores(precision, recall, false), [Some(0.5), Some(0.5), Some(0.5)]);
        let (precision, recall) = (array![[0.9, 0.3], [0.7, 0.1]], array![[0.2, 0.8], [0.4, 0.8]]);
        let [f, p, r] = scores(precision, recall, false)[..] else { unreachable!() };
        assert!((p.unwrap() - 0.8).abs() < 1e-15 && (r.unwrap() - 0.3).abs() < 1e-15);
        assert!((f.unwrap() - 2.0 * 0.8 * 0.3 / 1.1).abs() < 1e-15);
    }

    #[test]
    fn finding_nothing_is_zero_or_no_number() {
        let (precision, recall) = (array![[1.0, 0.0], [1.0, 0.0]], array![[0.0, 0.0], [0.0, 0.0]]);
        assert_eq!(scores(precision.clone(), recall.clone(), false), [Some(0.0), Some(0.0), Some(0.0)]);
        assert_eq!(scores(precision, recall, true), [None, Some(0.0), Some(0.0)]);
    }
}
