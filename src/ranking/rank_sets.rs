//! Confidence sets of ranks: which ranks an entry may have, for all entries at once.
//!
//! With a probability of at least one less the level, the true rank of every entry lies within its set.
//! The naive alternative, the ranks that an entry takes in replicates, promises nothing of the kind: with twenty entries that are
//! close together it holds all true ranks in one case of six.
//!
//! All variants reject hypotheses "entry `j` is not better than entry `k`" of ordered pairs, so that any false rejection is
//! as improbable as the level says, and count: the best rank of an entry is one more than the entries found better than it, its
//! worst rank the number of entries less those found worse (Mogstad, Romano, Shaikh and Wilhelm, *Inference for ranks*, 2024).
//!
//! No entry gives no set, and a single one the rank 1.
//! Pairs without variance are never rejected: entries that are equal everywhere, and all entries of a split of one unit.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use crate::binomial;
use crate::board::Board;
use crate::holm::holm;
use crate::level::{Level, LevelError};

/// The ranks that an entry may have, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RankSet {
    /// The best of them, from 1.
    pub best: usize,
    /// The worst of them.
    pub worst: usize,
}

/// The rank sets of all entries.
#[derive(Debug, Clone, PartialEq)]
pub struct RankSets {
    /// One per entry.
    pub sets: Vec<RankSet>,
    /// The ordered pairs of which the first is better than the second.
    pub better: Vec<(usize, usize)>,
    /// The critical value of every step, where there are such.
    pub critical_values: Vec<f64>,
}

impl RankSets {
    fn new(entries: usize, mut better: Vec<(usize, usize)>, critical_values: Vec<f64>) -> Self {
        better.sort_unstable();
        let mut sets = vec![RankSet { best: 1, worst: entries }; entries];
        for (winner, loser) in &better {
            sets[*winner].worst -= 1;
            sets[*loser].best += 1;
        }
        Self { sets, better, critical_values }
    }

    /// The entries that may be among the best so many: for 1, those between which the first place is not settled.
    pub fn among_best(&self, places: usize) -> Vec<usize> {
        (0..self.sets.len()).filter(|entry| self.sets[*entry].best <= places).collect()
    }
}

/// Rank sets from replicates: the largest studentised difference of all pairs, stepped down.
///
/// A step finds the critical value that the largest `t*` of the pairs that are left exceeds in few enough replicates, takes the
/// pairs whose `t` exceeds it, and goes on with the rest until none does.
/// An undefined replicate of a pair takes no part in the largest.
/// Differences are studentised with their standard deviation over the replicates.
///
/// # Errors
/// A level that does not fit the number of replicates.
pub fn by_replicates(board: &Board) -> Result<RankSets, LevelError> {
    by_replicates_and_errors(board, |j, k| board.standard_error_of_difference(j, k))
}

/// The same with standard errors of the differences that are known otherwise: of means of independent items,
/// `sd(d) / sqrt(n)` of the differences item by item.
///
/// The error of a pair is the same in both orders; one that is not above zero leaves the pair out.
///
/// # Errors
/// As [`by_replicates`].
pub fn by_replicates_and_errors(
    board: &Board,
    error_of: impl Fn(usize, usize) -> f64,
) -> Result<RankSets, LevelError> {
    let pairs: Vec<(usize, usize)> = (0..board.len())
        .flat_map(|j| (0..board.len()).filter(move |k| *k != j).map(move |k| (j, k)))
        .collect();
    let mut down = StepDown::new(board, &pairs, error_of)?;
    let (mut better, mut critical_values) = (Vec::new(), Vec::new());
    while let Some((critical, rejected)) = down.step() {
        critical_values.push(critical);
        if rejected.is_empty() {
            break;
        }
        better.extend(rejected);
    }
    Ok(RankSets::new(board.len(), better, critical_values))
}

/// Rank sets from one-sided tests: at `[j, k]` the p of "`j` is not better than `k`"; the diagonal is not looked at.
///
/// The p are adjusted after Holm, for whatever the tests have to do with each other.
/// With exact p, of sign flips for instance, the sets depend on no draw.
/// Of a table that is not square, the smaller side counts.
pub fn by_p_values(p: &Array2<f64>, level: Level) -> RankSets {
    let entries = p.nrows().min(p.ncols());
    let pairs: Vec<(usize, usize)> =
        (0..entries).flat_map(|j| (0..entries).filter(move |k| *k != j).map(move |k| (j, k))).collect();
    let adjusted = holm(&pairs.iter().map(|pair| p[*pair]).collect::<Vec<f64>>());
    let better = pairs.iter().zip(adjusted).filter(|(_, p)| *p <= level.value()).map(|(pair, _)| *pair);
    RankSets::new(entries, better.collect(), Vec::new())
}

/// Rank sets from the numbers of wins in a common contest, votes for instance: exact binomial tests of every pair.
pub fn by_wins(wins: &[u64], level: Level) -> RankSets {
    let p = Array2::from_shape_fn((wins.len(), wins.len()), |(j, k)| {
        binomial::at_least(wins[j], wins[j] + wins[k])
    });
    by_p_values(&p, level)
}

/// The pairs that are not rejected yet, with what their largest `t*` are found from.
pub(crate) struct StepDown<'b> {
    board: &'b Board,
    /// The entries that may be found better than another, one row each.
    firsts: Vec<usize>,
    /// For every row and entry the difference of the values, infinite where the pair does not take part.
    differences: Vec<f64>,
    /// One over the standard error of the difference.
    scales: Vec<f64>,
    /// The pairs that are left, as row and entry.
    left: Vec<(usize, usize)>,
    /// For every replicate and row the largest `t*`, and the step in which it was found.
    largest: Vec<(f64, u32)>,
    /// The step in which a pair of a row was last rejected.
    changed_in: Vec<u32>,
    step: u32,
    critical_rank: usize,
}

impl<'b> StepDown<'b> {
    /// The pairs whose first entry may be found better than the second, those of one first entry after each other.
    pub(crate) fn new(
        board: &'b Board,
        pairs: &[(usize, usize)],
        error_of: impl Fn(usize, usize) -> f64,
    ) -> Result<Self, LevelError> {
        let entries = board.len();
        let mut firsts: Vec<usize> = pairs.iter().map(|(j, _)| *j).collect();
        firsts.dedup();
        let mut differences = vec![f64::INFINITY; firsts.len() * entries];
        let mut scales = vec![1.0; firsts.len() * entries];
        let mut left = Vec::with_capacity(pairs.len());
        let mut row_of = vec![None; entries];
        for (row, of_one) in pairs.chunk_by(|a, b| a.0 == b.0).enumerate() {
            let j = of_one[0].0;
            row_of[j] = Some(row);
            for (_, k) in of_one {
                // A pair is as uncertain one way as the other, and the other may be known.
                let mirrored = row_of[*k].filter(|row| differences[row * entries + j].is_finite());
                let scale = match mirrored {
                    Some(row) => scales[row * entries + j],
                    None => 1.0 / error_of(j, *k),
                };
                if scale > 0.0 && scale.is_finite() {
                    differences[row * entries + k] = board.value(j) - board.value(*k);
                    scales[row * entries + k] = scale;
                    left.push((row, *k));
                }
            }
        }
        let critical_rank =
            if left.is_empty() { 0 } else { board.level().critical_rank(board.replications())? };
        let mut down = Self {
            board,
            differences,
            scales,
            left,
            largest: vec![(f64::NEG_INFINITY, 0); firsts.len() * board.replications()],
            changed_in: vec![0; firsts.len()],
            firsts,
            step: 0,
            critical_rank,
        };
        if !down.left.is_empty() {
            for replicate in 0..board.replications() {
                for row in 0..down.firsts.len() {
                    down.find_largest(replicate, row);
                }
            }
        }
        Ok(down)
    }

    /// The critical value of the pairs that are left, and those whose `t` exceeds it, which are no longer left.
    pub(crate) fn step(&mut self) -> Option<(f64, Vec<(usize, usize)>)> {
        if self.left.is_empty() {
            return None;
        }
        let mut largest: Vec<f64> =
            (0..self.board.replications()).map(|replicate| self.largest_of(replicate)).collect();
        largest.sort_unstable_by(f64::total_cmp);
        let critical = largest[self.critical_rank - 1];
        self.step += 1;
        let (entries, differences, scales) = (self.board.len(), &mut self.differences, &self.scales);
        let mut rejected = Vec::new();
        self.left.retain(|(row, k)| {
            let t = differences[row * entries + k] * scales[row * entries + k];
            if t > critical {
                rejected.push((self.firsts[*row], *k));
                differences[row * entries + k] = f64::INFINITY;
                self.changed_in[*row] = self.step;
            }
            t <= critical
        });
        Some((critical, rejected))
    }

    /// The largest `t*` of a replicate: what was found before only becomes smaller, so that only what may be the largest is
    /// looked at again.
    fn largest_of(&mut self, replicate: usize) -> f64 {
        let rows = self.firsts.len();
        loop {
            let of_rows = &self.largest[replicate * rows..(replicate + 1) * rows];
            let mut best = 0;
            for (row, (value, _)) in of_rows.iter().enumerate() {
                if *value > of_rows[best].0 {
                    best = row;
                }
            }
            let (value, found_in) = of_rows[best];
            if found_in >= self.changed_in[best] {
                return value;
            }
            self.find_largest(replicate, best);
        }
    }

    fn find_largest(&mut self, replicate: usize, row: usize) {
        const SIDE_BY_SIDE: usize = 8;
        let entries = self.board.len();
        let values = self.board.across(replicate);
        let differences = &self.differences[row * entries..(row + 1) * entries];
        let scales = &self.scales[row * entries..(row + 1) * entries];
        let own = values[self.firsts[row]];
        // NaN, of an undefined replicate, is larger than nothing.
        let larger = |largest: f64, t: f64| if t > largest { t } else { largest };
        let mut largest = [f64::NEG_INFINITY; SIDE_BY_SIDE];
        let (value_chunks, value_rest) = values.as_chunks::<SIDE_BY_SIDE>();
        let (difference_chunks, difference_rest) = differences.as_chunks::<SIDE_BY_SIDE>();
        let (scale_chunks, scale_rest) = scales.as_chunks::<SIDE_BY_SIDE>();
        for ((values, differences), scales) in value_chunks.iter().zip(difference_chunks).zip(scale_chunks) {
            for side in 0..SIDE_BY_SIDE {
                let t = (own - values[side] - differences[side]) * scales[side];
                largest[side] = larger(largest[side], t);
            }
        }
        let rest = value_rest.iter().zip(difference_rest).zip(scale_rest);
        let rest = rest.map(|((value, difference), scale)| (own - value - difference) * scale);
        let largest = largest.into_iter().chain(rest).fold(f64::NEG_INFINITY, larger);
        self.largest[replicate * self.firsts.len() + row] = (largest, self.step);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::board::Standing;
    use crate::replicates::Replicates;

    fn board(values: &[f64], replicates: &[Vec<f64>], level: u16) -> Board {
        let replicates: Vec<Replicates> = replicates.iter().cloned().map(Replicates::new).collect();
        let standings: Vec<Standing<'_>> = values
            .iter()
            .zip(&replicates)
            .map(|(value, replicates)| Standing { value: *value, replicates: Some(replicates) })
            .collect();
        Board::new(&standings, true, Level::from_ten_thousandths(level).unwrap()).unwrap()
    }

    fn sets(found: &RankSets) -> Vec<(usize, usize)> {
        found.sets.iter().map(|set| (set.best, set.worst)).collect()
    }

    #[test]
    fn degenerate_boards_have_defined_sets() {
        assert_eq!(sets(&by_replicates(&board(&[], &[], 5_000)).unwrap()), []);
        assert_eq!(sets(&by_replicates(&board(&[1.0], &[vec![1.0; 3]], 5_000)).unwrap()), [(1, 1)]);
        // All equal, and all without variance.
        let equal = board(&[1.0, 1.0], &[vec![1.0, 2.0, 1.0], vec![1.0, 2.0, 1.0]], 5_000);
        assert_eq!(sets(&by_replicates(&equal).unwrap()), [(1, 2), (1, 2)]);
        let certain = board(&[2.0, 1.0], &[vec![2.0; 3], vec![1.0; 3]], 5_000);
        assert_eq!(sets(&by_replicates(&certain).unwrap()), [(1, 2), (1, 2)]);
        let standings = [1.0, 2.0].map(|value| Standing { value, replicates: None });
        let unknown = Board::new(&standings, true, Level::FIVE_PERCENT).unwrap();
        assert_eq!(sets(&by_replicates(&unknown).unwrap()), [(1, 2), (1, 2)]);
    }

    #[test]
    fn wins_and_p_values_of_nobody() {
        assert_eq!(sets(&by_wins(&[], Level::FIVE_PERCENT)), []);
        assert_eq!(sets(&by_wins(&[3], Level::FIVE_PERCENT)), [(1, 1)]);
        assert_eq!(sets(&by_wins(&[0, 0], Level::FIVE_PERCENT)), [(1, 2), (1, 2)]);
        assert_eq!(
            sets(&by_p_values(&Array2::from_elem((2, 2), f64::NAN), Level::FIVE_PERCENT)),
            [(1, 2), (1, 2)]
        );
    }

    /// The step-down as it is written in the paper.
    fn plain(board: &Board) -> RankSets {
        let entries = board.len();
        let t = |j: usize, k: usize, difference: f64| {
            (difference - board.value(j) + board.value(k)) * (1.0 / board.standard_error_of_difference(j, k))
        };
        let mut left: Vec<(usize, usize)> = (0..entries)
            .flat_map(|j| (0..entries).map(move |k| (j, k)))
            .filter(|(j, k)| j != k && board.standard_error_of_difference(*j, *k) > 0.0)
            .collect();
        let (mut better, mut critical_values) = (Vec::new(), Vec::new());
        while !left.is_empty() {
            let mut largest: Vec<f64> = (0..board.replications())
                .map(|b| {
                    let of = |(j, k): &(usize, usize)| {
                        t(*j, *k, board.replicates(*j)[b] - board.replicates(*k)[b])
                    };
                    left.iter().map(of).fold(f64::NEG_INFINITY, f64::max)
                })
                .collect();
            largest.sort_by(f64::total_cmp);
            let critical = largest[board.level().critical_rank(board.replications()).unwrap() - 1];
            critical_values.push(critical);
            let (rejected, rest): (Vec<_>, Vec<_>) = left.iter().partition(|(j, k)| {
                (board.value(*j) - board.value(*k)) * (1.0 / board.standard_error_of_difference(*j, *k))
                    > critical
            });
            if rejected.is_empty() {
                break;
            }
            better.extend(rejected);
            left = rest;
        }
        RankSets::new(entries, better, critical_values)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn looking_only_where_it_matters_changes_nothing(
            entries in prop::collection::vec((0..60_i32, prop::collection::vec(0..9_i32, 39)), 2..12),
        ) {
            let values: Vec<f64> = entries.iter().map(|(value, _)| f64::from(*value)).collect();
            let replicates: Vec<Vec<f64>> = entries
                .iter()
                .map(|(value, noise)| noise.iter().map(|noise| f64::from(value + noise - 4)).collect())
                .collect();
            let board = board(&values, &replicates, 500);
            let (found, expected) = (by_replicates(&board).unwrap(), plain(&board));
            prop_assert_eq!(&found.better, &expected.better);
            prop_assert_eq!(&found.sets, &expected.sets);
            for (found, expected) in found.critical_values.iter().zip(&expected.critical_values) {
                prop_assert!((found - expected).abs() < 1e-9);
            }
        }

        #[test]
        fn the_rank_of_the_values_lies_in_every_set(wins in prop::collection::vec(0_u64..60, 1..9)) {
            let found = by_wins(&wins, Level::FIVE_PERCENT);
            for (entry, set) in found.sets.iter().enumerate() {
                let rank = 1 + wins.iter().filter(|other| **other > wins[entry]).count();
                prop_assert!(set.best <= rank && rank <= set.worst);
            }
        }
    }
}
