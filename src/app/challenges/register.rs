//! A person registers for a challenge and accepts its terms.

use domain::event::EventKind;
use domain::{Actor, Scope, Timestamp};
use serde_json::json;
use storage::challenges::{Challenge, registrations, terms};
use storage::{Conn, events};

use super::not_archived;
use crate::App;
use crate::authority::{see_challenge, verified_person};
use crate::context::event;
use crate::failure::{Code, Failure, FieldError, Outcome};

/// A registration as the registered person sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Registered {
    /// The version of the terms that was accepted; absent where there are none.
    pub accepted_version: Option<i32>,
    /// When the person registered first.
    pub registered_at: Timestamp,
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
    let registered_at = before.map_or(now, |registration| registration.registered_at);
    let registered = Registered { accepted_version, registered_at };
    if before.is_some_and(|registration| registration.terms_id == accepted) {
        return Ok(registered);
    }
    registrations::set(conn, challenge.id, user, accepted, now)?;
    let payload = [("user", json!(user)), ("terms_version", json!(accepted_version))];
    let subject = format!("user:{user}");
    events::append(conn, event(actor, now, EventKind::Registered, subject, Some(challenge.id), payload))?;
    Ok(registered)
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
