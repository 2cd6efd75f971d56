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

/// How long a submission waits for a machine of its organizers, in seconds: a week.
///
/// Whether such a machine runs is not in the server's hands, so that only time can tell a slow one from none.
pub const LONGEST_WAIT: i64 = 7 * 86_400;

/// Takes the next job, after taking back those whose workers were not heard of again.
///
/// The queue is looked at in a read first, so that an idle worker never waits for the writer.
pub async fn lease_job(app: &App, worker: &str) -> Outcome<Option<LeasedJob>> {
    let now = app.now();
    let has_work = app
        .db
        .read(move |conn| {
            Ok::<_, Failure>(
                jobs::has_work(conn, now)? || jobs::elsewhere::has_unclaimed(conn, unclaimed_before(now))?,
            )
        })
        .await?;
    if !has_work {
        return Ok(None);
    }
    let token: LeaseToken = app.sources.new_id();
    let expires_at = now.plus_seconds(i64::from(app.settings.worker.lease_seconds));
    let worker = worker.to_owned();
    app.db
        .write(move |conn| {
            take_back(conn, now)?;
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

/// Takes back the jobs of workers that were not heard of again, and gives up those that organizers' machines never took.
pub(super) fn take_back(conn: &mut Conn<'_>, now: Timestamp) -> Outcome<()> {
    for LostJob { job, again } in jobs::take_back_expired(conn, now)? {
        if let (false, Some(submission)) = (again, job.submission) {
            fail(conn, submission, "worker_lost", now)?;
        }
    }
    for submission in jobs::elsewhere::give_up_unclaimed(conn, unclaimed_before(now), now)? {
        fail(conn, submission, "remote_unclaimed", now)?;
    }
    Ok(())
}

fn unclaimed_before(now: Timestamp) -> Timestamp {
    now.plus_seconds(-LONGEST_WAIT)
}

/// Marks a submission as running when its first attempt begins.
pub(super) fn start(conn: &mut Conn<'_>, id: SubmissionId, now: Timestamp) -> Outcome<()> {
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
