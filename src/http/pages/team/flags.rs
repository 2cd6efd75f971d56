//! What was decided about a team's submissions, as its members read it.

use app::App;
use app::integrity::TeamFlag;
use domain::integrity::{AppealOutcome, Consequence, FlagKind};
use domain::{FlagId, SubmissionId};

use crate::pages::format::Moment;

/// A flag that was upheld.
pub(super) struct FlagNote {
    pub(super) id: FlagId,
    pub(super) phase: String,
    /// What was seen, as a sentence.
    pub(super) seen: &'static str,
    pub(super) submissions: Vec<SubmissionId>,
    pub(super) reason: String,
    pub(super) decided: Option<Moment>,
    /// What follows, as a sentence.
    pub(super) consequence: &'static str,
    pub(super) appeal: Option<AppealNote>,
}

/// What the team said to it.
pub(super) struct AppealNote {
    pub(super) text: String,
    /// The answer, as a sentence and in the organizer's words.
    pub(super) answer: Option<(&'static str, String)>,
}

impl FlagNote {
    pub(super) fn new(app: &App, flag: TeamFlag) -> Self {
        let answer = flag.outcome.zip(flag.answer).map(|(outcome, text)| {
            let outcome = match outcome {
                AppealOutcome::Confirmed => "The consequence stays.",
                AppealOutcome::Reversed => "The consequence is lifted.",
            };
            (outcome, text.into())
        });
        Self {
            id: flag.id,
            phase: flag.phase_codename.to_string(),
            seen: match flag.kind {
                FlagKind::ExactDuplicate => "A submission predicts the same as one of another team.",
                FlagKind::NearDuplicate => "A submission makes the same mistakes as one of another team.",
                FlagKind::SmallChanges => "Submissions differ from each other in a handful of items.",
                FlagKind::ConstantButABlock => {
                    "Submissions have one answer everywhere but in a block of items."
                }
            },
            submissions: flag.submissions,
            reason: flag.reason.map_or_else(String::new, String::from),
            decided: flag.decided_at.map(|at| Moment::new(app, at)),
            consequence: match flag.consequence.unwrap_or(Consequence::None) {
                Consequence::None => "Nothing follows for your team.",
                Consequence::Withdrawn => "These submissions are withdrawn from the leaderboard.",
                Consequence::Disqualified => "Your team is given no prize in this phase.",
            },
            appeal: flag.appeal.map(|text| AppealNote { text: text.into(), answer }),
        }
    }
}
