//! Organizers remove a webhook, or let one go on that gave up.

use domain::event::EventKind;
use domain::{Actor, Scope, WebhookId};
use serde_json::json;
use storage::events;
use storage::webhooks::{self, Webhook};

use super::managed_webhook;
use crate::App;
use crate::authority::person;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};

/// Removes a webhook, once: nothing is sent any more, and it cannot be resumed.
pub async fn remove_webhook(app: &App, actor: &Actor, id: WebhookId) -> Outcome<()> {
    person(actor, Scope::Organize)?;
    let (actor, now) = (actor.clone(), app.now());
    app.db
        .write(move |conn| {
            let found = managed_webhook(conn, &actor, id)?;
            if !webhooks::stop(conn, id, "removed", now)? {
                return Err(Failure::not_found());
            }
            let (subject, challenge) = (format!("webhook:{id}"), Some(found.challenge_id));
            let payload = [("because", json!("removed"))];
            Ok(events::append(
                conn,
                event(&actor, now, EventKind::WebhookStopped, subject, challenge, payload),
            )?)
        })
        .await
}

/// Lets a webhook that gave up go on with the event that it gave up at.
pub async fn resume_webhook(app: &App, actor: &Actor, id: WebhookId) -> Outcome<Webhook> {
    person(actor, Scope::Organize)?;
    let (actor, now) = (actor.clone(), app.now());
    app.db
        .write(move |conn| {
            let found = managed_webhook(conn, &actor, id)?;
            if !webhooks::resume(conn, id, now)? {
                return Err(Failure::new(Code::StateConflict, "only a webhook that gave up is resumed"));
            }
            let (subject, challenge) = (format!("webhook:{id}"), Some(found.challenge_id));
            events::append(conn, event(&actor, now, EventKind::WebhookResumed, subject, challenge, []))?;
            webhooks::find(conn, id)?.ok_or_else(Failure::not_found)
        })
        .await
}
