//! Organizers read objections and answer each once.

use domain::event::EventKind;
use domain::integrity::Statement;
use domain::{Actor, ContestationId, Invalid, Scope};
use serde_json::json;
use storage::contestations::{self, Contestation};
use storage::events;

use crate::App;
use crate::authority::{person, see_challenge};
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};

/// A page of the objections to a challenge, newest first; for organizers.
pub async fn list_contestations(
    app: &App,
    actor: &Actor,
    challenge: &str,
    before: Option<ContestationId>,
    limit: u32,
) -> Outcome<Vec<Contestation>> {
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .read(move |conn| {
            let inspected = see_challenge(conn, &actor, &challenge)?.inspect(&actor)?;
            Ok(contestations::page(conn, inspected.id, before, i64::from(limit))?)
        })
        .await
}

/// Answers an objection, once, with what became of it (`upheld`, `partly`, `rejected`); for organizers.
pub async fn answer_contestation(
    app: &App,
    actor: &Actor,
    id: ContestationId,
    outcome: &str,
    answer: Statement,
) -> Outcome<Contestation> {
    let by = person(actor, Scope::Organize)?.user;
    if !["upheld", "partly", "rejected"].contains(&outcome) {
        return Err(Invalid::new("outcome", "must be upheld, partly or rejected").into());
    }
    let (actor, outcome, now) = (actor.clone(), outcome.to_owned(), app.now());
    app.db
        .write(move |conn| {
            let found = contestations::find(conn, id)?.ok_or_else(Failure::not_found)?;
            let seen = see_challenge(conn, &actor, &found.challenge_id.to_string())?;
            if !seen.is_organizer() {
                return Err(Failure::not_found());
            }
            seen.review(&actor)?;
            if !contestations::answer(conn, id, (&outcome, answer.as_str()), by, now)? {
                return Err(Failure::new(Code::StateConflict, "this was answered before"));
            }
            let subject = format!("contestation:{id}");
            let payload = [("outcome", json!(outcome))];
            let kind = EventKind::ContestationAnswered;
            events::append(conn, event(&actor, now, kind, subject, Some(found.challenge_id), payload))?;
            contestations::find(conn, id)?.ok_or_else(Failure::not_found)
        })
        .await
}
