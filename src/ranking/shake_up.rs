//! Shake-up: how the private split rearranges the public leaderboard.

use crate::agreement::{KendallTau, kendall_tau, top_overlap};
use crate::refusal::{Refusal, all_finite, same_length};
use crate::schemes::place;

/// How two leaderboards of the same entries differ.
#[derive(Debug, Clone, PartialEq)]
pub struct ShakeUp {
    /// The ranks on the public split (1, 2, 2, 4).
    pub public_ranks: Vec<usize>,
    /// The ranks on the private split.
    pub private_ranks: Vec<usize>,
    /// The places that each entry gained, public rank less private rank; negative where it fell.
    pub shifts: Vec<i64>,
    /// The mean number of places moved as a share of the entries (0..1): the shake-up; 0 without entries.
    pub mean_shift: f64,
    /// How the scores of the two splits order the pairs of entries.
    pub tau: KendallTau,
}

/// Compares the scores of the two splits, more being better where `higher_is_better`.
///
/// Refuses different lengths, NaN and infinities; no entries give no shifts.
pub fn shake_up(public: &[f64], private: &[f64], higher_is_better: bool) -> Result<ShakeUp, Refusal> {
    same_length("private scores", public.len(), private.len())?;
    all_finite("public scores", public)?;
    all_finite("private scores", private)?;
    let ranks = |scores: &[f64]| -> Vec<usize> {
        let scores: Vec<Option<f64>> = scores.iter().copied().map(Some).collect();
        place(&scores, higher_is_better).iter().flatten().map(|placing| placing.rank).collect()
    };
    let (public_ranks, private_ranks) = (ranks(public), ranks(private));
    let shifts: Vec<i64> = public_ranks
        .iter()
        .zip(&private_ranks)
        .map(|(public, private)| *public as i64 - *private as i64)
        .collect();
    let moved: u64 = shifts.iter().map(|shift| shift.unsigned_abs()).sum();
    let entries = public.len();
    let mean_shift = if entries == 0 { 0.0 } else { moved as f64 / (entries * entries) as f64 };
    Ok(ShakeUp { public_ranks, private_ranks, shifts, mean_shift, tau: kendall_tau(public, private)? })
}

impl ShakeUp {
    /// How many entries are within the first `k` places of both splits.
    pub fn top_overlap(&self, k: usize) -> usize {
        let optional = |ranks: &[usize]| ranks.iter().copied().map(Some).collect::<Vec<_>>();
        top_overlap(&optional(&self.public_ranks), &optional(&self.private_ranks), k)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reversal_of_three_moves_four_places() {
        let shaken = shake_up(&[0.3, 0.2, 0.1], &[0.1, 0.2, 0.3], true).unwrap();
        assert_eq!(shaken.shifts, [-2, 0, 2]);
        assert_eq!(shaken.mean_shift, 4.0 / 9.0);
        assert_eq!(shaken.tau.tau_b(), Some(-1.0));
        assert_eq!((shaken.top_overlap(1), shaken.top_overlap(2)), (0, 1));
        assert_eq!(shake_up(&[0.3, 0.2], &[0.1, 0.2], false).unwrap().shifts, [1, -1]);
        assert_eq!(shake_up(&[], &[], true).unwrap().mean_shift, 0.0);
        assert!(shake_up(&[0.1], &[], true).is_err());
        assert!(shake_up(&[0.1], &[f64::NAN], true).is_err());
    }
}
