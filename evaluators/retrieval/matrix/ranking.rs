//! What one query retrieves, ranked by similarity.

use sdk::primitives::order::ascending_key;

/// Working memory for ranking.
#[derive(Debug, Default)]
pub(super) struct Ranking {
    /// Keys that sort the most similar first, and of equal ones the first, with the positions.
    order: Vec<(u64, u32)>,
    ideal: Vec<f64>,
    /// `1 / log2(rank + 1)` by rank.
    discounts: Vec<f64>,
}

impl Ranking {
    /// Normalised discounted cumulative gain, and average precision.
    ///
    /// The gain is counted for as many of the first as are relevant at all. Precision is taken where the relevancy is 1,
    /// as the sum of all relevancies up to there over the rank.
    pub(super) fn score(&mut self, relevancy: &[f64], similarity: &[f64]) -> [f64; 2] {
        while self.discounts.len() < relevancy.len() {
            self.discounts.push(1.0 / (self.discounts.len() as f64 + 2.0).log2());
        }
        self.order.clear();
        // Both zeros are the same similarity.
        self.order.extend(similarity.iter().zip(0..).map(|(value, at)| (!ascending_key(*value + 0.0), at)));
        self.order.sort_unstable();
        self.ideal.clear();
        self.ideal.extend(relevancy.iter().filter(|one| **one > 0.0));
        self.ideal.sort_unstable_by(|a, b| b.total_cmp(a));
        let ideal: f64 = self.ideal.iter().zip(&self.discounts).map(|(gain, discount)| gain * discount).sum();

        let (mut gain, mut so_far, mut precision, mut full) = (0.0, 0.0, 0.0, 0.0);
        for (place, (_, at)) in self.order.iter().enumerate() {
            let relevancy = relevancy[*at as usize];
            if place < self.ideal.len() {
                gain += relevancy * self.discounts[place];
            }
            so_far += relevancy;
            if relevancy == 1.0 {
                precision += so_far / (place + 1) as f64;
                full += 1.0;
            }
        }
        [gain / ideal, precision / full]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_by_hand() {
        let mut ranking = Ranking::default();
        // The best is half relevant, the second not, the third fully; two are relevant, so that two places gain.
        let [gain, precision] = ranking.score(&[1.0, 0.5, 0.0], &[0.1, 0.9, 0.5]);
        assert!((gain - 0.5 / (1.0 + 0.5 / 3.0_f64.log2())).abs() < 1e-12);
        assert!((precision - 1.5 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn of_equal_similarities_the_first_is_first() {
        let [gain, precision] = Ranking::default().score(&[1.0, 0.0], &[0.0, -0.0]);
        assert_eq!((gain, precision), (1.0, 1.0));
        let [gain, precision] = Ranking::default().score(&[0.0, 1.0], &[2.0, 2.0]);
        assert_eq!((gain, precision), (0.0, 0.5));
    }
}
