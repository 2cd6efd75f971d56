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
