//! Sessions: one signed-in device each, a browser with a cookie or a program with refresh tokens.

use diesel::prelude::*;
use domain::{Digest, SessionId, Timestamp, UserId};

use super::User;
use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{sessions, spent_tokens, users};
use crate::types::Column;

/// What a session's token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionKind {
    /// A cookie that stays the same.
    Browser,
    /// A refresh token that is exchanged at every use.
    Refresh,
}

impl SessionKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Refresh => "refresh",
        }
    }
}

/// A session as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Who is signed in.
    pub user_id: UserId,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Timestamp,
    /// When it ends if it is not used before.
    pub expires_at: Timestamp,
    /// When it was ended.
    pub revoked_at: Option<Timestamp>,
}

/// A session before it exists.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Its id.
    pub id: SessionId,
    /// Who signs in.
    pub user: UserId,
    /// What its token is.
    pub kind: SessionKind,
    /// The digest of its token.
    pub token: Digest,
    /// When they sign in.
    pub created_at: Timestamp,
    /// When it ends if it is not used before.
    pub expires_at: Timestamp,
}

/// Begins a session.
pub fn insert(conn: &mut Conn<'_>, new: &NewSession) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(sessions::table)
        .values((
            sessions::id.eq(new.id.sql()),
            sessions::user_id.eq(new.user.sql()),
            sessions::kind.eq(new.kind.as_str()),
            sessions::token_hash.eq(new.token.sql()),
            sessions::created_at.eq(new.created_at.sql()),
            sessions::last_used_at.eq(new.created_at.sql()),
            sessions::expires_at.eq(new.expires_at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// The session of this id and whose it is.
pub fn find(conn: &mut Conn<'_>, id: SessionId) -> Result<Option<(Session, User)>, StoreError> {
    Ok(on!(conn, c => sessions::table
        .inner_join(users::table)
        .filter(sessions::id.eq(id.sql()))
        .select((Session::as_select(), User::as_select()))
        .get_result(c)
        .optional())?)
}

/// The session with this present token and whose it is.
pub fn find_by_token(
    conn: &mut Conn<'_>,
    kind: SessionKind,
    token: Digest,
) -> Result<Option<(Session, User)>, StoreError> {
    Ok(on!(conn, c => sessions::table
        .inner_join(users::table)
        .filter(sessions::token_hash.eq(token.sql()))
        .filter(sessions::kind.eq(kind.as_str()))
        .select((Session::as_select(), User::as_select()))
        .get_result(c)
        .optional())?)
}

/// The session that once had this token and has a newer one now.
pub fn find_by_spent_token(conn: &mut Conn<'_>, token: Digest) -> Result<Option<SessionId>, StoreError> {
    Ok(on!(conn, c => spent_tokens::table
        .find(token.sql())
        .select(spent_tokens::session_id)
        .get_result(c)
        .optional())?)
}

/// Exchanges a session's token; whether `spent` was its present one.
///
/// Of two requests with the same token at the same time, the second finds that it was not.
pub fn exchange_token(
    conn: &mut Conn<'_>,
    id: SessionId,
    spent: Digest,
    fresh: Digest,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<bool, StoreError> {
    let changed = on!(conn, c => diesel::update(sessions::table
            .filter(sessions::id.eq(id.sql()))
            .filter(sessions::token_hash.eq(spent.sql()))
            .filter(sessions::revoked_at.is_null()))
        .set((
            sessions::token_hash.eq(fresh.sql()),
            sessions::last_used_at.eq(now.sql()),
            sessions::expires_at.eq(expires_at.sql()),
        ))
        .execute(c))?;
    if changed != 1 {
        return Ok(false);
    }
    on!(conn, c => diesel::insert_into(spent_tokens::table)
        .values((
            spent_tokens::token_hash.eq(spent.sql()),
            spent_tokens::session_id.eq(id.sql()),
            spent_tokens::spent_at.eq(now.sql()),
        ))
        .execute(c))?;
    Ok(true)
}

/// Notes that a session is in use, which prolongs it.
pub fn touch(
    conn: &mut Conn<'_>,
    id: SessionId,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(sessions::table
            .filter(sessions::id.eq(id.sql()))
            .filter(sessions::revoked_at.is_null()))
        .set((sessions::last_used_at.eq(now.sql()), sessions::expires_at.eq(expires_at.sql())))
        .execute(c))?;
    Ok(())
}

/// Ends a session; whether it had not ended before.
pub fn revoke(conn: &mut Conn<'_>, id: SessionId, now: Timestamp) -> Result<bool, StoreError> {
    let changed = on!(conn, c => diesel::update(sessions::table
            .filter(sessions::id.eq(id.sql()))
            .filter(sessions::revoked_at.is_null()))
        .set(sessions::revoked_at.eq(Some(now.sql())))
        .execute(c))?;
    Ok(changed == 1)
}

/// Ends every session of a person but one, or every one.
pub fn revoke_all_but(
    conn: &mut Conn<'_>,
    user: UserId,
    kept: Option<SessionId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(conn, c => {
        let live = sessions::table
            .filter(sessions::user_id.eq(user.sql()))
            .filter(sessions::revoked_at.is_null());
        match kept {
            Some(kept) => diesel::update(live.filter(sessions::id.ne(kept.sql())))
                .set(sessions::revoked_at.eq(Some(now.sql())))
                .execute(c),
            None => diesel::update(live).set(sessions::revoked_at.eq(Some(now.sql()))).execute(c),
        }
    })?;
    Ok(())
}

/// Deletes a person's sessions that had run out by then, so that they do not pile up.
pub fn forget_expired(conn: &mut Conn<'_>, user: UserId, by: Timestamp) -> Result<(), StoreError> {
    let expired = sessions::table
        .filter(sessions::user_id.eq(user.sql()))
        .filter(sessions::expires_at.le(by.sql()))
        .select(sessions::id);
    let ids: Vec<SessionId> = on!(conn, c => expired.load(c))?;
    on!(conn, c => diesel::delete(spent_tokens::table
            .filter(spent_tokens::session_id.eq_any(ids.iter().map(Column::sql))))
        .execute(c))?;
    on!(conn, c => diesel::delete(sessions::table.filter(sessions::id.eq_any(ids.iter().map(Column::sql))))
        .execute(c))?;
    Ok(())
}
