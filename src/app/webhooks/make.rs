//! Organizers name an address that is told what happens.

use domain::event::EventKind;
use domain::{Actor, Scope, WebhookId};
use serde_json::json;
use storage::events;
use storage::types::Json;
use storage::webhooks::{self, Webhook};

use super::reach::fault_of;
use crate::App;
use crate::authority::see_challenge;
use crate::authority::verified_person;
use crate::context::event;
use crate::failure::{Code, Failure, FieldError, Outcome};
use crate::idempotency::{Created, IdempotencyKey, create_once};

/// How many addresses a challenge may have.
const MOST: usize = 10;

/// A webhook that was just made.
#[derive(Debug, Clone)]
pub struct MadeWebhook {
    /// What is kept of it.
    pub webhook: Webhook,
    /// What its deliveries are signed with, which is told once.
    pub secret: String,
}

/// Makes a webhook that is told what happens from now on, its own making first; for who may change the challenge.
///
/// `kinds` are those of events that are sent; all where there is none.
pub async fn make_webhook(
    app: &App,
    actor: &Actor,
    challenge: &str,
    url: String,
    kinds: Vec<String>,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<MadeWebhook>> {
    let by = verified_person(actor, Scope::Organize)?.user;
    // Who may not make one learns nothing of what a name resolves to here.
    let (asking, key) = (actor.clone(), challenge.to_owned());
    app.db.read(move |conn| see_challenge(conn, &asking, &key)?.manage(&asking).map(|_| ())).await?;
    check(app, &url, &kinds).await?;
    let (now, id) = (app.now(), app.sources.new_id::<WebhookId>());
    let request = idempotency.map(|key| key.request(actor, &format!("make_webhook:{challenge}")));
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    let made = create_once(app, request, id, now, move |conn| {
        let managed = see_challenge(conn, &actor, &challenge)?.manage(&actor)?.0;
        let present = webhooks::of_challenge(conn, managed.id)?;
        if present.len() >= MOST {
            let detail = format!("a challenge has at most {MOST} webhooks; remove one first");
            return Err(Failure::new(Code::StateConflict, detail));
        }
        let webhook = Webhook {
            id,
            challenge_id: managed.id,
            url: url.clone(),
            kinds: Json(kinds.clone()),
            created_by: by,
            created_at: now,
            after_seq: events::newest(conn)?,
            failures: 0,
            next_attempt_at: now,
            stopped_at: None,
            stopped_because: None,
        };
        webhooks::insert(conn, &webhook)?;
        // Addresses may hold what only their owners should know, so the log has none.
        let payload = [("kinds", json!(kinds))];
        let subject = format!("webhook:{id}");
        let told = event(&actor, now, EventKind::WebhookMade, subject, Some(managed.id), payload);
        Ok(events::append(conn, told)?)
    })
    .await?;
    let id = made.into_inner();
    let webhook = app.db.read(move |conn| Ok::<_, Failure>(webhooks::find(conn, id)?)).await?;
    let webhook = webhook.ok_or_else(Failure::not_found)?;
    Ok(made.map(|id| MadeWebhook { webhook, secret: app.webhooks.of(id) }))
}

async fn check(app: &App, url: &str, kinds: &[String]) -> Outcome<()> {
    let mut errors = Vec::new();
    for kind in kinds {
        if EventKind::parse(kind).is_none() {
            errors.push(FieldError::new("kinds", format!("must be kinds of events; {kind:?} is none")));
        }
    }
    let (named, allow_private) = (url.to_owned(), app.settings.webhooks.allow_private);
    let fault = tokio::task::spawn_blocking(move || fault_of(&named, allow_private));
    if let Some(fault) = fault.await.map_err(Failure::internal)? {
        errors.push(FieldError::new("url", fault));
    }
    if errors.is_empty() { Ok(()) } else { Err(Failure::invalid_fields(errors)) }
}
