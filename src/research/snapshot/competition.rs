//! Editions, tasks, registrations, submissions and prizes.

use domain::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One edition of the challenge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// Its id; editions stand in the order of their opening.
    pub id: String,
    /// The first moment of its window.
    pub opens_at: Timestamp,
    /// The deadline: the moment from which nothing is accepted.
    pub closes_at: Timestamp,
}

/// A task of an edition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Its id.
    pub id: String,
    /// The edition.
    pub edition: String,
    /// What tasks of several editions that are the same task have in common.
    pub lineage: String,
    /// Whether more is better.
    #[serde(default = "yes")]
    pub higher_is_better: bool,
    /// How many submissions a team has in the edition.
    #[serde(default)]
    pub submission_limit: Option<u32>,
    /// The score of a human, or the agreement of annotators, where it is recorded.
    #[serde(default)]
    pub ceiling: Option<f64>,
    /// The score of the first baseline.
    #[serde(default)]
    pub first_baseline: Option<f64>,
    /// Whether the task came from another benchmark.
    #[serde(default)]
    pub borrowed: bool,
    /// Baselines, starter kits and evaluators that work for this task alone.
    #[serde(default)]
    pub bound_tools: u32,
    /// The decision by which it was retired after its edition.
    #[serde(default)]
    pub retired_by: Option<String>,
}

fn yes() -> bool {
    true
}

/// A team that enters an edition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// Its id.
    pub id: String,
    /// The team.
    pub team: String,
    /// The edition; a team enters each once.
    pub edition: String,
    /// When.
    pub registered_at: Timestamp,
    /// A code of the vocabulary `organizer_relation`.
    pub organizer_relation: String,
    /// What the team told of its reasons, with its consent.
    #[serde(default)]
    pub uptake: Option<Uptake>,
}

/// How a team came to the challenge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uptake {
    /// A code of the vocabulary `method_origin`.
    pub method_origin: String,
    /// Since when the team has worked on such a method.
    #[serde(default)]
    pub related_work_since: Option<Date>,
}

/// A submission as a fact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    /// Its id.
    pub id: String,
    /// Who sent it, and for which edition.
    pub registration: String,
    /// The task, of the same edition.
    pub task: String,
    /// When it was sent.
    pub submitted_at: Timestamp,
    /// How it ended.
    pub outcome: Outcome,
    /// Its score on the primary metric; for what was scored.
    #[serde(default)]
    pub score: Option<f64>,
    /// The 95 % interval of the score.
    #[serde(default)]
    pub interval: Option<(f64, f64)>,
    /// The primary metric that the score is of.
    pub metric: String,
    /// The digest of the annotations that it was scored against.
    pub annotations: String,
    /// Whether its score is shown.
    pub is_public: bool,
    /// When the team took it back.
    #[serde(default)]
    pub retracted_at: Option<Timestamp>,
    /// The version of the dataset that the task's framing binds.
    #[serde(default)]
    pub dataset_version: Option<String>,
    /// What the team declared of its method.
    #[serde(default)]
    pub declaration: Option<Declaration>,
}

/// How a submission ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It has scores.
    Scored,
    /// The file was wrong.
    Invalid,
    /// The server or the organizer failed.
    Failed,
    /// The team stopped it.
    Cancelled,
}

/// What a team says of the method behind a submission.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// A code of the vocabulary `method_origin`.
    pub method_origin: String,
    /// Whether a model was pretrained on the dataset of the challenge.
    #[serde(default)]
    pub pretrained_on_this_dataset: Option<bool>,
    /// A code of the vocabulary `compute_band`.
    #[serde(default)]
    pub compute_band: Option<String>,
}

/// A prize that was awarded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prize {
    /// The task.
    pub task: String,
    /// The place, from 1.
    pub place: u32,
    /// The team.
    pub team: String,
    /// Who was in it on the podium.
    #[serde(default)]
    pub people: Vec<String>,
    /// The money, in the smallest unit of the currency; 0 for a place without money.
    #[serde(default)]
    pub amount_minor: u64,
    /// Three letters of ISO 4217; none without money.
    #[serde(default)]
    pub currency: Option<String>,
    /// When it was awarded.
    pub awarded_at: Timestamp,
}

impl Submission {
    /// The score of a submission that was scored, is shown, and was not taken back.
    pub fn public_score(&self) -> Option<f64> {
        let shown = self.outcome == Outcome::Scored && self.is_public && self.retracted_at.is_none();
        self.score.filter(|_| shown)
    }
}
