//! Somebody signs in with their password.

use domain::EmailAddress;
use storage::accounts::{SessionKind, User, users};

use super::session::{self, BrowserSession, TokenPair, disabled, wrong_credentials};
use crate::App;
use crate::failure::{Failure, Outcome};
use crate::identity::{OpaqueToken, PasswordHash, TokenKind};

/// Who somebody says they are; taken as it comes, for a text that is no address is no account either.
pub struct SignIn {
    /// The e-mail address.
    pub email: String,
    /// The password.
    pub password: String,
}

/// Signs a program in.
pub async fn sign_in(app: &App, input: SignIn) -> Outcome<TokenPair> {
    let refresh_token = OpaqueToken::mint(TokenKind::Refresh, app.sources.entropy.as_ref());
    let idle_seconds = app.settings.accounts.refresh_token_seconds;
    let (user, session) = begin(app, input, SessionKind::Refresh, &refresh_token, idle_seconds).await?;
    session::pair(app, user.id, user.epoch, session, refresh_token)
}

/// Signs a browser in.
pub async fn sign_in_browser(app: &App, input: SignIn) -> Outcome<BrowserSession> {
    let token = OpaqueToken::mint(TokenKind::Session, app.sources.entropy.as_ref());
    let idle_seconds = app.settings.accounts.session_seconds;
    let (user, _) = begin(app, input, SessionKind::Browser, &token, idle_seconds).await?;
    Ok(BrowserSession { token, user: user.id })
}

async fn begin(
    app: &App,
    input: SignIn,
    kind: SessionKind,
    token: &OpaqueToken,
    idle_seconds: u32,
) -> Outcome<(User, domain::SessionId)> {
    let (user, hash) = prove(app, input).await?;
    let new = session::new(app, user.id, kind, token.digest(), idle_seconds);
    let id = new.id;
    let user = app.db.write(move |conn| session::begin(conn, &user, &hash.0, &new)).await?;
    tracing::info!(user.id = %user.id, session.id = %id, "signed in");
    Ok((user, id))
}

/// The account with that address and password; the check takes as long when there is none.
async fn prove(app: &App, input: SignIn) -> Outcome<(User, PasswordHash)> {
    let found = match EmailAddress::parse(&input.email) {
        Ok(email) => app.db.read(move |conn| find(conn, &email)).await?,
        Err(_) => None,
    };
    let kept = found.as_ref().and_then(|(_, hash)| hash.clone());
    let matches = app.passwords.verify(&input.password, kept.as_ref()).await?;
    match (found, kept) {
        (Some((user, _)), Some(_)) if matches && user.disabled_at.is_some() => {
            tracing::warn!(user.id = %user.id, "a disabled account tried to sign in");
            Err(disabled())
        }
        (Some((user, _)), Some(hash)) if matches => Ok((user, hash)),
        (found, _) => {
            let user = found.map(|(user, _)| user.id.to_string());
            tracing::warn!(user.id = user, "signing in failed");
            Err(wrong_credentials())
        }
    }
}

fn find(
    conn: &mut storage::Conn<'_>,
    email: &EmailAddress,
) -> Result<Option<(User, Option<PasswordHash>)>, Failure> {
    let Some(user) = users::find_by_email(conn, email)? else { return Ok(None) };
    let hash = users::password_hash(conn, user.id)?.map(PasswordHash);
    Ok(Some((user, hash)))
}
