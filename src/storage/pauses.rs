//! Pauses: a challenge or a phase takes no submissions for a while, and why.

use diesel::prelude::*;
use domain::{ChallengeId, PauseId, PhaseId, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::pauses;
use crate::types::Column;

/// A pause as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = pauses)]
pub struct Pause {
    /// Its id; later ones are larger.
    pub id: PauseId,
    /// The challenge.
    pub challenge_id: ChallengeId,
    /// The phase; absent for all of them.
    pub phase_id: Option<PhaseId>,
    /// Why, for everybody to read.
    pub reason: String,
    /// Who paused it.
    pub paused_by: UserId,
    /// When.
    pub paused_at: Timestamp,
    /// When it ended; absent while it lasts.
    pub ended_at: Option<Timestamp>,
}

/// Writes a pause that begins; a second one that lasts hits `pauses_challenge_id_key` or `pauses_phase_id_key`.
pub fn insert(conn: &mut Conn<'_>, new: &Pause) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(pauses::table)
        .values((
            pauses::id.eq(new.id.sql()),
            pauses::challenge_id.eq(new.challenge_id.sql()),
            pauses::phase_id.eq(new.phase_id.map(Column::sql)),
            pauses::reason.eq(&new.reason),
            pauses::paused_by.eq(new.paused_by.sql()),
            pauses::paused_at.eq(new.paused_at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// The pause that keeps a phase from taking submissions now.
pub fn in_force(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    phase: PhaseId,
) -> Result<Option<Pause>, StoreError> {
    Ok(on!(conn, c => pauses::table
        .filter(pauses::challenge_id.eq(challenge.sql()))
        .filter(pauses::ended_at.is_null())
        .filter(pauses::phase_id.is_null().or(pauses::phase_id.eq(Some(phase.sql())).assume_not_null()))
        .order(pauses::id.asc())
        .select(Pause::as_select())
        .limit(1)
        .get_result(c)
        .optional())?)
}

/// The pauses of a challenge, newest first; those before one of them.
pub fn list(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    before: Option<PauseId>,
    limit: i64,
) -> Result<Vec<Pause>, StoreError> {
    Ok(on!(conn, c => {
        let mut query = pauses::table
            .filter(pauses::challenge_id.eq(challenge.sql()))
            .select(Pause::as_select())
            .into_boxed();
        if let Some(before) = before {
            query = query.filter(pauses::id.lt(before.sql()));
        }
        query.order(pauses::id.desc()).limit(limit).load(c)
    })?)
}

/// Ends a pause of a challenge that lasts; the phase it was of, if there was one to end.
pub fn end(
    conn: &mut Conn<'_>,
    (challenge, id): (ChallengeId, PauseId),
    (by, now): (UserId, Timestamp),
) -> Result<bool, StoreError> {
    let ended = on!(conn, c => diesel::update(pauses::table
            .find(id.sql())
            .filter(pauses::challenge_id.eq(challenge.sql()))
            .filter(pauses::ended_at.is_null()))
        .set((pauses::ended_by.eq(Some(by.sql())), pauses::ended_at.eq(Some(now.sql()))))
        .execute(c))?;
    Ok(ended == 1)
}
