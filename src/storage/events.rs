//! The event log: appended in the transaction of the change that it tells of.

use diesel::prelude::*;
use domain::event::{Event, EventKind, GENESIS, NewEvent};
use domain::{ChallengeId, Digest, Timestamp};

use crate::db::{Conn, on};
use crate::schema::events;
use crate::types::Column;
use crate::{Cause, StoreError};

/// Any number other than that of the migrations' lock.
const CHAIN_LOCK: i64 = 0x6865_6c64_6576_0001;

#[derive(Queryable, Selectable)]
#[diesel(table_name = events)]
struct EventRow {
    seq: i64,
    at: Timestamp,
    actor: String,
    kind: String,
    subject: String,
    challenge_id: Option<ChallengeId>,
    payload: String,
    previous: Digest,
    hash: Digest,
}

/// Puts an event at the end of the chain.
///
/// On PostgreSQL the end of the chain is locked until the transaction ends,
/// so append last, after every row that others may be waiting for.
pub fn append(conn: &mut Conn<'_>, event: NewEvent) -> Result<(), StoreError> {
    if let Conn::Pg(c) = conn {
        diesel::sql_query(format!("SELECT pg_advisory_xact_lock({CHAIN_LOCK})")).execute(&mut **c)?;
    }
    let newest_first = events::table.select((events::seq, events::hash)).order(events::seq.desc());
    let last: Option<(i64, Digest)> = match conn {
        Conn::Pg(c) => newest_first.first(&mut **c).optional()?,
        // Rows are read one by one, so the first costs what a limit would, without binding one.
        Conn::Sqlite(c) => newest_first.get_result(&mut **c).optional()?,
    };
    let (seq, previous) = last.unwrap_or((0, GENESIS));
    let event = event.chained(seq + 1, previous);
    let payload = domain::event::canonical_json(&event.event.payload.clone().into());
    on!(conn, c => diesel::insert_into(events::table)
        .values((
            events::seq.eq(event.seq),
            events::at.eq(event.event.at.sql()),
            events::actor.eq(&event.event.actor),
            events::kind.eq(event.event.kind.as_str()),
            events::subject.eq(&event.event.subject),
            events::challenge_id.eq(event.event.challenge.map(Column::sql)),
            events::payload.eq(&payload),
            events::previous.eq(event.previous.sql()),
            events::hash.eq(event.hash.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// Up to `limit` events behind place `after`, of one challenge or of all.
pub fn page(
    conn: &mut Conn<'_>,
    challenge: Option<ChallengeId>,
    after: i64,
    limit: i64,
) -> Result<Vec<Event>, StoreError> {
    let rows: Vec<EventRow> = on!(conn, c => {
        let mut query = events::table.select(EventRow::as_select()).filter(events::seq.gt(after)).into_boxed();
        if let Some(challenge) = challenge {
            query = query.filter(events::challenge_id.eq(challenge.sql()));
        }
        query.order(events::seq.asc()).limit(limit).load(c)
    })?;
    rows.into_iter().map(EventRow::into_event).collect()
}

/// The newest events of a challenge of these kinds, since a moment and before a place; newest first.
pub fn of_kinds(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    kinds: &[EventKind],
    (since, before): (Timestamp, i64),
    limit: i64,
) -> Result<Vec<Event>, StoreError> {
    let rows: Vec<EventRow> = on!(conn, c => events::table
        .filter(events::challenge_id.eq(challenge.sql()))
        .filter(events::kind.eq_any(kinds.iter().map(|kind| kind.as_str())))
        .filter(events::at.ge(since.sql()))
        .filter(events::seq.lt(before))
        .order(events::seq.desc())
        .select(EventRow::as_select())
        .limit(limit)
        .load(c))?;
    rows.into_iter().map(EventRow::into_event).collect()
}

/// The place of the newest event; 0 where there is none.
pub fn newest(conn: &mut Conn<'_>) -> Result<i64, StoreError> {
    let newest: Option<i64> =
        on!(conn, c => events::table.select(diesel::dsl::max(events::seq)).get_result(c))?;
    Ok(newest.unwrap_or(0))
}

/// Walks the whole chain; the number of events, or the place of the first that does not follow.
pub fn verify(conn: &mut Conn<'_>) -> Result<Result<i64, i64>, StoreError> {
    const STRIDE: i64 = 1_000;
    let (mut seq, mut hash) = (0, GENESIS);
    loop {
        let events = page(conn, None, seq, STRIDE)?;
        if events.is_empty() {
            return Ok(Ok(seq));
        }
        for event in events {
            if !event.follows(seq, hash) {
                return Ok(Err(event.seq));
            }
            (seq, hash) = (event.seq, event.hash);
        }
    }
}

impl EventRow {
    fn into_event(self) -> Result<Event, StoreError> {
        let unreadable = |what: &str| -> StoreError {
            let reason = format!("event {} has {what}", self.seq);
            StoreError::Other(Cause::from(Box::<dyn std::error::Error + Send + Sync>::from(reason)))
        };
        let kind = EventKind::parse(&self.kind).ok_or_else(|| unreadable("an unknown kind"))?;
        let payload = serde_json::from_str(&self.payload).map_err(|_| unreadable("an unreadable payload"))?;
        Ok(Event {
            seq: self.seq,
            event: NewEvent {
                at: self.at,
                actor: self.actor,
                kind,
                subject: self.subject,
                challenge: self.challenge_id,
                payload,
            },
            previous: self.previous,
            hash: self.hash,
        })
    }
}
