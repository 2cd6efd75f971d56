//! Organizers pause submissions.

use domain::entry::statement;
use domain::event::EventKind;
use domain::{Actor, PauseId, Scope};
use serde_json::json;
use storage::pauses::{self, Pause};
use storage::{StoreError, events};

use crate::App;
use crate::authority::{person, see_phase};
use crate::challenges::{manage_locked, not_archived};
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::idempotency::{Created, IdempotencyKey, create_once};

/// Pauses a challenge, or one of its phases, for a reason that everybody reads.
///
/// Deadlines stay where they are: whoever pauses for long moves them.
pub async fn begin_pause(
    app: &App,
    actor: &Actor,
    (challenge, phase): (&str, Option<&str>),
    reason: &str,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<PauseId>> {
    let by = person(actor, Scope::Organize)?.user;
    let reason = statement("reason", reason)?;
    let (now, id) = (app.now(), app.sources.new_id::<PauseId>());
    let request = idempotency.map(|key| key.request(actor, "begin_pause"));
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.map(str::to_owned));
    create_once(app, request, id, now, move |conn| {
        let managed = manage_locked(conn, &actor, &challenge)?;
        not_archived(&managed)?;
        let phase_id = match &phase {
            Some(key) => Some(see_phase(conn, &actor, &challenge, key)?.phase.id),
            None => None,
        };
        let pause = Pause {
            id,
            challenge_id: managed.id,
            phase_id,
            reason: reason.clone(),
            paused_by: by,
            paused_at: now,
            ended_at: None,
        };
        pauses::insert(conn, &pause).map_err(paused_already)?;
        let payload = [("phase", json!(phase_id)), ("reason", json!(reason))];
        let told =
            event(&actor, now, EventKind::PauseBegun, format!("pause:{id}"), Some(managed.id), payload);
        Ok(events::append(conn, told)?)
    })
    .await
}

fn paused_already(error: StoreError) -> Failure {
    if error.conflicts_on("pauses_challenge_id_key") || error.conflicts_on("pauses_phase_id_key") {
        return Failure::new(Code::StateConflict, "it is paused already");
    }
    error.into()
}
