//! Leasing: a worker takes the next job and holds it while it sends heartbeats.

use domain::event::EventKind;
use domain::submission::SubmissionState;
use domain::{Actor, LeaseToken, SubmissionId, Timestamp};
use storage::jobs::{self, JobKind, LeasedJob, LostJob};
use storage::{Conn, events, phases, submissions};

use super::finish::fail;
use crate::App;
use crate::context::event;
use crate::failure::{Failure, Outcome};

/// Takes the next job, after taking back those whose workers were not heard of again.
///
/// The queue is looked at in a read first, so that an idle worker never waits for the writer.
pub async fn lease_job(app: &App, worker: &str) -> Outcome<Option<LeasedJob>> {
    let now = app.now();
    if !app.db.read(move |conn| jobs::has_work(conn, now).map_err(Failure::from)).await? {
        return Ok(None);
    }
    let token: LeaseToken = app.sources.new_id();
    let expires_at = now.plus_seconds(i64::from(app.settings.worker.lease_seconds));
    let worker = worker.to_owned();
    app.db
        .write(move |conn| {
            for LostJob { job, again } in jobs::take_back_expired(conn, now)? {
                if let (false, Some(submission)) = (again, job.submission) {
                    fail(conn, submission, "worker_lost", now)?;
                }
            }
            let Some(job) = jobs::lease_next(conn, &worker, token, now, expires_at)? else { return Ok(None) };
            if job.kind == JobKind::Score.as_str()
                && let Some(submission) = job.submission
            {
                start(conn, submission, now)?;
            }
            Ok(Some(job))
        })
        .await
}

/// Marks a submission as running when its first attempt begins.
fn start(conn: &mut Conn<'_>, id: SubmissionId, now: Timestamp) -> Outcome<()> {
    if !submissions::advance(conn, id, &[SubmissionState::Queued], SubmissionState::Running, now)? {
        return Ok(());
    }
    let challenge = match submissions::find(conn, id)? {
        Some(submission) => phases::find(conn, submission.phase_id)?.map(|phase| phase.challenge_id),
        None => None,
    };
    let subject = format!("submission:{id}");
    events::append(conn, event(&Actor::System, now, EventKind::SubmissionStarted, subject, challenge, []))?;
    Ok(())
}

/// Holds on to leases; `false` when one of them is no longer held.
pub async fn heartbeat(app: &App, tokens: Vec<LeaseToken>) -> Outcome<bool> {
    let expires_at = app.now().plus_seconds(i64::from(app.settings.worker.lease_seconds));
    app.db.write(move |conn| Ok(jobs::heartbeat(conn, &tokens, expires_at)? == tokens.len())).await
}
