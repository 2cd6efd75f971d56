//! Webhooks: addresses that are told what happens in a challenge.

use actix_web::{HttpResponse, delete, get, post, web};
use app::App;
use app::idempotency::Created;
use app::webhooks::records::{Delivery, Webhook};
use app::webhooks::{
    MadeWebhook, list_deliveries, list_webhooks as list, make_webhook as make, remove_webhook as remove,
    resume_webhook as resume,
};
use domain::{DeliveryId, Timestamp, WebhookId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::api::page_query::PageQuery;
use crate::extract::{IdempotencyHeader, Json, Page, SignedIn, Verified};
use crate::problem::Problem;

/// The routes below `/api/v1`.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_webhooks)
        .service(make_webhook)
        .service(remove_webhook)
        .service(resume_webhook)
        .service(list_webhook_deliveries);
}

/// A new webhook.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WebhookBody {
    /// Where events are sent, with https://. It must not lead into a private or local network.
    #[schema(example = "https://example.org/hook")]
    url: String,
    /// Which kinds of events; all when left out.
    #[serde(default)]
    #[schema(example = json!(["submission.scored"]))]
    kinds: Vec<String>,
}

/// A webhook.
#[derive(Serialize, ToSchema)]
struct WebhookView {
    id: Uuid,
    /// Where events are sent.
    url: String,
    /// Which kinds of events; an empty list is all.
    kinds: Vec<String>,
    /// `active`, `failing` while an event is tried again and again, or `gave_up`.
    #[schema(example = "active")]
    state: &'static str,
    /// The place in the log up to which it was told.
    after_seq: i64,
    /// How often the next event was tried in vain.
    failures: i32,
    /// When something is sent at the earliest.
    #[schema(value_type = String, format = DateTime)]
    next_attempt_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// A webhook that was just made.
#[derive(Serialize, ToSchema)]
struct MadeWebhookView {
    #[serde(flatten)]
    webhook: WebhookView,
    /// What deliveries are signed with, which is told once.
    secret: String,
}

/// An attempt to send an event.
#[derive(Serialize, ToSchema)]
struct DeliveryView {
    id: Uuid,
    /// The place of the event in the log.
    seq: i64,
    /// Which attempt with this event, from 1.
    attempt: i32,
    #[schema(value_type = String, format = DateTime)]
    sent_at: Timestamp,
    /// How long it took.
    milliseconds: i32,
    /// The status of the answer; null where none came.
    status: Option<i32>,
    /// Why it does not count as delivered; empty where it does.
    error: String,
}

impl From<Webhook> for WebhookView {
    fn from(webhook: Webhook) -> Self {
        Self {
            id: webhook.id.0,
            url: webhook.url,
            kinds: webhook.kinds.0,
            state: match webhook.failures {
                _ if webhook.stopped_at.is_some() => "gave_up",
                0 => "active",
                _ => "failing",
            },
            after_seq: webhook.after_seq,
            failures: webhook.failures,
            next_attempt_at: webhook.next_attempt_at,
            created_at: webhook.created_at,
        }
    }
}

impl From<Delivery> for DeliveryView {
    fn from(delivery: Delivery) -> Self {
        Self {
            id: delivery.id.0,
            seq: delivery.seq,
            attempt: delivery.attempt,
            sent_at: delivery.sent_at,
            milliseconds: delivery.milliseconds,
            status: delivery.status,
            error: delivery.error,
        }
    }
}

/// List the webhooks of a challenge; for organizers who may change it.
#[utoipa::path(tag = "webhooks", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge.")),
    responses(
        (status = 200, description = "Those that were not removed, oldest first.", body = Page<WebhookView>),
        (status = 403, description = "This is for organizers who may change the challenge."),
        (status = 404, description = "There is no such challenge, or one does not see it."),
))]
#[get("/challenges/{challenge}/webhooks")]
async fn list_webhooks(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let all = list(&app, &actor, &challenge).await?;
    Ok(HttpResponse::Ok().json(Page::whole(all.into_iter().map(WebhookView::from).collect())))
}

/// Name an address that is told what happens from now on; the making of the webhook is the first thing that it is told.
///
/// Events are sent one after the other in the order of the log, as JSON by POST, until they are answered with 2xx; so one may
/// arrive twice. `Heldout-Signature: t=SECONDS,v1=HEX` proves where it comes from: HMAC with SHA-256, under the secret's text,
/// over `SECONDS.BODY`. No redirect is followed.
#[utoipa::path(tag = "webhooks", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge.")),
    responses(
        (status = 201, description = "The webhook with its secret.", body = MadeWebhookView),
        (status = 200, description = "The same request was sent before; this is its answer.", body = MadeWebhookView),
        (status = 403, description = "This is for organizers who may change the challenge."),
        (status = 404, description = "There is no such challenge, or one does not see it."),
        (status = 409, description = "There are as many as a challenge may have."),
        (status = 422, description = "The address leads into a private network, or a kind is none of the log."),
))]
#[post("/challenges/{challenge}/webhooks")]
async fn make_webhook(
    Verified(actor): Verified,
    app: web::Data<App>,
    challenge: web::Path<String>,
    key: IdempotencyHeader,
    body: Json<WebhookBody>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&body.0)?;
    let WebhookBody { url, kinds } = body.0;
    let made = make(&app, &actor, &challenge, url, kinds, key).await?;
    let mut answer = match made {
        Created::New(_) => HttpResponse::Created(),
        Created::Replayed(_) => HttpResponse::Ok(),
    };
    let MadeWebhook { webhook, secret } = made.into_inner();
    Ok(answer
        .insert_header(("Cache-Control", "no-store"))
        .json(MadeWebhookView { webhook: webhook.into(), secret }))
}

/// Remove a webhook: nothing is sent any more.
#[utoipa::path(tag = "webhooks", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The webhook.")),
    responses(
        (status = 204, description = "It is removed."),
        (status = 403, description = "This is for organizers who may change the challenge."),
        (status = 404, description = "There is no such webhook, or it was removed before."),
))]
#[delete("/webhooks/{id}")]
async fn remove_webhook(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    remove(&app, &actor, WebhookId(*id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Let a webhook that gave up go on with the event that it gave up at.
#[utoipa::path(tag = "webhooks", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The webhook.")),
    responses(
        (status = 200, description = "The webhook.", body = WebhookView),
        (status = 403, description = "This is for organizers who may change the challenge."),
        (status = 404, description = "There is no such webhook, or one does not see it."),
        (status = 409, description = "It has not given up."),
))]
#[post("/webhooks/{id}/resume")]
async fn resume_webhook(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(WebhookView::from(resume(&app, &actor, WebhookId(*id)).await?)))
}

/// List what came of every attempt of the last 30 days, newest first.
#[utoipa::path(tag = "webhooks", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The webhook."), PageQuery),
    responses(
        (status = 200, description = "A page of attempts.", body = Page<DeliveryView>),
        (status = 403, description = "This is for organizers who may change the challenge."),
        (status = 404, description = "There is no such webhook, or one does not see it."),
))]
#[get("/webhooks/{id}/deliveries")]
async fn list_webhook_deliveries(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let paging = query.paging()?;
    let before = paging.after.map(DeliveryId);
    let rows = list_deliveries(&app, &actor, WebhookId(*id), before, paging.rows_to_read()).await?;
    Ok(HttpResponse::Ok().json(paging.page(rows, |row| row.id.0, DeliveryView::from)))
}
