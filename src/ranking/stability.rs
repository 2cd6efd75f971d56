//! How stable a ranking is under resampling: the ranks that entries take in the replicates.
//!
//! This is a description of the ranking, not a confidence statement; those are in [`crate::rank_sets`].

use crate::board::Board;
use crate::level::LevelError;
use crate::rank_sets::RankSet;

/// The ranks of one entry over the replicates.
#[derive(Debug, Clone, PartialEq)]
pub struct Stability {
    /// In how many replicates the entry takes each rank, from 1 on.
    pub frequencies: Vec<u32>,
    /// The share of all replicates in which it takes the first place, alone or with others.
    pub winner_share: f64,
    /// The median of its ranks; of two in the middle their mean, and nothing if it is never ranked.
    pub median_rank: Option<f64>,
    /// The ranks that are left when the level's half is taken off at either end; nothing if too often it is not ranked.
    pub ranks: Option<RankSet>,
}

/// The stability of every entry of a board.
///
/// Within a replicate entries are ranked 1, 2, 2, 4 where two are equal, and those that are undefined there are not ranked.
///
/// # Errors
/// A level that does not fit the number of replicates.
pub fn stability(board: &Board) -> Result<Vec<Stability>, LevelError> {
    let entries = board.len();
    let mut frequencies = vec![vec![0_u32; entries]; entries];
    let mut order: Vec<(f64, usize)> = Vec::with_capacity(entries);
    for replicate in 0..board.replications() {
        order.clear();
        let values = board.across(replicate).iter().zip(0..entries);
        order.extend(values.filter(|(value, _)| !value.is_nan()).map(|(value, entry)| (*value, entry)));
        order.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        let mut rank = 0;
        for (place, (value, entry)) in order.iter().enumerate() {
            if place == 0 || *value != order[place - 1].0 {
                rank = place;
            }
            frequencies[*entry][rank] += 1;
        }
    }
    let tail = match board.replications() {
        0 => 0,
        replications => board.level().tail_rank(replications)?,
    };
    let of = |frequencies: Vec<u32>| {
        let ranked: u32 = frequencies.iter().sum();
        let unranked = board.replications() - ranked as usize;
        // As for intervals: a replicate without a rank might have had any.
        let place = tail.checked_sub(unranked + 1);
        let ranks = place.filter(|_| ranked > 0).map(|place| RankSet {
            best: nth(&frequencies, place as u32),
            worst: nth(&frequencies, ranked - 1 - place as u32),
        });
        Stability {
            winner_share: frequencies[0] as f64 / board.replications().max(1) as f64,
            median_rank: (ranked > 0).then(|| {
                let (low, high) = (nth(&frequencies, (ranked - 1) / 2), nth(&frequencies, ranked / 2));
                (low + high) as f64 / 2.0
            }),
            ranks,
            frequencies,
        }
    };
    Ok(frequencies.into_iter().map(of).collect())
}

/// The rank that stands at a place, from 0, when all are in order.
fn nth(frequencies: &[u32], place: u32) -> usize {
    let mut passed = 0;
    for (rank, frequency) in frequencies.iter().enumerate() {
        passed += frequency;
        if passed > place {
            return rank + 1;
        }
    }
    frequencies.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::Standing;
    use crate::level::Level;
    use crate::replicates::Replicates;

    fn of(replicates: &[&[f64]]) -> Vec<Stability> {
        let replicates: Vec<Replicates> =
            replicates.iter().map(|values| Replicates::new(values.to_vec())).collect();
        let standings: Vec<Standing<'_>> = replicates
            .iter()
            .map(|replicates| Standing { value: 0.0, replicates: Some(replicates) })
            .collect();
        // Of seven replicates two are taken off at either end.
        stability(&Board::new(&standings, true, Level::from_ten_thousandths(5_000).unwrap()).unwrap())
            .unwrap()
    }

    #[test]
    fn equal_entries_share_a_rank() {
        let found = of(&[&[2.0, 2.0, 2.0, 2.0, 0.0, 0.0, 0.0], &[2.0; 7], &[1.0; 7]]);
        assert_eq!(found[0].frequencies, [4, 0, 3]);
        assert_eq!(found[1].frequencies, [7, 0, 0]);
        assert_eq!(found[2].frequencies, [0, 3, 4]);
        assert_eq!((found[0].winner_share, found[0].median_rank), (4.0 / 7.0, Some(1.0)));
        assert_eq!(found[0].ranks, Some(RankSet { best: 1, worst: 3 }));
        assert_eq!(found[2].ranks, Some(RankSet { best: 2, worst: 3 }));
    }

    #[test]
    fn undefined_replicates_are_not_ranked() {
        let found = of(&[&[f64::NAN, 2.0, 2.0, 2.0, 0.0, 0.0, 0.0], &[1.0; 7]]);
        assert_eq!(found[0].frequencies, [3, 3]);
        assert_eq!(found[0].median_rank, Some(1.5));
        assert_eq!(found[1].frequencies, [4, 3]);
        assert_eq!(found[0].ranks, Some(RankSet { best: 1, worst: 2 }));
        let found = of(&[&[f64::NAN, f64::NAN, 2.0, 2.0, 0.0, 0.0, 0.0], &[1.0; 7]]);
        assert_eq!((found[0].median_rank, found[0].ranks, found[0].winner_share), (None, None, 0.0));
        assert_eq!(found[1].frequencies, [7, 0]);
    }

    #[test]
    fn nobody_is_stable() {
        assert_eq!(of(&[]), []);
        let alone =
            Board::new(&[Standing { value: 1.0, replicates: None }], true, Level::FIVE_PERCENT).unwrap();
        let found = stability(&alone).unwrap();
        assert_eq!((found[0].winner_share, found[0].median_rank, found[0].ranks), (0.0, None, None));
    }
}
