//! What researchers ask for, and what was answered.

use diesel::prelude::*;
use domain::{ChallengeId, ResearchRequestId, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::research_requests;
use crate::types::Column;

/// A request for exports about a challenge.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = research_requests)]
pub struct ResearchRequest {
    /// Its id.
    pub id: ResearchRequestId,
    /// The challenge.
    pub challenge_id: ChallengeId,
    /// Who asks.
    pub requested_by: UserId,
    /// What the study is called.
    pub title: String,
    /// What it wants to know.
    pub question: String,
    /// Where it is done.
    pub institution: String,
    /// In which country: that to which the data go.
    pub country: String,
    /// Who has reviewed it.
    pub ethics_board: String,
    /// Under which number.
    pub approval_reference: String,
    /// The last day of that approval.
    pub approval_until: String,
    /// The version of the data use agreement that was signed with the request.
    pub agreement_version: i32,
    /// The digest of its words.
    pub agreement_digest: String,
    /// When it was asked and signed.
    pub requested_at: Timestamp,
    /// `approved` or `refused`; none while it waits.
    pub decision: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Who decided.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<Timestamp>,
}

/// Keeps a request.
pub fn insert(conn: &mut Conn<'_>, new: &ResearchRequest) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(research_requests::table)
        .values((
            research_requests::id.eq(new.id.sql()),
            research_requests::challenge_id.eq(new.challenge_id.sql()),
            research_requests::requested_by.eq(new.requested_by.sql()),
            research_requests::title.eq(&new.title),
            research_requests::question.eq(&new.question),
            research_requests::institution.eq(&new.institution),
            research_requests::country.eq(&new.country),
            research_requests::ethics_board.eq(&new.ethics_board),
            research_requests::approval_reference.eq(&new.approval_reference),
            research_requests::approval_until.eq(&new.approval_until),
            research_requests::agreement_version.eq(new.agreement_version),
            research_requests::agreement_digest.eq(&new.agreement_digest),
            research_requests::requested_at.eq(new.requested_at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// The request of this id.
pub fn find(conn: &mut Conn<'_>, id: ResearchRequestId) -> Result<Option<ResearchRequest>, StoreError> {
    Ok(on!(conn, c => research_requests::table
        .find(id.sql())
        .select(ResearchRequest::as_select())
        .get_result(c)
        .optional())?)
}

/// Decides about a request that waits; whether it waited.
pub fn decide(
    conn: &mut Conn<'_>,
    id: ResearchRequestId,
    (decision, reason): (&str, &str),
    by: UserId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = on!(conn, c => diesel::update(research_requests::table
            .filter(research_requests::id.eq(id.sql()))
            .filter(research_requests::decision.is_null()))
        .set((
            research_requests::decision.eq(Some(decision)),
            research_requests::reason.eq(Some(reason)),
            research_requests::decided_by.eq(Some(by.sql())),
            research_requests::decided_at.eq(Some(now.sql())),
        ))
        .execute(c))?;
    Ok(changed == 1)
}

/// The requests about a challenge, newest first.
pub fn of_challenge(conn: &mut Conn<'_>, challenge: ChallengeId) -> Result<Vec<ResearchRequest>, StoreError> {
    Ok(on!(conn, c => research_requests::table
        .filter(research_requests::challenge_id.eq(challenge.sql()))
        .order(research_requests::id.desc())
        .limit(1_000)
        .select(ResearchRequest::as_select())
        .load(c))?)
}

/// The requests of a person, newest first.
pub fn of_person(conn: &mut Conn<'_>, user: UserId) -> Result<Vec<ResearchRequest>, StoreError> {
    Ok(on!(conn, c => research_requests::table
        .filter(research_requests::requested_by.eq(user.sql()))
        .order(research_requests::id.desc())
        .limit(1_000)
        .select(ResearchRequest::as_select())
        .load(c))?)
}
