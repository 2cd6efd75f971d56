//! What a board says of its entries beyond their values: every statistic of one metric on one split, worked out together.

use serde::{Deserialize, Serialize};

use crate::board::{Board, BoardError, Standing};
use crate::interval::{self, Interval};
use crate::level::Level;
use crate::rank_sets::{self, RankSet};
use crate::{groups, inflation, stability};

/// An entry that is to be described.
#[derive(Debug, Clone, Copy)]
pub struct Described<'a> {
    /// Its value, and its replicates if its uncertainty is estimated.
    pub standing: Standing<'a>,
    /// Its interval where replicates of few items take too few values: [`crate::contributions::few_items_interval`].
    pub few_items: Option<Interval>,
}

/// What a value is uncertain by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uncertainty {
    /// The interval of the value; nothing where its uncertainty is not estimated.
    pub interval: Option<Interval>,
    /// The standard deviation of its replicates.
    pub standard_error: Option<f64>,
    /// How far one of several equally good submissions stands from what it is worth: [`inflation::deviation`].
    pub deviation: Option<f64>,
}

/// What is known of an entry's rank.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RankStatistics {
    /// The ranks that it may have, all entries' together with the confidence of the level.
    pub set: RankSet,
    /// The group of entries that it cannot be told from the best of, from 1.
    pub group: usize,
    /// The share of replicates in which it is first.
    pub winner_share: f64,
    /// The median of its ranks in the replicates.
    pub median: Option<f64>,
}

/// Describes every entry of a board by one metric, in their order: percentile intervals, simultaneous rank sets and groups.
///
/// Of no entries nothing is said; one entry is first, alone in its group.
///
/// # Errors
/// As [`Board::new`].
pub fn describe(
    entries: &[Described<'_>],
    higher_is_better: bool,
    level: Level,
) -> Result<Vec<(Uncertainty, RankStatistics)>, BoardError> {
    let standings: Vec<Standing<'_>> = entries.iter().map(|entry| entry.standing).collect();
    let board = Board::new(&standings, higher_is_better, level)?;
    let mut found = Vec::with_capacity(entries.len());
    for (entry, ranks) in ranks_on(&board)?.into_iter().enumerate() {
        let uncertainty = Uncertainty {
            interval: interval_of(&entries[entry], level)?,
            standard_error: standings[entry].replicates.and_then(interval::standard_error),
            deviation: inflation::deviation(&board, entry),
        };
        found.push((uncertainty, ranks));
    }
    Ok(found)
}

/// What is known of the ranks of a board's entries, in their order.
pub(crate) fn ranks_on(board: &Board) -> Result<Vec<RankStatistics>, BoardError> {
    let sets = rank_sets::by_replicates(board)?.sets;
    let stability = stability::stability(board)?;
    let mut group_of = vec![0; board.len()];
    for (group, members) in groups::by_replicates(board)?.into_iter().enumerate() {
        for member in members {
            group_of[member] = group + 1;
        }
    }
    let all = sets.into_iter().zip(group_of).zip(stability);
    Ok(all
        .map(|((set, group), stable)| RankStatistics {
            set,
            group,
            winner_share: stable.winner_share,
            median: stable.median_rank,
        })
        .collect())
}

/// The interval of an entry: that of few items where the metric has one, else that of its replicates.
fn interval_of(entry: &Described<'_>, level: Level) -> Result<Option<Interval>, BoardError> {
    match (entry.standing.replicates, entry.few_items) {
        (None, _) => Ok(None),
        (Some(_), Some(few)) => Ok(Some(few)),
        (Some(replicates), None) => Ok(interval::percentile(replicates, level)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::level::Replications;
    use crate::replicates::Replicates;

    /// Replicates around a value, the same draws for everybody but for a part of their own.
    fn around(value: f64, spread: f64, phase: usize) -> Replicates {
        let draws =
            (0..Replications::LIVE.get()).map(|draw| ((draw * 7 + phase * 13) % 101) as f64 / 50.0 - 1.0);
        Replicates::new(draws.map(|draw| value + spread * draw).collect())
    }

    #[test]
    fn entries_far_apart_are_told_apart_and_those_close_together_are_not() {
        let replicates = [around(0.9, 0.01, 1), around(0.5, 0.1, 2), around(0.49, 0.1, 3)];
        let entry =
            |value, replicates| Described { standing: Standing { value, replicates }, few_items: None };
        let mut standings: Vec<Described<'_>> = [0.9, 0.5, 0.49]
            .into_iter()
            .zip(replicates.iter().map(Some))
            .map(|(value, replicates)| entry(value, replicates))
            .collect();
        standings.push(entry(0.2, None));
        let found = describe(&standings, true, Level::FIVE_PERCENT).unwrap();
        let sets: Vec<(usize, usize)> =
            found.iter().map(|(_, ranks)| (ranks.set.best, ranks.set.worst)).collect();
        // Of the last one nothing is known, so it may be anywhere and everybody may be behind it.
        assert_eq!(sets, [(1, 2), (2, 4), (2, 4), (1, 4)]);
        assert_eq!(found.iter().map(|(_, ranks)| ranks.group).take(3).collect::<Vec<_>>(), [1, 2, 2]);
        let interval = found[0].0.interval.unwrap();
        assert!(interval.lower < 0.9 && 0.9 < interval.upper && interval.upper - interval.lower < 0.03);
        assert_eq!(found[0].1.winner_share, 1.0);
        assert!(found[1].0.deviation.unwrap() > 0.0);
        assert!(found[3].0.interval.is_none() && found[3].0.deviation.is_none());
    }

    #[test]
    fn boards_of_none_and_of_one_are_described() {
        assert_eq!(describe(&[], true, Level::FIVE_PERCENT).unwrap(), []);
        let replicates = around(0.1, 0.01, 1);
        let few = Interval { lower: 0.0, upper: 0.4 };
        let standing = Standing { value: 0.1, replicates: Some(&replicates) };
        let alone = [Described { standing, few_items: Some(few) }];
        let found = describe(&alone, false, Level::FIVE_PERCENT).unwrap();
        let (value, ranks) = found[0];
        assert_eq!((ranks.set, ranks.group), (RankSet { best: 1, worst: 1 }, 1));
        assert_eq!((value.deviation, value.interval), (None, Some(few)));
    }
}
