//! How a job ends, recorded only while its lease is held: at least one run, exactly one effect.

use domain::event::EventKind;
use domain::split::Visibility;
use domain::submission::SubmissionState;
use domain::{Actor, Digest, SubmissionId, Timestamp};
use serde_json::{Value, json};
use storage::evaluations::{self, Evaluation, Score};
use storage::jobs::{self, AttemptOutcome, Ending, LeasedJob};
use storage::quota::{self, Made};
use storage::types::Json;
use storage::{Conn, environments, events, integrity, phases, submissions};

use crate::App;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::leaderboards::standings::{admit_scored, refresh_team};

/// The longest wait before another attempt, in seconds.
const LONGEST_BACKOFF: i64 = 300;

/// How long a job is put off at a time, in seconds; it is called earlier when what it needs is there.
const PUT_OFF: i64 = 30;

/// An evaluation with its scores.
#[derive(Debug, Clone)]
pub struct Scored {
    /// The evaluation.
    pub evaluation: Evaluation,
    /// One score per metric and split.
    pub scores: Vec<Score>,
    /// What a program was run with: its digest, and the packages with their versions.
    pub environment: Option<(Digest, Value)>,
}

/// Records scores; `false` when the lease was lost meanwhile and nothing was written.
pub async fn record_scores(app: &App, job: &LeasedJob, scored: Scored) -> Outcome<bool> {
    let now = app.now();
    let job = job.clone();
    app.db
        .write(move |conn| {
            if !jobs::finish(conn, &job, Ending::Done, AttemptOutcome::Scored, None, now)? {
                return Ok(false);
            }
            let Scored { evaluation, scores, environment } = &scored;
            let id = evaluation.submission_id;
            evaluations::insert(conn, evaluation, scores)?;
            if let Some((digest, contents)) = environment {
                environments::record(conn, evaluation.id, *digest, &Json(contents.clone()), now)?;
            }
            let before = submissions::find(conn, id)?.ok_or_else(Failure::not_found)?;
            if before.state == SubmissionState::Scored && is_older(conn, &before, evaluation)? {
                return Ok(true);
            }
            submissions::set_evaluation(conn, id, evaluation.id)?;
            integrity::await_examination(conn, evaluation.id, id)?;
            submissions::advance(conn, id, &[SubmissionState::Running], SubmissionState::Scored, now)?;
            quota::free_concurrent_slot(conn, id)?;
            quota::commit_slots(conn, id, "scored", Made { by: None, at: now })?;
            let phase = phases::find(conn, before.phase_id)?.ok_or_else(Failure::not_found)?;
            let received_at = before.received_at.unwrap_or(before.created_at);
            if before.evaluation_id.is_some() {
                refresh_team(conn, &phase, before.team_id)?;
            } else if phase.ranking.0.release.is_ladder() {
                // A worker answers it when it describes the boards, submissions that are not public too.
                phases::touch_boards(conn, phase.id)?;
            } else if before.visibility == Visibility::Public && before.withdrawn_at.is_none() {
                admit_scored(conn, &phase, before.team_id, id, received_at, evaluation.id)?;
            }
            let payload = [
                ("evaluation", json!(evaluation.id)),
                ("evaluator", json!(evaluation.evaluator)),
                ("evaluator_version", json!(evaluation.evaluator_version)),
                ("evidence", json!(evaluation.evidence)),
            ];
            append(conn, id, EventKind::SubmissionScored, now, payload)?;
            Ok(true)
        })
        .await
}

/// Whether the evaluation that counts was made on newer annotations than `late`.
fn is_older(conn: &mut Conn<'_>, before: &submissions::Submission, late: &Evaluation) -> Outcome<bool> {
    let Some(present) = before.evaluation_id else { return Ok(false) };
    let Some(present) = evaluations::find(conn, present)? else { return Ok(false) };
    let present = phases::annotations(conn, present.annotations_id)?.map(|found| found.version);
    let late = phases::annotations(conn, late.annotations_id)?.map(|found| found.version);
    Ok(present > late)
}

/// Records what is wrong with the file; the team's quota slots are free again.
///
/// Faults are found while the file is read, before any label is compared with it,
/// so that giving the slot back tells nothing about the labels.
/// A file that was scored before and does not fit a new version of the annotations keeps its old scores.
pub async fn record_faults(app: &App, job: &LeasedJob, count: u64, faults: Value) -> Outcome<bool> {
    let now = app.now();
    let job = job.clone();
    app.db
        .write(move |conn| {
            if !jobs::finish(conn, &job, Ending::Done, AttemptOutcome::Invalid, None, now)? {
                return Ok(false);
            }
            let Some(id) = job.submission else { return Ok(true) };
            let is_now_invalid =
                submissions::advance(conn, id, &[SubmissionState::Running], SubmissionState::Invalid, now)?;
            if is_now_invalid {
                submissions::set_faults(conn, id, count, faults.clone())?;
                quota::refund_slots(conn, id, "the file is invalid", Made { by: None, at: now })?;
                append(conn, id, EventKind::SubmissionInvalid, now, [("fault_count", json!(count))])?;
            }
            Ok(true)
        })
        .await
}

/// Records an attempt that went wrong through no fault of the file: another one, or the end.
pub async fn record_failure(
    app: &App,
    job: &LeasedJob,
    code: &'static str,
    detail: String,
    is_final: bool,
) -> Outcome<bool> {
    let now = app.now();
    let job = job.clone();
    app.db
        .write(move |conn| {
            let again = !is_final && job.attempt < job.max_attempts;
            let ending = if again {
                Ending::Again(now.plus_seconds(2_i64.pow(job.attempt.min(8)).min(LONGEST_BACKOFF)))
            } else {
                Ending::Dead
            };
            if !jobs::finish(conn, &job, ending, AttemptOutcome::Failed, Some(&detail), now)? {
                return Ok(false);
            }
            if let (false, Some(submission)) = (again, job.submission) {
                fail(conn, submission, code, now)?;
            }
            Ok(true)
        })
        .await
}

/// Records that a mail left.
pub async fn record_mail(app: &App, job: &LeasedJob) -> Outcome<bool> {
    let now = app.now();
    let job = job.clone();
    app.db
        .write(move |conn| Ok(jobs::finish(conn, &job, Ending::Done, AttemptOutcome::Sent, None, now)?))
        .await
}

/// Gives a job back unfinished; the attempt does not count against the submission's chances.
pub async fn return_job(app: &App, job: &LeasedJob) -> Outcome<bool> {
    let now = app.now();
    let job = job.clone();
    app.db
        .write(move |conn| {
            let detail = Some("the worker was asked to stop");
            Ok(jobs::finish(conn, &job, Ending::Returned(now), AttemptOutcome::Returned, detail, now)?)
        })
        .await
}

/// Lets a job wait for something that is being made; the attempt does not count against the submission's chances.
pub async fn put_off(app: &App, job: &LeasedJob, why: &'static str) -> Outcome<bool> {
    let now = app.now();
    let job = job.clone();
    app.db
        .write(move |conn| {
            let ending = Ending::Returned(now.plus_seconds(PUT_OFF));
            Ok(jobs::finish(conn, &job, ending, AttemptOutcome::Returned, Some(why), now)?)
        })
        .await
}

/// Ends a submission whose evaluation was given up; its quota slots are free again.
///
/// A submission that has scores of an earlier evaluation keeps them.
pub(super) fn fail(conn: &mut Conn<'_>, id: SubmissionId, code: &'static str, now: Timestamp) -> Outcome<()> {
    let from = [SubmissionState::Queued, SubmissionState::Running];
    if submissions::advance(conn, id, &from, SubmissionState::Failed, now)? {
        submissions::set_failure(conn, id, code)?;
        let reason = "the evaluation failed through no fault of the file";
        quota::refund_slots(conn, id, reason, Made { by: None, at: now })?;
        append(conn, id, EventKind::SubmissionFailed, now, [("code", json!(code))])?;
    }
    Ok(())
}

fn append(
    conn: &mut Conn<'_>,
    id: SubmissionId,
    kind: EventKind,
    now: Timestamp,
    payload: impl IntoIterator<Item = (&'static str, Value)>,
) -> Outcome<()> {
    let submission = submissions::find(conn, id)?.ok_or_else(Failure::not_found)?;
    let phase = phases::find(conn, submission.phase_id)?
        .ok_or_else(|| Failure::new(Code::Internal, "a submission belongs to no phase"))?;
    let subject = format!("submission:{id}");
    Ok(events::append(conn, event(&Actor::System, now, kind, subject, Some(phase.challenge_id), payload))?)
}
