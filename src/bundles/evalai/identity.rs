//! Sending a bundle again: what is known by its id is changed, and nothing may disappear.

use std::collections::BTreeSet;

use super::EvalAiBundle;
use crate::fault::{Fault, Findings};

/// The ids of a challenge as it was imported before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownIds {
    /// Of its leaderboards.
    pub leaderboards: BTreeSet<i64>,
    /// Of its phases.
    pub phases: BTreeSet<i64>,
    /// Of its sets of items.
    pub dataset_splits: BTreeSet<i64>,
    /// Which are joined: `(leaderboard, phase, set of items)`.
    pub phase_splits: BTreeSet<(i64, i64, i64)>,
    /// Whether its boards are frozen, because teams rely on them.
    pub is_approved: bool,
}

impl KnownIds {
    /// The ids of a bundle, before approval.
    pub fn of(bundle: &EvalAiBundle) -> Self {
        let joined = |split: &super::PhaseSplit| {
            (split.leaderboard_id, split.challenge_phase_id, split.dataset_split_id)
        };
        Self {
            leaderboards: bundle.leaderboards.iter().map(|one| one.id).collect(),
            phases: bundle.phases.iter().map(|one| one.id).collect(),
            dataset_splits: bundle.dataset_splits.iter().map(|one| one.id).collect(),
            phase_splits: bundle.phase_splits.iter().map(joined).collect(),
            is_approved: false,
        }
    }

    /// What keeps a bundle from changing the challenge that has these ids; nothing when it may.
    pub fn refuse(&self, bundle: &EvalAiBundle) -> Findings {
        let new = Self::of(bundle);
        let mut findings = Findings::default();
        let mut refuse = |message: String| findings.fault(Fault::of_file("", message));
        for id in new.leaderboards.difference(&self.leaderboards) {
            refuse(format!(
                "ERROR: The leaderboard with ID: {id} doesn't exist. Addition of a new leaderboard after challenge \
                 creation is not allowed."
            ));
        }
        for id in self.leaderboards.difference(&new.leaderboards) {
            refuse(format!(
                "ERROR: The leaderboard with ID: {id} not found in config. Deletion of an existing leaderboard after \
                 challenge creation is not allowed."
            ));
        }
        for id in self.phases.difference(&new.phases) {
            refuse(format!(
                "ERROR: Challenge phase {id} was not found in the configuration. Deletion of an existing challenge \
                 phase after challenge creation is not allowed."
            ));
        }
        for id in self.dataset_splits.difference(&new.dataset_splits) {
            refuse(format!(
                "ERROR: Dataset split {id} not found in config. Deletion of existing dataset split after challenge \
                 creation is not allowed."
            ));
        }
        if self.is_approved {
            for id in new.dataset_splits.difference(&self.dataset_splits) {
                refuse(format!(
                    "ERROR: Dataset split {id} doesn't exist. Addition of a new dataset split after challenge creation \
                     is not allowed."
                ));
            }
            for (leaderboard, phase, set) in new.phase_splits.symmetric_difference(&self.phase_splits) {
                let is_new = new.phase_splits.contains(&(*leaderboard, *phase, *set));
                let (what, done) =
                    if is_new { ("doesn't exist", "Addition") } else { ("not found in config", "Deletion") };
                refuse(format!(
                    "ERROR: Challenge phase split (leaderboard_id: {leaderboard}, challenge_phase_id: {phase}, \
                     dataset_split_id: {set}) {what}. {done} of challenge phase split after challenge creation is not \
                     allowed."
                ));
            }
        }
        findings
    }
}
