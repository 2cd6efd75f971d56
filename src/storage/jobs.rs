//! The queue: jobs, leases, attempts.
//!
//! A job runs at least once and has its effect exactly once:
//! a worker holds a lease with a secret token, and only the holder of the present token may finish the job.

use diesel::dsl::{exists, select};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer};
use domain::{AnnotationsId, ChallengeId, JobId, LeaseToken, SubmissionId, Timestamp};
use serde_json::Value;

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{attempts, evaluations, jobs};
use crate::types::{Column, Json, Sql, SqlId, SqlTime};

pub mod elsewhere;

/// What a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobKind {
    /// Evaluate a submission on a version of the annotations.
    Score,
    /// Send a mail.
    Mail,
}

impl JobKind {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::Mail => "mail",
        }
    }
}

/// A job before it waits.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Its id.
    pub id: JobId,
    /// What it is.
    pub kind: JobKind,
    /// What the worker needs beyond the ids.
    pub payload: Value,
    /// The submission to evaluate.
    pub submission: Option<SubmissionId>,
    /// The annotations to evaluate it on.
    pub annotations: Option<AnnotationsId>,
    /// The challenge whose own machines evaluate; absent for the server's workers.
    pub elsewhere: Option<ChallengeId>,
    /// Lower runs first.
    pub priority: i32,
    /// How often it is tried.
    pub max_attempts: u32,
    /// When it is made.
    pub created_at: Timestamp,
}

/// A job in a worker's hands.
#[derive(Debug, Clone, PartialEq)]
pub struct LeasedJob {
    /// Its id.
    pub id: JobId,
    /// The kind's stored name.
    pub kind: String,
    /// What the worker needs beyond the ids.
    pub payload: Value,
    /// The submission to evaluate.
    pub submission: Option<SubmissionId>,
    /// The annotations to evaluate it on.
    pub annotations: Option<AnnotationsId>,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// How many there may be.
    pub max_attempts: u32,
    /// What proves that the lease is held.
    pub token: LeaseToken,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptOutcome {
    /// With scores.
    Scored,
    /// With faults of the file.
    Invalid,
    /// With a failure that is not the file's.
    Failed,
    /// Its worker was not heard of again.
    Lost,
    /// Its worker gave the job back.
    Returned,
    /// The mail left.
    Sent,
    /// The submission was cancelled meanwhile.
    Cancelled,
}

impl AttemptOutcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::Scored => "scored",
            Self::Invalid => "invalid",
            Self::Failed => "failed",
            Self::Lost => "lost",
            Self::Returned => "returned",
            Self::Sent => "sent",
            Self::Cancelled => "cancelled",
        }
    }
}

/// What becomes of a job when its worker is done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It is done.
    Done,
    /// It waits for another attempt, from that moment on.
    Again(Timestamp),
    /// It waits again as if this attempt had not been made.
    Returned(Timestamp),
    /// It is given up.
    Dead,
}

/// An attempt as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = attempts)]
pub struct Attempt {
    /// The job.
    pub job_id: JobId,
    /// Which attempt, from 1.
    pub number: i32,
    /// Who made it.
    pub worker: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// How it ended.
    pub outcome: Option<String>,
    /// More, for organizers and operators.
    pub detail: Option<String>,
}

/// Puts a job into the queue.
pub fn enqueue(conn: &mut Conn<'_>, job: &NewJob) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(jobs::table)
        .values((
            jobs::id.eq(job.id.sql()),
            jobs::kind.eq(job.kind.as_str()),
            jobs::payload.eq(Json(job.payload.clone())),
            jobs::submission_id.eq(job.submission.map(Column::sql)),
            jobs::annotations_id.eq(job.annotations.map(Column::sql)),
            jobs::remote_challenge_id.eq(job.elsewhere.map(Column::sql)),
            jobs::state.eq("waiting"),
            jobs::priority.eq(job.priority),
            jobs::attempts.eq(0),
            jobs::max_attempts.eq(i32::try_from(job.max_attempts).unwrap_or(i32::MAX)),
            jobs::run_after.eq(job.created_at.sql()),
            jobs::created_at.eq(job.created_at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

type WaitingRow = (JobId, String, Json<Value>, Option<SubmissionId>, Option<AnnotationsId>, i32, i32);

/// Whether there is a job to lease or to take back.
pub fn has_work(conn: &mut Conn<'_>, now: Timestamp) -> Result<bool, StoreError> {
    let waiting = jobs::table
        .filter(jobs::state.eq("waiting"))
        .filter(jobs::remote_challenge_id.is_null())
        .filter(jobs::run_after.le(now.sql()));
    Ok(on!(conn, c => select(exists(waiting)).get_result(c))? || has_expired(conn, now)?)
}

/// Whether there is a lease that ran out.
pub fn has_expired(conn: &mut Conn<'_>, now: Timestamp) -> Result<bool, StoreError> {
    let expired =
        jobs::table.filter(jobs::state.eq("leased")).filter(jobs::lease_expires_at.lt(Some(now.sql())));
    Ok(on!(conn, c => select(exists(expired)).get_result(c))?)
}

/// The first waiting job of a queue, locked where that is needed.
macro_rules! first_waiting {
    ($conn:ident, $now:ident, $queue:expr) => {{
        let next = jobs::table
            .filter(jobs::state.eq("waiting"))
            .filter(jobs::run_after.le($now.sql()))
            .filter($queue)
            .order((jobs::priority.asc(), jobs::run_after.asc(), jobs::id.asc()))
            .limit(1)
            .select((
                jobs::id,
                jobs::kind,
                jobs::payload,
                jobs::submission_id,
                jobs::annotations_id,
                jobs::attempts,
                jobs::max_attempts,
            ));
        let row: Option<WaitingRow> = match $conn {
            Conn::Pg(c) => next.for_update().skip_locked().first(&mut **c).optional()?,
            Conn::Sqlite(c) => next.first(&mut **c).optional()?,
        };
        row
    }};
}
use first_waiting;

/// Leases the next waiting job of the server's own workers, if there is one.
pub fn lease_next(
    conn: &mut Conn<'_>,
    worker: &str,
    token: LeaseToken,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<Option<LeasedJob>, StoreError> {
    let row = first_waiting!(conn, now, jobs::remote_challenge_id.is_null());
    row.map(|row| lease(conn, row, worker, token, (now, expires_at))).transpose()
}

/// A job in a worker's hands, whose number of attempts counts the present one.
fn leased(row: WaitingRow, token: LeaseToken) -> LeasedJob {
    let (id, kind, payload, submission, annotations, attempt, max_attempts) = row;
    LeasedJob {
        id,
        kind,
        payload: payload.0,
        submission,
        annotations,
        attempt: u32::try_from(attempt).unwrap_or(u32::MAX),
        max_attempts: u32::try_from(max_attempts).unwrap_or(0),
        token,
    }
}

fn lease(
    conn: &mut Conn<'_>,
    mut row: WaitingRow,
    worker: &str,
    token: LeaseToken,
    (now, expires_at): (Timestamp, Timestamp),
) -> Result<LeasedJob, StoreError> {
    row.5 += 1;
    let (id, attempt) = (row.0, row.5);
    on!(conn, c => diesel::update(jobs::table.find(id.sql()))
        .set((
            jobs::state.eq("leased"),
            jobs::attempts.eq(attempt),
            jobs::lease_token.eq(Some(token.sql())),
            jobs::lease_expires_at.eq(Some(expires_at.sql())),
            jobs::worker.eq(Some(worker)),
        ))
        .execute(c))?;
    on!(conn, c => diesel::insert_into(attempts::table)
        .values((
            attempts::job_id.eq(id.sql()),
            attempts::number.eq(attempt),
            attempts::worker.eq(worker),
            attempts::started_at.eq(now.sql()),
        ))
        .execute(c))?;
    Ok(leased(row, token))
}

/// Extends the leases that these tokens hold; how many still did.
pub fn heartbeat(
    conn: &mut Conn<'_>,
    tokens: &[LeaseToken],
    expires_at: Timestamp,
) -> Result<usize, StoreError> {
    Ok(on!(conn, c => diesel::update(
            jobs::table.filter(jobs::lease_token.eq_any(tokens.iter().map(|token| Some(token.sql())))))
        .set(jobs::lease_expires_at.eq(Some(expires_at.sql())))
        .execute(c))?)
}

/// Whether the lease is still held; on PostgreSQL the job's row stays locked until the transaction ends.
pub fn holds_lease(conn: &mut Conn<'_>, job: &LeasedJob) -> Result<bool, StoreError> {
    let held = jobs::table
        .filter(jobs::id.eq(job.id.sql()))
        .filter(jobs::lease_token.eq(Some(job.token.sql())))
        .select(jobs::id);
    let row: Option<JobId> = match conn {
        Conn::Pg(c) => held.for_update().first(&mut **c).optional()?,
        Conn::Sqlite(c) => held.first(&mut **c).optional()?,
    };
    Ok(row.is_some())
}

/// Ends a leased job; whether the lease was still held. If it was not, nothing has changed.
pub fn finish(
    conn: &mut Conn<'_>,
    job: &LeasedJob,
    ending: Ending,
    outcome: AttemptOutcome,
    detail: Option<&str>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let (state, run_after, finished_at) = match ending {
        Ending::Done => ("done", now, Some(now.sql())),
        Ending::Again(run_after) | Ending::Returned(run_after) => ("waiting", run_after, None),
        Ending::Dead => ("dead", now, Some(now.sql())),
    };
    let held = on!(conn, c => diesel::update(jobs::table
            .filter(jobs::id.eq(job.id.sql()))
            .filter(jobs::lease_token.eq(Some(job.token.sql()))))
        .set((
            jobs::state.eq(state),
            jobs::run_after.eq(run_after.sql()),
            jobs::finished_at.eq(finished_at),
            jobs::lease_token.eq(None::<Sql<LeaseToken>>),
            jobs::lease_expires_at.eq(None::<Sql<Timestamp>>),
        ))
        .execute(c))?;
    if held != 1 {
        return Ok(false);
    }
    if finished_at.is_some() && job.kind == JobKind::Mail.as_str() {
        // What was in a mail is nobody's business once it is sent or given up.
        on!(conn, c => diesel::update(jobs::table.find(job.id.sql()))
            .set(jobs::payload.eq(Json(Value::Object(serde_json::Map::new()))))
            .execute(c))?;
    }
    if matches!(ending, Ending::Returned(_)) {
        on!(conn, c => diesel::update(jobs::table.find(job.id.sql()))
            .set(jobs::max_attempts.eq(jobs::max_attempts + 1))
            .execute(c))?;
    }
    close_attempt(conn, job.id, job.attempt, outcome, detail, now)?;
    Ok(true)
}

fn close_attempt(
    conn: &mut Conn<'_>,
    job: JobId,
    attempt: u32,
    outcome: AttemptOutcome,
    detail: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let number = i32::try_from(attempt).unwrap_or(i32::MAX);
    on!(conn, c => diesel::update(attempts::table.find((job.sql(), number)))
        .set((
            attempts::finished_at.eq(Some(now.sql())),
            attempts::outcome.eq(Some(outcome.as_str())),
            attempts::detail.eq(detail),
        ))
        .execute(c))?;
    Ok(())
}

/// A job whose lease ran out.
#[derive(Debug, Clone, PartialEq)]
pub struct LostJob {
    /// The job as its worker held it.
    pub job: LeasedJob,
    /// Whether it may be tried again; if not, it is dead now.
    pub again: bool,
}

/// Takes back every lease that ran out before `now`: back into the queue, or dead after the last attempt.
pub fn take_back_expired(conn: &mut Conn<'_>, now: Timestamp) -> Result<Vec<LostJob>, StoreError> {
    type Row = (WaitingRow, Option<LeaseToken>);
    let expired = jobs::table
        .filter(jobs::state.eq("leased"))
        .filter(jobs::lease_expires_at.lt(Some(now.sql())))
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
        ));
    let rows: Vec<Row> = match conn {
        Conn::Pg(c) => expired.for_update().skip_locked().load(&mut **c)?,
        Conn::Sqlite(c) => expired.load(&mut **c)?,
    };
    let mut lost = Vec::with_capacity(rows.len());
    for (row, token) in rows {
        let Some(token) = token else { continue };
        let job = leased(row, token);
        let again = job.attempt < job.max_attempts;
        let ending = if again { Ending::Again(now) } else { Ending::Dead };
        if finish(conn, &job, ending, AttemptOutcome::Lost, Some("its lease ran out"), now)? {
            lost.push(LostJob { job, again });
        }
    }
    Ok(lost)
}

/// Ends every live job of a submission that was cancelled.
pub fn cancel_for(conn: &mut Conn<'_>, submission: SubmissionId, now: Timestamp) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(jobs::table
            .filter(jobs::submission_id.eq(Some(submission.sql())))
            .filter(jobs::state.eq_any(["waiting", "leased"])))
        .set((
            jobs::state.eq("cancelled"),
            jobs::finished_at.eq(Some(now.sql())),
            jobs::lease_token.eq(None::<Sql<LeaseToken>>),
            jobs::lease_expires_at.eq(None::<Sql<Timestamp>>),
        ))
        .execute(c))?;
    Ok(())
}

/// Whether a job for this pair waits or runs.
pub fn is_live(
    conn: &mut Conn<'_>,
    submission: SubmissionId,
    annotations: AnnotationsId,
) -> Result<bool, StoreError> {
    let live = jobs::table
        .filter(jobs::submission_id.eq(Some(submission.sql())))
        .filter(jobs::annotations_id.eq(Some(annotations.sql())))
        .filter(jobs::state.eq_any(["waiting", "leased"]));
    Ok(on!(conn, c => select(exists(live)).get_result(c))?)
}

/// How many waiting jobs are ahead of a submission's, counted up to 100; absent when none of its jobs waits for the
/// server's own workers.
///
/// Everybody who waits asks this: what it costs must not grow with the queue.
pub fn queue_position(conn: &mut Conn<'_>, submission: SubmissionId) -> Result<Option<i64>, StoreError> {
    let own: Option<(i32, Timestamp, JobId)> = on!(conn, c => jobs::table
        .filter(jobs::submission_id.eq(Some(submission.sql())))
        .filter(jobs::state.eq("waiting"))
        .filter(jobs::remote_challenge_id.is_null())
        .select((jobs::priority, jobs::run_after, jobs::id))
        .get_result(c)
        .optional())?;
    let Some((priority, run_after, id)) = own else { return Ok(None) };
    let counted = "SELECT count(*) AS jobs FROM (\
                   SELECT 1 FROM jobs WHERE state = 'waiting' AND remote_challenge_id IS NULL \
                   AND (priority, run_after, id) < ($1, $2, $3) \
                   LIMIT 100) AS ahead";
    let ahead: Ahead = on!(conn, c => sql_query(counted)
        .bind::<Integer, _>(priority)
        .bind::<SqlTime, _>(run_after.sql())
        .bind::<SqlId, _>(id.sql())
        .get_result(c))?;
    Ok(Some(ahead.jobs))
}

/// How fast the server's own workers are at present.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// How long the last evaluations took on average, in seconds.
    pub seconds: f64,
    /// How many run beside each other; at least one.
    pub beside: u32,
}

/// How many evaluations the pace is taken of.
const PACE_OF: i64 = 20;

/// The pace of the workers; nothing before the first evaluation. What it costs does not grow with anything.
pub fn pace(conn: &mut Conn<'_>) -> Result<Option<Pace>, StoreError> {
    let last: Vec<(Timestamp, Timestamp)> = on!(conn, c => evaluations::table
        .order(evaluations::id.desc())
        .limit(PACE_OF)
        .select((evaluations::started_at, evaluations::finished_at))
        .load(c))?;
    if last.is_empty() {
        return Ok(None);
    }
    let running: Vec<JobId> = on!(conn, c => jobs::table
        .filter(jobs::state.eq("leased"))
        .filter(jobs::remote_challenge_id.is_null())
        .select(jobs::id)
        .limit(1000)
        .load(c))?;
    let seconds: f64 = last.iter().map(|(begun, ended)| ended.seconds_since(*begun).max(0.0)).sum();
    let beside = u32::try_from(running.len()).unwrap_or(u32::MAX).max(1);
    Ok(Some(Pace { seconds: seconds / last.len() as f64, beside }))
}

#[derive(QueryableByName)]
struct Ahead {
    #[diesel(sql_type = BigInt)]
    jobs: i64,
}

/// The attempts of a submission's jobs, oldest first.
pub fn attempts_of(conn: &mut Conn<'_>, submission: SubmissionId) -> Result<Vec<Attempt>, StoreError> {
    Ok(on!(conn, c => attempts::table
        .inner_join(jobs::table)
        .filter(jobs::submission_id.eq(Some(submission.sql())))
        .order((attempts::started_at.asc(), attempts::number.asc()))
        .select(Attempt::as_select())
        .load(c))?)
}

/// A page of every attempt with the submission it was for, for exports.
pub fn attempts_page(
    conn: &mut Conn<'_>,
    after: Option<(JobId, i32)>,
    limit: i64,
) -> Result<Vec<(Attempt, Option<SubmissionId>)>, StoreError> {
    Ok(on!(conn, c => {
        let mut query = attempts::table
            .inner_join(jobs::table)
            .select((Attempt::as_select(), jobs::submission_id))
            .into_boxed();
        if let Some((job, number)) = after {
            query = query.filter(attempts::job_id.gt(job.sql())
                .or(attempts::job_id.eq(job.sql()).and(attempts::number.gt(number))));
        }
        query.order((attempts::job_id.asc(), attempts::number.asc())).limit(limit).load(c)
    })?)
}

/// How full the queue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueueDepth {
    /// Jobs that wait.
    pub waiting: i64,
    /// Jobs in workers' hands.
    pub leased: i64,
    /// Jobs that were given up.
    pub dead: i64,
    /// When the job that has waited longest was made.
    pub oldest_waiting: Option<Timestamp>,
    /// When the job that is in a worker's hands longest was taken.
    pub oldest_lease: Option<Timestamp>,
}

/// How full the queue of the server's own workers is now.
pub fn depth(conn: &mut Conn<'_>) -> Result<QueueDepth, StoreError> {
    let count = |conn: &mut Conn<'_>, state: &str| -> Result<i64, StoreError> {
        Ok(on!(conn, c => jobs::table
            .filter(jobs::state.eq(state))
            .filter(jobs::remote_challenge_id.is_null())
            .count()
            .get_result(c))?)
    };
    let oldest_waiting = on!(conn, c => jobs::table
        .filter(jobs::state.eq("waiting"))
        .filter(jobs::remote_challenge_id.is_null())
        .order(jobs::run_after.asc())
        .select(jobs::created_at)
        .first(c)
        .optional())?;
    let oldest_lease = on!(conn, c => attempts::table
        .inner_join(jobs::table)
        .filter(jobs::state.eq("leased"))
        .filter(jobs::remote_challenge_id.is_null())
        .filter(attempts::finished_at.is_null())
        .order(attempts::started_at.asc())
        .select(attempts::started_at)
        .first(c)
        .optional())?;
    Ok(QueueDepth {
        waiting: count(conn, "waiting")?,
        leased: count(conn, "leased")?,
        dead: count(conn, "dead")?,
        oldest_waiting,
        oldest_lease,
    })
}
