//! Objections of people who have a link, and the answers to them.

use diesel::prelude::*;
use domain::{ChallengeId, ContestationId, ContestationLinkId, Digest, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{contestation_links, contestations};
use crate::types::Column;

/// A link that lets somebody object without an account.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = contestation_links)]
pub struct Link {
    /// Its id; later ones are larger.
    pub id: ContestationLinkId,
    /// The challenge.
    pub challenge_id: ChallengeId,
    /// For whom it was made.
    pub label: String,
    /// How many more objections it lets in.
    pub remaining: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

/// An objection.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = contestations)]
pub struct Contestation {
    /// Its id; later ones are larger.
    pub id: ContestationId,
    /// The challenge.
    pub challenge_id: ChallengeId,
    /// The link that it came through.
    pub link_id: ContestationLinkId,
    /// What they say that they are in the chain (`chain_role`).
    pub raised_by_role: String,
    /// What they object to (`contestation.ground`).
    pub ground: String,
    /// What they say.
    pub body: String,
    /// When.
    pub raised_at: Timestamp,
    /// What became of it (`contestation.outcome`); absent while it waits.
    pub outcome: Option<String>,
    /// What was answered.
    pub answer: Option<String>,
    /// When.
    pub answered_at: Option<Timestamp>,
}

/// Keeps a link; only the digest of its token is kept.
pub fn insert_link(conn: &mut Conn<'_>, link: &Link, token: Digest, by: UserId) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(contestation_links::table)
        .values((
            contestation_links::id.eq(link.id.sql()),
            contestation_links::challenge_id.eq(link.challenge_id.sql()),
            contestation_links::token_hash.eq(token.sql()),
            contestation_links::label.eq(&link.label),
            contestation_links::remaining.eq(link.remaining),
            contestation_links::created_by.eq(by.sql()),
            contestation_links::created_at.eq(link.created_at.sql()),
            contestation_links::expires_at.eq(link.expires_at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// The link of a token.
pub fn link_of(conn: &mut Conn<'_>, token: Digest) -> Result<Option<Link>, StoreError> {
    Ok(on!(conn, c => contestation_links::table
        .filter(contestation_links::token_hash.eq(token.sql()))
        .select(Link::as_select())
        .get_result(c)
        .optional())?)
}

/// The link of this id.
pub fn link(conn: &mut Conn<'_>, id: ContestationLinkId) -> Result<Option<Link>, StoreError> {
    Ok(on!(conn, c => contestation_links::table
        .find(id.sql())
        .select(Link::as_select())
        .get_result(c)
        .optional())?)
}

/// The links of a challenge, newest first.
pub fn links(conn: &mut Conn<'_>, challenge: ChallengeId) -> Result<Vec<Link>, StoreError> {
    Ok(on!(conn, c => contestation_links::table
        .filter(contestation_links::challenge_id.eq(challenge.sql()))
        .order(contestation_links::id.desc())
        .select(Link::as_select())
        .load(c))?)
}

/// Takes a link back; `false` when it was before.
pub fn revoke(conn: &mut Conn<'_>, id: ContestationLinkId, now: Timestamp) -> Result<bool, StoreError> {
    let changed = on!(conn, c => diesel::update(contestation_links::table.find(id.sql()))
        .filter(contestation_links::revoked_at.is_null())
        .set(contestation_links::revoked_at.eq(now.sql()))
        .execute(c))?;
    Ok(changed > 0)
}

/// Takes one of the objections that a link lets in; `false` when none is left.
pub fn take(conn: &mut Conn<'_>, id: ContestationLinkId) -> Result<bool, StoreError> {
    let changed = on!(conn, c => diesel::update(contestation_links::table.find(id.sql()))
        .filter(contestation_links::remaining.gt(0))
        .filter(contestation_links::revoked_at.is_null())
        .set(contestation_links::remaining.eq(contestation_links::remaining - 1))
        .execute(c))?;
    Ok(changed > 0)
}

/// Writes an objection.
pub fn insert(conn: &mut Conn<'_>, new: &Contestation) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(contestations::table)
        .values((
            contestations::id.eq(new.id.sql()),
            contestations::challenge_id.eq(new.challenge_id.sql()),
            contestations::link_id.eq(new.link_id.sql()),
            contestations::raised_by_role.eq(&new.raised_by_role),
            contestations::ground.eq(&new.ground),
            contestations::body.eq(&new.body),
            contestations::raised_at.eq(new.raised_at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// The objection of this id.
pub fn find(conn: &mut Conn<'_>, id: ContestationId) -> Result<Option<Contestation>, StoreError> {
    Ok(on!(conn, c => contestations::table
        .find(id.sql())
        .select(Contestation::as_select())
        .get_result(c)
        .optional())?)
}

/// Answers an objection; `false` when it was answered before.
pub fn answer(
    conn: &mut Conn<'_>,
    id: ContestationId,
    (outcome, answer): (&str, &str),
    by: UserId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = on!(conn, c => diesel::update(contestations::table.find(id.sql()))
        .filter(contestations::answered_at.is_null())
        .set((
            contestations::outcome.eq(outcome),
            contestations::answer.eq(answer),
            contestations::answered_by.eq(by.sql()),
            contestations::answered_at.eq(now.sql()),
        ))
        .execute(c))?;
    Ok(changed > 0)
}

/// A page of the objections to a challenge, newest first; those before one of them.
pub fn page(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    before: Option<ContestationId>,
    limit: i64,
) -> Result<Vec<Contestation>, StoreError> {
    Ok(on!(conn, c => {
        let mut query = contestations::table
            .filter(contestations::challenge_id.eq(challenge.sql()))
            .select(Contestation::as_select())
            .into_boxed();
        if let Some(before) = before {
            query = query.filter(contestations::id.lt(before.sql()));
        }
        query.order(contestations::id.desc()).limit(limit).load(c)
    })?)
}

/// What came through a link, oldest first.
pub fn of_link(conn: &mut Conn<'_>, link: ContestationLinkId) -> Result<Vec<Contestation>, StoreError> {
    Ok(on!(conn, c => contestations::table
        .filter(contestations::link_id.eq(link.sql()))
        .order(contestations::id.asc())
        .select(Contestation::as_select())
        .load(c))?)
}
