//! What participants are shown of scores, by the phase's release policy.
//!
//! Organizers always see every score. Participants see them as the policy says until the phase's result is published;
//! from then on there is nothing left to find out, and nothing is withheld.

use std::collections::HashMap;

use domain::ranking_rule::ReleasePolicy;
use domain::{AnnotationsId, EvaluationId, SplitId, TeamId, Timestamp};
use ranking::release::{last_moment, rounded};
use storage::evaluations::Score;
use storage::phases::Phase;
use storage::{Conn, StoreError, releases};

/// What a reader is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shown {
    /// Every score, with every digit.
    Everything,
    /// Every score with so many decimals.
    Rounded(u8),
    /// Of every team the steps forward that a ladder let through, by the ranking metric alone.
    Steps,
    /// Every score that there was at a moment.
    AsOf(Timestamp),
    /// Nothing before a moment, or before the result is published.
    Nothing {
        /// The moment, if one is set.
        until: Option<Timestamp>,
    },
}

impl Shown {
    /// What a reader of a phase's scores is shown now.
    pub fn to(phase: &Phase, is_organizer: bool, now: Timestamp) -> Self {
        Self::by(phase.ranking.0.release, phase.published_at, is_organizer, now)
    }

    /// What a policy shows now.
    pub(super) fn by(
        policy: ReleasePolicy,
        published_at: Option<Timestamp>,
        is_organizer: bool,
        now: Timestamp,
    ) -> Self {
        if is_organizer || published_at.is_some() {
            return Self::Everything;
        }
        match policy {
            ReleasePolicy::Exact => Self::Everything,
            ReleasePolicy::Rounded { decimals } => Self::Rounded(decimals),
            ReleasePolicy::Ladder { .. } | ReleasePolicy::LadderFixed { .. } => Self::Steps,
            ReleasePolicy::Delayed { until } if now < until => Self::Nothing { until: Some(until) },
            ReleasePolicy::Delayed { .. } => Self::Everything,
            ReleasePolicy::Periodic { from, seconds } => match last_moment(now, from, seconds) {
                Some(moment) => Self::AsOf(moment),
                None => Self::Nothing { until: Some(from) },
            },
            ReleasePolicy::Hidden => Self::Nothing { until: None },
        }
    }

    /// The moment that decides what is shown, where time alone changes it.
    pub(super) fn moment(self) -> Option<Timestamp> {
        match self {
            Self::AsOf(moment) => Some(moment),
            _ => None,
        }
    }

    /// Whether scores of an evaluation that ended at a moment are shown, as far as time decides.
    fn includes(self, finished_at: Timestamp) -> bool {
        match self {
            Self::Nothing { .. } => false,
            Self::AsOf(moment) => finished_at <= moment,
            Self::Everything | Self::Rounded(_) | Self::Steps => true,
        }
    }
}

/// The answers that a ladder gave on a split, by evaluation.
pub(super) type Answers = HashMap<EvaluationId, releases::Release>;

/// The answers to these evaluations; none where the policy is no ladder, and nobody asks for them.
pub(super) fn answers(
    conn: &mut Conn<'_>,
    shown: Shown,
    split: SplitId,
    evaluations: &[EvaluationId],
) -> Result<Answers, StoreError> {
    if shown != Shown::Steps {
        return Ok(Answers::new());
    }
    let found = releases::of_evaluations(conn, split, evaluations)?;
    Ok(found.into_iter().map(|release| (release.evaluation_id, release)).collect())
}

/// What is shown of a value.
pub(super) fn value_shown(
    shown: Shown,
    answers: &Answers,
    evaluation: EvaluationId,
    is_primary: bool,
    value: f64,
) -> Option<f64> {
    match shown {
        Shown::Rounded(decimals) => Some(rounded(value, decimals)),
        Shown::Steps if is_primary => {
            let answer = answers.get(&evaluation)?;
            if answer.is_new { answer.value } else { None }
        }
        Shown::Steps | Shown::Nothing { .. } => None,
        Shown::Everything | Shown::AsOf(_) => Some(value),
    }
}

/// Takes from the scores of an evaluation on a split what is not shown; what remains is shown as it is then.
///
/// `primary` is the metric that ranks.
pub(crate) fn withhold(
    conn: &mut Conn<'_>,
    shown: Shown,
    split: SplitId,
    primary: Option<&str>,
    finished_at: Timestamp,
    scores: Vec<Score>,
) -> Result<Vec<Score>, StoreError> {
    if !shown.includes(finished_at) {
        return Ok(Vec::new());
    }
    let Some(evaluation) = scores.first().map(|score| score.evaluation_id) else { return Ok(scores) };
    let answers = answers(conn, shown, split, &[evaluation])?;
    let see = |mut score: Score| {
        let is_primary = primary == Some(score.metric.as_str());
        match score.value {
            Some(value) => {
                score.value = Some(value_shown(shown, &answers, evaluation, is_primary, value)?);
                Some(score)
            }
            // That a metric is undefined says something of the labels, too.
            None => (shown != Shown::Steps).then_some(score),
        }
    };
    Ok(scores.into_iter().filter_map(see).collect())
}

/// The evaluations by which a team stood on a split as a ladder let them through, oldest first, up to a moment.
pub(super) fn steps_of(
    conn: &mut Conn<'_>,
    split: SplitId,
    annotations: AnnotationsId,
    team: TeamId,
    as_of: Option<Timestamp>,
) -> Result<Vec<EvaluationId>, StoreError> {
    let steps = releases::steps_of_team(conn, split, annotations, team)?;
    let is_in_time = |step: &&releases::Release| as_of.is_none_or(|moment| step.released_at <= moment);
    Ok(steps.iter().filter(is_in_time).map(|step| step.evaluation_id).collect())
}
