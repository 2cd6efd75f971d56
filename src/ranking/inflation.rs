//! How much the best of several submissions gains by being the best of several.

use crate::normal;

/// What choosing the best of `submissions` equally good ones adds to a score on average: `deviation` times the expected largest
/// of so many standard normal values.
///
/// `deviation` is how far the score of one of them stands from what it is worth.
/// Submissions of one team on one split share its items, and what the items do to all of them is no gain: there it is the
/// standard error of the difference of two of them over the root of two.
/// Zero for one submission.
/// The largest of 10 stands 1.54 deviations above the mean, of 100 2.51 (Singh et al., *The leaderboard illusion*, 2025, on why
/// this belongs beside a score).
pub fn best_of(submissions: u32, deviation: f64) -> f64 {
    deviation * normal::expected_maximum(submissions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_tries_gain_more() {
        assert_eq!(best_of(1, 0.5), 0.0);
        for (tries, expected) in
            [(2, 0.564), (5, 1.163), (10, 1.539), (27, 1.998), (100, 2.508), (300, 2.878)]
        {
            assert!((best_of(tries, 2.0) / 2.0 - expected).abs() < 6e-4, "{tries}: {}", best_of(tries, 1.0));
        }
    }
}
