//! The bootstrap ladder of the DREAM challenges: a score is released where most replicates are at least as good.
//!
//! Neto et al. 2016 (arXiv 1607.00091); the defaults are those of challengescoring's `R/bootstrap.R`.
//! Its counts give ties to the new submission, so that a copy with a few items changed passes:
//! a change that an exact test finds by chance in three of four cases reaches a factor above 6.
//! It is here for comparison with published challenges.

use crate::refusal::{Refusal, all_finite, same_length, within};

/// The parameters of the rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BootLadder {
    /// The Bayes factor that must be exceeded.
    pub threshold: f64,
    /// Over how many replicates, from the first, a released value is averaged.
    pub report_first: usize,
    /// Whether more is better.
    pub higher_is_better: bool,
}

/// What the rule says of a submission.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BootStep {
    /// In how many replicates the new submission is at least as good.
    pub at_least_as_good: usize,
    /// In how many it is worse.
    pub worse: usize,
    /// Whether the Bayes factor exceeds the threshold.
    pub is_above_threshold: bool,
    /// The mean of the first replicates: of the new submission where it is a step and this mean is better, else of the previous.
    pub released: f64,
}

impl BootStep {
    /// The Bayes factor: how often at least as good over how often worse; infinite where it is never worse.
    pub fn bayes_factor(&self) -> f64 {
        if self.worse == 0 { f64::INFINITY } else { self.at_least_as_good as f64 / self.worse as f64 }
    }
}

impl BootLadder {
    /// Threshold 3, mean of the first 10 replicates.
    pub fn new(higher_is_better: bool) -> Self {
        Self { threshold: 3.0, report_first: 10, higher_is_better }
    }

    /// Compares the replicates of a submission with those of the team's previous best on the same draws.
    ///
    /// Refuses different numbers of replicates, fewer than are averaged, NaN and infinities, and a threshold below 0.
    pub fn step(&self, previous: &[f64], new: &[f64]) -> Result<BootStep, Refusal> {
        same_length("replicates", previous.len(), new.len())?;
        all_finite("previous replicates", previous)?;
        all_finite("new replicates", new)?;
        within("threshold", self.threshold >= 0.0, "not negative")?;
        within(
            "report_first",
            (1..=new.len()).contains(&self.report_first),
            "between 1 and the number of replicates",
        )?;
        let is_as_good = |new: f64, old: f64| if self.higher_is_better { new >= old } else { new <= old };
        let at_least_as_good = previous.iter().zip(new).filter(|(old, new)| is_as_good(**new, **old)).count();
        let worse = new.len() - at_least_as_good;
        let is_above_threshold = at_least_as_good as f64 > self.threshold * worse as f64;
        let mean = |replicates: &[f64]| {
            replicates[..self.report_first].iter().sum::<f64>() / self.report_first as f64
        };
        let (old, new) = (mean(previous), mean(new));
        let released = if is_above_threshold && new != old && is_as_good(new, old) { new } else { old };
        Ok(BootStep { at_least_as_good, worse, is_above_threshold, released })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_needs_the_factor_and_a_better_mean() {
        let rule = BootLadder { report_first: 2, ..BootLadder::new(false) };
        let step = rule.step(&[0.5, 0.5, 0.5, 0.5, 0.5], &[0.4, 0.4, 0.4, 0.5, 0.6]).unwrap();
        assert_eq!((step.at_least_as_good, step.worse, step.bayes_factor()), (4, 1, 4.0));
        assert_eq!((step.is_above_threshold, step.released), (true, 0.4));
        let level = rule.step(&[0.5, 0.5, 0.5, 0.5], &[0.4, 0.4, 0.5, 0.6]).unwrap();
        assert_eq!((level.is_above_threshold, level.released), (false, 0.5));
        let late = rule.step(&[0.5, 0.5, 0.5, 0.5, 0.5], &[0.5, 0.6, 0.1, 0.1, 0.1]).unwrap();
        assert_eq!((late.is_above_threshold, late.released), (true, 0.5));
        assert_eq!(rule.step(&[0.5; 3], &[0.5; 3]).unwrap().bayes_factor(), f64::INFINITY);
        assert!(rule.step(&[0.5; 3], &[0.5; 2]).is_err() && rule.step(&[0.5], &[0.5]).is_err());
    }
}
