//! Sends what happened to an address, and keeps what came of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::event::{Event, EventKind, canonical_json};
use domain::{Actor, DeliveryId, Timestamp};
use serde_json::json;
use storage::webhooks::{self, Delivery, Webhook};
use storage::{Conn, events};
use ureq::Agent;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;

use super::reach::PublicOnly;
use crate::App;
use crate::context::event;
use crate::failure::{Failure, Outcome};
use crate::settings::WebhookSettings;

/// For how long nobody else sends what one process is sending, beyond the time that an attempt takes.
const LEASE_MARGIN_SECONDS: i64 = 30;
/// How many events are looked through at a time for one that is wanted.
const LOOKED_THROUGH: i64 = 500;
/// After the first failure; it doubles with every further one.
const FIRST_PAUSE_SECONDS: i64 = 10;
/// The longest pause.
const LONGEST_PAUSE_SECONDS: i64 = 6 * 3600;
/// So often an event is tried: over a day and a half.
const ATTEMPTS: i32 = 16;
/// For how long attempts are kept.
const KEPT_SECONDS: i64 = 30 * 86_400;

/// Opens the connections.
#[derive(Clone)]
pub struct Sender {
    agent: Arc<Agent>,
    seconds: u32,
}

impl Sender {
    /// A sender under these settings. It follows no redirect: whoever answers is whom the organizer named.
    pub fn new(settings: &WebhookSettings) -> Self {
        let seconds = settings.timeout_seconds.max(1);
        let config = Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .proxy(None)
            .user_agent(concat!("Heldout/", env!("CARGO_PKG_VERSION")))
            .timeout_global(Some(Duration::from_secs(u64::from(seconds))))
            .build();
        let connector = DefaultConnector::default();
        let agent = if settings.allow_private {
            Agent::with_parts(config, connector, DefaultResolver::default())
        } else {
            Agent::with_parts(config, connector, PublicOnly::default())
        };
        Self { agent: Arc::new(agent), seconds }
    }

    /// Sends a body and tells the status of the answer, or why there is none. What the answer says is not read.
    fn send(&self, webhook: &Webhook, event: &Event, body: &str, signature: &str) -> Result<u16, String> {
        let sent = self
            .agent
            .post(&webhook.url)
            .header("Content-Type", "application/json")
            .header("Heldout-Event", event.event.kind.as_str())
            .header("Heldout-Delivery", format!("{}/{}", webhook.id, event.seq))
            .header("Heldout-Signature", signature)
            .send(body);
        sent.map(|answer| answer.status().as_u16()).map_err(|error| error.to_string())
    }
}

/// What a webhook has to be told next.
enum Next {
    /// This event.
    Tell(Box<Event>),
    /// Nothing up to this place, which is not the end.
    Skip(i64),
}

/// Sends one event to one address; `false` when nothing waits.
pub async fn deliver_next(app: &App, sender: &Sender) -> Outcome<bool> {
    let now = app.now();
    let until = now.plus_seconds(i64::from(sender.seconds) + LEASE_MARGIN_SECONDS);
    // Looked for by reading: whoever writes makes everybody look at boards anew.
    let Some(webhook) = app.db.read(move |conn| Ok::<_, Failure>(webhooks::due(conn, now)?)).await? else {
        return Ok(false);
    };
    let asked = webhook.clone();
    let taken = app.db.write(move |conn| Ok::<_, Failure>(webhooks::take(conn, &asked, now, until)?)).await?;
    if !taken {
        return Ok(true);
    }
    let asked = webhook.clone();
    match app.db.read(move |conn| next_of(conn, &asked)).await? {
        Next::Skip(seq) => {
            app.db
                .write(move |conn| Ok::<_, Failure>(webhooks::advance(conn, webhook.id, seq, now)?))
                .await?;
        }
        Next::Tell(event) => tell(app, sender, webhook, *event).await?,
    }
    Ok(true)
}

/// Forgets attempts that nobody will look at; how many.
pub async fn forget_old_deliveries(app: &App) -> Outcome<usize> {
    let before = app.now().plus_seconds(-KEPT_SECONDS);
    app.db.write(move |conn| Ok(webhooks::forget_before(conn, before)?)).await
}

fn next_of(conn: &mut Conn<'_>, webhook: &Webhook) -> Outcome<Next> {
    let kinds = &webhook.kinds.0;
    let page = events::page(conn, Some(webhook.challenge_id), webhook.after_seq, LOOKED_THROUGH)?;
    let last = page.last().map_or(webhook.after_seq, |event| event.seq);
    let is_wanted =
        |event: &Event| kinds.is_empty() || kinds.iter().any(|kind| kind == event.event.kind.as_str());
    Ok(page.into_iter().find(is_wanted).map_or(Next::Skip(last), |event| Next::Tell(Box::new(event))))
}

async fn tell(app: &App, sender: &Sender, webhook: Webhook, event: Event) -> Outcome<()> {
    let sent_at = app.now();
    let body = body_of(&webhook, &event);
    let signature = app.webhooks.sign(webhook.id, sent_at.as_seconds(), &body);
    let (sender, target, seq) = (sender.clone(), webhook.clone(), event.seq);
    let began = Instant::now();
    let sent = tokio::task::spawn_blocking(move || sender.send(&target, &event, &body, &signature)).await;
    let milliseconds = i32::try_from(began.elapsed().as_millis()).unwrap_or(i32::MAX);
    let (status, error) = match sent.map_err(Failure::internal)? {
        Ok(status @ 200..=299) => (Some(status), String::new()),
        Ok(status) => (Some(status), format!("the answer is {status}")),
        Err(error) => (None, error),
    };
    let delivery = Delivery {
        id: app.sources.new_id::<DeliveryId>(),
        webhook_id: webhook.id,
        seq,
        attempt: webhook.failures + 1,
        sent_at,
        milliseconds,
        status: status.map(i32::from),
        error,
    };
    let now = app.now();
    app.db.write(move |conn| record(conn, &webhook, &delivery, now)).await
}

/// What is sent: the event as the log has it, and where it belongs.
fn body_of(webhook: &Webhook, event: &Event) -> String {
    canonical_json(&json!({
        "webhook": webhook.id,
        "challenge": webhook.challenge_id,
        "event": {
            "seq": event.seq,
            "at": event.event.at,
            "actor": event.event.actor,
            "kind": event.event.kind.as_str(),
            "subject": event.event.subject,
            "payload": event.event.payload,
            "hash": event.hash,
        },
    }))
}

fn record(conn: &mut Conn<'_>, webhook: &Webhook, delivery: &Delivery, now: Timestamp) -> Outcome<()> {
    webhooks::record(conn, delivery)?;
    if delivery.error.is_empty() {
        return Ok(webhooks::advance(conn, webhook.id, delivery.seq, now)?);
    }
    webhooks::put_off(conn, webhook.id, delivery.attempt, now.plus_seconds(pause_after(delivery.attempt)))?;
    if delivery.attempt < ATTEMPTS || !webhooks::stop(conn, webhook.id, "gave_up", now)? {
        return Ok(());
    }
    let (subject, challenge) = (format!("webhook:{}", webhook.id), Some(webhook.challenge_id));
    let payload = [("because", json!("gave_up")), ("seq", json!(delivery.seq))];
    let told = event(&Actor::System, now, EventKind::WebhookStopped, subject, challenge, payload);
    Ok(events::append(conn, told)?)
}

/// How many seconds pass after so many failures.
fn pause_after(failures: i32) -> i64 {
    let doublings = u32::try_from(failures - 1).unwrap_or(0).min(20);
    (FIRST_PAUSE_SECONDS << doublings).min(LONGEST_PAUSE_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_and_end_after_a_day_and_a_half() {
        assert_eq!([1, 2, 3, 12, 13, 40].map(pause_after), [10, 20, 40, 20_480, 21_600, 21_600]);
        let all: i64 = (1..ATTEMPTS).map(pause_after).sum();
        assert!((86_400..2 * 86_400).contains(&all), "{all}");
    }
}
