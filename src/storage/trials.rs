//! What is tried of a program before anybody submits: its environment is built, and what its organizers would submit
//! themselves is run.
//!
//! It is a queue of its own, because building takes minutes that no submission should wait for, and because what is
//! tried belongs to a version of the annotations and to no team.

use diesel::prelude::*;
use domain::{AnnotationsId, Digest, LeaseToken, Timestamp};
use serde_json::Value;

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{jobs, trials};
use crate::types::{Column, Json, Sql};

/// The place of the trial that builds the environment; what organizers submit has places from 1.
pub const ENVIRONMENT: i32 = 0;

/// How often a trial is tried.
const MOST_ATTEMPTS: i32 = 3;

/// A trial as it is stored.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = trials)]
pub struct Trial {
    /// The version of the annotations that the program belongs to.
    pub annotations_id: AnnotationsId,
    /// [`ENVIRONMENT`], or which of the solutions, from 1.
    pub place: i32,
    /// What it is called.
    pub name: String,
    /// What is submitted, in the store of annotations; absent for the environment.
    pub solution: Option<Digest>,
    /// Which tasks of the phase it is for, by their places; empty for all.
    pub tasks: Json<Vec<usize>>,
    /// `waiting`, `running`, `done` or `failed`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i32,
    /// How often it is tried at most.
    pub max_attempts: i32,
    /// What came of it: the packages with their versions, or the scores.
    pub result: Option<Json<Value>>,
    /// Why the last attempt failed, as a code.
    pub failure: Option<String>,
    /// The same in the words of who failed, for organizers only.
    pub detail: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When the last attempt began.
    pub started_at: Option<Timestamp>,
    /// When it ended for good.
    pub finished_at: Option<Timestamp>,
}

impl Trial {
    /// Whether a worker has still to do something about it.
    pub fn is_live(&self) -> bool {
        matches!(self.state.as_str(), "waiting" | "running")
    }
}

/// What organizers submit themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSolution {
    /// What it is called.
    pub name: String,
    /// An archive in the store of annotations.
    pub archive: Digest,
    /// Which tasks of the phase it is for, by their places; empty for all.
    pub tasks: Vec<usize>,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq)]
pub enum TrialEnd {
    /// With this.
    Done(Value),
    /// With nothing; it is tried again, unless that is in vain or was done too often.
    Failed {
        /// The code.
        failure: &'static str,
        /// The words, for organizers only.
        detail: String,
        /// Whether trying again is in vain.
        is_final: bool,
    },
    /// Its worker was told to stop; the attempt does not count.
    Returned,
}

/// A trial in a worker's hands.
#[derive(Debug, Clone, PartialEq)]
pub struct LeasedTrial {
    /// What is tried.
    pub trial: Trial,
    /// What proves that the lease is held.
    pub token: LeaseToken,
}

/// Asks for the environment of a version's program.
pub fn ask_for_environment(
    conn: &mut Conn<'_>,
    version: AnnotationsId,
    now: Timestamp,
) -> Result<(), StoreError> {
    insert(conn, version, ENVIRONMENT, None, now)
}

/// Asks for the organizers' own submissions to be run, in place of those that were asked for before.
pub fn replace_solutions(
    conn: &mut Conn<'_>,
    version: AnnotationsId,
    solutions: &[NewSolution],
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::delete(trials::table
            .filter(trials::annotations_id.eq(version.sql()))
            .filter(trials::place.gt(ENVIRONMENT)))
        .execute(c))?;
    for (solution, place) in solutions.iter().zip(ENVIRONMENT + 1..) {
        insert(conn, version, place, Some(solution), now)?;
    }
    Ok(())
}

fn insert(
    conn: &mut Conn<'_>,
    version: AnnotationsId,
    place: i32,
    solution: Option<&NewSolution>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let tasks = solution.map(|solution| solution.tasks.clone()).unwrap_or_default();
    on!(conn, c => diesel::insert_into(trials::table)
        .values((
            trials::annotations_id.eq(version.sql()),
            trials::place.eq(place),
            trials::name.eq(solution.map_or("environment", |solution| solution.name.as_str())),
            trials::solution.eq(solution.map(|solution| solution.archive.sql())),
            trials::tasks.eq(Json(tasks.clone())),
            trials::state.eq("waiting"),
            trials::max_attempts.eq(MOST_ATTEMPTS),
            trials::run_after.eq(now.sql()),
            trials::created_at.eq(now.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// What is tried of a version's program, the environment first.
pub fn of_annotations(conn: &mut Conn<'_>, version: AnnotationsId) -> Result<Vec<Trial>, StoreError> {
    Ok(on!(conn, c => trials::table
        .filter(trials::annotations_id.eq(version.sql()))
        .order(trials::place.asc())
        .select(Trial::as_select())
        .load(c))?)
}

/// The environment of a version's program, if it was asked for.
pub fn environment_of(conn: &mut Conn<'_>, version: AnnotationsId) -> Result<Option<Trial>, StoreError> {
    Ok(on!(conn, c => trials::table
        .find((version.sql(), ENVIRONMENT))
        .select(Trial::as_select())
        .get_result(c)
        .optional())?)
}

/// Asks again for everything of a version that failed; how many there were.
pub fn again(conn: &mut Conn<'_>, version: AnnotationsId, now: Timestamp) -> Result<usize, StoreError> {
    Ok(on!(conn, c => diesel::update(trials::table
            .filter(trials::annotations_id.eq(version.sql()))
            .filter(trials::state.eq("failed")))
        .set((
            trials::state.eq("waiting"),
            trials::attempts.eq(0),
            trials::run_after.eq(now.sql()),
            trials::finished_at.eq(None::<Sql<Timestamp>>),
        ))
        .execute(c))?)
}

/// Whether a trial waits, or was left by its worker.
pub fn has_work(conn: &mut Conn<'_>, now: Timestamp) -> Result<bool, StoreError> {
    let found: Option<i32> = on!(conn, c => trials::table
        .filter(trials::state.eq("waiting").and(trials::run_after.le(now.sql()))
            .or(trials::state.eq("running").and(trials::lease_expires_at.lt(Some(now.sql())))))
        .select(trials::place)
        .first(c)
        .optional())?;
    Ok(found.is_some())
}

/// Leases the next trial; an environment goes before what runs in it.
///
/// A trial whose worker was not heard of again waits again, or is given up after its last attempt.
pub fn lease_next(
    conn: &mut Conn<'_>,
    worker: &str,
    token: LeaseToken,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<Option<LeasedTrial>, StoreError> {
    take_back_expired(conn, now)?;
    let next = trials::table
        .filter(trials::state.eq("waiting"))
        .filter(trials::run_after.le(now.sql()))
        .order((trials::run_after.asc(), trials::annotations_id.asc(), trials::place.asc()))
        .limit(1);
    let found: Option<Trial> = match conn {
        Conn::Pg(c) => {
            next.select(Trial::as_select()).for_update().skip_locked().first(&mut **c).optional()?
        }
        Conn::Sqlite(c) => next.select(Trial::as_select()).first(&mut **c).optional()?,
    };
    let Some(mut trial) = found else { return Ok(None) };
    trial.attempts += 1;
    on!(conn, c => diesel::update(trials::table.find((trial.annotations_id.sql(), trial.place)))
        .set((
            trials::state.eq("running"),
            trials::attempts.eq(trial.attempts),
            trials::lease_token.eq(Some(token.sql())),
            trials::lease_expires_at.eq(Some(expires_at.sql())),
            trials::worker.eq(Some(worker)),
            trials::started_at.eq(Some(now.sql())),
        ))
        .execute(c))?;
    Ok(Some(LeasedTrial { trial, token }))
}

fn take_back_expired(conn: &mut Conn<'_>, now: Timestamp) -> Result<(), StoreError> {
    let expired = trials::table
        .filter(trials::state.eq("running"))
        .filter(trials::lease_expires_at.lt(Some(now.sql())));
    let rows: Vec<(Trial, Option<LeaseToken>)> = match conn {
        Conn::Pg(c) => {
            let locked = expired.select((Trial::as_select(), trials::lease_token)).for_update();
            locked.skip_locked().load(&mut **c)?
        }
        Conn::Sqlite(c) => expired.select((Trial::as_select(), trials::lease_token)).load(&mut **c)?,
    };
    for (trial, token) in rows {
        let Some(token) = token else { continue };
        let end = TrialEnd::Failed {
            failure: "worker_lost",
            detail: "its worker was not heard of again".to_owned(),
            is_final: false,
        };
        finish(conn, &LeasedTrial { trial, token }, &end, now, now)?;
    }
    Ok(())
}

/// Holds on to a lease; `false` when it is held no longer.
pub fn heartbeat(conn: &mut Conn<'_>, token: LeaseToken, expires_at: Timestamp) -> Result<bool, StoreError> {
    let held = on!(conn, c => diesel::update(trials::table.filter(trials::lease_token.eq(Some(token.sql()))))
        .set(trials::lease_expires_at.eq(Some(expires_at.sql())))
        .execute(c))?;
    Ok(held == 1)
}

/// Ends a leased trial; whether the lease was still held. If it was not, nothing has changed.
///
/// `again_at` is when it is tried again, if it is.
pub fn finish(
    conn: &mut Conn<'_>,
    leased: &LeasedTrial,
    end: &TrialEnd,
    again_at: Timestamp,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let trial = &leased.trial;
    let (state, result, said) = match end {
        TrialEnd::Done(result) => ("done", Some(Json(result.clone())), None),
        TrialEnd::Failed { failure, detail, is_final } => {
            let is_over = *is_final || trial.attempts >= trial.max_attempts;
            (if is_over { "failed" } else { "waiting" }, None, Some((*failure, detail.as_str())))
        }
        TrialEnd::Returned => ("waiting", None, None),
    };
    let returned = i32::from(*end == TrialEnd::Returned);
    let held = on!(conn, c => diesel::update(trials::table
            .find((trial.annotations_id.sql(), trial.place))
            .filter(trials::lease_token.eq(Some(leased.token.sql()))))
        .set((
            trials::state.eq(state),
            trials::attempts.eq(trial.attempts - returned),
            trials::run_after.eq(again_at.sql()),
            trials::result.eq(result.as_ref()),
            trials::failure.eq(said.map(|(failure, _)| failure)),
            trials::detail.eq(said.map(|(_, detail)| detail)),
            trials::finished_at.eq((state != "waiting").then_some(now.sql())),
            trials::lease_token.eq(None::<Sql<LeaseToken>>),
            trials::lease_expires_at.eq(None::<Sql<Timestamp>>),
        ))
        .execute(c))?;
    Ok(held == 1)
}

/// Lets the evaluations that were put off until an environment is there begin at once.
pub fn hasten_evaluations(
    conn: &mut Conn<'_>,
    version: AnnotationsId,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(jobs::table
            .filter(jobs::annotations_id.eq(Some(version.sql())))
            .filter(jobs::state.eq("waiting"))
            .filter(jobs::run_after.gt(now.sql())))
        .set(jobs::run_after.eq(now.sql()))
        .execute(c))?;
    Ok(())
}
