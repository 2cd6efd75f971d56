//! Exact tests of a fair coin.

/// The probability of at least `heads` heads in `throws` throws of a fair coin.
pub fn at_least(heads: u64, throws: u64) -> f64 {
    if heads == 0 {
        return 1.0;
    }
    if heads > throws {
        return 0.0;
    }
    if throws < 128 {
        return exact(heads, throws);
    }
    if 2 * heads <= throws {
        return 1.0 - at_least(throws - heads + 1, throws);
    }
    let logarithm = |count: u64| libm::lgamma(count as f64 + 1.0);
    let first = logarithm(throws) - logarithm(heads) - logarithm(throws - heads);
    let mut term = libm::exp(first - throws as f64 * std::f64::consts::LN_2);
    let mut sum = term;
    for heads in heads..throws {
        term *= (throws - heads) as f64 / (heads + 1) as f64;
        sum += term;
        if term < sum * f64::EPSILON * 0.01 {
            break;
        }
    }
    sum.min(1.0)
}

/// Counted: rounded once, when the count becomes a float.
fn exact(heads: u64, throws: u64) -> f64 {
    // Binomial coefficients of fewer than 128 throws, and their sum, are below 2^128; a product on the way to one need not be.
    let (mut row, mut count) = (vec![1_u128], 0_u128);
    for _ in 0..throws {
        let inner = row.windows(2).map(|pair| pair[0] + pair[1]);
        row = std::iter::once(1).chain(inner).chain(std::iter::once(1)).collect();
    }
    for ways in &row[heads as usize..] {
        count += ways;
    }
    count as f64 * libm::exp2(-(throws as f64))
}

/// McNemar's exact test of two entries whose items are right or wrong: `only_first` and `only_second` are the items that only one
/// of them has right; two-sided `min(1, 2 P(X <= the smaller))`.
///
/// Where nothing distinguishes the entries, p is 1.
pub fn mcnemar(only_first: u64, only_second: u64) -> f64 {
    (2.0 * at_least(only_first.max(only_second), only_first + only_second)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_numbers_of_throws_are_counted() {
        assert_eq!(at_least(2, 3), 0.5);
        assert_eq!(at_least(3, 3), 0.125);
        assert_eq!((at_least(0, 0), at_least(1, 0), at_least(4, 3)), (1.0, 0.0, 0.0));
        assert_eq!(at_least(127, 127), 0.5_f64.powi(127));
        assert_eq!(at_least(1, 127), 1.0 - 0.5_f64.powi(127));
    }

    #[test]
    fn many_throws_continue_few() {
        // P(X >= k) of n throws is the mean of P(X >= k - 1) and P(X >= k) of n - 1, across the change of the way at 128.
        for heads in [1, 30, 60, 64, 65, 90, 128] {
            let expected = 0.5 * (at_least(heads - 1, 127) + at_least(heads, 127));
            let found = at_least(heads, 128);
            assert!((found - expected).abs() <= 1e-12 * expected, "{heads}: {found} for {expected}");
        }
        // The normal approximation with its correction for continuity.
        let found = at_least(50_500, 100_000);
        let z = (50_499.5 - 50_000.0) / 25_000.0_f64.sqrt();
        assert!((found / crate::normal::cumulative(-z) - 1.0).abs() < 1e-4);
    }

    #[test]
    fn mcnemar_is_symmetric_and_at_most_one() {
        assert_eq!((mcnemar(0, 0), mcnemar(1, 1), mcnemar(0, 1)), (1.0, 1.0, 1.0));
        assert_eq!((mcnemar(5, 0), mcnemar(0, 5)), (0.0625, 0.0625));
    }
}
