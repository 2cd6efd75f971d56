//! Links that were sent by mail: each works once, for a while.

use diesel::prelude::*;
use domain::{Digest, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::email_tokens;
use crate::types::Column;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkPurpose {
    /// To prove the address.
    Verify,
    /// To choose a new password.
    Reset,
}

impl LinkPurpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Reset => "reset",
        }
    }
}

/// A link before it is sent.
#[derive(Debug, Clone)]
pub struct NewLink {
    /// The digest of its token.
    pub token: Digest,
    /// Whom it is sent to.
    pub user: UserId,
    /// What it is for.
    pub purpose: LinkPurpose,
    /// When it is made.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// Keeps a link.
pub fn insert(conn: &mut Conn<'_>, new: &NewLink) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(email_tokens::table)
        .values((
            email_tokens::token_hash.eq(new.token.sql()),
            email_tokens::user_id.eq(new.user.sql()),
            email_tokens::purpose.eq(new.purpose.as_str()),
            email_tokens::created_at.eq(new.created_at.sql()),
            email_tokens::expires_at.eq(new.expires_at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// Whose link this is, if it still works.
pub fn find(
    conn: &mut Conn<'_>,
    token: Digest,
    purpose: LinkPurpose,
    now: Timestamp,
) -> Result<Option<UserId>, StoreError> {
    Ok(on!(conn, c => email_tokens::table
        .filter(email_tokens::token_hash.eq(token.sql()))
        .filter(email_tokens::purpose.eq(purpose.as_str()))
        .filter(email_tokens::used_at.is_null())
        .filter(email_tokens::expires_at.gt(now.sql()))
        .select(email_tokens::user_id)
        .get_result(c)
        .optional())?)
}

/// Uses a link up; whose it was, if it still worked. Of two uses at the same time, one works.
pub fn spend(
    conn: &mut Conn<'_>,
    token: Digest,
    purpose: LinkPurpose,
    now: Timestamp,
) -> Result<Option<UserId>, StoreError> {
    let Some(user) = find(conn, token, purpose, now)? else { return Ok(None) };
    let changed = on!(conn, c => diesel::update(email_tokens::table
            .filter(email_tokens::token_hash.eq(token.sql()))
            .filter(email_tokens::used_at.is_null()))
        .set(email_tokens::used_at.eq(Some(now.sql())))
        .execute(c))?;
    Ok((changed == 1).then_some(user))
}

/// Makes every other link of this kind that a person was sent useless.
pub fn void_all(
    conn: &mut Conn<'_>,
    user: UserId,
    purpose: LinkPurpose,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(email_tokens::table
            .filter(email_tokens::user_id.eq(user.sql()))
            .filter(email_tokens::purpose.eq(purpose.as_str()))
            .filter(email_tokens::used_at.is_null()))
        .set(email_tokens::used_at.eq(Some(now.sql())))
        .execute(c))?;
    Ok(())
}

/// How many links a person was sent since that moment, whatever they are for.
pub fn sent_since(conn: &mut Conn<'_>, user: UserId, since: Timestamp) -> Result<i64, StoreError> {
    Ok(on!(conn, c => email_tokens::table
        .filter(email_tokens::user_id.eq(user.sql()))
        .filter(email_tokens::created_at.gt(since.sql()))
        .count()
        .get_result(c))?)
}
