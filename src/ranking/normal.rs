//! The standard normal distribution.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// The probability of a value up to `z`.
pub fn cumulative(z: f64) -> f64 {
    0.5 * libm::erfc(-z * FRAC_1_SQRT_2)
}

/// The density at `z`.
pub fn density(z: f64) -> f64 {
    libm::exp(-0.5 * z * z) / libm::sqrt(2.0 * PI)
}

/// The value up to which the probability is `p`: minus infinity for 0, infinity for 1, NaN outside.
///
/// A rational start (Abramowitz and Stegun 1964, 26.2.23; within 4.5e-4) is improved by steps of Halley's method, each of which
/// cubes the error.
pub fn quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if p > 0.5 {
        return -quantile(1.0 - p);
    }
    if p == 0.0 {
        return f64::NEG_INFINITY;
    }
    let t = libm::sqrt(-2.0 * libm::log(p));
    let above = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let below = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    let mut z = above / below - t;
    for _ in 0..3 {
        let step = (cumulative(z) - p) / density(z);
        z -= step / (1.0 + 0.5 * z * step);
    }
    z
}

/// The expected largest of `count` independent standard normal values; 0 for one and for none.
///
/// It is the integral of `z n cdf^(n-1) density` by the trapezoid rule, whose error falls exponentially for such functions.
pub fn expected_maximum(count: u32) -> f64 {
    if count < 2 {
        return 0.0;
    }
    const STEPS_PER_UNIT: i32 = 64;
    const END: i32 = 16;
    let below = f64::from(count - 1);
    let sum: f64 = (-END * STEPS_PER_UNIT..=END * STEPS_PER_UNIT)
        .map(|step| {
            let z = f64::from(step) / f64::from(STEPS_PER_UNIT);
            z * libm::pow(cumulative(z), below) * density(z)
        })
        .sum();
    f64::from(count) * sum / f64::from(STEPS_PER_UNIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_tables() {
        // Odeh and Evans (1974), and double-precision tables.
        for (p, z) in [
            (0.5, 0.0),
            (0.975, 1.959_963_984_540_054),
            (0.025, -1.959_963_984_540_054),
            (0.995, 2.575_829_303_548_901),
            (0.9, 1.281_551_565_544_600_4),
            (1e-10, -6.361_340_902_404_056),
        ] {
            assert!((quantile(p) - z).abs() < 1e-13 * (1.0 + z.abs()), "{p}: {}", quantile(p));
            assert!((cumulative(z) - p).abs() < 1e-15, "{z}");
        }
        assert_eq!((quantile(0.0), quantile(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
        assert!(quantile(-0.1).is_nan() && quantile(f64::NAN).is_nan());
    }

    #[test]
    fn the_largest_of_two_and_three_has_a_closed_form() {
        assert_eq!((expected_maximum(0), expected_maximum(1)), (0.0, 0.0));
        assert!((expected_maximum(2) - 1.0 / PI.sqrt()).abs() < 1e-12, "{}", expected_maximum(2));
        assert!((expected_maximum(3) - 1.5 / PI.sqrt()).abs() < 1e-12, "{}", expected_maximum(3));
        // David and Nagaraja, Order statistics (2003), to the digits given there.
        for (count, expected) in [(5, 1.162_96), (10, 1.538_75), (100, 2.507_59)] {
            assert!((expected_maximum(count) - expected).abs() < 1e-5, "{count}");
        }
    }
}
