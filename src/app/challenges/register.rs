//! A person registers for a challenge and accepts its terms.

use domain::entry::RegistrationState;
use domain::event::EventKind;
use domain::{Actor, Scope, Timestamp, UserId};
use serde_json::json;
use storage::challenges::{Challenge, entry, registrations, terms};
use storage::teams::invitations::proven_address;
use storage::{Conn, events};

use super::not_archived;
use crate::App;
use crate::authority::{not_admitted, see_challenge, verified_person};
use crate::context::event;
use crate::failure::{Code, Failure, FieldError, Outcome};

/// A registration as the registered person sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Registered {
    /// The version of the terms that was accepted; absent where there are none.
    pub accepted_version: Option<i32>,
    /// When the person registered first.
    pub registered_at: Timestamp,
    /// Whether they take part, or wait for an organizer.
    pub state: RegistrationState,
}

/// Registers the actor, or notes that they accept the terms in force now.
///
/// `accepting` is the version that the person has read: accepting another than the one in force is refused.
pub async fn register(
    app: &App,
    actor: &Actor,
    challenge: &str,
    accepting: Option<i32>,
) -> Outcome<Registered> {
    let now = app.now();
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .write(move |conn| {
            let seen = see_challenge(conn, &actor, &challenge)?.challenge;
            register_in(conn, &actor, &seen, now, |in_force| {
                if accepting == in_force { Ok(()) } else { Err(wrong_version(in_force)) }
            })
        })
        .await
}

/// Registers the actor within a transaction; `accepts` is asked about the version of the terms in force.
pub(crate) fn register_in(
    conn: &mut Conn<'_>,
    actor: &Actor,
    challenge: &Challenge,
    now: Timestamp,
    accepts: impl FnOnce(Option<i32>) -> Outcome<()>,
) -> Outcome<Registered> {
    let user = verified_person(actor, Scope::Submit)?.user;
    not_archived(challenge)?;
    let in_force = terms::in_force(conn, challenge.id)?;
    let accepted_version = in_force.as_ref().map(|terms| terms.version);
    accepts(accepted_version)?;
    let accepted = in_force.map(|terms| terms.id);
    let before = registrations::find(conn, challenge.id, user)?;
    let registered_at = before.as_ref().map_or(now, |registration| registration.registered_at);
    let standing = before.as_ref().map(|registration| registration.state);
    let state = match standing {
        Some(refused @ (RegistrationState::Refused | RegistrationState::Banned)) => {
            return Err(not_admitted(refused));
        }
        Some(state @ (RegistrationState::Waiting | RegistrationState::Admitted)) => state,
        None | Some(RegistrationState::Withdrawn) => enter(conn, challenge, user, now)?,
    };
    let registered = Registered { accepted_version, registered_at, state };
    if standing == Some(state) && before.is_some_and(|registration| registration.terms_id == accepted) {
        return Ok(registered);
    }
    registrations::set(conn, (challenge.id, user), accepted, state, now)?;
    let payload =
        [("user", json!(user)), ("terms_version", json!(accepted_version)), ("state", json!(state))];
    let subject = format!("user:{user}");
    events::append(conn, event(actor, now, EventKind::Registered, subject, Some(challenge.id), payload))?;
    Ok(registered)
}

/// What becomes of somebody who comes now, by the challenge's rules of entry.
fn enter(
    conn: &mut Conn<'_>,
    challenge: &Challenge,
    user: UserId,
    now: Timestamp,
) -> Outcome<RegistrationState> {
    if let Some(closed_at) = challenge.entries_close_at.filter(|close_at| now >= *close_at) {
        return Err(Failure::new(Code::EntriesClosed, format!("entries closed at {closed_at}")));
    }
    let address = proven_address(conn, user)?.unwrap_or_default();
    entry::rules(conn, challenge)?.admits(&address).ok_or_else(|| {
        Failure::new(Code::EntryNotAllowed, "your e-mail address is not among those that may enter")
    })
}

fn wrong_version(in_force: Option<i32>) -> Failure {
    match in_force {
        Some(version) => {
            let detail = format!("read and accept version {version} of the terms");
            Failure::new(Code::TermsNotAccepted, detail)
        }
        None => Failure::invalid_fields(vec![FieldError::new(
            "accept_terms",
            "must be absent: this challenge has no terms",
        )]),
    }
}
