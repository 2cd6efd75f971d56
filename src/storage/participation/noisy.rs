//! Counts that were published with noise, within the budget of a year.

use diesel::dsl::sum;
use diesel::prelude::*;
use domain::{ChallengeId, NoisyTableId, SnapshotId, Timestamp, UserId};
use serde_json::Value;

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::noisy_tables;
use crate::types::{Column, Json};

/// The constraint that two at one moment are not both the next one.
pub const NUMBERED: &str = "noisy_tables_challenge_id_code_year_release_number_key";

/// A table with noise.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = noisy_tables)]
pub struct NoisyTable {
    /// Its id.
    pub id: NoisyTableId,
    /// The snapshot whose people it counts.
    pub snapshot_id: SnapshotId,
    /// The challenge whose budget it takes from.
    pub challenge_id: ChallengeId,
    /// Which table.
    pub code: String,
    /// The year of the budget.
    pub year: i32,
    /// Its place in that year, from 1.
    pub release_number: i32,
    /// What it took, in thousandths of epsilon.
    pub epsilon_milli: i32,
    /// The counts, as JSON.
    pub contents: Json<Value>,
    /// Who published it.
    pub made_by: UserId,
    /// When.
    pub made_at: Timestamp,
}

/// Keeps a table for good; what the budget of its year has no room for is refused by the database.
pub fn insert(conn: &mut Conn<'_>, new: &NoisyTable) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(noisy_tables::table)
        .values((
            noisy_tables::id.eq(new.id.sql()),
            noisy_tables::snapshot_id.eq(new.snapshot_id.sql()),
            noisy_tables::challenge_id.eq(new.challenge_id.sql()),
            noisy_tables::code.eq(&new.code),
            noisy_tables::year.eq(new.year),
            noisy_tables::release_number.eq(new.release_number),
            noisy_tables::epsilon_milli.eq(new.epsilon_milli),
            noisy_tables::contents.eq(new.contents.clone()),
            noisy_tables::made_by.eq(new.made_by.sql()),
            noisy_tables::made_at.eq(new.made_at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// The table of this id.
pub fn find(conn: &mut Conn<'_>, id: NoisyTableId) -> Result<Option<NoisyTable>, StoreError> {
    Ok(on!(conn, c => noisy_tables::table
        .find(id.sql())
        .select(NoisyTable::as_select())
        .get_result(c)
        .optional())?)
}

/// How many tables of a kind a challenge has published in a year, and what they took of the budget together.
pub fn spent(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    code: &str,
    year: i32,
) -> Result<(i64, i64), StoreError> {
    let (count, spent): (i64, Option<i64>) = on!(conn, c => noisy_tables::table
        .filter(noisy_tables::challenge_id.eq(challenge.sql()))
        .filter(noisy_tables::code.eq(code))
        .filter(noisy_tables::year.eq(year))
        .select((diesel::dsl::count_star(), sum(noisy_tables::epsilon_milli)))
        .get_result(c))?;
    Ok((count, spent.unwrap_or(0)))
}

/// The tables of a challenge, newest first.
pub fn of_challenge(conn: &mut Conn<'_>, challenge: ChallengeId) -> Result<Vec<NoisyTable>, StoreError> {
    Ok(on!(conn, c => noisy_tables::table
        .filter(noisy_tables::challenge_id.eq(challenge.sql()))
        .order(noisy_tables::id.desc())
        .limit(200)
        .select(NoisyTable::as_select())
        .load(c))?)
}
