//! What a score is uncertain by: intervals, standard errors, and the digits that are worth showing.

use crate::level::{Level, LevelError};
use crate::normal;
use crate::replicates::Replicates;

/// The ends of an interval.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Interval {
    /// The lower end.
    pub lower: f64,
    /// The upper end, not below the lower.
    pub upper: f64,
}

/// The interval between two of the replicates: with `k = level / 2 * (B + 1)`, the `k`-th smallest and the `k`-th largest.
///
/// An undefined replicate might have been anything: it counts as lower than all others for the lower end and as higher for
/// the upper one.
/// So there is no interval when `k` or more are undefined.
///
/// # Errors
/// A number of replicates of which the level is no whole number.
pub fn percentile(replicates: &Replicates, level: Level) -> Result<Option<Interval>, LevelError> {
    let rank = level.tail_rank(replicates.len())?;
    let sorted = replicates.sorted();
    let place = (rank - 1).checked_sub(replicates.undefined());
    Ok(place.map(|place| Interval { lower: sorted[place], upper: sorted[sorted.len() - 1 - place] }))
}

/// The interval that is corrected for bias and accelerated (BCa; Efron, *Better bootstrap confidence intervals*, 1987).
///
/// `jackknife` are the values without one unit each ([`crate::replicates::jackknife`]); the quantiles are interpolated (type 7).
/// There is none where a replicate is undefined, where all replicates stand on one side of the value, and where the value does
/// not depend on which unit is left out.
pub fn bias_corrected(
    value: f64,
    replicates: &Replicates,
    jackknife: &[f64],
    level: Level,
) -> Option<Interval> {
    if replicates.undefined() > 0 || replicates.is_empty() || !value.is_finite() {
        return None;
    }
    let sorted = replicates.sorted();
    let correction = BiasCorrection::new(value, &sorted, jackknife)?;
    let [lower, upper] = correction.quantiles(level).map(|p| quantile(&sorted, p));
    (lower.is_finite() && upper.is_finite()).then_some(Interval { lower, upper })
}

/// What corrects an interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BiasCorrection {
    /// How far the value stands from the middle of the replicates, in standard deviations.
    pub bias: f64,
    /// How fast the standard error changes with the value.
    pub acceleration: f64,
}

impl BiasCorrection {
    /// The correction of a value by its replicates, ascending, and the values without one unit each.
    pub fn new(value: f64, sorted: &[f64], jackknife: &[f64]) -> Option<Self> {
        let below = sorted.partition_point(|replicate| *replicate < value);
        let not_above = sorted.partition_point(|replicate| *replicate <= value);
        let bias = normal::quantile((below + not_above) as f64 / (2 * sorted.len()) as f64);
        let units = jackknife.len() as f64;
        let mean = jackknife.iter().sum::<f64>() / units;
        let influence = |one: &f64| (units - 1.0) * (mean - one);
        let squares: f64 = jackknife.iter().map(|one| influence(one).powi(2)).sum();
        let cubes: f64 = jackknife.iter().map(|one| influence(one).powi(3)).sum();
        let acceleration = cubes / (6.0 * squares * squares.sqrt());
        (bias.is_finite() && acceleration.is_finite()).then_some(Self { bias, acceleration })
    }

    /// The shares of the replicates that stand below the ends of the interval.
    pub fn quantiles(self, level: Level) -> [f64; 2] {
        [level.value() / 2.0, 1.0 - level.value() / 2.0].map(|p| {
            let shifted = self.bias + normal::quantile(p);
            normal::cumulative(self.bias + shifted / (1.0 - self.acceleration * shifted))
        })
    }
}

/// The interval of a share of `hits` among `items` by Wilson's score (1927): for metrics that are 0 or 1 per item and splits of
/// fewer than [`FEW_ITEMS`] items, where replicates take too few values.
///
/// `None` where there is no item, or there are more hits than items.
pub fn wilson(hits: u64, items: u64, level: Level) -> Option<Interval> {
    if items == 0 || hits > items {
        return None;
    }
    let z = normal::quantile(1.0 - level.value() / 2.0);
    let (n, share) = (items as f64, hits as f64 / items as f64);
    let middle = share + z * z / (2.0 * n);
    let reach = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z * z / n;
    // What rounding leaves of a limit that is exactly 0 or 1 is not shown.
    let lower = if hits == 0 { 0.0 } else { (middle - reach) / scale };
    let upper = if hits == items { 1.0 } else { (middle + reach) / scale };
    Some(Interval { lower, upper })
}

/// Below so many items a share has the interval of [`wilson`].
pub const FEW_ITEMS: u64 = 30;

/// The standard error: the standard deviation of the defined replicates, with one degree of freedom less.
///
/// `None` where fewer than two are defined.
pub fn standard_error(replicates: &Replicates) -> Option<f64> {
    let defined: Vec<f64> = replicates.values().iter().copied().filter(|value| !value.is_nan()).collect();
    standard_deviation(&defined)
}

pub(crate) fn standard_deviation(values: &[f64]) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let count = values.len() as f64;
    // Around one of the values, so that equal ones deviate by nothing at all.
    let mean = values.iter().map(|value| value - values[0]).sum::<f64>() / count + values[0];
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    Some((squares / (count - 1.0)).sqrt())
}

/// The decimals that a score with this standard error is shown with: the last one says at least half of it,
/// `ceil(-log10(se / 2))`, between 0 and `most`.
///
/// A score without error, or of which nothing is known, is shown with `most`.
pub fn decimals(standard_error: Option<f64>, most: u8) -> u8 {
    match standard_error {
        Some(error) if error > 0.0 => {
            let decimals = (-libm::log10(error / 2.0)).ceil();
            decimals.clamp(0.0, f64::from(most)) as u8
        }
        _ => most,
    }
}

/// The quantile of ascending values, interpolated between the two next to it (type 7 of Hyndman and Fan, 1996).
fn quantile(sorted: &[f64], p: f64) -> f64 {
    let place = (sorted.len() - 1) as f64 * p;
    let (below, above) = (place.floor() as usize, place.ceil() as usize);
    match (sorted.get(below), sorted.get(above)) {
        (Some(low), Some(high)) => low + (high - low) * (place - place.floor()),
        _ => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FIVE: Level = Level::FIVE_PERCENT;

    fn one_to(last: i32) -> Replicates {
        Replicates::new((1..=last).rev().map(f64::from).collect())
    }

    #[test]
    fn ends_are_replicates() {
        assert_eq!(percentile(&one_to(999), FIVE), Ok(Some(Interval { lower: 25.0, upper: 975.0 })));
        assert!(percentile(&one_to(1_000), FIVE).is_err());
        assert!(percentile(&Replicates::default(), FIVE).is_err());
    }

    #[test]
    fn undefined_replicates_widen_an_interval_until_there_is_none() {
        let with = |undefined: i32| {
            let mut values = one_to(999 - undefined).values().to_vec();
            values.extend(vec![f64::INFINITY; undefined as usize]);
            percentile(&Replicates::new(values), FIVE).unwrap()
        };
        assert_eq!(with(1), Some(Interval { lower: 24.0, upper: 975.0 }));
        assert_eq!(with(24), Some(Interval { lower: 1.0, upper: 975.0 }));
        assert_eq!(with(25), None);
        assert_eq!(with(999), None);
    }

    #[test]
    fn a_score_that_never_varies_is_certain() {
        let constant = Replicates::new(vec![0.1; 999]);
        assert_eq!(percentile(&constant, FIVE), Ok(Some(Interval { lower: 0.1, upper: 0.1 })));
        assert_eq!(standard_error(&constant), Some(0.0));
        assert_eq!(bias_corrected(0.1, &constant, &[0.1, 0.1], FIVE), None);
        assert_eq!(standard_error(&Replicates::new(vec![1.0, f64::NAN])), None);
        assert_eq!(standard_error(&Replicates::new(vec![1.0, f64::NAN, 3.0])), Some(2.0_f64.sqrt()));
    }

    #[test]
    fn correction_needs_replicates_on_both_sides() {
        let jackknife = [1.0, 2.0, 4.0];
        assert_eq!(bias_corrected(0.0, &one_to(999), &jackknife, FIVE), None);
        assert_eq!(bias_corrected(f64::NAN, &one_to(999), &jackknife, FIVE), None);
        assert_eq!(bias_corrected(5.0, &Replicates::default(), &jackknife, FIVE), None);
        assert!(bias_corrected(500.0, &one_to(999), &jackknife, FIVE).is_some());
        // Without bias and acceleration the ends are plain quantiles.
        let plain = BiasCorrection { bias: 0.0, acceleration: 0.0 }.quantiles(FIVE);
        assert!((plain[0] - 0.025).abs() < 1e-15 && (plain[1] - 0.975).abs() < 1e-15);
    }

    #[test]
    fn wilson_is_that_of_published_examples() {
        // Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
        for (hits, items, lower, upper) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let found = wilson(hits, items, FIVE).unwrap();
            assert!((found.lower - lower).abs() < 5e-5 && (found.upper - upper).abs() < 5e-5, "{found:?}");
        }
        assert_eq!(wilson(0, 0, FIVE), None);
        assert_eq!(wilson(3, 2, FIVE), None);
        assert_eq!(wilson(1, 1, FIVE).unwrap().upper, 1.0);
    }

    #[test]
    fn digits_follow_the_standard_error() {
        let error = (0.6 * 0.4 / 5_000.0_f64).sqrt();
        assert_eq!(decimals(Some(error), 6), 3);
        assert_eq!(decimals(Some(3.0), 6), 0);
        assert_eq!(decimals(Some(1e-12), 6), 6);
        assert_eq!(decimals(Some(0.0), 4), 4);
        assert_eq!(decimals(None, 4), 4);
        assert_eq!(decimals(Some(0.2), 6), 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn an_interval_holds_what_it_says(values in prop::collection::vec(-5_i32..5, 199)) {
            let replicates = Replicates::new(values.iter().copied().map(f64::from).collect());
            let interval = percentile(&replicates, FIVE).unwrap().unwrap();
            let below = values.iter().filter(|value| f64::from(**value) < interval.lower).count();
            let above = values.iter().filter(|value| f64::from(**value) > interval.upper).count();
            prop_assert!(below < 5 && above < 5 && interval.lower <= interval.upper);
        }

        #[test]
        fn a_share_stands_inside_its_interval(hits in 0_u64..50, misses in 0_u64..50) {
            prop_assume!(hits + misses > 0);
            let interval = wilson(hits, hits + misses, FIVE).unwrap();
            let share = hits as f64 / (hits + misses) as f64;
            prop_assert!(0.0 <= interval.lower && interval.lower <= share);
            prop_assert!(share <= interval.upper && interval.upper <= 1.0);
        }
    }
}
