//! Somebody who is signed in chooses another password.

use domain::event::EventKind;
use domain::{Actor, Invalid};
use serde_json::json;
use storage::accounts::email_tokens::{self, LinkPurpose};
use storage::accounts::{sessions, users};
use storage::events;

use super::{signed_in_person, subject};
use crate::App;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::identity::{Password, PasswordHash};

/// The present password and the one that takes its place.
pub struct ChangePassword {
    /// Proves that it is the owner who sits at the signed-in device.
    pub current: String,
    /// The new one.
    pub new: String,
}

/// Sets a new password and ends every other session.
pub async fn change_password(app: &App, actor: &Actor, input: ChangePassword) -> Outcome<()> {
    let (person, session) = signed_in_person(actor)?;
    let id = person.user;
    let (user, kept) = app
        .db
        .read(move |conn| {
            let user = users::find(conn, id)?.ok_or_else(Failure::not_found)?;
            let kept = users::password_hash(conn, id)?.map(PasswordHash);
            Ok::<_, Failure>((user, kept))
        })
        .await?;
    if !app.passwords.verify(&input.current, kept.as_ref()).await? {
        tracing::warn!(user.id = %id, "a change of password was refused");
        return Err(Invalid::new("current", "is not your present password").into());
    }
    let password = Password::parse(&input.new, &user.email, user.name.as_str())
        .map_err(|invalid| Invalid::new("new", invalid.rule))?;
    let hash = app.passwords.hash(password, app.sources.entropy.as_ref()).await?;
    let (actor, now) = (actor.clone(), app.now());
    app.db
        .write(move |conn| {
            if users::password_hash(conn, id)? != kept.as_ref().map(|kept| kept.0.clone()) {
                return Err(Failure::new(Code::StateConflict, "the password was changed in the meantime"));
            }
            users::set_password_hash(conn, id, &hash.0)?;
            sessions::revoke_all_but(conn, id, Some(session), now)?;
            email_tokens::void_all(conn, id, LinkPurpose::Reset, now)?;
            let payload = [("how", json!("changed"))];
            events::append(conn, event(&actor, now, EventKind::PasswordChanged, subject(id), None, payload))?;
            Ok(())
        })
        .await
}
