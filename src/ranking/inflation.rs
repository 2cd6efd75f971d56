//! How much the best of several submissions gains by being the best of several.

use crate::board::Board;
use crate::normal;

/// What choosing the best of `submissions` equally good ones adds to a score on average: `deviation` times the expected largest
/// of so many standard normal values.
///
/// `deviation` is how far the score of one of them stands from what it is worth; [`deviation`] estimates it.
/// Zero for one submission.
/// The largest of 10 stands 1.54 deviations above the mean, of 100 2.51 (Singh et al., *The leaderboard illusion*, 2025, on why
/// this belongs beside a score).
pub fn best_of(submissions: u32, deviation: f64) -> f64 {
    deviation * normal::expected_maximum(submissions)
}

/// How far one of two submissions on a split stands from what it is worth, the split's items being the same for both.
///
/// What the items do to all submissions is no gain, so it is the standard error of a difference of two over the root of two:
/// here the median of those of the differences to the other entries of the board, because of a team's other submissions,
/// which are the ones in question, no replicates are kept.
/// Nothing for an entry that is not compared, or with nobody.
pub fn deviation(board: &Board, entry: usize) -> Option<f64> {
    let others = (0..board.len()).filter(|other| *other != entry && board.is_compared(*other));
    let mut errors: Vec<f64> = others.map(|other| board.standard_error_of_difference(entry, other)).collect();
    errors.sort_unstable_by(f64::total_cmp);
    let middle = errors.get(errors.len() / 2)?;
    board.is_compared(entry).then_some(middle / std::f64::consts::SQRT_2)
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
