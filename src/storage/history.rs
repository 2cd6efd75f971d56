//! What happened where the server could not see it; written once.

use diesel::prelude::*;
use domain::{ChallengeId, HistoryEntryId, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::history_entries;
use crate::types::Column;

/// An entry as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = history_entries)]
pub struct HistoryEntry {
    /// Its id; what was recorded later has a larger one.
    pub id: HistoryEntryId,
    /// The challenge.
    pub challenge_id: ChallengeId,
    /// What happened (`event.type`).
    pub event_type: String,
    /// The day, as `YYYY-MM-DD`: the first of what is known no better than by its month or year.
    pub happened_on: String,
    /// `day`, `month` or `year`.
    pub exact_to: String,
    /// What happened, in words; may be empty.
    pub words: String,
    /// Where that is known from.
    pub source: String,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Timestamp,
}

/// Writes an entry.
pub fn insert(conn: &mut Conn<'_>, new: &HistoryEntry) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(history_entries::table)
        .values((
            history_entries::id.eq(new.id.sql()),
            history_entries::challenge_id.eq(new.challenge_id.sql()),
            history_entries::event_type.eq(&new.event_type),
            history_entries::happened_on.eq(&new.happened_on),
            history_entries::exact_to.eq(&new.exact_to),
            history_entries::words.eq(&new.words),
            history_entries::source.eq(&new.source),
            history_entries::recorded_by.eq(new.recorded_by.sql()),
            history_entries::recorded_at.eq(new.recorded_at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// The entries of a challenge, oldest record first; those behind one of them.
pub fn list(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    after: Option<HistoryEntryId>,
    limit: i64,
) -> Result<Vec<HistoryEntry>, StoreError> {
    Ok(on!(conn, c => {
        let mut query = history_entries::table
            .filter(history_entries::challenge_id.eq(challenge.sql()))
            .into_boxed();
        if let Some(after) = after {
            query = query.filter(history_entries::id.gt(after.sql()));
        }
        query.order(history_entries::id.asc()).limit(limit).select(HistoryEntry::as_select()).load(c)
    })?)
}
