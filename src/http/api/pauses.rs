//! `/challenges/{challenge}/pauses`: while one lasts, no submissions are taken.

use actix_web::{HttpResponse, get, post, web};
use app::App;
use app::idempotency::Created;
use app::pauses::{Pause, begin_pause, end_pause, list_pauses};
use domain::{PauseId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::api::page_query::PageQuery;
use crate::extract::{Anyone, IdempotencyHeader, Json, Page, SignedIn};
use crate::problem::Problem;

/// The routes below `/api/v1`.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(show_pauses).service(create_pause).service(close_pause);
}

/// A pause that begins.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreatePause {
    /// Why, for everybody to read: 1 to 4000 bytes.
    reason: String,
    /// The codename or id of a phase; all of them when left out.
    phase: Option<String>,
}

/// A pause.
#[derive(Serialize, ToSchema)]
struct PauseView {
    /// Its id.
    id: Uuid,
    /// The phase; null for all of them.
    phase: Option<Uuid>,
    /// Why.
    reason: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    paused_at: Timestamp,
    /// Until when; null while it lasts.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
}

impl From<Pause> for PauseView {
    fn from(pause: Pause) -> Self {
        Self {
            id: pause.id.0,
            phase: pause.phase_id.map(|id| id.0),
            reason: pause.reason,
            paused_at: pause.paused_at,
            ended_at: pause.ended_at,
        }
    }
}

/// What was begun.
#[derive(Serialize, ToSchema)]
struct Begun {
    /// Its id.
    id: Uuid,
}

/// List the pauses of a challenge, newest first.
#[utoipa::path(tag = "challenges", security((), ("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge."), PageQuery),
    responses(
        (status = 200, description = "The pauses.", body = Page<PauseView>),
        (status = 404, description = "There is no such challenge, or one does not see it."),
))]
#[get("/challenges/{challenge}/pauses")]
async fn show_pauses(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    challenge: web::Path<String>,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let paging = query.paging()?;
    let before = paging.after.map(PauseId);
    let rows = list_pauses(&app, &actor, &challenge, before, paging.rows_to_read()).await?;
    Ok(HttpResponse::Ok().json(paging.page(rows, |row| row.id.0, PauseView::from)))
}

/// Take no submissions for a while; for organizers. What was submitted is scored all the same.
#[utoipa::path(tag = "challenges", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge.")),
    responses(
        (status = 201, description = "The pause has begun.", body = Begun),
        (status = 200, description = "The same request was sent before; this is its answer.", body = Begun),
        (status = 403, description = "This is for its organizers."),
        (status = 404, description = "There is no such challenge or phase."),
        (status = 409, description = "It is paused already, or the challenge is archived."),
        (status = 422, description = "The reason is missing or too long."),
))]
#[post("/challenges/{challenge}/pauses")]
async fn create_pause(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
    key: IdempotencyHeader,
    body: Json<CreatePause>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&body.0)?;
    let whole = (challenge.as_str(), body.0.phase.as_deref());
    Ok(match begin_pause(&app, &actor, whole, &body.0.reason, key).await? {
        Created::New(id) => HttpResponse::Created().json(Begun { id: id.0 }),
        Created::Replayed(id) => HttpResponse::Ok().json(Begun { id: id.0 }),
    })
}

/// End a pause: submissions are taken again where a phase is open.
#[utoipa::path(tag = "challenges", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The slug or id of the challenge."),
        ("id" = Uuid, Path, description = "The id of the pause."),
    ),
    responses(
        (status = 204, description = "It has ended."),
        (status = 403, description = "This is for its organizers."),
        (status = 404, description = "There is no such challenge, or no such pause that lasts."),
))]
#[post("/challenges/{challenge}/pauses/{id}/end")]
async fn close_pause(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (challenge, id) = path.into_inner();
    end_pause(&app, &actor, &challenge, PauseId(id)).await?;
    Ok(HttpResponse::NoContent().finish())
}
