//! How unequally something is spread: Gini, Herfindahl-Hirschman, concentration ratios, entropy.

/// How unequally a total is spread over units.
#[derive(Debug, Clone, PartialEq)]
pub struct Concentration {
    /// The values in ascending order; at least one, none negative, the sum above 0.
    ascending: Vec<f64>,
    total: f64,
}

impl Concentration {
    /// The spread of values from 0 on; none where there are no values, their sum is 0, or one is negative or not finite.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut ascending: Vec<f64> = values.into_iter().collect();
        if ascending.iter().any(|value| !value.is_finite() || *value < 0.0) {
            return None;
        }
        ascending.sort_unstable_by(f64::total_cmp);
        let total: f64 = ascending.iter().sum();
        (total > 0.0).then_some(Self { ascending, total })
    }

    /// How many units there are.
    pub fn units(&self) -> usize {
        self.ascending.len()
    }

    /// What is spread.
    pub fn total(&self) -> f64 {
        self.total
    }

    /// The Gini coefficient `sum_i (2i - n - 1) x_(i) / (n sum x)`: 0 for equal values, `1 - 1/n` where one has all.
    pub fn gini(&self) -> f64 {
        let n = self.ascending.len() as f64;
        let ranked = self.ascending.iter().enumerate();
        let sum: f64 =
            ranked.map(|(position, value)| (2.0 * (position as f64 + 1.0) - n - 1.0) * value).sum();
        sum / (n * self.total)
    }

    /// The Gini coefficient times `n / (n - 1)`: 1 where one has all; none for one unit.
    pub fn gini_corrected(&self) -> Option<f64> {
        let n = self.ascending.len() as f64;
        (n > 1.0).then(|| self.gini() * n / (n - 1.0))
    }

    /// The Herfindahl-Hirschman index, the sum of squared shares: 1/n to 1.
    pub fn herfindahl(&self) -> f64 {
        self.shares().map(|share| share * share).sum()
    }

    /// The index as a place between equal shares, 0, and one that has all, 1; none for one unit.
    pub fn herfindahl_normalised(&self) -> Option<f64> {
        let equal = 1.0 / self.ascending.len() as f64;
        (equal < 1.0).then(|| (self.herfindahl() - equal) / (1.0 - equal))
    }

    /// The share of the `k` largest together.
    pub fn largest(&self, k: usize) -> f64 {
        self.ascending.iter().rev().take(k).sum::<f64>() / self.total
    }

    /// The Shannon entropy of the shares in bits.
    pub fn entropy_bits(&self) -> f64 {
        let bits: f64 =
            self.shares().filter(|share| *share > 0.0).map(|share| share * libm::log2(share)).sum();
        // Not -0 for one unit.
        0.0 - bits
    }

    /// The number of equal units with the same entropy, `2^H` (Hill number of order 1).
    pub fn effective_number(&self) -> f64 {
        libm::exp2(self.entropy_bits())
    }

    /// Shares of the total, ascending.
    pub fn shares(&self) -> impl Iterator<Item = f64> {
        self.ascending.iter().map(|value| value / self.total)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_worked_case() {
        // Shares 1/8, 3/8, 4/8.
        let spread = Concentration::of([3.0, 1.0, 4.0]).unwrap();
        assert!((spread.gini() - 6.0 / 24.0).abs() < 1e-15);
        assert!((spread.gini_corrected().unwrap() - 0.375).abs() < 1e-15);
        assert!((spread.herfindahl() - 26.0 / 64.0).abs() < 1e-15);
        assert!((spread.largest(2) - 7.0 / 8.0).abs() < 1e-15);
        let entropy = 0.125 * 3.0 + 0.375 * (8.0_f64 / 3.0).log2() + 0.5;
        assert!((spread.entropy_bits() - entropy).abs() < 1e-15);
    }

    #[test]
    fn one_unit_has_no_corrected_value_and_nothing_none_at_all() {
        let alone = Concentration::of([5.0]).unwrap();
        assert_eq!((alone.gini(), alone.gini_corrected(), alone.herfindahl_normalised()), (0.0, None, None));
        assert_eq!((alone.effective_number(), alone.largest(3)), (1.0, 1.0));
        assert_eq!(Concentration::of([]), None);
        assert_eq!(Concentration::of([0.0, 0.0]), None);
        assert_eq!(Concentration::of([1.0, -1.0]), None);
        assert_eq!(Concentration::of([f64::NAN]), None);
    }

    proptest! {
        #[test]
        fn gini_is_half_the_mean_difference_over_the_mean(values in prop::collection::vec(0_u8..50, 1..12)) {
            let values: Vec<f64> = values.into_iter().map(f64::from).collect();
            let Some(spread) = Concentration::of(values.clone()) else { return Ok(()) };
            let n = values.len() as f64;
            let differences: f64 = values.iter().flat_map(|a| values.iter().map(move |b| (a - b).abs())).sum();
            let twin = differences / (2.0 * n * values.iter().sum::<f64>());
            prop_assert!((spread.gini() - twin).abs() < 1e-12);
        }

        #[test]
        fn nothing_depends_on_the_unit(values in prop::collection::vec(1_u8..50, 2..12), factor in 0.01_f64..100.0) {
            let spread = Concentration::of(values.iter().map(|value| f64::from(*value))).unwrap();
            let scaled = Concentration::of(values.iter().map(|value| f64::from(*value) * factor)).unwrap();
            for (a, b) in [
                (spread.gini(), scaled.gini()),
                (spread.herfindahl(), scaled.herfindahl()),
                (spread.effective_number(), scaled.effective_number()),
            ] {
                prop_assert!((a - b).abs() < 1e-9);
            }
            prop_assert!(spread.effective_number() <= spread.units() as f64 + 1e-9);
            prop_assert!((0.0..=1.0).contains(&spread.gini_corrected().unwrap()));
        }
    }
}
