//! A share with an interval.

use super::Z_95;
use crate::measure::Quantity;

/// `successes` of `trials` with the 95 % score interval of Wilson (1927); undefined without trials.
pub fn share(successes: usize, trials: usize) -> Quantity {
    if trials == 0 || successes > trials {
        return Quantity::Undefined;
    }
    let n = trials as f64;
    let value = successes as f64 / n;
    let squared = Z_95 * Z_95;
    let middle = (value + squared / (2.0 * n)) / (1.0 + squared / n);
    let half = Z_95 / (1.0 + squared / n) * libm::sqrt(value * (1.0 - value) / n + squared / (4.0 * n * n));
    // By rounding an end can pass the share itself at 0 and 1.
    Quantity::Estimated {
        value,
        lower: (middle - half).clamp(0.0, value),
        upper: (middle + half).clamp(value, 1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Brown, Cai and DasGupta 2001: the ends are where the score test is just significant.
    #[test]
    fn the_ends_solve_the_score_equation() {
        for (successes, trials) in [(1, 7), (15, 40), (39, 60), (99, 100)] {
            let Quantity::Estimated { value, lower, upper } = share(successes, trials) else { panic!() };
            for end in [lower, upper] {
                let z = (value - end) / (end * (1.0 - end) / trials as f64).sqrt();
                assert!((z.abs() - Z_95).abs() < 1e-9, "{successes}/{trials}: {z}");
            }
        }
    }

    #[test]
    fn none_and_all_have_an_interval_to_one_side() {
        let Quantity::Estimated { lower, upper, .. } = share(0, 10) else { panic!() };
        assert!(lower == 0.0 && (upper - 0.277_53).abs() < 1e-4);
        let Quantity::Estimated { lower, upper, .. } = share(10, 10) else { panic!() };
        assert!(upper == 1.0 && (lower - 0.722_47).abs() < 1e-4);
        assert_eq!(share(0, 0), Quantity::Undefined);
    }
}
