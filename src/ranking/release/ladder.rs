//! The Ladder: a score is released only where it is better than the best so far by more than `z` standard errors.
//!
//! With z = 1 it is the parameter-free Ladder of Blum and Hardt (2015, arXiv 1502.04585).
//! Neto et al. (2016, arXiv 1607.00091) show that a patient climber still gets through at small n; z = 3 stops that,
//! at the price that honest improvements must be as clear.

use crate::interval::standard_deviation;
use crate::refusal::{Refusal, all_finite, same_length, within};

/// The least `z` with replicates: one changed item differs by about one standard deviation of its replicates' differences,
/// and chance alone would sometimes make it a step.
const LEAST_Z_WITH_REPLICATES: f64 = 1.5;

/// What the standard error of a difference is taken from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Basis<'a> {
    /// What every unit of the split contributes to a score that is a mean: item scores, or sums of groups.
    Units(&'a [f64]),
    /// The replicates of a score that is no such mean, on the draws of the split; NaN where undefined.
    Replicates(&'a [f64]),
}

/// One team's ladder on one split.
#[derive(Debug, Clone, PartialEq)]
pub struct Ladder {
    z: f64,
    best: Option<Best>,
}

/// The score that a next one must be better than.
#[derive(Debug, Clone, PartialEq)]
struct Best {
    score: f64,
    is_of_units: bool,
    values: Vec<f64>,
}

impl Ladder {
    /// A ladder without steps yet; `z` is at least 1, below which a single changed item is released, and at most 100.
    pub fn new(z: f64) -> Result<Self, Refusal> {
        within("z", (1.0..=100.0).contains(&z), "between 1 and 100")?;
        Ok(Self { z, best: None })
    }

    /// Offers a score of which less or more is better; whether it is released. The first is.
    ///
    /// Refused are scores and units that are not finite, no units, another basis or number than before, fewer than two
    /// replicates that both scores have, and replicates with a `z` below 1.5; the ladder is then as it was.
    pub fn offer(&mut self, score: f64, basis: Basis<'_>, higher_is_better: bool) -> Result<bool, Refusal> {
        all_finite("score", &[score])?;
        let (values, is_of_units) = match basis {
            Basis::Units(units) => {
                all_finite("units", units)?;
                (units, true)
            }
            Basis::Replicates(replicates) => {
                within("z with replicates", self.z >= LEAST_Z_WITH_REPLICATES, "at least 1.5")?;
                (replicates, false)
            }
        };
        if values.is_empty() {
            return Err(Refusal::Empty { what: "units or replicates" });
        }
        let is_step = match &self.best {
            None => true,
            Some(best) => {
                within("basis of a ladder", best.is_of_units == is_of_units, "the same for all scores")?;
                same_length("units or replicates", best.values.len(), values.len())?;
                // Less is better from here on.
                let sign = if higher_is_better { -1.0 } else { 1.0 };
                let differences = values.iter().zip(&best.values).map(|(new, old)| sign * (new - old));
                if is_of_units {
                    is_step(self.z, differences)
                } else {
                    sign * (score - best.score) < -self.z * deviation(differences)?
                }
            }
        };
        if is_step {
            self.best = Some(Best { score, is_of_units, values: values.to_vec() });
        }
        Ok(is_step)
    }
}

/// Whether differences of losses, new less old, are below zero by more than `z` standard errors of their mean.
///
/// With D the sum and Q the sum of squares of the n differences, mean < -z sd / sqrt(n) (sd over n - 1) is
/// D < 0 and D² (n - 1 + z²) > z² n Q, without division or root: exact wherever D and Q are.
/// One changed item has D² = Q and is no step for any z >= 1.
fn is_step(z: f64, differences: impl Iterator<Item = f64>) -> bool {
    let (mut n, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for difference in differences {
        n += 1.0;
        sum += difference;
        squares += difference * difference;
    }
    let z_squared = z * z;
    sum < 0.0 && sum * sum * (n - 1.0 + z_squared) > z_squared * n * squares
}

/// The standard deviation of the differences that are defined; refuses fewer than two.
fn deviation(differences: impl Iterator<Item = f64>) -> Result<f64, Refusal> {
    let defined: Vec<f64> = differences.filter(|difference| !difference.is_nan()).collect();
    standard_deviation(&defined)
        .ok_or(Refusal::OutOfRange { what: "replicates that both scores have", rule: "at least 2" })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Offers losses by their units.
    fn offer(ladder: &mut Ladder, losses: &[f64]) -> Result<bool, Refusal> {
        ladder.offer(losses.iter().sum(), Basis::Units(losses), false)
    }

    #[test]
    fn the_first_is_a_step_and_what_is_refused_changes_nothing() {
        let mut ladder = Ladder::new(1.0).unwrap();
        assert!(offer(&mut ladder, &[]).is_err());
        assert_eq!(offer(&mut ladder, &[1.0, 1.0, 1.0]), Ok(true));
        assert!(offer(&mut ladder, &[0.0, 0.0]).is_err());
        assert!(offer(&mut ladder, &[0.0, f64::INFINITY, 0.0]).is_err());
        assert!(ladder.offer(0.0, Basis::Replicates(&[0.0; 3]), false).is_err());
        assert_eq!(offer(&mut ladder, &[1.0, 0.0, 1.0]), Ok(false));
        assert_eq!(offer(&mut ladder, &[0.0, 0.0, 1.0]), Ok(true));
        assert_eq!(offer(&mut ladder, &[0.0, 0.0, 1.0]), Ok(false));
        assert!(Ladder::new(0.99).is_err() && Ladder::new(f64::INFINITY).is_err());
    }

    #[test]
    fn replicates_stand_in_for_units() {
        // The differences have mean -1 and standard deviation 0.5.
        let spread = (0.75_f64).sqrt() * 0.5;
        let new = [-1.0 - spread, -1.0 + spread, -1.0 - spread, -1.0 + spread, f64::NAN];
        let second = |z: f64, score: f64, sign: f64| {
            let mut ladder = Ladder::new(z).unwrap();
            assert_eq!(ladder.offer(0.0, Basis::Replicates(&[0.0; 5]), sign < 0.0), Ok(true));
            ladder.offer(sign * score, Basis::Replicates(&new.map(|new| sign * new)), sign < 0.0)
        };
        assert_eq!(second(1.9, -1.0, 1.0), Ok(true));
        assert_eq!(second(2.1, -1.0, 1.0), Ok(false));
        assert_eq!(second(1.9, -1.0, -1.0), Ok(true));
        assert_eq!(second(1.9, 1.0, 1.0), Ok(false));
        let mut ladder = Ladder::new(2.0).unwrap();
        assert_eq!(ladder.offer(0.0, Basis::Replicates(&[0.0, f64::NAN]), true), Ok(true));
        assert!(ladder.offer(1.0, Basis::Replicates(&[1.0, 1.0]), true).is_err());
        assert!(Ladder::new(1.4).unwrap().offer(0.0, Basis::Replicates(&[0.0; 5]), true).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_rule_is_that_of_standard_errors(
            z in 1.0_f64..4.0,
            pairs in prop::collection::vec((0_i16..64, 0_i16..64), 2..40),
        ) {
            let differences: Vec<f64> = pairs.iter().map(|(old, new)| f64::from(new - old)).collect();
            let n = differences.len() as f64;
            let mean = differences.iter().sum::<f64>() / n;
            let variance = differences.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / (n - 1.0);
            let margin = mean + z * (variance / n).sqrt();
            // The textbook form has rounding of its own near a tie.
            prop_assume!(margin.abs() > 1e-9);
            prop_assert_eq!(is_step(z, differences.into_iter()), margin < 0.0);
        }

        #[test]
        fn one_changed_item_is_never_a_step(z in 1.0_f64..10.0, n in 1_usize..200, item in any::<prop::sample::Index>()) {
            let mut differences = vec![0.0; n];
            differences[item.index(n)] = -1.0;
            prop_assert!(!is_step(z, differences.into_iter()));
        }
    }
}
