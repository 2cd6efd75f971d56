//! The queues of challenges whose organizers evaluate on machines of their own.
//!
//! Their jobs are leased, lost and finished like all others; the server's own workers never take them.

use diesel::dsl::{exists, select};
use diesel::prelude::*;
use domain::{ChallengeId, JobId, LeaseToken, PhaseId, SubmissionId, Timestamp};

use super::{LeasedJob, WaitingRow, first_waiting, lease, leased};
use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{attempts, jobs, submissions};
use crate::types::Column;

/// Where a submission is that a machine of its organizers is to evaluate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Elsewhere {
    /// It waits for a machine since that moment.
    Waiting(Timestamp),
    /// A machine took it and has not said that it began.
    Taken,
    /// A machine is at it.
    Begun,
}

/// Whether a job of a challenge's queue can be taken.
pub fn is_waiting(conn: &mut Conn<'_>, challenge: ChallengeId, now: Timestamp) -> Result<bool, StoreError> {
    let waiting = jobs::table
        .filter(jobs::state.eq("waiting"))
        .filter(jobs::run_after.le(now.sql()))
        .filter(jobs::remote_challenge_id.eq(Some(challenge.sql())));
    Ok(on!(conn, c => select(exists(waiting)).get_result(c))?)
}

/// Leases the next job of a challenge's queue, if there is one; `worker` is who asked.
pub fn lease_next(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    worker: &str,
    token: LeaseToken,
    (now, expires_at): (Timestamp, Timestamp),
) -> Result<Option<LeasedJob>, StoreError> {
    let row = first_waiting!(conn, now, jobs::remote_challenge_id.eq(Some(challenge.sql())));
    row.map(|row| lease(conn, row, worker, token, (now, expires_at))).transpose()
}

/// The job of a submission that a machine of the challenge holds; of several the one that was made first.
pub fn held(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    submission: SubmissionId,
) -> Result<Option<LeasedJob>, StoreError> {
    let row: Option<(WaitingRow, Option<LeaseToken>)> = on!(conn, c => jobs::table
        .filter(jobs::remote_challenge_id.eq(Some(challenge.sql())))
        .filter(jobs::submission_id.eq(Some(submission.sql())))
        .filter(jobs::state.eq("leased"))
        .order(jobs::id.asc())
        .select((
            (
                jobs::id,
                jobs::kind,
                jobs::payload,
                jobs::submission_id,
                jobs::annotations_id,
                jobs::attempts,
                jobs::max_attempts,
            ),
            jobs::lease_token,
        ))
        .first(c)
        .optional())?;
    Ok(row.and_then(|(row, token)| Some(leased(row, token?))))
}

/// Notes that a machine is at a job that it took; the first time counts.
pub fn begin(conn: &mut Conn<'_>, job: &LeasedJob, now: Timestamp) -> Result<(), StoreError> {
    let number = i32::try_from(job.attempt).unwrap_or(i32::MAX);
    on!(conn, c => diesel::update(attempts::table
            .find((job.id.sql(), number))
            .filter(attempts::begun_at.is_null()))
        .set(attempts::begun_at.eq(Some(now.sql())))
        .execute(c))?;
    Ok(())
}

/// When the attempt that holds a job began.
pub fn begun_at(conn: &mut Conn<'_>, job: &LeasedJob) -> Result<Option<Timestamp>, StoreError> {
    let number = i32::try_from(job.attempt).unwrap_or(i32::MAX);
    let found: Option<Option<Timestamp>> = on!(conn, c => attempts::table
        .find((job.id.sql(), number))
        .select(attempts::begun_at)
        .first(c)
        .optional())?;
    Ok(found.flatten())
}

/// Where a submission is, if a machine of its organizers is to evaluate it.
pub fn state_of(conn: &mut Conn<'_>, submission: SubmissionId) -> Result<Option<Elsewhere>, StoreError> {
    let live: Option<(JobId, String, i32, Timestamp)> = on!(conn, c => jobs::table
        .filter(jobs::submission_id.eq(Some(submission.sql())))
        .filter(jobs::remote_challenge_id.is_not_null())
        .filter(jobs::state.eq_any(["waiting", "leased"]))
        .order(jobs::id.asc())
        .select((jobs::id, jobs::state, jobs::attempts, jobs::run_after))
        .first(c)
        .optional())?;
    let Some((job, state, attempt, since)) = live else { return Ok(None) };
    if state == "waiting" {
        return Ok(Some(Elsewhere::Waiting(since)));
    }
    let begun: Option<Option<Timestamp>> = on!(conn, c => attempts::table
        .find((job.sql(), attempt))
        .select(attempts::begun_at)
        .first(c)
        .optional())?;
    Ok(Some(if begun.flatten().is_some() { Elsewhere::Begun } else { Elsewhere::Taken }))
}

/// Whether there is a job that could have been taken before that moment and was not.
pub fn has_unclaimed(conn: &mut Conn<'_>, before: Timestamp) -> Result<bool, StoreError> {
    let unclaimed = jobs::table
        .filter(jobs::state.eq("waiting"))
        .filter(jobs::remote_challenge_id.is_not_null())
        .filter(jobs::run_after.lt(before.sql()));
    Ok(on!(conn, c => select(exists(unclaimed)).get_result(c))?)
}

/// Gives up every job that could have been taken before that moment and was not; the submissions they were for.
pub fn give_up_unclaimed(
    conn: &mut Conn<'_>,
    before: Timestamp,
    now: Timestamp,
) -> Result<Vec<SubmissionId>, StoreError> {
    let unclaimed = jobs::table
        .filter(jobs::state.eq("waiting"))
        .filter(jobs::remote_challenge_id.is_not_null())
        .filter(jobs::run_after.lt(before.sql()))
        .select((jobs::id, jobs::submission_id));
    let rows: Vec<(JobId, Option<SubmissionId>)> = match conn {
        Conn::Pg(c) => unclaimed.for_update().skip_locked().load(&mut **c)?,
        Conn::Sqlite(c) => unclaimed.load(&mut **c)?,
    };
    on!(conn, c => diesel::update(jobs::table.filter(jobs::id.eq_any(rows.iter().map(|(id, _)| id.sql()))))
        .set((jobs::state.eq("dead"), jobs::finished_at.eq(Some(now.sql()))))
        .execute(c))?;
    Ok(rows.into_iter().filter_map(|(_, submission)| submission).collect())
}

/// Hands the live jobs of a phase from one queue to another: `elsewhere`, or that of the server's own workers.
///
/// Who holds one of them may lose it with the lease, and it waits in its new queue then.
pub fn hand_over(
    conn: &mut Conn<'_>,
    phase: PhaseId,
    elsewhere: Option<ChallengeId>,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(jobs::table
            .filter(jobs::state.eq_any(["waiting", "leased"]))
            .filter(jobs::submission_id.eq_any(
                submissions::table
                    .filter(submissions::phase_id.eq(phase.sql()))
                    .select(submissions::id.nullable()))))
        .set(jobs::remote_challenge_id.eq(elsewhere.map(Column::sql)))
        .execute(c))?;
    Ok(())
}
