//! The terms of a challenge: a new version for every new text.

use diesel::prelude::*;
use domain::{ChallengeId, Digest, TermsId, Timestamp};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::terms;
use crate::types::Column;

/// A version of the terms.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = terms)]
pub struct Terms {
    /// Its id.
    pub id: TermsId,
    /// Whose terms.
    pub challenge_id: ChallengeId,
    /// 1, 2, 3 and so on; the highest is in force.
    pub version: i32,
    /// The text, in Markdown; empty where the organizers took the terms back.
    pub text: String,
    /// The digest of the text.
    pub digest: Digest,
    /// Since when.
    pub created_at: Timestamp,
}

/// The newest version, even when its text is empty.
pub fn latest(conn: &mut Conn<'_>, challenge: ChallengeId) -> Result<Option<Terms>, StoreError> {
    Ok(on!(conn, c => terms::table
        .filter(terms::challenge_id.eq(challenge.sql()))
        .order(terms::version.desc())
        .select(Terms::as_select())
        .get_result(c)
        .optional())?)
}

/// The version that participants must have accepted; `None` when there is nothing to accept.
pub fn in_force(conn: &mut Conn<'_>, challenge: ChallengeId) -> Result<Option<Terms>, StoreError> {
    Ok(latest(conn, challenge)?.filter(|terms| !terms.text.is_empty()))
}

/// Every version, newest first.
pub fn list(conn: &mut Conn<'_>, challenge: ChallengeId) -> Result<Vec<Terms>, StoreError> {
    Ok(on!(conn, c => terms::table
        .filter(terms::challenge_id.eq(challenge.sql()))
        .order(terms::version.desc())
        .select(Terms::as_select())
        .load(c))?)
}

/// Writes a version; of two that are written at once the second hits the unique key.
pub fn insert(conn: &mut Conn<'_>, new: &Terms) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(terms::table)
        .values((
            terms::id.eq(new.id.sql()),
            terms::challenge_id.eq(new.challenge_id.sql()),
            terms::version.eq(new.version),
            terms::text.eq(&new.text),
            terms::digest.eq(new.digest.sql()),
            terms::created_at.eq(new.created_at.sql()),
        ))
        .execute(c))?;
    Ok(())
}
