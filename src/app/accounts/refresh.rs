//! A program exchanges its refresh token for a new pair.

use domain::event::EventKind;
use domain::{Actor, Digest, SessionId, Timestamp, UserId};
use serde_json::json;
use storage::accounts::{SessionKind, sessions};
use storage::{Conn, events};

use super::session::{self, TokenPair, disabled, end_of};
use super::subject;
use crate::App;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::identity::{OpaqueToken, TokenKind};

/// What came of a refresh token. A theft is no error here: what it changes must be committed.
enum Exchange {
    Done { session: SessionId, user: UserId, epoch: i32 },
    Stolen(SessionId),
}

/// Exchanges a refresh token.
///
/// A token that was exchanged before is in two hands; nobody knows whose are the right ones, so the session ends.
pub async fn refresh(app: &App, refresh_token: &str) -> Outcome<TokenPair> {
    let spent = OpaqueToken::parse(TokenKind::Refresh, refresh_token).map_err(|_| unknown())?.digest();
    let fresh = OpaqueToken::mint(TokenKind::Refresh, app.sources.entropy.as_ref());
    let fresh_digest = fresh.digest();
    let now = app.now();
    let idle_seconds = app.settings.accounts.refresh_token_seconds;
    let exchange = app.db.write(move |conn| exchange(conn, spent, fresh_digest, now, idle_seconds)).await?;
    match exchange {
        Exchange::Done { session, user, epoch } => session::pair(app, user, epoch, session, fresh),
        Exchange::Stolen(session) => {
            tracing::warn!(session.id = %session, "a refresh token was used twice; its session has ended");
            Err(Failure::new(
                Code::TokenRevoked,
                "this refresh token was used before, so its session has ended",
            ))
        }
    }
}

fn exchange(
    conn: &mut Conn<'_>,
    spent: Digest,
    fresh: Digest,
    now: Timestamp,
    idle_seconds: u32,
) -> Outcome<Exchange> {
    let Some((session, user)) = sessions::find_by_token(conn, SessionKind::Refresh, spent)? else {
        let session = sessions::find_by_spent_token(conn, spent)?.ok_or_else(unknown)?;
        return end_stolen(conn, session, now);
    };
    if user.disabled_at.is_some() {
        return Err(disabled());
    }
    if session.revoked_at.is_some() {
        return Err(Failure::new(Code::TokenRevoked, "this session has ended"));
    }
    if session.expires_at <= now {
        return Err(Failure::new(Code::TokenExpired, "this session has run out"));
    }
    let expires_at = end_of(session.created_at, now, idle_seconds);
    if sessions::exchange_token(conn, session.id, spent, fresh, now, expires_at)? {
        Ok(Exchange::Done { session: session.id, user: user.id, epoch: user.epoch })
    } else {
        end_stolen(conn, session.id, now)
    }
}

fn end_stolen(conn: &mut Conn<'_>, session: SessionId, now: Timestamp) -> Outcome<Exchange> {
    if sessions::revoke(conn, session, now)?
        && let Some((_, user)) = sessions::find(conn, session)?
    {
        let payload = [("session", json!(session))];
        let stolen = event(&Actor::Anonymous, now, EventKind::SessionStolen, subject(user.id), None, payload);
        events::append(conn, stolen)?;
    }
    Ok(Exchange::Stolen(session))
}

fn unknown() -> Failure {
    Failure::new(Code::TokenInvalid, "this is not a refresh token of this server")
}
