//! Somebody leaves a challenge.

use domain::entry::RegistrationState;
use domain::event::EventKind;
use domain::{Actor, Scope};
use serde_json::json;
use storage::challenges::registrations;
use storage::{events, teams};

use crate::App;
use crate::authority::{person, see_challenge};
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};

/// Ends one's own registration, once one is in no team any more; that there was one stays on record.
///
/// A ban stays a ban.
pub async fn withdraw_registration(app: &App, actor: &Actor, challenge: &str) -> Outcome<()> {
    let user = person(actor, Scope::Submit)?.user;
    let now = app.now();
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .write(move |conn| {
            let seen = see_challenge(conn, &actor, &challenge)?.challenge;
            let found = registrations::find(conn, seen.id, user)?.ok_or_else(|| {
                Failure::new(Code::NotRegistered, "you have not registered for this challenge")
            })?;
            match found.state {
                RegistrationState::Withdrawn => return Ok(()),
                RegistrationState::Banned => {
                    return Err(Failure::new(
                        Code::StateConflict,
                        "the organizers have ended this registration",
                    ));
                }
                RegistrationState::Waiting | RegistrationState::Admitted | RegistrationState::Refused => {}
            }
            if teams::of_person(conn, seen.id, user)?.is_some() {
                return Err(Failure::new(Code::StateConflict, "leave your team first"));
            }
            registrations::withdraw(conn, seen.id, user)?;
            let payload = [("user", json!(user))];
            let subject = format!("user:{user}");
            let told = event(&actor, now, EventKind::RegistrationWithdrawn, subject, Some(seen.id), payload);
            Ok(events::append(conn, told)?)
        })
        .await
}
