//! Offers to join a team, each to one e-mail address.

use diesel::prelude::*;
use domain::{ChallengeId, Digest, InvitationId, TeamId, TeamName, Timestamp, Title, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{challenges, invitations, teams, users};
use crate::types::Column;

/// An invitation as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = invitations)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// The team it leads to.
    pub team_id: TeamId,
    /// The address it was sent to, in lower case.
    pub email_key: String,
    /// Who invited.
    pub invited_by: UserId,
    /// When.
    pub created_at: Timestamp,
    /// Until when it can be answered.
    pub expires_at: Timestamp,
    /// When it was answered or taken back.
    pub answered_at: Option<Timestamp>,
}

/// How an invitation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The person joined.
    Accepted,
    /// The person does not want to.
    Declined,
    /// The captain took it back, or it ran out.
    Revoked,
}

impl Answer {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Revoked => "revoked",
        }
    }
}

/// Writes an invitation; a second open one to the same address hits `invitations_team_id_email_key_key`.
pub fn insert(conn: &mut Conn<'_>, new: &Invitation, token: Digest) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(invitations::table)
        .values((
            invitations::id.eq(new.id.sql()),
            invitations::team_id.eq(new.team_id.sql()),
            invitations::email_key.eq(&new.email_key),
            invitations::token_hash.eq(token.sql()),
            invitations::invited_by.eq(new.invited_by.sql()),
            invitations::created_at.eq(new.created_at.sql()),
            invitations::expires_at.eq(new.expires_at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// The invitation of this id.
pub fn find(conn: &mut Conn<'_>, id: InvitationId) -> Result<Option<Invitation>, StoreError> {
    Ok(on!(conn, c => invitations::table
        .find(id.sql())
        .select(Invitation::as_select())
        .get_result(c)
        .optional())?)
}

/// The invitation with this token.
pub fn find_by_token(conn: &mut Conn<'_>, token: Digest) -> Result<Option<Invitation>, StoreError> {
    Ok(on!(conn, c => invitations::table
        .filter(invitations::token_hash.eq(token.sql()))
        .select(Invitation::as_select())
        .get_result(c)
        .optional())?)
}

/// Ends an open invitation; whether it was open. Of two answers at one time the second finds it ended.
pub fn end(
    conn: &mut Conn<'_>,
    id: InvitationId,
    answer: Answer,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = on!(conn, c => diesel::update(
            invitations::table.find(id.sql()).filter(invitations::answered_at.is_null()))
        .set((invitations::answered_at.eq(Some(now.sql())), invitations::answer.eq(Some(answer.as_str()))))
        .execute(c))?;
    Ok(changed == 1)
}

/// Ends the open invitations of a team that ran out before `now`, so that their addresses can be invited again.
pub fn end_expired(conn: &mut Conn<'_>, team: TeamId, now: Timestamp) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(invitations::table
            .filter(invitations::team_id.eq(team.sql()))
            .filter(invitations::answered_at.is_null())
            .filter(invitations::expires_at.le(now.sql())))
        .set((
            invitations::answered_at.eq(Some(now.sql())),
            invitations::answer.eq(Some(Answer::Revoked.as_str())),
        ))
        .execute(c))?;
    Ok(())
}

/// Ends every open invitation of a team that nobody belongs to any more.
pub fn end_all(conn: &mut Conn<'_>, team: TeamId, now: Timestamp) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(invitations::table
            .filter(invitations::team_id.eq(team.sql()))
            .filter(invitations::answered_at.is_null()))
        .set((
            invitations::answered_at.eq(Some(now.sql())),
            invitations::answer.eq(Some(Answer::Revoked.as_str())),
        ))
        .execute(c))?;
    Ok(())
}

/// The open invitations of a team, oldest first.
pub fn open_of_team(
    conn: &mut Conn<'_>,
    team: TeamId,
    now: Timestamp,
) -> Result<Vec<Invitation>, StoreError> {
    Ok(on!(conn, c => invitations::table
        .filter(invitations::team_id.eq(team.sql()))
        .filter(invitations::answered_at.is_null())
        .filter(invitations::expires_at.gt(now.sql()))
        .order(invitations::id.asc())
        .select(Invitation::as_select())
        .load(c))?)
}

/// An invitation as the invited person sees it.
#[derive(Debug, Clone, Queryable)]
pub struct Offer {
    /// Its id.
    pub id: InvitationId,
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub team_name: TeamName,
    /// The challenge.
    pub challenge: ChallengeId,
    /// Its heading.
    pub challenge_title: Title,
    /// Until when it can be answered.
    pub expires_at: Timestamp,
}

/// The open invitations to the proven address of a person, oldest first.
pub fn open_for_person(conn: &mut Conn<'_>, user: UserId, now: Timestamp) -> Result<Vec<Offer>, StoreError> {
    let Some(address) = proven_address(conn, user)? else { return Ok(Vec::new()) };
    Ok(on!(conn, c => invitations::table
        .inner_join(teams::table.inner_join(challenges::table))
        .filter(invitations::email_key.eq(&address))
        .filter(invitations::answered_at.is_null())
        .filter(invitations::expires_at.gt(now.sql()))
        .order(invitations::id.asc())
        .select((
            invitations::id,
            teams::id,
            teams::name,
            challenges::id,
            challenges::title,
            invitations::expires_at,
        ))
        .load(c))?)
}

/// The key of a person's address, if they have proven that it is theirs.
pub fn proven_address(conn: &mut Conn<'_>, user: UserId) -> Result<Option<String>, StoreError> {
    Ok(on!(conn, c => users::table
        .find(user.sql())
        .filter(users::email_verified_at.is_not_null())
        .select(users::email_key)
        .get_result(c)
        .optional())?)
}
