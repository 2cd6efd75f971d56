//! Somebody makes an account.

use domain::event::EventKind;
use domain::{Actor, EmailAddress, PersonName, SiteRole};
use serde_json::json;
use storage::accounts::users::{self, NewUser};
use storage::events;

use super::even_time::in_even_time;
use super::letter::Letter;
use super::subject;
use crate::App;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::identity::Password;
use crate::settings::Registration;

/// What it takes to make an account.
#[derive(Debug, Clone)]
pub struct Register {
    /// Where mails go.
    pub email: EmailAddress,
    /// How the person wants to be called.
    pub name: PersonName,
    /// What they will sign in with.
    pub password: Password,
}

/// Makes an account and mails a link that proves the address.
///
/// The answer is the same when the address has an account: then its owner is told so, by mail.
pub async fn register(app: &App, input: Register) -> Outcome<()> {
    if app.settings.accounts.registration == Registration::Closed {
        let detail = "accounts of this server are made by its operator";
        return Err(Failure::new(Code::RegistrationClosed, detail));
    }
    in_even_time(make_account(app, input)).await
}

async fn make_account(app: &App, input: Register) -> Outcome<()> {
    let hash = app.passwords.hash(input.password, app.sources.entropy.as_ref()).await?;
    let now = app.now();
    let new = NewUser {
        id: app.sources.new_id(),
        email: input.email,
        name: input.name,
        password_hash: Some(hash.0),
        site_role: SiteRole::Member,
        email_verified_at: None,
        created_at: now,
    };
    let must_verify = app.settings.accounts.verification_required;
    let verification = Letter::verification(app);
    let reminder = Letter::already_registered(app);
    app.db
        .write::<_, Failure>(move |conn| {
            if !users::insert(conn, &new)? {
                return match users::find_by_email(conn, &new.email)? {
                    Some(user) if user.disabled_at.is_none() => reminder.send(conn, user.id, &user.email),
                    _ => Ok(()),
                };
            }
            if must_verify {
                verification.send(conn, new.id, &new.email)?;
            }
            let payload = [("by", json!("registration"))];
            let created =
                event(&Actor::Anonymous, now, EventKind::AccountCreated, subject(new.id), None, payload);
            Ok(events::append(conn, created)?)
        })
        .await?;
    app.job_queued.notify_one();
    Ok(())
}
