//! Organizers read which addresses are told, and what came of every attempt.

use domain::{Actor, DeliveryId, Scope, WebhookId};
use storage::webhooks::{self, Delivery, Webhook};

use super::managed_webhook;
use crate::App;
use crate::authority::{person, see_challenge};
use crate::failure::Outcome;

/// The webhooks of a challenge that were not removed, oldest first; for who may change the challenge.
pub async fn list_webhooks(app: &App, actor: &Actor, challenge: &str) -> Outcome<Vec<Webhook>> {
    person(actor, Scope::Organize)?;
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .read(move |conn| {
            let managed = see_challenge(conn, &actor, &challenge)?.manage(&actor)?.0;
            Ok(webhooks::of_challenge(conn, managed.id)?)
        })
        .await
}

/// A page of the attempts of a webhook, newest first; for who may change the challenge.
pub async fn list_deliveries(
    app: &App,
    actor: &Actor,
    id: WebhookId,
    before: Option<DeliveryId>,
    limit: u32,
) -> Outcome<Vec<Delivery>> {
    person(actor, Scope::Organize)?;
    let actor = actor.clone();
    app.db
        .read(move |conn| {
            managed_webhook(conn, &actor, id)?;
            Ok(webhooks::deliveries(conn, id, before, i64::from(limit))?)
        })
        .await
}
