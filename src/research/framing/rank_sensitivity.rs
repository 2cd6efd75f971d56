//! F7: how much of an order is the task's choice of activities.
//!
//! A score is a mean over activities by some weights: as many as there happen to be instances of each.
//! Other weights are as defensible, and a first place that a small change of them undoes is a first place in this mix only.

use ranking::Refusal;
use ranking::agreement::{Frame, kendall_tau, winner_changes, winners};
use ranking::draws::Key;
use ranking::schemes::Ties;
use ranking::schemes::ranks::ranks;
use serde::Serialize;

use super::divergence::check_amounts;
use super::profile::shares;
use super::simplex::{DRAWS, win_shares};

/// The scores of entries by activity, and what the activities weigh as the task is scored.
#[derive(Debug, Clone, PartialEq)]
pub struct ActivityTable {
    /// `[entry][activity]`, turned so that larger is better.
    scores: Vec<Vec<f64>>,
    /// The shares of the activities, all positive.
    weights: Vec<f64>,
}

/// Another choice of weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighting<'a> {
    /// What it is called: `uniform`, `time_use`, `dataset_hours`.
    pub name: &'a str,
    /// What the activities weigh; only their shares matter.
    pub weights: &'a [f64],
}

/// The order under other weights.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reweighted {
    /// Which weights.
    pub name: String,
    /// The rank of every entry, 1 for the best; equal scores share the best place among them.
    pub ranks: Vec<usize>,
    /// Whether somebody else wins, or shares the first place.
    pub winner_changes: bool,
    /// Kendall's tau-b between this order and the one as scored, -1..=1; absent where either ties everything.
    pub tau: Option<f64>,
    /// How many places every entry moves: positive is up.
    pub places_won: Vec<i64>,
}

/// How much an order depends on weights.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RankSensitivity {
    /// The rank of every entry as scored.
    pub ranks: Vec<usize>,
    /// The orders under other weights.
    pub reweighted: Vec<Reweighted>,
    /// By entry, the least share of the weight that must move between activities before the entry is level with the winner:
    /// 0 for the winner, absent where no weights do it.
    pub flip_distances: Vec<Option<f64>>,
    /// By entry, the share of all weightings under which it wins.
    pub win_shares: Vec<f64>,
}

impl ActivityTable {
    /// Scores as `[entry][activity]` and what the activities weigh; `higher_is_better` says which way the metric goes.
    ///
    /// Refuses no entries or activities, different lengths, weights that are not positive, NaN and infinities.
    pub fn new(scores: Vec<Vec<f64>>, weights: &[f64], higher_is_better: bool) -> Result<Self, Refusal> {
        if scores.is_empty() {
            return Err(Refusal::Empty { what: "entries" });
        }
        check_amounts("weight of an activity", weights)?;
        if weights.contains(&0.0) {
            return Err(Refusal::OutOfRange { what: "weight of an activity", rule: "positive" });
        }
        let Some(weights) = shares(weights) else { return Err(Refusal::Empty { what: "activities" }) };
        for own in &scores {
            if own.len() != weights.len() {
                let (expected, found) = (weights.len(), own.len());
                return Err(Refusal::Length { what: "scores of an entry", expected, found });
            }
            if let Some(index) = own.iter().position(|score| !score.is_finite()) {
                return Err(Refusal::NotFinite { what: "score in an activity", index });
            }
        }
        let sign = if higher_is_better { 1.0 } else { -1.0 };
        let scores =
            scores.into_iter().map(|own| own.into_iter().map(|score| sign * score).collect()).collect();
        Ok(Self { scores, weights })
    }

    /// The order as scored, under other weights, and how far away other winners are.
    ///
    /// `key` is that of the drawn weightings; the same key gives the same shares.
    /// Refuses weightings of other lengths, with negative weights, or with none at all.
    pub fn sensitivity(&self, others: &[Weighting<'_>], key: Key) -> Result<RankSensitivity, Refusal> {
        let as_scored = self.ranks_under(&self.weights);
        let mut reweighted = Vec::with_capacity(others.len());
        for other in others {
            if other.weights.len() != self.weights.len() {
                let (expected, found) = (self.weights.len(), other.weights.len());
                return Err(Refusal::Length { what: "weighting", expected, found });
            }
            check_amounts("weighting", other.weights)?;
            let Some(weights) = shares(other.weights) else {
                return Err(Refusal::Empty { what: "weighting" });
            };
            let ranks = self.ranks_under(&weights);
            let as_numbers = |ranks: &[usize]| ranks.iter().map(|rank| *rank as f64).collect::<Vec<f64>>();
            let present = |ranks: &[usize]| ranks.iter().map(|rank| Some(*rank)).collect::<Vec<_>>();
            reweighted.push(Reweighted {
                name: other.name.to_owned(),
                winner_changes: winner_changes(&present(&as_scored), &present(&ranks)),
                tau: kendall_tau(&as_numbers(&as_scored), &as_numbers(&ranks))?.tau_b(),
                places_won: as_scored
                    .iter()
                    .zip(&ranks)
                    .map(|(before, after)| *before as i64 - *after as i64)
                    .collect(),
                ranks,
            });
        }
        Ok(RankSensitivity {
            flip_distances: self.flip_distances(&as_scored)?,
            win_shares: win_shares(&self.scores, key, DRAWS)?,
            ranks: as_scored,
            reweighted,
        })
    }

    fn ranks_under(&self, weights: &[f64]) -> Vec<usize> {
        let mean =
            |own: &Vec<f64>| Some(own.iter().zip(weights).map(|(score, weight)| score * weight).sum::<f64>());
        let means: Vec<Option<f64>> = self.scores.iter().map(mean).collect();
        ranks(&means, true, Ties::Lowest).into_iter().map(|rank| rank.unwrap_or(f64::NAN) as usize).collect()
    }

    /// Half of the sum of absolute changes of the weights is the share that moves, the total variation.
    fn flip_distances(&self, ranks: &[usize]) -> Result<Vec<Option<f64>>, Refusal> {
        let sums =
            |own: &Vec<f64>| own.iter().zip(&self.weights).map(|(score, weight)| score * weight).collect();
        let frame = Frame::new(self.weights.clone(), self.scores.iter().map(sums).collect(), true)?;
        let ranks: Vec<Option<usize>> = ranks.iter().map(|rank| Some(*rank)).collect();
        let winners = winners(&ranks);
        let Some(winner) = winners.first() else { return Ok(vec![None; ranks.len()]) };
        let distance = |entry| match winners.contains(&entry) {
            true => Some(0.0),
            false => frame.margin(*winner, entry).map(|margin| margin.moved),
        };
        Ok((0..self.scores.len()).map(distance).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = Key::from_u64(1);

    #[test]
    fn a_small_worked_case() {
        // Three quarters of the weight on the first activity: a 0.75, b 0.5, c 0.25 * 0.2.
        let scores = vec![vec![1.0, 0.0], vec![0.5, 0.5], vec![0.0, 0.2]];
        let table = ActivityTable::new(scores, &[3.0, 1.0], true).unwrap();
        let reversed = Weighting { name: "reversed", weights: &[1.0, 3.0] };
        let found = table.sensitivity(&[reversed], KEY).unwrap();
        assert_eq!(found.ranks, [1, 2, 3]);
        assert_eq!(found.reweighted[0].ranks, [2, 1, 3]);
        assert!(found.reweighted[0].winner_changes);
        assert_eq!(found.reweighted[0].places_won, [-1, 1, 0]);
        assert!((found.reweighted[0].tau.unwrap() - 1.0 / 3.0).abs() < 1e-12);
        // b is level at half of the weight on each: a quarter moves. c is level where 0.2 (1 - w) = w: w = 1/6 of 3/4.
        let distances: Vec<f64> = found.flip_distances.iter().map(|distance| distance.unwrap()).collect();
        assert_eq!(distances[0], 0.0);
        assert!(
            (distances[1] - 0.25).abs() < 1e-12 && (distances[2] - (0.75 - 1.0 / 6.0)).abs() < 1e-12,
            "{distances:?}"
        );
        assert_eq!(found.win_shares[2], 0.0, "c is level with a where b is far ahead");
    }

    #[test]
    fn a_metric_that_goes_down_is_turned() {
        let up = ActivityTable::new(vec![vec![1.0, 0.0], vec![0.5, 0.5]], &[3.0, 1.0], true).unwrap();
        let down = ActivityTable::new(vec![vec![-1.0, 0.0], vec![-0.5, -0.5]], &[3.0, 1.0], false).unwrap();
        assert_eq!(up.sensitivity(&[], KEY), down.sensitivity(&[], KEY));
    }

    #[test]
    fn nobody_reaches_a_winner_of_everything() {
        let table = ActivityTable::new(vec![vec![1.0, 1.0], vec![0.5, 0.9]], &[1.0, 1.0], true).unwrap();
        let found = table.sensitivity(&[], KEY).unwrap();
        assert_eq!((found.flip_distances, found.win_shares), (vec![Some(0.0), None], vec![1.0, 0.0]));
    }

    #[test]
    fn what_cannot_be_weighted_is_refused() {
        assert!(ActivityTable::new(vec![], &[1.0], true).is_err());
        assert!(ActivityTable::new(vec![vec![]], &[], true).is_err());
        assert!(ActivityTable::new(vec![vec![1.0]], &[0.0], true).is_err());
        assert!(ActivityTable::new(vec![vec![1.0, 2.0]], &[1.0], true).is_err());
        assert!(ActivityTable::new(vec![vec![f64::NAN]], &[1.0], true).is_err());
        let table = ActivityTable::new(vec![vec![1.0]], &[1.0], true).unwrap();
        for weights in [&[][..], &[-1.0], &[0.0], &[f64::NAN]] {
            assert!(table.sensitivity(&[Weighting { name: "w", weights }], KEY).is_err());
        }
    }
}
