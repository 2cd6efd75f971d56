//! Webhooks: addresses of organizers that are told what happens in their challenge, in the order of the log.
//!
//! The log is the queue. A webhook keeps its place in it, so nothing is lost while its machine is away, and nothing has to be
//! queued where something happens. An event is sent until it is answered with a status of 2xx, so it can arrive twice; events
//! arrive in order, one after the other.

mod deliver;
mod log;
mod make;
mod reach;
mod secrets;
mod stop;

pub use deliver::{Sender, deliver_next, forget_old_deliveries};
pub use log::{list_deliveries, list_webhooks};
pub use make::{MadeWebhook, make_webhook};
pub use secrets::WebhookSecrets;
pub use stop::{remove_webhook, resume_webhook};

/// What the use cases of this area give back, for shells that do not know the storage.
pub mod records {
    pub use storage::webhooks::{Delivery, Webhook};
}

use domain::{Actor, WebhookId};
use storage::Conn;
use storage::webhooks::{self, Webhook};

use crate::authority::see_challenge;
use crate::failure::{Failure, Outcome};

/// A webhook for who may change its challenge; for others who run it a refusal, and for everybody else there is none.
fn managed_webhook(conn: &mut Conn<'_>, actor: &Actor, id: WebhookId) -> Outcome<Webhook> {
    let found = webhooks::find(conn, id)?.ok_or_else(Failure::not_found)?;
    let seen = see_challenge(conn, actor, &found.challenge_id.to_string())?;
    if !seen.is_organizer() {
        return Err(Failure::not_found());
    }
    seen.manage(actor)?;
    Ok(found)
}
