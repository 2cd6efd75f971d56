//! Results of phases: asked for, worked out, fixed.

use diesel::prelude::*;
use domain::{Digest, PhaseId, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::results;
use crate::types::Column;

/// A version of a phase's result.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = results)]
pub struct PhaseResult {
    /// The phase.
    pub phase_id: PhaseId,
    /// Counts from 1.
    pub version: i32,
    /// Who asked for it.
    pub requested_by: UserId,
    /// When.
    pub requested_at: Timestamp,
    /// Why there is another version than the first.
    pub reason: String,
    /// Whether the secret of the phase's splits is published with it.
    pub retires_splits: bool,
    /// The record as canonical JSON, once it is worked out.
    pub record: Option<String>,
    /// Its SHA-256.
    pub digest: Option<Digest>,
    /// The server's signature over it.
    pub signature: Option<String>,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// Why it could not be worked out.
    pub failure: Option<String>,
}

/// What makes a result final.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The record as canonical JSON.
    pub record: String,
    /// Its SHA-256.
    pub digest: Digest,
    /// The signature over it.
    pub signature: String,
    /// When.
    pub at: Timestamp,
}

/// Asks for a result; the database refuses a second while one is worked out.
pub fn request(
    conn: &mut Conn<'_>,
    phase: PhaseId,
    version: i32,
    by: UserId,
    reason: &str,
    retires_splits: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(results::table)
        .values((
            results::phase_id.eq(phase.sql()),
            results::version.eq(version),
            results::requested_by.eq(by.sql()),
            results::requested_at.eq(now.sql()),
            results::reason.eq(reason),
            results::retires_splits.eq(retires_splits),
        ))
        .execute(c))?;
    Ok(())
}

/// The versions of a phase's result, newest first.
pub fn of_phase(conn: &mut Conn<'_>, phase: PhaseId) -> Result<Vec<PhaseResult>, StoreError> {
    Ok(on!(conn, c => results::table
        .filter(results::phase_id.eq(phase.sql()))
        .order(results::version.desc())
        .select(PhaseResult::as_select())
        .load(c))?)
}

/// The result that has waited longest to be worked out.
pub fn next_waiting(conn: &mut Conn<'_>) -> Result<Option<PhaseResult>, StoreError> {
    Ok(on!(conn, c => results::table
        .filter(results::record.is_null().and(results::failure.is_null()))
        .order((results::requested_at.asc(), results::phase_id.asc()))
        .select(PhaseResult::as_select())
        .first(c)
        .optional())?)
}

/// Fixes a result; `false` when that was done already.
pub fn publish(
    conn: &mut Conn<'_>,
    phase: PhaseId,
    version: i32,
    published: &Published,
) -> Result<bool, StoreError> {
    let changed = on!(conn, c => diesel::update(results::table.find((phase.sql(), version)))
        .filter(results::record.is_null().and(results::failure.is_null()))
        .set((
            results::record.eq(Some(&published.record)),
            results::digest.eq(Some(published.digest.sql())),
            results::signature.eq(Some(&published.signature)),
            results::published_at.eq(Some(published.at.sql())),
        ))
        .execute(c))?;
    Ok(changed == 1)
}

/// Notes why a result could not be worked out.
pub fn fail(conn: &mut Conn<'_>, phase: PhaseId, version: i32, failure: &str) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(results::table.find((phase.sql(), version)))
        .filter(results::record.is_null())
        .set(results::failure.eq(Some(failure)))
        .execute(c))?;
    Ok(())
}

/// Every published result, for checks of the whole store.
pub fn every_published(conn: &mut Conn<'_>) -> Result<Vec<PhaseResult>, StoreError> {
    Ok(on!(conn, c => results::table
        .filter(results::record.is_not_null())
        .order((results::phase_id.asc(), results::version.asc()))
        .select(PhaseResult::as_select())
        .load(c))?)
}
