//! Comparisons of two entries: the paired bootstrap on stored replicates, and Wilcoxon's signed ranks.
//!
//! Tests of per-item differences that need no replicates are in [`crate::sign_flip`] and [`crate::binomial`].

use crate::interval::{self, Interval};
use crate::level::{Level, LevelError};
use crate::normal;
use crate::replicates::Replicates;

/// Which side a test looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alternative {
    /// The first is larger.
    Greater,
    /// They differ.
    TwoSided,
}

/// The difference of two entries.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The first value less the second.
    pub value: f64,
    /// The percentile interval of the difference; nothing where too many replicates are undefined.
    pub interval: Option<Interval>,
    /// The two-sided p of the paired bootstrap.
    pub p: f64,
}

/// The difference of two entries on one split by their replicates, which were drawn from the same units.
///
/// An entry that differs in nothing from another has p 1, and never seems to win.
///
/// # Errors
/// A number of replicates of which the level is no whole number; a replicate without a partner is undefined.
pub fn difference(
    first: (f64, &Replicates),
    second: (f64, &Replicates),
    level: Level,
) -> Result<Difference, LevelError> {
    let longest = first.1.len().max(second.1.len());
    let at = |replicates: &Replicates, b: usize| replicates.values().get(b).copied().unwrap_or(f64::NAN);
    let differences = Replicates::new((0..longest).map(|b| at(first.1, b) - at(second.1, b)).collect());
    let interval = interval::percentile(&differences, level)?;
    Ok(Difference {
        value: first.0 - second.0,
        interval,
        p: paired_bootstrap(&differences, Alternative::TwoSided),
    })
}

/// The p of differences of replicates: `(#{D* <= 0} + 1) / (B + 1)`, and twice the smaller side, at most 1, when two-sided.
///
/// A difference of zero, and one that is undefined, counts against every conclusion: on both sides.
pub fn paired_bootstrap(differences: &Replicates, alternative: Alternative) -> f64 {
    let values = differences.values().iter();
    let (mut not_above, mut not_below) = (1_usize, 1_usize);
    for value in values {
        not_above += usize::from(value.is_nan() || *value <= 0.0);
        not_below += usize::from(value.is_nan() || *value >= 0.0);
    }
    let all = (differences.len() + 1) as f64;
    match alternative {
        Alternative::Greater => not_above as f64 / all,
        Alternative::TwoSided => (2.0 * not_above.min(not_below) as f64 / all).min(1.0),
    }
}

/// Wilcoxon's signed-rank test by its normal approximation: R's `wilcox.test(paired = TRUE, exact = FALSE)`.
///
/// Differences of zero are dropped, equal ones share their mean rank, and half a rank is taken off for continuity.
/// Without a difference p is 1; so it is with one that is NaN, which nothing can be concluded from.
pub fn wilcoxon(differences: &[f64], alternative: Alternative) -> f64 {
    let mut sizes: Vec<(f64, bool)> = differences
        .iter()
        .filter(|difference| **difference != 0.0)
        .map(|difference| (difference.abs(), *difference > 0.0))
        .collect();
    if sizes.is_empty() || differences.iter().any(|difference| difference.is_nan()) {
        return 1.0;
    }
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let n = sizes.len() as f64;
    let (mut positive, mut ties, mut before) = (0.0, 0.0, 0.0);
    for run in sizes.chunk_by(|a, b| a.0 == b.0) {
        let length = run.len() as f64;
        let rank = before + (length + 1.0) / 2.0;
        positive += rank * run.iter().filter(|(_, is_positive)| *is_positive).count() as f64;
        ties += length * length * length - length;
        before += length;
    }
    let above = positive - n * (n + 1.0) / 4.0;
    let deviation = (n * (n + 1.0) * (2.0 * n + 1.0) / 24.0 - ties / 48.0).sqrt();
    match alternative {
        Alternative::Greater => normal::cumulative(-(above - 0.5) / deviation),
        Alternative::TwoSided => (2.0 * normal::cumulative(-(above.abs() - 0.5) / deviation)).min(1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_count_on_both_sides() {
        let p =
            |values: &[f64], alternative| paired_bootstrap(&Replicates::new(values.to_vec()), alternative);
        assert_eq!(p(&[0.0; 9], Alternative::TwoSided), 1.0);
        assert_eq!(p(&[0.0; 9], Alternative::Greater), 1.0);
        assert_eq!(p(&[1.0; 9], Alternative::Greater), 0.1);
        assert_eq!(p(&[1.0; 9], Alternative::TwoSided), 0.2);
        assert_eq!(p(&[-1.0; 9], Alternative::TwoSided), 0.2);
        let mixed = [1.0, 1.0, 1.0, 1.0, 1.0, 0.0, f64::NAN, -1.0, -1.0];
        assert_eq!(p(&mixed, Alternative::Greater), 0.5);
        assert_eq!(p(&[], Alternative::Greater), 1.0);
    }

    #[test]
    fn a_difference_is_that_of_pairs() {
        let first = Replicates::new((0..39).map(f64::from).collect());
        let second = Replicates::new((0..39).map(|b| f64::from(b) - 2.0).collect());
        let found = difference((20.0, &first), (18.0, &second), Level::FIVE_PERCENT).unwrap();
        assert_eq!(found.interval, Some(Interval { lower: 2.0, upper: 2.0 }));
        assert_eq!((found.value, found.p), (2.0, 0.05));
        let short = Replicates::new(vec![0.0; 3]);
        let found = difference((20.0, &first), (0.0, &short), Level::FIVE_PERCENT).unwrap();
        assert_eq!((found.interval, found.p), (None, 1.0));
    }

    #[test]
    fn signed_ranks_are_those_of_the_textbook() {
        // Hamilton's depression scale in thousandths (Hollander and Wolfe 1973, table 3.1): n = 9, V = 40, no ties.
        let before = [1830.0, 500.0, 1620.0, 2480.0, 1680.0, 1880.0, 1550.0, 3060.0, 1300.0];
        let after = [878.0, 647.0, 598.0, 2050.0, 1060.0, 1290.0, 1060.0, 3140.0, 1290.0];
        let differences: Vec<f64> = before.iter().zip(after).map(|(before, after)| before - after).collect();
        let z: f64 = (40.0 - 22.5 - 0.5) / (9.0 * 10.0 * 19.0 / 24.0_f64).sqrt();
        let expected = normal::cumulative(-z);
        assert!((wilcoxon(&differences, Alternative::Greater) - expected).abs() < 1e-15);
        assert!((wilcoxon(&differences, Alternative::TwoSided) - 2.0 * expected).abs() < 1e-15);
        assert_eq!(wilcoxon(&[0.0, 0.0], Alternative::TwoSided), 1.0);
        assert_eq!(wilcoxon(&[1.0, f64::NAN], Alternative::Greater), 1.0);
    }
}
