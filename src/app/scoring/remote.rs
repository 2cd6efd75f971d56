//! Evaluations that a challenge's organizers make on machines of their own.
//!
//! Their jobs wait in a queue of the challenge and are leased like all others.
//! The machines act for an organizer; what they report counts while the lease is held.
//! The protocol names submissions and no leases, so that a report counts for whoever holds the submission's job.

use std::collections::BTreeMap;

use domain::{Actor, ChallengeId, EvaluationId, LeaseToken, PhaseId, SubmissionId, Timestamp};
use registry::programs::Sheet;
use sdk::Inputs;
use sdk::evidence::Score as Value;
use storage::evaluations::{Evaluation, Score};
use storage::jobs::{self, LeasedJob, elsewhere};
use storage::{Conn, phases};

use super::finish::{Scored, record_failure, record_scores};
use super::lease::{start, take_back};
use super::load::{ScoreOrder, load_order};
use crate::App;
use crate::authority::see_challenge;
use crate::failure::{Code, Failure, FieldError, Outcome};
use crate::leaderboards::standings::deciding_split;
use crate::phases::prepare::prepare;

/// What a machine has to evaluate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RemoteJob {
    /// The submission.
    pub submission: SubmissionId,
    /// Its phase.
    pub phase: PhaseId,
    /// Its challenge.
    pub challenge: ChallengeId,
    /// What proves that the machine has taken it.
    pub receipt: LeaseToken,
}

/// The values that a machine reports: by split as its program names it, by metric.
pub type ReportedScores = BTreeMap<String, BTreeMap<String, f64>>;

/// Takes the next submission of a challenge's queue; the lease is as long as the phase lets an evaluation take.
///
/// The submission goes on waiting for its readers until the machine says that it has begun.
pub async fn lease_remote(app: &App, actor: &Actor, challenge: &str) -> Outcome<Option<RemoteJob>> {
    let now = app.now();
    let (asking, key) = (actor.clone(), challenge.to_owned());
    // The queue is looked at in a read first: idle machines never wait for the writer.
    let challenge = app
        .db
        .read(move |conn| {
            let managed = see_challenge(conn, &asking, &key)?.manage(&asking)?.0;
            let has_work = elsewhere::is_waiting(conn, managed.id, now)? || jobs::has_expired(conn, now)?;
            Ok::<_, Failure>(has_work.then_some(managed.id))
        })
        .await?;
    let Some(challenge) = challenge else { return Ok(None) };
    let receipt: LeaseToken = app.sources.new_id();
    let margin = i64::from(app.settings.worker.lease_seconds);
    let worker = actor.log_name();
    app.db
        .write(move |conn| {
            take_back(conn, now)?;
            let times = (now, now.plus_seconds(margin));
            let Some(job) = elsewhere::lease_next(conn, challenge, &worker, receipt, times)? else {
                return Ok(None);
            };
            let submission = job.submission.ok_or_else(|| Failure::internal("a job of no submission"))?;
            let found = storage::submissions::find(conn, submission)?.ok_or_else(Failure::not_found)?;
            let phase = phases::find(conn, found.phase_id)?.ok_or_else(Failure::not_found)?;
            let until = now.plus_seconds(i64::from(phase.limits().seconds) + margin);
            jobs::heartbeat(conn, &[receipt], until)?;
            Ok(Some(RemoteJob { submission, phase: phase.id, challenge, receipt }))
        })
        .await
}

/// A machine says that it is at it: the submission is running, and the lease begins anew.
pub async fn continue_remote(
    app: &App,
    actor: &Actor,
    challenge: ChallengeId,
    submission: SubmissionId,
) -> Outcome<()> {
    begin(app, actor, challenge, submission).await.map(|_| ())
}

/// Begins the evaluation of a submission that a machine of the challenge holds, and what it is about.
async fn begin(
    app: &App,
    actor: &Actor,
    challenge: ChallengeId,
    submission: SubmissionId,
) -> Outcome<(LeasedJob, ScoreOrder)> {
    let now = app.now();
    let margin = i64::from(app.settings.worker.lease_seconds);
    let actor = actor.clone();
    let job = app
        .db
        .write(move |conn| {
            let job = held(conn, &actor, challenge, submission)?;
            let found = storage::submissions::find(conn, submission)?.ok_or_else(Failure::not_found)?;
            let phase = phases::find(conn, found.phase_id)?.ok_or_else(Failure::not_found)?;
            let until = now.plus_seconds(i64::from(phase.limits().seconds) + margin);
            if jobs::heartbeat(conn, &[job.token], until)? != 1 {
                return Err(not_held());
            }
            elsewhere::begin(conn, &job, now)?;
            start(conn, submission, now)?;
            Ok(job)
        })
        .await?;
    let order = load_order(app, &job).await?;
    Ok((job, order))
}

fn held(
    conn: &mut Conn<'_>,
    actor: &Actor,
    challenge: ChallengeId,
    submission: SubmissionId,
) -> Outcome<LeasedJob> {
    see_challenge(conn, actor, &challenge.to_string())?.manage(actor)?;
    elsewhere::held(conn, challenge, submission)?.ok_or_else(not_held)
}

fn not_held() -> Failure {
    Failure::new(Code::StateConflict, "no machine of the challenge is evaluating this submission")
}

/// A machine reports scores: of splits and metrics of the phase alone, and of what ranks at least.
///
/// What it does not report of the others is undefined. A report that is refused changes nothing but that the evaluation
/// has begun: the machine may report again while it holds the lease.
pub async fn finish_remote(
    app: &App,
    actor: &Actor,
    challenge: ChallengeId,
    submission: SubmissionId,
    reported: ReportedScores,
) -> Outcome<()> {
    let (job, order) = begin(app, actor, challenge, submission).await?;
    let sheet = sheet_of(app, &order).await?;
    check(&sheet, &reported)?;
    let id: EvaluationId = app.sources.new_id();
    let prepared = prepare(app, &order.phase, &order.annotations, &order.splits).await?;
    let evidence = sheet.evidence(&reported);
    let of_splits = sdk::run::score_splits(&evidence, prepared.masks.iter().map(|mask| mask.view()));
    let mut scores = Vec::new();
    for (split, values) in order.splits.iter().zip(&of_splits) {
        for (metric, value) in values.iter() {
            scores.push(score(&order, id, split.id, metric, &value));
        }
    }
    refuse_unranked(&order, &scores)?;
    let stored = app.artifacts.put(evidence.to_bytes().map_err(Failure::internal)?).await?;
    let version = app.evaluators.get(&order.phase.evaluator).map(|known| known.manifest().version.clone());
    let holder = job.clone();
    let begun: Option<Timestamp> =
        app.db.read(move |conn| elsewhere::begun_at(conn, &holder).map_err(Failure::from)).await?;
    let now = app.now();
    let evaluation = Evaluation {
        id,
        submission_id: submission,
        annotations_id: order.annotations.id,
        job_id: job.id,
        evaluator: order.phase.evaluator.clone(),
        evaluator_version: version.unwrap_or_default(),
        mode: order.phase.mode,
        params: order.phase.params.clone(),
        evidence: stored.digest,
        item_count: i32::try_from(evidence.items()).unwrap_or(i32::MAX),
        worker: actor.log_name(),
        started_at: begun.unwrap_or(now),
        finished_at: now,
        framing_id: order.framing,
    };
    let scored = Scored { evaluation, scores, environment: None };
    if record_scores(app, &job, scored).await? { Ok(()) } else { Err(not_held()) }
}

/// A machine says that its program failed; the organizers read why among the attempts.
pub async fn fail_remote(
    app: &App,
    actor: &Actor,
    challenge: ChallengeId,
    submission: SubmissionId,
    detail: String,
) -> Outcome<()> {
    let (job, _) = begin(app, actor, challenge, submission).await?;
    if record_failure(app, &job, "remote_failed", detail, true).await? { Ok(()) } else { Err(not_held()) }
}

/// Refuses whoever does not run the challenge.
///
/// A machine that deletes the message of what it took changes nothing else: what it has reported on is over already, and
/// what it has not it may still report on. Whoever deletes at the start keeps the lease, and when that runs out without
/// a report, the submission waits for the next attempt.
pub async fn manage_queue(app: &App, actor: &Actor, challenge: &str) -> Outcome<()> {
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db.read(move |conn| see_challenge(conn, &actor, &challenge)?.manage(&actor).map(|_| ())).await
}

/// The metrics and the splits of a phase as its machines name them.
async fn sheet_of(app: &App, order: &ScoreOrder) -> Outcome<Sheet> {
    let table = order.annotations.tables.0.iter().find(|table| table.name == Inputs::MAIN);
    let table = table.ok_or_else(|| Failure::internal("there is no score sheet"))?;
    let bytes = app.annotations.read(table.digest, table.size_bytes).await?;
    Sheet::read(&bytes).map_err(Failure::internal)
}

/// Refuses what is not a score of the phase.
fn check(sheet: &Sheet, reported: &ReportedScores) -> Outcome<()> {
    let written = sheet.metrics.iter().filter(|metric| metric.computation.is_none());
    let metrics: Vec<&str> = written.map(|metric| metric.name.as_str()).collect();
    let mut errors = Vec::new();
    for (split, values) in reported {
        if !sheet.splits.contains(split) {
            let rule = format!("is no split of the phase; they are {}", sheet.splits.join(", "));
            errors.push(FieldError::new(split, rule));
        }
        for (metric, value) in values {
            if !metrics.contains(&metric.as_str()) {
                let rule = format!("is no metric of the phase; they are {}", metrics.join(", "));
                errors.push(FieldError::new(format!("{split}.{metric}"), rule));
            } else if !value.is_finite() {
                errors.push(FieldError::new(format!("{split}.{metric}"), "must be a finite number"));
            }
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Failure::invalid_fields(errors)) }
}

fn score(
    order: &ScoreOrder,
    evaluation: EvaluationId,
    split: domain::SplitId,
    metric: &str,
    value: &Value,
) -> Score {
    Score {
        submission_id: order.submission.id,
        evaluation_id: evaluation,
        split_id: split,
        metric: metric.to_owned(),
        value: value.value(),
        undefined: value.value().is_none().then(|| "the machine did not report it".to_owned()),
    }
}

/// Refuses scores without the one that ranks: the submission could have no place.
fn refuse_unranked(order: &ScoreOrder, scores: &[Score]) -> Outcome<()> {
    let named = order.phase.ranking.0.primary.as_ref();
    let first = order.annotations.metrics.0.first().map(|metric| &metric.name);
    let (Some(primary), Some(split)) = (named.or(first), deciding_split(&order.splits)) else {
        return Ok(());
    };
    let found = scores.iter().find(|score| score.split_id == split.id && &score.metric == primary);
    if found.is_some_and(|score| score.value.is_some()) {
        return Ok(());
    }
    let field = format!("{}.{primary}", split.codename);
    Err(Failure::invalid_fields(vec![FieldError::new(field, "is missing, and entries are ranked by it")]))
}

#[cfg(test)]
mod tests {
    use registry::programs;

    #[test]
    fn phases_are_evaluated_elsewhere_by_the_evaluator_of_that_name() {
        assert_eq!(domain::phase::REMOTE_EVALUATOR, programs::REMOTE);
    }
}
