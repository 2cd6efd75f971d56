//! A submission as its team and the organizers see it.

use domain::metric::MetricSpec;
use domain::ranking_rule::ReleasePolicy;
use domain::split::Visibility;
use domain::submission::SubmissionState;
use domain::{Actor, ChallengeId, SubmissionId, Timestamp};
use ranking::Order;
use registry::programs::PROGRAM;
use storage::Conn;
use storage::evaluations::{self, Evaluation, Score};
use storage::framings::{self, Framing};
use storage::phases::{self, Phase, Split};
use storage::submissions::Submission;
use storage::teams::Team;
use storage::{jobs, jobs::Attempt, jobs::Pace, jobs::elsewhere::Elsewhere, trials};

use crate::App;
use crate::authority::{SeenSubmission, see_submission};
use crate::failure::Outcome;
use crate::leaderboards::Shown;
use crate::leaderboards::release::withhold;

/// A submission with everything that its reader may see.
#[derive(Debug, Clone)]
pub struct SubmissionDetail {
    /// The submission.
    pub submission: Submission,
    /// The challenge it belongs to.
    pub challenge: ChallengeId,
    /// Its team.
    pub team: Team,
    /// How many jobs are ahead of it, while it waits for the server's own workers; 100 for more.
    pub queue_position: Option<i64>,
    /// In how many seconds its evaluation may be expected to end, as the last ones went; absent where nobody can say.
    pub expected_wait: Option<u64>,
    /// Where it is, while a machine of its organizers is to evaluate it.
    pub elsewhere: Option<Elsewhere>,
    /// Whether it waits until the environment of the phase's program is built.
    pub waits_for_environment: bool,
    /// The evaluation that counts now.
    pub evaluation: Option<EvaluationDetail>,
}

/// An evaluation with the scores that its reader may see.
#[derive(Debug, Clone)]
pub struct EvaluationDetail {
    /// The evaluation.
    pub evaluation: Evaluation,
    /// The version of the annotations it was made on.
    pub annotations_version: i32,
    /// The framing that it was made under; absent where the phase had opened before framings were kept.
    pub framing: Option<Framing>,
    /// What was measured.
    pub metrics: Vec<MetricSpec>,
    /// The visible splits with their scores, as far as they are shown.
    pub splits: Vec<(Split, Vec<Score>)>,
    /// The phase's release policy.
    pub release: ReleasePolicy,
    /// What the reader is shown of scores by it.
    pub shown: Shown,
}

/// Reads a submission.
pub async fn read_submission(app: &App, actor: &Actor, id: SubmissionId) -> Outcome<SubmissionDetail> {
    let now = app.now();
    let actor = actor.clone();
    app.db
        .read(move |conn| {
            let seen = see_submission(conn, &actor, id)?;
            detail(conn, seen, now)
        })
        .await
}

/// The attempts that workers made on a submission; for organizers.
pub async fn read_attempts(app: &App, actor: &Actor, id: SubmissionId) -> Outcome<Vec<Attempt>> {
    let actor = actor.clone();
    app.db
        .read(move |conn| {
            let seen = see_submission(conn, &actor, id)?;
            seen.team.challenge.inspect(&actor)?;
            Ok(jobs::attempts_of(conn, id)?)
        })
        .await
}

/// Completes a submission that may be seen with what belongs to it.
pub(crate) fn detail(conn: &mut Conn<'_>, seen: SeenSubmission, now: Timestamp) -> Outcome<SubmissionDetail> {
    let is_organizer = seen.is_organizer();
    let submission = seen.submission;
    let evaluation = match submission.evaluation_id {
        Some(id) => evaluation_detail(conn, id, &seen.phase, is_organizer, now)?,
        None => None,
    };
    let is_live = matches!(submission.state, SubmissionState::Queued | SubmissionState::Running);
    let environment = match phases::annotations_in_force(conn, seen.phase.id)? {
        Some(version) if is_live && seen.phase.evaluator == PROGRAM => {
            trials::environment_of(conn, version.id)?
        }
        _ => None,
    };
    let queue_position = jobs::queue_position(conn, submission.id)?;
    let pace = match queue_position {
        Some(_) => jobs::pace(conn)?,
        None => None,
    };
    Ok(SubmissionDetail {
        expected_wait: queue_position.zip(pace).map(|(ahead, pace)| expected_wait(ahead, pace)),
        waits_for_environment: environment.is_some_and(|trial| trial.is_live()),
        queue_position,
        elsewhere: jobs::elsewhere::state_of(conn, submission.id)?,
        challenge: seen.phase.challenge_id,
        team: seen.team.team,
        evaluation,
        submission,
    })
}

/// In how many seconds a submission with so many before it may be expected to end, rounded up.
fn expected_wait(ahead: i64, pace: Pace) -> u64 {
    let turns = (ahead.max(0) as f64 / f64::from(pace.beside)).floor() + 1.0;
    (turns * pace.seconds).ceil() as u64
}

fn evaluation_detail(
    conn: &mut Conn<'_>,
    id: domain::EvaluationId,
    phase: &Phase,
    is_organizer: bool,
    now: Timestamp,
) -> Outcome<Option<EvaluationDetail>> {
    let Some(evaluation) = evaluations::find(conn, id)? else { return Ok(None) };
    let Some(annotations) = phases::annotations(conn, evaluation.annotations_id)? else { return Ok(None) };
    let framing = match evaluation.framing_id {
        Some(framing) => framings::find(conn, framing)?,
        None => None,
    };
    let mut scores = evaluations::scores_of(conn, id)?;
    let mut splits = phases::splits_of(conn, annotations.phase_id)?;
    splits.retain(|split| {
        is_organizer || split.visibility == Visibility::Public || phase.published_at.is_some()
    });
    let shown = Shown::to(phase, is_organizer, now);
    let order = Order::new(&phase.ranking.0, &annotations.metrics.0);
    let primary = order.keys().first().map(|key| key.metric.as_str());
    let mut shown_on = Vec::with_capacity(splits.len());
    for split in splits {
        let own = scores.extract_if(.., |score| score.split_id == split.id).collect();
        let own = withhold(conn, shown, split.id, primary, evaluation.finished_at, own)?;
        shown_on.push((split, own));
    }
    Ok(Some(EvaluationDetail {
        splits: shown_on,
        release: phase.ranking.0.release,
        shown,
        framing,
        evaluation,
        annotations_version: annotations.version,
        metrics: annotations.metrics.0,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_counted_in_turns_of_all_who_run() {
        let pace = |beside| Pace { seconds: 2.5, beside };
        // Nobody ahead: one evaluation. Three ahead of one runner: four. Three ahead of four runners: one.
        assert_eq!(
            (expected_wait(0, pace(1)), expected_wait(3, pace(1)), expected_wait(3, pace(4))),
            (3, 10, 3)
        );
    }
}
