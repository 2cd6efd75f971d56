//! Somebody who cannot sign in any more chooses a new password, by way of their mailbox.

use domain::EmailAddress;
use domain::event::EventKind;
use serde_json::json;
use storage::accounts::email_tokens::{self, LinkPurpose};
use storage::accounts::{sessions, users};
use storage::events;

use super::even_time::in_even_time;
use super::letter::Letter;
use super::verify::{link_holder, link_invalid, mark_verified};
use super::{by_link, subject};
use crate::App;
use crate::context::event;
use crate::failure::{Failure, Outcome};
use crate::identity::{OpaqueToken, Password, TokenKind};

/// Mails a link that lets the owner of the address choose a new password; the answer is the same for every address.
pub async fn request_reset(app: &App, email: EmailAddress) -> Outcome<()> {
    let letter = Letter::reset(app);
    in_even_time(app.db.write::<_, Failure>(move |conn| match users::find_by_email(conn, &email)? {
        Some(user) if user.disabled_at.is_none() => letter.send(conn, user.id, &user.email),
        _ => Ok(()),
    }))
    .await?;
    app.job_queued.notify_one();
    Ok(())
}

/// Sets the password of whoever holds the link, and signs them out everywhere.
///
/// Whoever reads the mail has proven the address as well.
pub async fn reset_password(app: &App, token: &str, password: &str) -> Outcome<()> {
    let token = OpaqueToken::parse(TokenKind::Reset, token).map_err(|_| link_invalid())?.digest();
    let holder = link_holder(app, token, LinkPurpose::Reset).await?;
    let password = Password::parse(password, &holder.email, holder.name.as_str())?;
    let hash = app.passwords.hash(password, app.sources.entropy.as_ref()).await?;
    let now = app.now();
    let actor = by_link(app, &holder);
    app.db
        .write(move |conn| {
            let user = email_tokens::spend(conn, token, LinkPurpose::Reset, now)?.ok_or_else(link_invalid)?;
            email_tokens::void_all(conn, user, LinkPurpose::Reset, now)?;
            users::set_password_hash(conn, user, &hash.0)?;
            users::raise_epoch(conn, user)?;
            sessions::revoke_all_but(conn, user, None, now)?;
            mark_verified(conn, &actor, &holder, now)?;
            let payload = [("how", json!("reset"))];
            events::append(
                conn,
                event(&actor, now, EventKind::PasswordChanged, subject(user), None, payload),
            )?;
            Ok(())
        })
        .await
}
