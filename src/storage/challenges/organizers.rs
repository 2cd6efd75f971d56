//! Who runs a challenge.

use diesel::prelude::*;
use domain::{ChallengeId, ChallengeRole, EmailAddress, PersonName, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{organizers, users};
use crate::types::Column;

/// A person who runs a challenge.
#[derive(Debug, Clone, Queryable)]
pub struct Organizer {
    /// Who.
    pub user: UserId,
    /// Their name.
    pub name: PersonName,
    /// Their address, for the other organizers.
    pub email: EmailAddress,
    /// What they may do.
    pub role: ChallengeRole,
    /// Since when.
    pub added_at: Timestamp,
}

/// A person's role in a challenge.
pub fn role_of(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    user: UserId,
) -> Result<Option<ChallengeRole>, StoreError> {
    Ok(on!(conn, c => organizers::table
        .find((challenge.sql(), user.sql()))
        .select(organizers::role)
        .get_result(c)
        .optional())?)
}

/// Everybody who runs a challenge, in the order of joining.
pub fn list(conn: &mut Conn<'_>, challenge: ChallengeId) -> Result<Vec<Organizer>, StoreError> {
    Ok(on!(conn, c => organizers::table
        .inner_join(users::table)
        .filter(organizers::challenge_id.eq(challenge.sql()))
        .order((organizers::added_at.asc(), organizers::user_id.asc()))
        .select((users::id, users::name, users::email, organizers::role, organizers::added_at))
        .load(c))?)
}

/// How many owners a challenge has.
pub fn owners(conn: &mut Conn<'_>, challenge: ChallengeId) -> Result<i64, StoreError> {
    Ok(on!(conn, c => organizers::table
        .filter(organizers::challenge_id.eq(challenge.sql()))
        .filter(organizers::role.eq(ChallengeRole::Owner.sql()))
        .count()
        .get_result(c))?)
}

/// Gives a person a role, in place of the one they may have.
pub fn set(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    user: UserId,
    role: ChallengeRole,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(organizers::table)
        .values((
            organizers::challenge_id.eq(challenge.sql()),
            organizers::user_id.eq(user.sql()),
            organizers::role.eq(role.sql()),
            organizers::added_at.eq(now.sql()),
        ))
        .on_conflict((organizers::challenge_id, organizers::user_id))
        .do_update()
        .set(organizers::role.eq(role.sql()))
        .execute(c))?;
    Ok(())
}

/// Takes a person's role away.
pub fn remove(conn: &mut Conn<'_>, challenge: ChallengeId, user: UserId) -> Result<(), StoreError> {
    on!(conn, c => diesel::delete(organizers::table.find((challenge.sql(), user.sql()))).execute(c))?;
    Ok(())
}

/// The account that can be made an organizer: of this id, or with this address proven; disabled ones are not.
pub fn candidate(
    conn: &mut Conn<'_>,
    user: Option<UserId>,
    email: Option<&EmailAddress>,
) -> Result<Option<UserId>, StoreError> {
    if let Some(user) = user {
        return Ok(on!(conn, c => users::table
            .find(user.sql())
            .filter(users::disabled_at.is_null())
            .select(users::id)
            .get_result(c)
            .optional())?);
    }
    let Some(email) = email else { return Ok(None) };
    Ok(on!(conn, c => users::table
        .filter(users::email_key.eq(email.key()))
        .filter(users::email_verified_at.is_not_null())
        .filter(users::disabled_at.is_null())
        .select(users::id)
        .get_result(c)
        .optional())?)
}
