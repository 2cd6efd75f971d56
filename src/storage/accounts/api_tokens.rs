//! Long-lived tokens for programs.

use diesel::prelude::*;
use domain::{ApiTokenId, Digest, Timestamp, UserId};

use super::User;
use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{api_tokens, users};
use crate::types::Column;

/// An API token as it is stored; the token itself is known to its owner only.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = api_tokens)]
pub struct ApiToken {
    /// Its id.
    pub id: ApiTokenId,
    /// Whose it is.
    pub user_id: UserId,
    /// What its owner calls it.
    pub name: String,
    /// What it allows, as [`domain::Scopes::parse`] reads it.
    pub scopes: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

/// An API token before it exists.
#[derive(Debug, Clone)]
pub struct NewApiToken {
    /// Its id.
    pub id: ApiTokenId,
    /// Whose it is.
    pub user: UserId,
    /// What its owner calls it.
    pub name: String,
    /// The digest of the token.
    pub token: Digest,
    /// What it allows.
    pub scopes: domain::Scopes,
    /// When it is made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

/// Keeps a token.
pub fn insert(conn: &mut Conn<'_>, new: &NewApiToken) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(api_tokens::table)
        .values((
            api_tokens::id.eq(new.id.sql()),
            api_tokens::user_id.eq(new.user.sql()),
            api_tokens::name.eq(&new.name),
            api_tokens::token_hash.eq(new.token.sql()),
            api_tokens::scopes.eq(new.scopes.names().join(" ")),
            api_tokens::created_at.eq(new.created_at.sql()),
            api_tokens::expires_at.eq(new.expires_at.map(Column::sql)),
        ))
        .execute(c))?;
    Ok(())
}

/// The token of this id.
pub fn find(conn: &mut Conn<'_>, id: ApiTokenId) -> Result<Option<ApiToken>, StoreError> {
    Ok(
        on!(conn, c => api_tokens::table.find(id.sql()).select(ApiToken::as_select()).get_result(c).optional())?,
    )
}

/// The token with this digest and whose it is.
pub fn find_by_token(conn: &mut Conn<'_>, token: Digest) -> Result<Option<(ApiToken, User)>, StoreError> {
    Ok(on!(conn, c => api_tokens::table
        .inner_join(users::table)
        .filter(api_tokens::token_hash.eq(token.sql()))
        .select((ApiToken::as_select(), User::as_select()))
        .get_result(c)
        .optional())?)
}

/// A person's tokens that were not taken back, oldest first.
pub fn of_person(conn: &mut Conn<'_>, user: UserId) -> Result<Vec<ApiToken>, StoreError> {
    Ok(on!(conn, c => api_tokens::table
        .filter(api_tokens::user_id.eq(user.sql()))
        .filter(api_tokens::revoked_at.is_null())
        .order(api_tokens::id.asc())
        .select(ApiToken::as_select())
        .load(c))?)
}

/// Takes a person's token back; whether they had such a token.
pub fn revoke(conn: &mut Conn<'_>, user: UserId, id: ApiTokenId, now: Timestamp) -> Result<bool, StoreError> {
    let changed = on!(conn, c => diesel::update(api_tokens::table
            .filter(api_tokens::id.eq(id.sql()))
            .filter(api_tokens::user_id.eq(user.sql()))
            .filter(api_tokens::revoked_at.is_null()))
        .set(api_tokens::revoked_at.eq(Some(now.sql())))
        .execute(c))?;
    Ok(changed == 1)
}

/// Notes that a token is in use.
pub fn touch(conn: &mut Conn<'_>, id: ApiTokenId, now: Timestamp) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(api_tokens::table.find(id.sql()))
        .set(api_tokens::last_used_at.eq(Some(now.sql())))
        .execute(c))?;
    Ok(())
}
