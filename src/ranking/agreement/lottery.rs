//! The subset lottery: who would have won if other metrics had been chosen.

use crate::refusal::{Refusal, within};
use crate::schemes::{Placing, Table};

use super::winners::winners;

/// The most metrics whose subsets are all tried.
pub const MOST_METRICS: usize = 12;

/// How often each entry wins over all subsets of the metrics.
#[derive(Debug, Clone, PartialEq)]
pub struct Lottery {
    /// How many subsets have a winner, of the 2^m - 1 that are not empty.
    pub subsets: usize,
    /// The share of these that each entry wins; a shared first place is divided.
    /// They sum to 1 unless no subset has a winner, when all are 0.
    pub win_share: Vec<f64>,
}

/// Ranks the entries by `scheme` on every subset of the metrics.
///
/// Refuses more than [`MOST_METRICS`] metrics, whose subsets are too many.
pub fn lottery(table: &Table, scheme: impl Fn(&Table) -> Vec<Option<Placing>>) -> Result<Lottery, Refusal> {
    let metrics = table.columns().len();
    within("metrics of a lottery", metrics <= MOST_METRICS, "at most 12")?;
    let mut wins = vec![0.0; table.entries()];
    let mut subsets = 0;
    for mask in 1..1_usize << metrics {
        let Some(subset) = table.subset(mask) else { continue };
        let ranks: Vec<Option<usize>> =
            scheme(&subset).iter().map(|placing| placing.map(|placing| placing.rank)).collect();
        let winners = winners(&ranks);
        for winner in &winners {
            wins[*winner] += 1.0 / winners.len() as f64;
        }
        subsets += usize::from(!winners.is_empty());
    }
    if subsets > 0 {
        for share in &mut wins {
            *share /= subsets as f64;
        }
    }
    Ok(Lottery { subsets, win_share: wins })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schemes::{Column, Missing, Ties, mean_rank};

    fn lottery_of(columns: &[[Option<f64>; 3]]) -> Result<Lottery, Refusal> {
        let columns = columns.iter().map(|values| Column::new(values.to_vec(), true).unwrap()).collect();
        lottery(&Table::new(columns).unwrap(), |table| mean_rank(table, Missing::Unranked, Ties::Lowest))
    }

    #[test]
    fn every_subset_has_its_winner() {
        // By mean rank: {1} a, {2} b, {3} b, {1,2} a and b, {1,3} a and b, {2,3} b, {1,2,3} b.
        let found = lottery_of(&[
            [Some(0.9), Some(0.8), Some(0.1)],
            [Some(0.5), Some(0.6), Some(0.1)],
            [Some(0.2), Some(0.3), Some(0.1)],
        ])
        .unwrap();
        assert_eq!(found.subsets, 7);
        assert_eq!(found.win_share, [2.0 / 7.0, 5.0 / 7.0, 0.0]);
    }

    #[test]
    fn nobody_wins_where_nobody_is_ranked() {
        let found = lottery_of(&[[None, None, None]]).unwrap();
        assert_eq!(found, Lottery { subsets: 0, win_share: vec![0.0; 3] });
        assert!(lottery_of(&[[Some(1.0); 3]; 13]).is_err());
    }
}
