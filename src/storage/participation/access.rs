//! Who asked for the data of a challenge, and what was answered.

use diesel::prelude::*;
use domain::{AccessRequestId, ChallengeId, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::access_requests;
use crate::types::Column;

/// The constraint that a person has one request of a challenge waiting.
pub const WAITING: &str = "access_requests_challenge_id_user_id_key";

/// A request for the data.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = access_requests)]
pub struct AccessRequest {
    /// Its id.
    pub id: AccessRequestId,
    /// The challenge whose data are asked for.
    pub challenge_id: ChallengeId,
    /// Who asks.
    pub user_id: UserId,
    /// Their country, where they tell it.
    pub country: Option<String>,
    /// The version of the licence that they accept.
    pub licence_version: String,
    /// When they asked.
    pub requested_at: Timestamp,
    /// `granted` or `refused`; none while it waits.
    pub decision: Option<String>,
    /// Why it was refused: a code of the vocabulary `refusal_reason`.
    pub refusal_reason: Option<String>,
    /// Who decided.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// When access ends.
    pub expires_at: Option<Timestamp>,
}

/// The answer to a request.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Why it is refused; none where it is granted.
    pub refusal_reason: Option<String>,
    /// When access ends; for what is granted.
    pub expires_at: Option<Timestamp>,
    /// Who decides.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// Keeps a request; whether none of the person was waiting.
pub fn insert(conn: &mut Conn<'_>, new: &AccessRequest) -> Result<bool, StoreError> {
    let inserted = on!(conn, c => diesel::insert_into(access_requests::table)
        .values((
            access_requests::id.eq(new.id.sql()),
            access_requests::challenge_id.eq(new.challenge_id.sql()),
            access_requests::user_id.eq(new.user_id.sql()),
            access_requests::country.eq(new.country.as_deref()),
            access_requests::licence_version.eq(&new.licence_version),
            access_requests::requested_at.eq(new.requested_at.sql()),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(inserted == 1)
}

/// The request of this id.
pub fn find(conn: &mut Conn<'_>, id: AccessRequestId) -> Result<Option<AccessRequest>, StoreError> {
    Ok(on!(conn, c => access_requests::table
        .find(id.sql())
        .select(AccessRequest::as_select())
        .get_result(c)
        .optional())?)
}

/// Answers a request that waits; whether it waited.
pub fn answer(conn: &mut Conn<'_>, id: AccessRequestId, answer: &Answer) -> Result<bool, StoreError> {
    let decision = if answer.refusal_reason.is_some() { "refused" } else { "granted" };
    let changed = on!(conn, c => diesel::update(access_requests::table
            .filter(access_requests::id.eq(id.sql()))
            .filter(access_requests::decision.is_null()))
        .set((
            access_requests::decision.eq(Some(decision)),
            access_requests::refusal_reason.eq(answer.refusal_reason.as_deref()),
            access_requests::decided_by.eq(Some(answer.by.sql())),
            access_requests::decided_at.eq(Some(answer.at.sql())),
            access_requests::expires_at.eq(answer.expires_at.map(Column::sql)),
        ))
        .execute(c))?;
    Ok(changed == 1)
}

/// A page of a challenge's requests, oldest first.
pub fn page(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    after: Option<AccessRequestId>,
    limit: i64,
) -> Result<Vec<AccessRequest>, StoreError> {
    Ok(on!(conn, c => {
        let mut query = access_requests::table
            .filter(access_requests::challenge_id.eq(challenge.sql()))
            .select(AccessRequest::as_select())
            .into_boxed();
        if let Some(after) = after {
            query = query.filter(access_requests::id.gt(after.sql()));
        }
        query.order(access_requests::id.asc()).limit(limit).load(c)
    })?)
}

/// A person's requests, oldest first.
pub fn of_person(conn: &mut Conn<'_>, user: UserId) -> Result<Vec<AccessRequest>, StoreError> {
    Ok(on!(conn, c => access_requests::table
        .filter(access_requests::user_id.eq(user.sql()))
        .order(access_requests::id.asc())
        .select(AccessRequest::as_select())
        .load(c))?)
}
