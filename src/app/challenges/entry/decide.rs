//! An organizer admits, refuses or bans somebody who registered.

use domain::entry::{RegistrationState, statement};
use domain::event::EventKind;
use domain::{Actor, Invalid, JobId, Scope, UserId};
use serde_json::json;
use storage::accounts::users;
use storage::challenges::registrations::{self, Registration};
use storage::events;

use super::super::{not_archived, review_locked};
use crate::App;
use crate::authority::person;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::mail;

/// What is decided about a registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    state: RegistrationState,
    reason: String,
}

impl Verdict {
    /// Admitted, refused or banned; the last two never without a reason, which the person reads.
    pub fn new(state: RegistrationState, reason: &str) -> Result<Self, Invalid> {
        let reason = match (state, reason.trim().is_empty()) {
            (RegistrationState::Waiting | RegistrationState::Withdrawn, _) => {
                return Err(Invalid::new("state", "must be admitted, refused or banned"));
            }
            (RegistrationState::Admitted, true) => String::new(),
            _ => statement("reason", reason)?,
        };
        Ok(Self { state, reason })
    }
}

/// Decides, and writes to the person that something was decided.
///
/// What a banned person's team has submitted stays where it is: about submissions, organizers decide one by one.
pub async fn decide_registration(
    app: &App,
    actor: &Actor,
    challenge: &str,
    user: UserId,
    verdict: Verdict,
) -> Outcome<Registration> {
    let by = person(actor, Scope::Organize)?.user;
    let (now, job) = (app.now(), app.sources.new_id::<JobId>());
    let site = app.settings.server.public_url.clone();
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    let decided = app
        .db
        .write(move |conn| {
            let managed = review_locked(conn, &actor, &challenge)?;
            not_archived(&managed)?;
            let key = (managed.id, user);
            let before = registrations::find(conn, managed.id, user)?.ok_or_else(Failure::not_found)?;
            if before.state == RegistrationState::Withdrawn {
                return Err(Failure::new(Code::StateConflict, "the person has withdrawn the registration"));
            }
            let is_the_same = before.state == verdict.state && before.reason == verdict.reason;
            if is_the_same && before.appeal.is_none() {
                return Ok(before);
            }
            registrations::decide(conn, key, verdict.state, &verdict.reason, (by, now))?;
            if let Some(addressee) = users::find(conn, user)?.filter(|found| found.disabled_at.is_none()) {
                let letter = mail::registration_decided(&site, addressee.email, &managed, verdict.state);
                mail::enqueue(conn, job, &letter, now)?;
            }
            let payload = [
                ("user", json!(user)),
                ("from", json!(before.state)),
                ("to", json!(verdict.state)),
                ("answers_appeal", json!(before.appeal.is_some())),
            ];
            let subject = format!("user:{user}");
            let told = event(&actor, now, EventKind::RegistrationDecided, subject, Some(managed.id), payload);
            events::append(conn, told)?;
            registrations::find(conn, managed.id, user)?.ok_or_else(Failure::not_found)
        })
        .await?;
    app.job_queued.notify_one();
    Ok(decided)
}
