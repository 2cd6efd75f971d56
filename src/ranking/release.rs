//! Release policies: what a team learns of a score on a split that will be asked again.
//!
//! Every score that is shown is an answer about the labels, and enough answers are the labels.
//! A policy decides how much of each answer is shown; [`TeamRelease`] is its state for one team,
//! a pure function of the team's submissions in the order of their evaluation, so that it can be recomputed at any time.
//!
//! [`boot_ladder`] and [`thresholdout`] are published alternatives that no [`ReleasePolicy`] uses:
//! the first lets near duplicates through, the second needs training scores that only an open data set has.

pub mod boot_ladder;
pub mod ladder;
pub mod ladder_fixed;
pub mod thresholdout;

use domain::Timestamp;

pub use domain::ranking_rule::ReleasePolicy;

pub use boot_ladder::{BootLadder, BootStep};
pub use ladder::{Basis, Ladder};
pub use ladder_fixed::LadderFixed;
pub use thresholdout::{QueryNoise, Thresholdout};

use crate::refusal::{Refusal, all_finite};

/// A scored submission as a policy sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scored<'a> {
    /// The score on the split.
    pub score: f64,
    /// What it consists of; only ladders look at it.
    ///
    /// [`ReleasePolicy::Ladder`] needs it, and [`ReleasePolicy::LadderFixed`] recognises with units that an improvement is
    /// exactly a step.
    pub basis: Option<Basis<'a>>,
    /// When it was evaluated.
    pub at: Timestamp,
}

/// What is shown after a submission.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Released {
    /// The value, if any: that of this submission, or under a ladder the team's last released one.
    pub value: Option<f64>,
    /// Whether the submission itself brought the value; under a ladder only improvements do.
    pub is_new: bool,
    /// From when the value may be shown.
    pub from: Timestamp,
}

/// The state of a policy for one team and split.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamRelease {
    policy: ReleasePolicy,
    higher_is_better: bool,
    ladder: State,
}

#[derive(Debug, Clone, PartialEq)]
enum State {
    None,
    Fixed(LadderFixed),
    Free { ladder: Ladder, released: Option<f64> },
}

impl TeamRelease {
    /// The state before the first submission.
    ///
    /// Refuses parameters of ladders with which they mean nothing; of the others, [`ReleasePolicy::check`] does.
    pub fn new(policy: ReleasePolicy, higher_is_better: bool) -> Result<Self, Refusal> {
        let ladder = match policy {
            ReleasePolicy::LadderFixed { steps } => State::Fixed(LadderFixed::new(steps)?),
            ReleasePolicy::Ladder { z } => State::Free { ladder: Ladder::new(z)?, released: None },
            _ => State::None,
        };
        Ok(Self { policy, higher_is_better, ladder })
    }

    /// What is shown after the team's next submission.
    ///
    /// Refuses scores and units that are not finite, and under [`ReleasePolicy::Ladder`] a submission without a basis,
    /// or with one that [`Ladder::offer`] refuses; the state is then as it was.
    pub fn observe(&mut self, scored: &Scored<'_>) -> Result<Released, Refusal> {
        all_finite("score", &[scored.score])?;
        let now = |value| Released { value: Some(value), is_new: true, from: scored.at };
        let sign = if self.higher_is_better { -1.0 } else { 1.0 };
        match (&mut self.ladder, self.policy) {
            (State::Fixed(ladder), _) => {
                let is_new = match scored.basis {
                    Some(Basis::Units(units)) => {
                        all_finite("units", units)?;
                        ladder.offer(sign * units.iter().sum::<f64>(), units.len() as u64)?
                    }
                    Some(Basis::Replicates(_)) | None => ladder.offer(sign * scored.score, 1)?,
                };
                Ok(Released { value: ladder.released().map(|loss| sign * loss), is_new, from: scored.at })
            }
            (State::Free { ladder, released }, _) => {
                let basis = scored.basis.ok_or(Refusal::Empty { what: "basis of a score under a ladder" })?;
                let is_new = ladder.offer(scored.score, basis, self.higher_is_better)?;
                if is_new {
                    *released = Some(scored.score);
                }
                Ok(Released { value: *released, is_new, from: scored.at })
            }
            (State::None, ReleasePolicy::Rounded { decimals }) => Ok(now(rounded(scored.score, decimals))),
            (State::None, ReleasePolicy::Hidden) => {
                Ok(Released { value: None, is_new: false, from: scored.at })
            }
            (State::None, ReleasePolicy::Delayed { until }) => {
                Ok(Released { from: scored.at.max(until), ..now(scored.score) })
            }
            (State::None, ReleasePolicy::Periodic { from, seconds }) => {
                Ok(Released { from: next_release(scored.at, from, seconds), ..now(scored.score) })
            }
            (State::None, _) => Ok(now(scored.score)),
        }
    }
}

/// The score rounded to a number of decimals, half away from zero.
pub fn rounded(score: f64, decimals: u8) -> f64 {
    let scale = 10_f64.powi(i32::from(decimals));
    (score * scale).round() / scale + 0.0
}

/// The first end of a period that is not before a moment; `from` itself for moments up to it.
fn next_release(at: Timestamp, from: Timestamp, seconds: u32) -> Timestamp {
    let elapsed = at.as_micros().saturating_sub(from.as_micros()).max(0);
    let period = i64::from(seconds) * 1_000_000;
    let periods = elapsed / period + i64::from(elapsed % period != 0);
    from.plus_seconds(periods.saturating_mul(i64::from(seconds)))
}

/// The last end of a period that is not after a moment; nothing before `from`.
pub fn last_moment(now: Timestamp, from: Timestamp, seconds: u32) -> Option<Timestamp> {
    let elapsed = now.as_micros() - from.as_micros();
    let period = i64::from(seconds) * 1_000_000;
    (elapsed >= 0 && period > 0).then(|| from.plus_seconds(elapsed / period * i64::from(seconds)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_micros(second * 1_000_000).unwrap()
    }

    fn observe(policy: ReleasePolicy, scores: &[f64]) -> Vec<Released> {
        let mut team = TeamRelease::new(policy, true).unwrap();
        let scored = |score: &f64| Scored { score: *score, basis: None, at: second(100) };
        scores.iter().map(|score| team.observe(&scored(score)).unwrap()).collect()
    }

    #[test]
    fn each_policy_shows_what_it_says() {
        let shown = |policy| observe(policy, &[0.123_456])[0];
        assert_eq!(
            shown(ReleasePolicy::Exact),
            Released { value: Some(0.123_456), is_new: true, from: second(100) }
        );
        assert_eq!(shown(ReleasePolicy::Rounded { decimals: 3 }).value, Some(0.123));
        assert_eq!(shown(ReleasePolicy::Hidden).value, None);
        assert_eq!(shown(ReleasePolicy::Delayed { until: second(500) }).from, second(500));
        assert_eq!(shown(ReleasePolicy::Delayed { until: second(50) }).from, second(100));
        let periodic = |from| shown(ReleasePolicy::Periodic { from: second(from), seconds: 60 }).from;
        assert_eq!([periodic(0), periodic(40), periodic(200)], [second(120), second(100), second(200)]);
        let last = |now| last_moment(second(now), second(40), 60);
        assert_eq!(
            [last(39), last(40), last(99), last(100)],
            [None, Some(second(40)), Some(second(40)), Some(second(100)),]
        );
    }

    #[test]
    fn a_ladder_shows_the_last_step_again() {
        let shown = observe(ReleasePolicy::LadderFixed { steps: 10 }, &[0.52, 0.55, 0.71, 0.3]);
        assert_eq!(
            shown.iter().map(|released| released.value).collect::<Vec<_>>(),
            [Some(0.5), Some(0.5), Some(0.7), Some(0.7)]
        );
        assert_eq!(
            shown.iter().map(|released| released.is_new).collect::<Vec<_>>(),
            [true, false, true, false]
        );
    }

    #[test]
    fn a_ladder_by_standard_errors_needs_the_units() {
        let mut team = TeamRelease::new(ReleasePolicy::Ladder { z: 1.0 }, true).unwrap();
        let mut offer = |units: Option<&[f64]>, score| {
            team.observe(&Scored { score, basis: units.map(Basis::Units), at: second(0) })
                .map(|released| released.value)
        };
        assert!(offer(None, 0.5).is_err());
        assert_eq!(offer(Some(&[1.0, 0.0, 0.0, 0.0]), 0.25), Ok(Some(0.25)));
        assert_eq!(offer(Some(&[1.0, 1.0, 0.0, 0.0]), 0.5), Ok(Some(0.25)));
        assert_eq!(offer(Some(&[1.0, 1.0, 1.0, 0.0]), 0.75), Ok(Some(0.75)));
        assert!(offer(Some(&[1.0; 3]), 1.0).is_err());
        assert!(offer(Some(&[1.0, f64::NAN, 1.0, 1.0]), 1.0).is_err());
    }

    #[test]
    fn parameters_that_mean_nothing_are_refused() {
        for policy in [
            ReleasePolicy::LadderFixed { steps: 0 },
            ReleasePolicy::Ladder { z: 0.5 },
            ReleasePolicy::Ladder { z: f64::NAN },
        ] {
            assert!(TeamRelease::new(policy, true).is_err(), "{policy:?}");
            assert!(policy.check().is_err(), "{policy:?}");
        }
    }
}
