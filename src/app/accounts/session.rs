//! What a signed-in device holds, and for how long.

use domain::{Digest, SessionId, Timestamp, UserId};
use storage::Conn;
use storage::accounts::sessions::{self, NewSession, SessionKind};
use storage::accounts::{User, users};

use crate::App;
use crate::failure::{Code, Failure, Outcome};
use crate::identity::OpaqueToken;

/// However busily it is used, a session ends 90 days after signing in.
pub const LONGEST_SESSION_SECONDS: u32 = 90 * 24 * 3600;

/// What a program holds after signing in.
pub struct TokenPair {
    /// Goes with every request.
    pub access_token: String,
    /// Until when it is good.
    pub access_expires_at: Timestamp,
    /// For how long it is good from now on.
    pub access_seconds: u32,
    /// Exchanges itself for a new pair, once.
    pub refresh_token: OpaqueToken,
}

/// What a browser holds after signing in.
pub struct BrowserSession {
    /// The content of the cookie.
    pub token: OpaqueToken,
    /// Who signed in.
    pub user: UserId,
}

/// When a session of that age ends if it is not used again.
pub(super) fn end_of(created_at: Timestamp, now: Timestamp, idle_seconds: u32) -> Timestamp {
    now.plus_seconds(idle_seconds.into()).min(created_at.plus_seconds(LONGEST_SESSION_SECONDS.into()))
}

/// Pairs the refresh token of a session with an access token.
pub(super) fn pair(
    app: &App,
    user: UserId,
    epoch: i32,
    session: SessionId,
    refresh_token: OpaqueToken,
) -> Outcome<TokenPair> {
    let access = app.access_tokens.issue(&app.sources, user, session, epoch.into())?;
    Ok(TokenPair {
        access_token: access.text,
        access_expires_at: access.expires_at,
        access_seconds: app.settings.accounts.access_token_seconds,
        refresh_token,
    })
}

/// Begins a session of a person who has just proven that they know the password with that hash.
///
/// The proof took a while; what has changed meanwhile counts.
pub(super) fn begin(
    conn: &mut Conn<'_>,
    proven: &User,
    proven_hash: &str,
    session: &NewSession,
) -> Outcome<User> {
    let user = users::find(conn, proven.id)?.ok_or_else(wrong_credentials)?;
    if users::password_hash(conn, user.id)?.as_deref() != Some(proven_hash) {
        return Err(wrong_credentials());
    }
    if user.disabled_at.is_some() {
        return Err(disabled());
    }
    sessions::forget_expired(conn, user.id, session.created_at)?;
    sessions::insert(conn, session)?;
    Ok(user)
}

/// A session that begins now.
pub(super) fn new(
    app: &App,
    user: UserId,
    kind: SessionKind,
    token: Digest,
    idle_seconds: u32,
) -> NewSession {
    let now = app.now();
    NewSession {
        id: app.sources.new_id(),
        user,
        kind,
        token,
        created_at: now,
        expires_at: end_of(now, now, idle_seconds),
    }
}

pub(super) fn wrong_credentials() -> Failure {
    Failure::new(Code::InvalidCredentials, "no account has this e-mail address with this password")
}

pub(super) fn disabled() -> Failure {
    Failure::new(Code::AccountDisabled, "this account has been disabled")
}
