//! What measures say of what stood on a leaderboard: written once, and never changed.

use diesel::prelude::*;
use domain::{Digest, PhaseId, Timestamp};
use serde_json::Value;

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{framing_measures, kept_standings};
use crate::types::{Column, Json};

/// What stood, under its digest.
#[derive(Debug, Clone)]
pub struct KeptStanding {
    /// The digest of the contents.
    pub digest: Digest,
    /// The phase.
    pub phase: PhaseId,
    /// Annotations, framing, metric, split and the evidence of every entry.
    pub contents: Value,
}

/// A measure with the version of its formula, and the digest of the parameters that it was asked with.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The id of the measure.
    pub measure: &'a str,
    /// The version of its formula.
    pub version: i32,
    /// The digest of the parameters.
    pub parameters: Digest,
}

/// What was computed before: the readings of a measure as JSON.
pub fn find(conn: &mut Conn<'_>, standing: Digest, asked: Asked<'_>) -> Result<Option<String>, StoreError> {
    let key = (standing.to_string(), asked.measure, asked.version, asked.parameters.to_string());
    Ok(on!(conn, c => framing_measures::table
        .find(key)
        .select(framing_measures::readings)
        .get_result(c)
        .optional())?)
}

/// Keeps what stood; the same standing is kept once.
pub fn keep_standing(conn: &mut Conn<'_>, new: &KeptStanding, now: Timestamp) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(kept_standings::table)
        .values((
            kept_standings::digest.eq(new.digest.to_string()),
            kept_standings::phase_id.eq(new.phase.sql()),
            kept_standings::contents.eq(Json(new.contents.clone())),
            kept_standings::kept_at.eq(now.sql()),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// Keeps what was computed of a standing that is kept; whoever computes it a second time gets the same.
pub fn keep(
    conn: &mut Conn<'_>,
    standing: Digest,
    asked: Asked<'_>,
    parameters: &Value,
    readings: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(framing_measures::table)
        .values((
            framing_measures::standing_digest.eq(standing.to_string()),
            framing_measures::measure.eq(asked.measure),
            framing_measures::version.eq(asked.version),
            framing_measures::parameters_digest.eq(asked.parameters.to_string()),
            framing_measures::parameters.eq(Json(parameters.clone())),
            framing_measures::readings.eq(readings),
            framing_measures::computed_at.eq(now.sql()),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}
