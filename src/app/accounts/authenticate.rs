//! Whose credential this is: the one way from a secret to an actor.
//!
//! The account is read at every request, so that a changed role and a disabled account count at once.

use domain::{Actor, Scopes, Timestamp};
use storage::accounts::{Session, SessionKind, User, api_tokens, sessions};

use super::as_person;
use super::session::{disabled, end_of};
use crate::App;
use crate::failure::{Code, Failure, Outcome};
use crate::identity::{OpaqueToken, TokenKind};

/// That something was used is written at most this often.
const SECONDS_BETWEEN_TOUCHES: f64 = 60.0;

/// What a request brings to say who sends it.
pub enum Credential<'a> {
    /// An access token or an API token.
    Bearer(&'a str),
    /// The content of the session cookie.
    Cookie(&'a str),
}

/// The person whose credential this is, if it is good at this moment.
pub async fn authenticate(app: &App, credential: Credential<'_>) -> Outcome<Actor> {
    match credential {
        Credential::Bearer(token) if token.starts_with(TokenKind::Api.prefix()) => {
            by_api_token(app, token).await
        }
        Credential::Bearer(token) => by_access_token(app, token).await,
        Credential::Cookie(token) => by_cookie(app, token).await,
    }
}

async fn by_access_token(app: &App, token: &str) -> Outcome<Actor> {
    let now = app.now();
    let claims = app.access_tokens.verify(now, token)?;
    let found = app.db.read::<_, Failure>(move |conn| Ok(sessions::find(conn, claims.sid)?)).await?;
    let (session, user) = found.filter(|(_, user)| user.id == claims.sub).ok_or_else(revoked)?;
    check(&session, &user, now)?;
    if i64::from(user.epoch) != claims.epoch {
        return Err(revoked());
    }
    Ok(as_person(app, &user, Scopes::FULL, Some(session.id)))
}

async fn by_cookie(app: &App, token: &str) -> Outcome<Actor> {
    let token = OpaqueToken::parse(TokenKind::Session, token).map_err(|_| unknown())?.digest();
    let now = app.now();
    let found = app
        .db
        .read::<_, Failure>(move |conn| Ok(sessions::find_by_token(conn, SessionKind::Browser, token)?))
        .await?;
    let (session, user) = found.ok_or_else(unknown)?;
    check(&session, &user, now)?;
    if now.seconds_since(session.last_used_at) >= SECONDS_BETWEEN_TOUCHES {
        let expires_at = end_of(session.created_at, now, app.settings.accounts.session_seconds);
        let id = session.id;
        let touched = app.db.write(move |conn| sessions::touch(conn, id, now, expires_at)).await;
        report(touched);
    }
    Ok(as_person(app, &user, Scopes::FULL, Some(session.id)))
}

async fn by_api_token(app: &App, token: &str) -> Outcome<Actor> {
    let token = OpaqueToken::parse(TokenKind::Api, token).map_err(|_| unknown())?.digest();
    let now = app.now();
    let found = app.db.read::<_, Failure>(move |conn| Ok(api_tokens::find_by_token(conn, token)?)).await?;
    let (token, user) = found.ok_or_else(unknown)?;
    if token.revoked_at.is_some() {
        return Err(revoked());
    }
    if token.expires_at.is_some_and(|end| end <= now) {
        return Err(expired());
    }
    if user.disabled_at.is_some() {
        return Err(disabled());
    }
    if token.last_used_at.is_none_or(|last| now.seconds_since(last) >= SECONDS_BETWEEN_TOUCHES) {
        let id = token.id;
        let touched = app.db.write(move |conn| api_tokens::touch(conn, id, now)).await;
        report(touched);
    }
    let scopes = Scopes::parse(&token.scopes).map_err(Failure::internal)?;
    Ok(as_person(app, &user, scopes, None))
}

fn check(session: &Session, user: &User, now: Timestamp) -> Outcome<()> {
    if user.disabled_at.is_some() {
        return Err(disabled());
    }
    if session.revoked_at.is_some() {
        return Err(revoked());
    }
    if session.expires_at <= now { Err(expired()) } else { Ok(()) }
}

/// Nobody is refused because it could not be noted that they were here.
fn report(touched: Result<(), storage::StoreError>) {
    if let Err(error) = touched {
        tracing::warn!(%error, "the last use of a credential could not be noted");
    }
}

fn unknown() -> Failure {
    Failure::new(Code::TokenInvalid, "this token or session is not known here")
}

fn revoked() -> Failure {
    Failure::new(Code::TokenRevoked, "this token or session was taken back")
}

fn expired() -> Failure {
    Failure::new(Code::TokenExpired, "this token or session has run out")
}
