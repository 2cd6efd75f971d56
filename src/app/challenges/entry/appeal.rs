//! Somebody who was refused or banned answers.

use domain::entry::{RegistrationState, statement};
use domain::event::EventKind;
use domain::{Actor, Scope};
use serde_json::json;
use storage::challenges::registrations::{self, Registration};
use storage::events;

use crate::App;
use crate::authority::{person, see_challenge};
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};

/// Appeals against the decision about one's own registration: once per decision, and the organizers decide anew.
pub async fn appeal_registration(
    app: &App,
    actor: &Actor,
    challenge: &str,
    text: &str,
) -> Outcome<Registration> {
    let user = person(actor, Scope::Submit)?.user;
    let text = statement("text", text)?;
    let now = app.now();
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .write(move |conn| {
            let seen = see_challenge(conn, &actor, &challenge)?.challenge;
            let found = registrations::find(conn, seen.id, user)?;
            let against = found.filter(|found| {
                matches!(found.state, RegistrationState::Refused | RegistrationState::Banned)
            });
            let Some(against) = against else {
                return Err(Failure::new(Code::StateConflict, "there is no decision to appeal against"));
            };
            if against.appeal.is_some() {
                return Err(Failure::new(
                    Code::StateConflict,
                    "you have appealed against this decision already",
                ));
            }
            registrations::appeal(conn, (seen.id, user), &text, now)?;
            let payload = [("user", json!(user)), ("against", json!(against.state))];
            let subject = format!("user:{user}");
            let told = event(&actor, now, EventKind::RegistrationAppealed, subject, Some(seen.id), payload);
            events::append(conn, told)?;
            registrations::find(conn, seen.id, user)?.ok_or_else(Failure::not_found)
        })
        .await
}
