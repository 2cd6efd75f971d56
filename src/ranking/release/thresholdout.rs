//! Thresholdout: the hold-out answers only where it disagrees with the training data.
//!
//! Dwork et al. 2015 (*The reusable holdout*, Science 349).
//! It asks for the score on the training data as well, which a server cannot check; so it is for sandboxes with open data.
//! Noise comes in as an argument: by the paper gamma, eta and xi are Laplace with scales 2, 4 and 1 times one sigma.

use crate::refusal::{Refusal, all_finite, within};

/// The state of the mechanism.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholdout {
    threshold: f64,
    noisy_threshold: f64,
    budget: u32,
}

/// The noise of one query.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct QueryNoise {
    /// Added to the threshold for this query.
    pub eta: f64,
    /// Added to an answer from the hold-out.
    pub xi: f64,
    /// The new noise of the threshold, taken up after an answer from the hold-out.
    pub gamma: f64,
}

impl Thresholdout {
    /// A mechanism with a threshold, its first noise, and how often the hold-out may answer.
    ///
    /// Refuses a threshold that is negative or not finite, and noise that is not finite.
    pub fn new(threshold: f64, gamma: f64, budget: u32) -> Result<Self, Refusal> {
        all_finite("threshold and its noise", &[threshold, gamma])?;
        within("threshold", threshold >= 0.0, "not negative")?;
        Ok(Self { threshold, noisy_threshold: threshold + gamma, budget })
    }

    /// Answers a query by its scores on the training data and on the hold-out; nothing once the budget is used.
    ///
    /// Refuses scores and noise that are not finite.
    pub fn answer(&mut self, train: f64, holdout: f64, noise: QueryNoise) -> Result<Option<f64>, Refusal> {
        all_finite("scores and noise", &[train, holdout, noise.eta, noise.xi, noise.gamma])?;
        if self.budget == 0 {
            return Ok(None);
        }
        if (train - holdout).abs() <= self.noisy_threshold + noise.eta {
            return Ok(Some(train));
        }
        self.budget -= 1;
        self.noisy_threshold = self.threshold + noise.gamma;
        Ok(Some(holdout + noise.xi))
    }

    /// How often the hold-out may still answer.
    pub fn budget(&self) -> u32 {
        self.budget
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_holdout_answers_where_the_training_data_disagrees() {
        let mut mechanism = Thresholdout::new(0.125, 0.0, 1).unwrap();
        let quiet = QueryNoise::default();
        assert_eq!(mechanism.answer(0.75, 0.625, quiet), Ok(Some(0.75)));
        assert_eq!(mechanism.answer(0.75, 0.5, quiet), Ok(Some(0.5)));
        assert_eq!(mechanism.budget(), 0);
        assert_eq!(mechanism.answer(0.75, 0.75, quiet), Ok(None));
        assert!(mechanism.answer(f64::NAN, 0.5, quiet).is_err());
        assert!(Thresholdout::new(-0.1, 0.0, 1).is_err());
    }
}
