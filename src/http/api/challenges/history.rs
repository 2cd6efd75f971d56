//! `/challenges/{challenge}/history`: what happened where the server could not see it.

use actix_web::{HttpResponse, get, post, web};
use app::App;
use app::challenges::history::{self, HistoryDraft};
use app::challenges::records::HistoryEntry;
use app::idempotency::Created;
use domain::{HistoryEntryId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::page_query::PageQuery;
use crate::extract::{Anyone, IdempotencyHeader, Json, Page, SignedIn};
use crate::problem::Problem;

/// Something that happened.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecordHistory {
    /// What it was: a code of `event.type`.
    #[schema(example = "annotation.started")]
    event_type: String,
    /// When: a day, or a month or year where no more is known.
    #[schema(example = "2021-10")]
    happened: String,
    /// What it was, in words.
    #[serde(default)]
    words: String,
    /// Where that is known from: an address or a citation.
    source: String,
}

/// Something that happened, as it was put on record.
#[derive(Serialize, ToSchema)]
struct HistoryView {
    id: Uuid,
    /// What it was: a code of `event.type`.
    event_type: String,
    /// The day; the first of what is known no better than by its month or year.
    #[schema(format = Date)]
    happened_on: String,
    /// `day`, `month` or `year`.
    exact_to: String,
    /// What it was, in words.
    words: String,
    /// Where that is known from.
    source: String,
    /// When it was put on record.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
}

/// What was put on record.
#[derive(Serialize, ToSchema)]
struct RecordedHistory {
    /// Its id.
    id: Uuid,
}

impl From<HistoryEntry> for HistoryView {
    fn from(entry: HistoryEntry) -> Self {
        Self {
            id: entry.id.0,
            event_type: entry.event_type,
            happened_on: entry.happened_on,
            exact_to: entry.exact_to,
            words: entry.words,
            source: entry.source,
            recorded_at: entry.recorded_at,
        }
    }
}

/// List what happened where the server could not see it, oldest record first.
#[utoipa::path(tag = "framing", security((), ("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge."), PageQuery),
    responses(
        (status = 200, description = "A page of it.", body = Page<HistoryView>),
        (status = 404, description = "There is no such challenge, or one does not see it."),
))]
#[get("/challenges/{challenge}/history")]
pub(crate) async fn list_history(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    challenge: web::Path<String>,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let paging = query.paging()?;
    let after = paging.after.map(HistoryEntryId);
    let rows = history::list_history(&app, &actor, &challenge, after, paging.rows_to_read()).await?;
    Ok(HttpResponse::Ok().json(paging.page(rows, |row| row.id.0, HistoryView::from)))
}

/// Put on record what happened before the challenge was here, or elsewhere; for organizers. It is written once.
#[utoipa::path(tag = "framing", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge.")),
    responses(
        (status = 201, description = "It is on record.", body = RecordedHistory),
        (status = 200, description = "The same request was sent before; this is its answer.", body = RecordedHistory),
        (status = 403, description = "This is for those who may change the challenge."),
        (status = 404, description = "There is no such challenge, or one does not see it."),
        (status = 422, description = "A code is unknown, the moment is later than now, or there is no source."),
))]
#[post("/challenges/{challenge}/history")]
pub(crate) async fn record_history(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
    key: IdempotencyHeader,
    body: Json<RecordHistory>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&body.0)?;
    let RecordHistory { event_type, happened, words, source } = body.0;
    let draft = HistoryDraft { event_type, happened, words, source };
    Ok(match history::record_history(&app, &actor, &challenge, draft, key).await? {
        Created::New(id) => HttpResponse::Created().json(RecordedHistory { id: id.0 }),
        Created::Replayed(id) => HttpResponse::Ok().json(RecordedHistory { id: id.0 }),
    })
}
