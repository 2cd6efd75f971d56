//! Flags as they are sent.

use app::integrity::{FlagDetail, FlagEvidence, TeamFlag};
use domain::Timestamp;
use domain::integrity::{AppealOutcome, Consequence};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::submissions::views::TeamName;

/// Something that an organizer should look at.
#[derive(Serialize, ToSchema)]
pub struct FlagView {
    /// Its id.
    id: Uuid,
    /// The phase.
    phase_id: Uuid,
    /// `exact_duplicate`, `near_duplicate`, `small_changes` or `constant_but_a_block`.
    #[schema(example = "near_duplicate")]
    kind: &'static str,
    /// How sure it is.
    evidence: EvidenceView,
    /// The submissions that it is about, oldest first.
    submissions: Vec<FlaggedSubmissionView>,
    /// The teams, what it means for them and what they said.
    teams: Vec<FlaggedTeamView>,
    /// When it was seen.
    #[schema(value_type = String, format = DateTime)]
    raised_at: Timestamp,
    /// What was decided; null as long as nothing was.
    decision: Option<DecisionView>,
}

/// How sure a flag is; a reason to look, and no verdict.
#[derive(Serialize, ToSchema)]
#[serde(tag = "measure", rename_all = "snake_case")]
pub enum EvidenceView {
    /// Both predict the same for everything.
    SamePredictions {
        /// The digest of the predictions in their canonical form.
        predictions: String,
        /// Whether the files are the same byte by byte.
        same_file: bool,
    },
    /// Both give the same wrong answers.
    WrongAnswers {
        /// On how many items both answer.
        items: u64,
        /// On how many both give the same answer.
        same_answer: u64,
        /// On how many both are wrong.
        both_wrong: u64,
        /// On how many both give the same wrong answer.
        same_wrong_answer: u64,
        /// How many answers there are to choose from, counted by the right ones.
        possible_answers: u64,
        /// Cohen's kappa of being right: 0 for independent mistakes, 1 for the same; null where chance explains everything.
        error_consistency: Option<f64>,
        /// The decimal logarithm of the probability of as many same wrong answers by chance.
        log10_p: f64,
    },
    /// Both are off by the same.
    Residuals {
        /// How many items there are.
        items: u64,
        /// The rank correlation of what they are off by.
        correlation: f64,
    },
    /// A team's submissions differ from the first of them in a handful of items each.
    SmallChanges {
        /// How many items there are.
        items: u64,
        /// In how many items the submission differs that differs most.
        most_changed: u64,
    },
    /// A team's submissions have one answer everywhere but in a block of items.
    Blocks {
        /// How many items there are.
        items: u64,
    },
}

/// A submission that a flag is about.
#[derive(Serialize, ToSchema)]
pub struct FlaggedSubmissionView {
    /// The submission.
    id: Uuid,
    /// Its team.
    team_id: Uuid,
    /// When it was received.
    #[schema(value_type = Option<String>, format = DateTime)]
    received_at: Option<Timestamp>,
    /// When it was withdrawn; null where it was not.
    #[schema(value_type = Option<String>, format = DateTime)]
    withdrawn_at: Option<Timestamp>,
}

/// A team of a flag.
#[derive(Serialize, ToSchema)]
pub struct FlaggedTeamView {
    /// The team.
    team: TeamName,
    /// `none`, `withdrawn` or `disqualified`; null until the flag is upheld.
    consequence: Option<&'static str>,
    /// The team's appeal; null where there is none.
    appeal: Option<AppealView>,
}

/// What was decided about a flag.
#[derive(Serialize, ToSchema)]
pub struct DecisionView {
    /// `dismissed` or `upheld`.
    decision: &'static str,
    /// Why.
    reason: String,
    /// Who decided.
    decided_by: Option<Uuid>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    decided_at: Option<Timestamp>,
}

/// An appeal with its answer.
#[derive(Serialize, ToSchema)]
pub struct AppealView {
    /// What the team says.
    text: String,
    /// When it appealed.
    #[schema(value_type = Option<String>, format = DateTime)]
    appealed_at: Option<Timestamp>,
    /// `confirmed` or `reversed`; null until it is answered.
    outcome: Option<&'static str>,
    /// The answer in words; null until it is answered.
    answer: Option<String>,
    /// When it was answered.
    #[schema(value_type = Option<String>, format = DateTime)]
    answered_at: Option<Timestamp>,
}

/// A team's own part of a flag that was upheld.
#[derive(Serialize, ToSchema)]
pub struct TeamFlagView {
    /// The flag.
    id: Uuid,
    /// The challenge.
    challenge_id: Uuid,
    /// The phase.
    phase_id: Uuid,
    /// The phase's codename.
    phase: String,
    /// `exact_duplicate`, `near_duplicate`, `small_changes` or `constant_but_a_block`.
    kind: &'static str,
    /// The team's submissions that it is about.
    submissions: Vec<Uuid>,
    /// What the organizer says.
    reason: Option<String>,
    /// When it was decided.
    #[schema(value_type = Option<String>, format = DateTime)]
    decided_at: Option<Timestamp>,
    /// What follows for the team: `none`, `withdrawn` or `disqualified`.
    consequence: Option<&'static str>,
    /// The team's appeal; null as long as it may still appeal.
    appeal: Option<AppealView>,
}

impl From<FlagDetail> for FlagView {
    fn from(detail: FlagDetail) -> Self {
        let FlagDetail { flag, evidence, submissions, teams } = detail;
        let reason = flag.reason;
        let decision = flag.decision.map(|decision| DecisionView {
            decision: decision.as_str(),
            reason: reason.map_or_else(String::new, String::from),
            decided_by: flag.decided_by.map(|user| user.0),
            decided_at: flag.decided_at,
        });
        Self {
            id: flag.id.0,
            phase_id: flag.phase_id.0,
            kind: flag.kind.as_str(),
            evidence: evidence.into(),
            submissions: submissions
                .into_iter()
                .map(|one| FlaggedSubmissionView {
                    id: one.submission.0,
                    team_id: one.team.0,
                    received_at: one.received_at,
                    withdrawn_at: one.withdrawn_at,
                })
                .collect(),
            teams: teams
                .into_iter()
                .map(|ruling| FlaggedTeamView {
                    team: TeamName { id: ruling.team.0, name: ruling.team_name.to_string() },
                    consequence: ruling.consequence.map(Consequence::as_str),
                    appeal: ruling.appeal.map(|text| AppealView {
                        text: text.into(),
                        appealed_at: ruling.appealed_at,
                        outcome: ruling.outcome.map(AppealOutcome::as_str),
                        answer: ruling.answer.map(String::from),
                        answered_at: ruling.answered_at,
                    }),
                })
                .collect(),
            raised_at: flag.raised_at,
            decision,
        }
    }
}

impl From<FlagEvidence> for EvidenceView {
    fn from(evidence: FlagEvidence) -> Self {
        match evidence {
            FlagEvidence::SamePredictions(found) => Self::SamePredictions {
                predictions: found.predictions.to_string(),
                same_file: found.same_file,
            },
            FlagEvidence::WrongAnswers(found) => Self::WrongAnswers {
                items: found.items,
                same_answer: found.same_answer,
                both_wrong: found.both_wrong,
                same_wrong_answer: found.same_wrong_answer,
                possible_answers: found.possible_answers,
                error_consistency: found.error_consistency,
                log10_p: found.log10_p,
            },
            FlagEvidence::Residuals(found) => {
                Self::Residuals { items: found.items, correlation: found.correlation }
            }
            FlagEvidence::SmallChanges(found) => {
                Self::SmallChanges { items: found.items, most_changed: found.most_changed }
            }
            FlagEvidence::Blocks(found) => Self::Blocks { items: found.items },
        }
    }
}

impl From<TeamFlag> for TeamFlagView {
    fn from(told: TeamFlag) -> Self {
        Self {
            id: told.id.0,
            challenge_id: told.challenge.0,
            phase_id: told.phase.0,
            phase: told.phase_codename.to_string(),
            kind: told.kind.as_str(),
            submissions: told.submissions.into_iter().map(|submission| submission.0).collect(),
            reason: told.reason.map(String::from),
            decided_at: told.decided_at,
            consequence: told.consequence.map(Consequence::as_str),
            appeal: told.appeal.map(|text| AppealView {
                text: text.into(),
                appealed_at: told.appealed_at,
                outcome: told.outcome.map(AppealOutcome::as_str),
                answer: told.answer.map(String::from),
                answered_at: told.answered_at,
            }),
        }
    }
}
