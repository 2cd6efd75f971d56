//! The answers of a ladder: submission after submission, whether its score is shown to its team.
//!
//! An answer depends on those before, so they are given one at a time, in the order in which evaluations were recorded,
//! by whichever worker describes boards. Rows that are never changed say what was told, and the next answer begins there.

use domain::ranking_rule::ReleasePolicy;
use domain::split::Visibility;
use domain::{Digest, EvaluationId};
use storage::phases::Split;
use storage::releases::{self, Release, Unreleased};
use storage::{Conn, evaluations, submissions, teams};

use super::standings::refresh_team;
use super::statistics::{BoardsToDescribe, Measure};
use crate::App;
use crate::failure::{Failure, Outcome};

/// A score on a split that a ladder has to answer.
#[derive(Debug, Clone)]
pub struct Question {
    /// The policy.
    pub policy: ReleasePolicy,
    /// The split that is asked.
    pub split: Split,
    /// The submission that asks.
    pub asking: Unreleased,
    /// Its value of the ranking metric; nothing where that is undefined.
    pub score: Option<f64>,
    /// The team's last step forward.
    pub best: Option<Step>,
    /// The team's last answer.
    last: Option<Release>,
}

/// A submission that was a step forward.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Its evaluation.
    pub evaluation: EvaluationId,
    /// The artifact that holds its evidence.
    pub evidence: Digest,
    /// Its value of the ranking metric.
    pub score: f64,
}

/// What the ladder says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer {
    /// What is shown from now on.
    pub value: Option<f64>,
    /// Whether the submission that asked brought it.
    pub is_new: bool,
}

/// The next score of a phase that its ladder has to answer; nothing where there is no ladder, or all are answered.
pub async fn next_question(
    app: &App,
    boards: &BoardsToDescribe,
    measure: &Measure,
) -> Outcome<Option<Question>> {
    let policy = boards.phase.ranking.0.release;
    if !policy.is_ladder() {
        return Ok(None);
    }
    let phase = boards.phase.id;
    let is_public = |split: &&Split| split.visibility == Visibility::Public;
    let splits: Vec<Split> =
        boards.splits.iter().map(|(split, _)| split).filter(is_public).cloned().collect();
    let measure = measure.clone();
    app.db
        .read(move |conn| {
            for split in splits {
                if let Some(asking) =
                    releases::next_unreleased(conn, phase, measure.annotations.id, split.id)?
                {
                    return question(conn, policy, split, asking, &measure).map(Some);
                }
            }
            Ok(None)
        })
        .await
}

fn question(
    conn: &mut Conn<'_>,
    policy: ReleasePolicy,
    split: Split,
    asking: Unreleased,
    measure: &Measure,
) -> Outcome<Question> {
    let last = releases::last_of_team(conn, split.id, measure.annotations.id, asking.team)?;
    let steps = releases::steps_of_team(conn, split.id, measure.annotations.id, asking.team)?;
    let mut score = |evaluation: EvaluationId| -> Outcome<Option<f64>> {
        let scores = evaluations::scores_on_split(conn, split.id, &[evaluation])?;
        Ok(scores.iter().find(|score| score.metric == measure.primary.name).and_then(|score| score.value))
    };
    let asked = score(asking.evaluation)?;
    let best = match steps.last() {
        Some(step) => score(step.evaluation_id)?.map(|value| (step.evaluation_id, value)),
        None => None,
    };
    let best = match best {
        Some((evaluation, score)) => {
            let found = evaluations::find(conn, evaluation)?.ok_or_else(Failure::not_found)?;
            Some(Step { evaluation, evidence: found.evidence, score })
        }
        None => None,
    };
    Ok(Question { policy, split, asking, score: asked, best, last })
}

/// Records an answer, and lets a step forward stand for its team.
///
/// Two workers that answer at one moment cannot both do it: a team's answers are counted, and the count is unique.
pub async fn keep_answer(
    app: &App,
    boards: &BoardsToDescribe,
    measure: &Measure,
    question: Question,
    answer: Answer,
) -> Outcome<()> {
    let now = app.now();
    let release = Release {
        split_id: question.split.id,
        evaluation_id: question.asking.evaluation,
        annotations_id: measure.annotations.id,
        team_id: question.asking.team,
        submission_id: question.asking.submission,
        step: question.last.map_or(1, |last| last.step + 1),
        value: answer.value,
        is_new: answer.is_new,
        released_at: now,
    };
    let phase = boards.phase.clone();
    app.db
        .write(move |conn| {
            teams::lock(conn, release.team_id)?;
            let asking = submissions::find(conn, release.submission_id)?;
            if asking.is_none_or(|asking| asking.team_id != release.team_id) {
                // It went into another team meanwhile, which asks anew.
                return Ok(());
            }
            releases::insert(conn, &release)?;
            Ok(refresh_team(conn, &phase, release.team_id)?)
        })
        .await
}
