//! Sums that stay right to the last digits, whatever the number of terms.

/// A sum with Neumaier's compensation.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sum {
    sum: f64,
    lost: f64,
}

impl Sum {
    /// Adds a term.
    #[inline]
    pub fn add(&mut self, term: f64) {
        let sum = self.sum + term;
        self.lost +=
            if self.sum.abs() >= term.abs() { (self.sum - sum) + term } else { (term - sum) + self.sum };
        self.sum = sum;
    }

    /// The sum so far.
    #[inline]
    pub fn total(self) -> f64 {
        if self.lost.is_nan() { self.sum } else { self.sum + self.lost }
    }
}

/// Sums side by side, each with the bits that a [`Sum`] of its own terms has.
#[derive(Debug, Clone, Copy)]
pub struct LaneSum<const LANES: usize> {
    sum: [f64; LANES],
    lost: [f64; LANES],
}

impl<const LANES: usize> Default for LaneSum<LANES> {
    fn default() -> Self {
        Self { sum: [0.0; LANES], lost: [0.0; LANES] }
    }
}

impl<const LANES: usize> LaneSum<LANES> {
    /// Adds a term to every sum.
    #[inline(always)]
    pub fn add(&mut self, terms: [f64; LANES]) {
        for (lane, term) in terms.into_iter().enumerate() {
            let before = self.sum[lane];
            let sum = before + term;
            // What the addition loses, without asking which is larger (Knuth's two-sum): the same number as above.
            let added = sum - before;
            self.lost[lane] += (before - (sum - added)) + (term - added);
            self.sum[lane] = sum;
        }
    }

    /// Adds what weighs something: a value times a weight, and nothing where the weight is zero, whatever the value.
    #[inline(always)]
    pub fn add_weighted(&mut self, weights: &[f64; LANES], value: f64) {
        self.add(weights.map(|weight| if weight == 0.0 { 0.0 } else { weight * value }));
    }

    /// One of the sums.
    #[inline]
    pub fn lane(&self, lane: usize) -> Sum {
        Sum { sum: self.sum[lane], lost: self.lost[lane] }
    }
}

impl FromIterator<f64> for Sum {
    fn from_iter<I: IntoIterator<Item = f64>>(terms: I) -> Self {
        let mut sum = Self::default();
        for term in terms {
            sum.add(term);
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_plain_sum_loses_is_kept() {
        let terms = [1.0, 1e100, 1.0, -1e100];
        assert_eq!(terms.iter().sum::<f64>(), 0.0);
        assert_eq!(Sum::from_iter(terms).total(), 2.0);
    }

    #[test]
    fn infinities_and_nan_pass_through() {
        assert_eq!(Sum::from_iter([1.0, f64::INFINITY]).total(), f64::INFINITY);
        assert!(Sum::from_iter([1.0, f64::NAN]).total().is_nan());
    }
}
