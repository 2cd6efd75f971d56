//! Schemes that look at every item: aggregate then rank, rank then aggregate, test then rank.
//!
//! The names are those of challengeR (Wiesenfarth et al. 2021, Scientific Reports 11:2369).

use crate::refusal::{Refusal, all_finite, same_length};

use super::mean_rank::{mean, median};
use super::ranks::{Ties, ranks};
use super::{Placing, place};

/// How many numbers become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregate {
    /// Their mean.
    Mean,
    /// Their median, the mean of the middle two when they are even.
    Median,
}

impl Aggregate {
    fn of(self, values: &mut [f64]) -> f64 {
        match self {
            Self::Mean => mean(values),
            Self::Median => median(values),
        }
    }
}

/// Aggregates the scores of every entry over the items, and ranks the results.
///
/// `scores` is `[entry][item]`; entries of different lengths, no items, NaN and infinities are refused.
pub fn aggregate_then_rank(
    scores: &[Vec<f64>],
    aggregate: Aggregate,
    higher_is_better: bool,
) -> Result<Vec<Option<Placing>>, Refusal> {
    check(scores)?;
    let totals: Vec<Option<f64>> = scores.iter().map(|own| Some(aggregate.of(&mut own.clone()))).collect();
    Ok(place(&totals, higher_is_better))
}

/// Ranks the entries on every item (1, 2, 2, 4), and aggregates the ranks of every entry; less is better.
///
/// `scores` is `[entry][item]`, refused as by [`aggregate_then_rank`].
pub fn rank_then_aggregate(
    scores: &[Vec<f64>],
    aggregate: Aggregate,
    higher_is_better: bool,
) -> Result<Vec<Option<Placing>>, Refusal> {
    let items = check(scores)?;
    let mut item_ranks = vec![Vec::with_capacity(items); scores.len()];
    for item in 0..items {
        let values: Vec<Option<f64>> = scores.iter().map(|own| Some(own[item])).collect();
        for (own, rank) in item_ranks.iter_mut().zip(ranks(&values, higher_is_better, Ties::Lowest)) {
            own.extend(rank);
        }
    }
    let totals: Vec<Option<f64>> = item_ranks.iter_mut().map(|own| Some(aggregate.of(own))).collect();
    Ok(place(&totals, false))
}

/// Ranks entries by the share of the others that they are significantly better than; more is better.
///
/// `is_better(a, b)` says whether entry `a` is significantly better than entry `b`, by whatever test and correction.
/// An entry without opponents is better than all of them: share 1, rank 1.
pub fn test_then_rank(
    entries: usize,
    mut is_better: impl FnMut(usize, usize) -> bool,
) -> Vec<Option<Placing>> {
    let opponents = entries.saturating_sub(1);
    let shares: Vec<Option<f64>> = (0..entries)
        .map(|entry| {
            let wins = (0..entries).filter(|other| *other != entry && is_better(entry, *other)).count();
            Some(if opponents == 0 { 1.0 } else { wins as f64 / opponents as f64 })
        })
        .collect();
    place(&shares, true)
}

/// The number of items, once the scores are found to be a table of finite numbers.
fn check(scores: &[Vec<f64>]) -> Result<usize, Refusal> {
    let items = scores.first().map_or(0, Vec::len);
    for own in scores {
        same_length("scores of an entry", items, own.len())?;
        if own.is_empty() {
            return Err(Refusal::Empty { what: "scores of an entry" });
        }
        all_finite("scores of an entry", own)?;
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_item_costs_one_rank_and_not_the_mean() {
        let scores = [vec![0.9, 0.9, 0.9, 0.0], vec![0.8, 0.8, 0.8, 0.8]];
        let ranks = |placings: Vec<Option<Placing>>| {
            placings.iter().flatten().map(|placing| placing.rank).collect::<Vec<_>>()
        };
        assert_eq!(ranks(aggregate_then_rank(&scores, Aggregate::Mean, true).unwrap()), [2, 1]);
        assert_eq!(ranks(aggregate_then_rank(&scores, Aggregate::Median, true).unwrap()), [1, 2]);
        assert_eq!(ranks(rank_then_aggregate(&scores, Aggregate::Mean, true).unwrap()), [1, 2]);
        assert_eq!(ranks(rank_then_aggregate(&scores, Aggregate::Mean, false).unwrap()), [2, 1]);
    }

    #[test]
    fn ragged_empty_and_undefined_scores_are_refused() {
        for scores in [vec![vec![1.0], vec![1.0, 2.0]], vec![vec![], vec![]], vec![vec![f64::INFINITY]]] {
            assert!(rank_then_aggregate(&scores, Aggregate::Mean, true).is_err(), "{scores:?}");
        }
        assert_eq!(aggregate_then_rank(&[], Aggregate::Mean, true), Ok(vec![]));
    }

    #[test]
    fn nobody_is_better_in_a_field_of_equals() {
        assert!(
            test_then_rank(3, |_, _| false)
                .iter()
                .flatten()
                .all(|placing| placing.rank == 1 && placing.score == 0.0)
        );
        assert_eq!(test_then_rank(1, |_, _| false), [Some(Placing { score: 1.0, rank: 1 })]);
        assert_eq!(test_then_rank(0, |_, _| false), []);
    }
}
