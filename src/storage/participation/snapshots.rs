//! Snapshots of who takes part, what was computed on them, and the tables that were published of them.

use diesel::prelude::*;
use domain::{ChallengeId, Digest, SnapshotId, Timestamp, UserId};
use serde_json::Value;

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{measure_values, participation_snapshots, published_tables};
use crate::types::{Column, Json};

/// A snapshot without its records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Its id.
    pub id: SnapshotId,
    /// The challenge that it was made of.
    pub challenge: ChallengeId,
    /// Whether it is of all editions of the challenge's series.
    pub whole_series: bool,
    /// The moment that it speaks of.
    pub as_of: Timestamp,
    /// The last event before that moment.
    pub event_seq: i64,
    /// The hash of that event: whoever has it can tell that the log before it is the same.
    pub event_hash: Digest,
    /// The digest of the records.
    pub digest: Digest,
    /// What pseudonyms in it are made with.
    pub secret: Vec<u8>,
    /// Who made it.
    pub made_by: UserId,
    /// When.
    pub made_at: Timestamp,
}

type Row = (SnapshotId, ChallengeId, bool, Timestamp, i64, String, String, Vec<u8>, UserId, Timestamp);

macro_rules! columns {
    () => {
        (
            participation_snapshots::id,
            participation_snapshots::challenge_id,
            participation_snapshots::whole_series,
            participation_snapshots::as_of,
            participation_snapshots::event_seq,
            participation_snapshots::event_hash,
            participation_snapshots::digest,
            participation_snapshots::secret,
            participation_snapshots::made_by,
            participation_snapshots::made_at,
        )
    };
}

/// Keeps a snapshot for good.
pub fn insert(conn: &mut Conn<'_>, new: &Snapshot, records: &str) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(participation_snapshots::table)
        .values((
            participation_snapshots::id.eq(new.id.sql()),
            participation_snapshots::challenge_id.eq(new.challenge.sql()),
            participation_snapshots::whole_series.eq(new.whole_series),
            participation_snapshots::as_of.eq(new.as_of.sql()),
            participation_snapshots::event_seq.eq(new.event_seq),
            participation_snapshots::event_hash.eq(new.event_hash.to_string()),
            participation_snapshots::records.eq(records),
            participation_snapshots::digest.eq(new.digest.to_string()),
            participation_snapshots::secret.eq(&new.secret),
            participation_snapshots::made_by.eq(new.made_by.sql()),
            participation_snapshots::made_at.eq(new.made_at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// The snapshot of this id.
pub fn find(conn: &mut Conn<'_>, id: SnapshotId) -> Result<Option<Snapshot>, StoreError> {
    let row: Option<Row> = on!(conn, c => participation_snapshots::table
        .find(id.sql())
        .select(columns!())
        .get_result(c)
        .optional())?;
    row.map(Snapshot::try_from).transpose()
}

/// The records of a snapshot, as they were written.
pub fn records(conn: &mut Conn<'_>, id: SnapshotId) -> Result<Option<String>, StoreError> {
    Ok(on!(conn, c => participation_snapshots::table
        .find(id.sql())
        .select(participation_snapshots::records)
        .get_result(c)
        .optional())?)
}

/// The snapshots of a challenge, newest first.
pub fn of_challenge(conn: &mut Conn<'_>, challenge: ChallengeId) -> Result<Vec<Snapshot>, StoreError> {
    let rows: Vec<Row> = on!(conn, c => participation_snapshots::table
        .filter(participation_snapshots::challenge_id.eq(challenge.sql()))
        .order(participation_snapshots::id.desc())
        .limit(200)
        .select(columns!())
        .load(c))?;
    rows.into_iter().map(Snapshot::try_from).collect()
}

/// What was computed before: the readings of a measure as JSON.
pub fn value(
    conn: &mut Conn<'_>,
    snapshot: SnapshotId,
    measure: &str,
    version: i32,
    parameters: Digest,
) -> Result<Option<String>, StoreError> {
    Ok(on!(conn, c => measure_values::table
        .find((snapshot.sql(), measure, version, parameters.to_string()))
        .select(measure_values::readings)
        .get_result(c)
        .optional())?)
}

/// Keeps what was computed; whoever computes it a second time gets the same.
pub fn keep_value(
    conn: &mut Conn<'_>,
    snapshot: SnapshotId,
    (measure, version): (&str, i32),
    (parameters, digest): (&Value, Digest),
    readings: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(measure_values::table)
        .values((
            measure_values::snapshot_id.eq(snapshot.sql()),
            measure_values::measure.eq(measure),
            measure_values::version.eq(version),
            measure_values::parameters_digest.eq(digest.to_string()),
            measure_values::parameters.eq(Json(parameters.clone())),
            measure_values::readings.eq(readings),
            measure_values::computed_at.eq(now.sql()),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// A table that was published, or is withheld and says why.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = published_tables)]
pub struct PublishedTable {
    /// The snapshot.
    pub snapshot_id: SnapshotId,
    /// Which table of the fixed list.
    pub code: String,
    /// The fewest people that a cell shows.
    pub k: i32,
    /// The table as JSON.
    pub contents: Option<String>,
    /// Why there is none.
    pub withheld: Option<String>,
    /// For the record: every hidden cell, why it is hidden and what a reader knows of it, and what was merged; JSON.
    pub hidden: String,
    /// When.
    pub published_at: Timestamp,
}

/// Keeps a table for good.
pub fn publish_table(conn: &mut Conn<'_>, new: &PublishedTable) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(published_tables::table)
        .values((
            published_tables::snapshot_id.eq(new.snapshot_id.sql()),
            published_tables::code.eq(&new.code),
            published_tables::k.eq(new.k),
            published_tables::contents.eq(new.contents.as_deref()),
            published_tables::withheld.eq(new.withheld.as_deref()),
            published_tables::hidden.eq(&new.hidden),
            published_tables::published_at.eq(new.published_at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// The tables of a snapshot, by code.
pub fn tables_of(conn: &mut Conn<'_>, snapshot: SnapshotId) -> Result<Vec<PublishedTable>, StoreError> {
    Ok(on!(conn, c => published_tables::table
        .filter(published_tables::snapshot_id.eq(snapshot.sql()))
        .order(published_tables::code.asc())
        .select(PublishedTable::as_select())
        .load(c))?)
}

/// The version of a table that was shown last of any of these challenges: what a reader may have kept and can subtract.
pub fn shown_before(
    conn: &mut Conn<'_>,
    challenges: &[ChallengeId],
    code: &str,
) -> Result<Option<String>, StoreError> {
    let found: Option<Option<String>> = on!(conn, c => published_tables::table
        .inner_join(participation_snapshots::table)
        .filter(participation_snapshots::challenge_id.eq_any(challenges.iter().map(Column::sql)))
        .filter(published_tables::code.eq(code))
        .filter(published_tables::contents.is_not_null())
        .order(published_tables::snapshot_id.desc())
        .limit(1)
        .select(published_tables::contents)
        .get_result(c)
        .optional())?;
    Ok(found.flatten())
}

impl TryFrom<Row> for Snapshot {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let (id, challenge, whole_series, as_of, event_seq, event_hash, digest, secret, made_by, made_at) =
            row;
        let digest_of = |text: &str| Digest::parse(text).map_err(StoreError::other);
        Ok(Self {
            id,
            challenge,
            whole_series,
            as_of,
            event_seq,
            event_hash: digest_of(&event_hash)?,
            digest: digest_of(&digest)?,
            secret,
            made_by,
            made_at,
        })
    }
}
