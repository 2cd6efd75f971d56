//! An operator makes an account for somebody.

use domain::event::EventKind;
use domain::{Actor, EmailAddress, PersonName, SiteRole, UserId};
use serde_json::json;
use storage::accounts::users::{self, NewUser};
use storage::events;

use super::subject;
use crate::App;
use crate::authority::administrator;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::identity::Password;

/// An account that needs no proof of its address: the operator vouches for it.
#[derive(Debug, Clone)]
pub struct CreateUser {
    /// Where mails go.
    pub email: EmailAddress,
    /// How the person wants to be called.
    pub name: PersonName,
    /// What they sign in with; absent when they are to choose it by the mail for a forgotten password.
    pub password: Option<Password>,
    /// What they are on the whole site.
    pub site_role: SiteRole,
}

/// Makes an account.
pub async fn create_user(app: &App, actor: &Actor, input: CreateUser) -> Outcome<UserId> {
    administrator(actor)?;
    let hash = match input.password {
        Some(password) => Some(app.passwords.hash(password, app.sources.entropy.as_ref()).await?.0),
        None => None,
    };
    let now = app.now();
    let new = NewUser {
        id: app.sources.new_id(),
        email: input.email,
        name: input.name,
        password_hash: hash,
        site_role: input.site_role,
        email_verified_at: Some(now),
        created_at: now,
    };
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            if !users::insert(conn, &new)? {
                return Err(Failure::new(Code::StateConflict, "this e-mail address has an account already"));
            }
            let payload = [("by", json!("operator")), ("site_role", json!(new.site_role))];
            let created = event(&actor, now, EventKind::AccountCreated, subject(new.id), None, payload);
            events::append(conn, created)?;
            Ok(new.id)
        })
        .await
}
