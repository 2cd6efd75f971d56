//! Who would win under any weights at all: the share of the simplex of weights in which each entry is first.

use ranking::Refusal;
use ranking::draws::Key;

/// How many weightings are drawn for a measure.
pub const DRAWS: u32 = 20_000;

/// The share of weightings of the activities, drawn evenly from all there are, under which each entry wins.
///
/// `scores` are `[entry][activity]`, larger ones better.
/// Weights are Dirichlet(1, ..., 1): exponentials over their sum, of which the sum changes no winner.
/// The same key gives the same shares; a shared first place is divided. Shares sum to 1 unless there is no entry.
/// A share `p` has a standard error of `sqrt(p (1 - p) / draws)`: below 0.004 with [`DRAWS`].
///
/// Refuses entries with different numbers of activities or none, no draws, NaN and infinities.
pub fn win_shares(scores: &[Vec<f64>], key: Key, draws: u32) -> Result<Vec<f64>, Refusal> {
    let activities = scores.first().map_or(0, Vec::len);
    if !scores.is_empty() && activities == 0 {
        return Err(Refusal::Empty { what: "activities" });
    }
    if draws == 0 {
        return Err(Refusal::OutOfRange { what: "draws", rule: "at least 1" });
    }
    for own in scores {
        if own.len() != activities {
            return Err(Refusal::Length {
                what: "scores of an entry",
                expected: activities,
                found: own.len(),
            });
        }
        if let Some(index) = own.iter().position(|score| !score.is_finite()) {
            return Err(Refusal::NotFinite { what: "score in an activity", index });
        }
    }
    let mut wins = vec![0.0; scores.len()];
    let mut weights = vec![0.0; activities];
    let mut totals = vec![0.0; scores.len()];
    for draw in 0..u64::from(draws) {
        for (place, weight) in weights.iter_mut().enumerate() {
            *weight = exponential(key.number(draw * activities as u64 + place as u64));
        }
        for (total, own) in totals.iter_mut().zip(scores) {
            *total = own.iter().zip(&weights).map(|(score, weight)| score * weight).sum();
        }
        let best = totals.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let winners = totals.iter().filter(|total| **total >= best).count() as f64;
        for (wins, total) in wins.iter_mut().zip(&totals) {
            if *total >= best {
                *wins += 1.0 / winners;
            }
        }
    }
    wins.iter_mut().for_each(|wins| *wins /= f64::from(draws));
    Ok(wins)
}

/// An exponential variate from 64 even bits: the upper 53 as the middle of a cell of (0, 1).
fn exponential(bits: u64) -> f64 {
    -libm::log(((bits >> 11) as f64 + 0.5) / (1_u64 << 53) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = Key::from_u64(20_260_101);

    #[test]
    fn two_activities_divide_the_unit_interval() {
        // With weight w on the first: a has w, b has 0.25; b wins below w = 0.25.
        let shares = win_shares(&[vec![1.0, 0.0], vec![0.25, 0.25]], KEY, DRAWS).unwrap();
        assert!((shares[1] - 0.25).abs() < 0.02, "{shares:?}");
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn equal_entries_divide_the_wins_and_dominated_ones_have_none() {
        let shares = win_shares(&[vec![2.0, 2.0], vec![2.0, 2.0], vec![1.0, 1.5]], KEY, 100).unwrap();
        assert_eq!(shares, [0.5, 0.5, 0.0]);
        assert_eq!(
            win_shares(&[vec![2.0, 2.0], vec![0.0, 3.0]], KEY, 100),
            win_shares(&[vec![2.0, 2.0], vec![0.0, 3.0]], KEY, 100)
        );
    }

    #[test]
    fn what_cannot_be_weighted_is_refused() {
        assert_eq!(win_shares(&[], KEY, 10), Ok(vec![]));
        assert!(win_shares(&[vec![]], KEY, 10).is_err());
        assert!(win_shares(&[vec![1.0], vec![1.0, 2.0]], KEY, 10).is_err());
        assert!(win_shares(&[vec![f64::NAN]], KEY, 10).is_err());
        assert!(win_shares(&[vec![1.0]], KEY, 0).is_err());
    }
}
