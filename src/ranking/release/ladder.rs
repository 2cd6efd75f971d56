//! The Ladder: a score is released only where it is better than the best so far by more than `z` standard errors.
//!
//! With z = 1 it is the parameter-free Ladder of Blum and Hardt (2015, arXiv 1502.04585).
//! Neto et al. (2016, arXiv 1607.00091) show that a patient climber still gets through at small n; z = 3 stops that,
//! at the price that honest improvements must be as clear.

use crate::refusal::{Refusal, all_finite, same_length, within};

/// One team's ladder over the losses of the units of a split.
#[derive(Debug, Clone, PartialEq)]
pub struct Ladder {
    z: f64,
    best: Option<Vec<f64>>,
}

impl Ladder {
    /// A ladder without steps yet; `z` is at least 1, below which a single changed item is released, and at most 100.
    pub fn new(z: f64) -> Result<Self, Refusal> {
        within("z", (1.0..=100.0).contains(&z), "between 1 and 100")?;
        Ok(Self { z, best: None })
    }

    /// Offers the losses of a submission, one per unit, less being better; whether its score is released.
    ///
    /// The first is. Refuses no units, another number of units than before, NaN and infinities.
    pub fn offer(&mut self, losses: Vec<f64>) -> Result<bool, Refusal> {
        if losses.is_empty() {
            return Err(Refusal::Empty { what: "units" });
        }
        all_finite("losses", &losses)?;
        let is_step = match &self.best {
            None => true,
            Some(best) => {
                same_length("losses", best.len(), losses.len())?;
                is_step(self.z, best, &losses)
            }
        };
        if is_step {
            self.best = Some(losses);
        }
        Ok(is_step)
    }
}

/// Whether the new losses are lower than the old ones by more than `z` standard errors of their mean difference.
///
/// With D the sum and Q the sum of squares of the n differences, mean < -z sd / sqrt(n) (sd over n - 1) is
/// D < 0 and D² (n - 1 + z²) > z² n Q, without division or root: exact wherever D and Q are.
/// One changed item has D² = Q and is no step for any z >= 1.
pub fn is_step(z: f64, old: &[f64], new: &[f64]) -> bool {
    let (mut sum, mut squares) = (0.0, 0.0);
    for (old, new) in old.iter().zip(new) {
        let difference = new - old;
        sum += difference;
        squares += difference * difference;
    }
    let (n, z_squared) = (old.len() as f64, z * z);
    sum < 0.0 && sum * sum * (n - 1.0 + z_squared) > z_squared * n * squares
}

/// The same for a metric that is no mean of units, from its replicates on the same draws (less being better):
/// whether the difference is below -`z` standard deviations of the replicates' differences.
///
/// Refuses different numbers of replicates and fewer than two of them.
pub fn is_step_by_replicates(
    z: f64,
    (old, old_replicates): (f64, &[f64]),
    (new, new_replicates): (f64, &[f64]),
) -> Result<bool, Refusal> {
    same_length("replicates", old_replicates.len(), new_replicates.len())?;
    within("replicates", old_replicates.len() > 1, "at least 2")?;
    let differences: Vec<f64> =
        new_replicates.iter().zip(old_replicates).map(|(new, old)| new - old).collect();
    all_finite("replicates", &differences)?;
    let count = differences.len() as f64;
    let mean = differences.iter().sum::<f64>() / count;
    let variance =
        differences.iter().map(|difference| (difference - mean).powi(2)).sum::<f64>() / (count - 1.0);
    Ok(new - old < -z * variance.sqrt())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_first_is_a_step_and_what_is_refused_changes_nothing() {
        let mut ladder = Ladder::new(1.0).unwrap();
        assert!(ladder.offer(vec![]).is_err());
        assert_eq!(ladder.offer(vec![1.0, 1.0, 1.0]), Ok(true));
        assert!(ladder.offer(vec![0.0, 0.0]).is_err());
        assert!(ladder.offer(vec![0.0, f64::INFINITY, 0.0]).is_err());
        assert_eq!(ladder.offer(vec![1.0, 0.0, 1.0]), Ok(false));
        assert_eq!(ladder.offer(vec![0.0, 0.0, 1.0]), Ok(true));
        assert_eq!(ladder.offer(vec![0.0, 0.0, 1.0]), Ok(false));
        assert!(Ladder::new(0.99).is_err() && Ladder::new(f64::INFINITY).is_err());
    }

    #[test]
    fn replicates_of_a_mean_say_what_its_units_say() {
        let old = [3.0, 3.0, 3.0, 3.0];
        // The differences have mean -1 and standard deviation 0.5.
        let spread = (0.75_f64).sqrt() * 0.5;
        let new = [3.0 - 1.0 - spread, 3.0 - 1.0 + spread, 3.0 - 1.0 - spread, 3.0 - 1.0 + spread];
        assert_eq!(is_step_by_replicates(1.9, (3.0, &old), (2.0, &new)), Ok(true));
        assert_eq!(is_step_by_replicates(2.1, (3.0, &old), (2.0, &new)), Ok(false));
        assert!(is_step_by_replicates(1.0, (3.0, &old), (2.0, &new[..3])).is_err());
        assert!(is_step_by_replicates(1.0, (3.0, &old[..1]), (2.0, &new[..1])).is_err());
    }

    proptest! {
        #[test]
        fn the_rule_is_that_of_standard_errors(
            z in 1.0_f64..4.0,
            pairs in prop::collection::vec((0_i16..64, 0_i16..64), 2..40),
        ) {
            let old: Vec<f64> = pairs.iter().map(|(old, _)| f64::from(*old)).collect();
            let new: Vec<f64> = pairs.iter().map(|(_, new)| f64::from(*new)).collect();
            let n = old.len() as f64;
            let differences: Vec<f64> = new.iter().zip(&old).map(|(new, old)| new - old).collect();
            let mean = differences.iter().sum::<f64>() / n;
            let variance = differences.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / (n - 1.0);
            let margin = mean + z * (variance / n).sqrt();
            // The textbook form has rounding of its own near a tie.
            prop_assume!(margin.abs() > 1e-9);
            prop_assert_eq!(is_step(z, &old, &new), margin < 0.0);
        }

        #[test]
        fn one_changed_item_is_never_a_step(z in 1.0_f64..10.0, n in 1_usize..200, item in any::<prop::sample::Index>()) {
            let old = vec![1.0; n];
            let mut new = old.clone();
            new[item.index(n)] = 0.0;
            prop_assert!(!is_step(z, &old, &new));
        }
    }
}
