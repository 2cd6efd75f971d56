//! Somebody proves that an e-mail address is theirs.

use domain::event::EventKind;
use domain::{Actor, EmailAddress, Timestamp};
use storage::accounts::email_tokens::{self, LinkPurpose};
use storage::accounts::{User, users};
use storage::{Conn, events};

use super::even_time::in_even_time;
use super::letter::Letter;
use super::{by_link, subject};
use crate::App;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::identity::{OpaqueToken, TokenKind};

/// Takes the token from the link in a verification mail.
pub async fn verify_email(app: &App, token: &str) -> Outcome<()> {
    let token = OpaqueToken::parse(TokenKind::Verification, token).map_err(|_| link_invalid())?.digest();
    let now = app.now();
    let holder = link_holder(app, token, LinkPurpose::Verify).await?;
    let actor = by_link(app, &holder);
    app.db
        .write(move |conn| {
            let user = email_tokens::spend(conn, token, LinkPurpose::Verify, now)?;
            let user = user.ok_or_else(link_invalid)?;
            email_tokens::void_all(conn, user, LinkPurpose::Verify, now)?;
            mark_verified(conn, &actor, &holder, now)
        })
        .await
}

/// Sends the verification mail again, to an account that needs it; the answer is the same for every address.
pub async fn resend_verification(app: &App, email: EmailAddress) -> Outcome<()> {
    let letter = Letter::verification(app);
    let must_verify = app.settings.accounts.verification_required;
    in_even_time(app.db.write::<_, Failure>(move |conn| match users::find_by_email(conn, &email)? {
        Some(user) if must_verify && user.email_verified_at.is_none() && user.disabled_at.is_none() => {
            letter.send(conn, user.id, &user.email)
        }
        _ => Ok(()),
    }))
    .await?;
    app.job_queued.notify_one();
    Ok(())
}

/// Notes a proven address, once; an event tells of it.
pub(super) fn mark_verified(conn: &mut Conn<'_>, actor: &Actor, user: &User, now: Timestamp) -> Outcome<()> {
    if users::mark_verified(conn, user.id, now)? {
        events::append(conn, event(actor, now, EventKind::AccountVerified, subject(user.id), None, []))?;
    }
    Ok(())
}

/// Whose link this is, if it works now and its account may be used.
pub(super) async fn link_holder(app: &App, token: domain::Digest, purpose: LinkPurpose) -> Outcome<User> {
    let now = app.now();
    app.db
        .read(move |conn| {
            let user = email_tokens::find(conn, token, purpose, now)?.ok_or_else(link_invalid)?;
            let user = users::find(conn, user)?.filter(|user| user.disabled_at.is_none());
            user.ok_or_else(link_invalid)
        })
        .await
}

pub(super) fn link_invalid() -> Failure {
    Failure::new(Code::LinkInvalid, "this link was used already, has expired or is incomplete")
}
