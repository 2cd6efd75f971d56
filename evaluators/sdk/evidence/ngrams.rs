//! Scores of n-gram counts: BLEU and chrF, of a sentence or of the weighted sums of a corpus.

use serde::{Deserialize, Serialize};

/// The longest n-grams of BLEU.
pub const BLEU_ORDERS: usize = 4;

/// What an order of n-grams without a match counts in BLEU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Smoothing {
    /// Nothing, and so the whole score is zero.
    None,
    /// The first such order half a match, the next a quarter of one, and so on.
    Exponential,
}

/// Counts of n-grams for BLEU, by order.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct BleuCounts {
    /// N-grams of the hypothesis that a reference has as well, clipped by how often it has them.
    pub matches: [f64; BLEU_ORDERS],
    /// N-grams of the hypothesis.
    pub totals: [f64; BLEU_ORDERS],
    /// Words of the hypothesis.
    pub hypothesis: f64,
    /// Words of the reference that is nearest in length.
    pub reference: f64,
}

impl BleuCounts {
    /// How many columns the counts take: matches, totals, hypothesis, reference.
    pub const COLUMNS: usize = 2 * BLEU_ORDERS + 2;

    /// The counts as columns.
    pub fn columns(&self) -> [f64; Self::COLUMNS] {
        let mut columns = [0.0; Self::COLUMNS];
        columns[..BLEU_ORDERS].copy_from_slice(&self.matches);
        columns[BLEU_ORDERS..2 * BLEU_ORDERS].copy_from_slice(&self.totals);
        columns[2 * BLEU_ORDERS..].copy_from_slice(&[self.hypothesis, self.reference]);
        columns
    }

    pub(super) fn of_columns(column: impl Fn(usize) -> f64) -> Self {
        Self {
            matches: std::array::from_fn(&column),
            totals: std::array::from_fn(|order| column(BLEU_ORDERS + order)),
            hypothesis: column(2 * BLEU_ORDERS),
            reference: column(2 * BLEU_ORDERS + 1),
        }
    }

    fn brevity_penalty(&self) -> f64 {
        if self.hypothesis >= self.reference {
            1.0
        } else if self.hypothesis > 0.0 {
            (1.0 - self.reference / self.hypothesis).exp()
        } else {
            0.0
        }
    }

    /// BLEU from 0 to 1, as sacreBLEU has it; with `effective_order` only up to the longest n-grams that there are.
    pub fn bleu(&self, smoothing: Smoothing, effective_order: bool) -> f64 {
        if self.matches.iter().all(|matches| *matches == 0.0) {
            return 0.0;
        }
        let (mut logarithms, mut orders, mut divisor) = (0.0, 0, 1.0);
        for (matches, total) in self.matches.iter().zip(&self.totals).take_while(|(_, total)| **total != 0.0)
        {
            orders += 1;
            let matches = match smoothing {
                _ if *matches != 0.0 => *matches,
                Smoothing::None => return 0.0,
                Smoothing::Exponential => {
                    divisor *= 2.0;
                    1.0 / divisor
                }
            };
            // Percentages, as in the reference: the last bits of the sum depend on it.
            logarithms += (100.0 * matches / total).ln();
        }
        if orders < BLEU_ORDERS && !effective_order {
            return 0.0;
        }
        // Rounding may make a perfect score a little more than one.
        (self.brevity_penalty() * (logarithms / orders as f64).exp() / 100.0).min(1.0)
    }

    /// BLEU from 0 to 1 up to an order of n-grams, as the COCO caption evaluation has it: with tiny additions instead of
    /// smoothing.
    pub fn caption_bleu(&self, orders: usize) -> f64 {
        const TINY: f64 = 1e-15;
        const SMALL: f64 = 1e-9;
        let precisions = self.matches.iter().zip(&self.totals).take(orders);
        let product: f64 = precisions.map(|(matches, total)| (matches + TINY) / (total + SMALL)).product();
        let ratio = (self.hypothesis + TINY) / (self.reference + SMALL);
        let penalty = if ratio < 1.0 { (1.0 - 1.0 / ratio).exp() } else { 1.0 };
        product.powf(1.0 / orders as f64) * penalty
    }
}

/// chrF from 0 to 1: the F-score of the mean precision and the mean recall over orders of n-grams.
///
/// The counts of each order are n-grams of the hypothesis, of the reference and of both; recall weighs `beta` times as
/// much as precision, and an order that either side lacks does not count.
pub fn chrf(counts: impl IntoIterator<Item = [f64; 3]>, beta: f64) -> f64 {
    let (mut precision, mut recall, mut orders) = (0.0, 0.0, 0.0);
    for [hypothesis, reference, both] in counts {
        if hypothesis > 0.0 && reference > 0.0 {
            precision += both / hypothesis;
            recall += both / reference;
            orders += 1.0;
        }
    }
    if precision + recall == 0.0 {
        return 0.0;
    }
    let (precision, recall) = (precision / orders, recall / orders);
    let squared = beta * beta;
    ((1.0 + squared) * precision * recall / (squared * precision + recall)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(matches: [f64; 4], totals: [f64; 4], hypothesis: f64, reference: f64) -> BleuCounts {
        BleuCounts { matches, totals, hypothesis, reference }
    }

    #[test]
    fn bleu_is_the_geometric_mean_of_precisions() {
        let perfect = counts([6.0, 5.0, 4.0, 3.0], [6.0, 5.0, 4.0, 3.0], 6.0, 6.0);
        assert!((perfect.bleu(Smoothing::None, false) - 1.0).abs() < 1e-12);
        let short = BleuCounts { reference: 12.0, ..perfect };
        assert!((short.bleu(Smoothing::None, false) - (-1.0_f64).exp()).abs() < 1e-12);
        assert_eq!(BleuCounts::of_columns(|column| short.columns()[column]), short);
    }

    #[test]
    fn an_order_without_a_match_is_smoothed_or_ends_it_all() {
        // 3/5, 1/4, then 1/2 of 1/3 and 1/4 of 1/2.
        let some = counts([3.0, 1.0, 0.0, 0.0], [5.0, 4.0, 3.0, 2.0], 5.0, 5.0);
        let expected = (0.6_f64 * 0.25 / 6.0 / 8.0).powf(0.25);
        assert!((some.bleu(Smoothing::Exponential, false) - expected).abs() < 1e-12);
        assert_eq!(some.bleu(Smoothing::None, false), 0.0);
    }

    #[test]
    fn an_order_without_n_grams_ends_it_all_unless_orders_are_effective() {
        let word = counts([1.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0], 1.0, 1.0);
        assert_eq!(word.bleu(Smoothing::Exponential, false), 0.0);
        assert!((word.bleu(Smoothing::Exponential, true) - 1.0).abs() < 1e-12);
        assert_eq!(BleuCounts::default().bleu(Smoothing::Exponential, true), 0.0);
    }

    #[test]
    fn chrf_leaves_out_orders_that_a_side_lacks() {
        assert_eq!(chrf([[4.0, 4.0, 4.0], [3.0, 0.0, 0.0]], 2.0), 1.0);
        assert_eq!(chrf([[0.0, 4.0, 0.0]], 2.0), 0.0);
        // Precision 1/2, recall 1: 5 * 0.5 / (2 + 1).
        assert!((chrf([[4.0, 2.0, 2.0]], 2.0) - 2.5 / 3.0).abs() < 1e-12);
    }
}
