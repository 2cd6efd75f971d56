//! A team's method: it knows the truth, and forgets as much of it as its skill says.

use super::household::Recording;
use super::random::Random;

/// What stands behind one submission.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Predictor<'a> {
    /// The seed of the demo.
    pub(crate) seed: u64,
    /// The team: its methods are good and bad at the same things.
    pub(crate) team: &'a str,
    /// The number of the attempt: each has luck of its own.
    pub(crate) attempt: usize,
    /// The share of easy items that it gets right.
    pub(crate) skill: f64,
}

/// How often an attempt sees an item with new eyes rather than as the team's last attempt did.
const FRESH_LOOK: f64 = 0.3;

impl Predictor<'_> {
    /// Whether the method gets an item right.
    pub(crate) fn solves(&self, item: &str, recording: &Recording) -> bool {
        let activity = recording.activity;
        let taste = Random::named(self.seed, &["taste", self.team, activity.name]).between(-0.12, 0.12);
        let new_home = if recording.new_home { 0.08 } else { 0.0 };
        let chance = (self.skill + taste - activity.difficulty - new_home).clamp(0.02, 0.98);
        let mut fresh = self.luck("solve", item);
        if fresh.happens(FRESH_LOOK) {
            fresh.happens(chance)
        } else {
            Random::named(self.seed, &["solve", self.team, item]).happens(chance)
        }
    }

    /// The luck of this attempt with one thing.
    pub(crate) fn luck(&self, what: &str, item: &str) -> Random {
        Random::named(self.seed, &[what, self.team, &self.attempt.to_string(), item])
    }

    /// A time as this method sees it: a bit off, the less skilled the more.
    pub(crate) fn blurred(&self, time: f64, length: f64, luck: &mut Random) -> f64 {
        time + luck.around_zero() * length * (0.1 + 0.45 * (1.0 - self.skill))
    }
}

/// A time with the two digits that annotators write.
pub(crate) fn hundredths(seconds: f64) -> f64 {
    (seconds * 100.0).round() / 100.0
}
