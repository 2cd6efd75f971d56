//! Tables of people with noise.

use actix_web::{HttpResponse, get, post, web};
use app::App;
use app::idempotency::Created;
use app::participation::noisy_tables::{
    NoisyCounts, list_noisy_tables as list, publish_noisy_table as publish,
};
use domain::{SnapshotId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::extract::{Anyone, IdempotencyHeader, Json, Page, SignedIn};
use crate::problem::Problem;

/// Which table is published, and at what price.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NoisyTableBody {
    /// `people_by_sector` or `people_by_career_stage`.
    table: String,
    /// What it takes of the table's budget of 1 a year: 0.001 to 1, in thousandths. The less, the more noise.
    epsilon: f64,
}

/// Counts with noise: of whoever is in them nearly nothing follows, whatever else a reader knows.
#[derive(Serialize, ToSchema)]
pub(super) struct NoisyTableView {
    /// Its id.
    id: Uuid,
    /// The snapshot whose last edition it counts.
    snapshot: Uuid,
    /// Which table.
    table: String,
    /// What it took of the budget of its year.
    epsilon: f64,
    /// The year of that budget.
    year: i32,
    /// The standard deviation of the noise in every count: small counts are mostly noise.
    deviation: f64,
    /// `{edition, counts: [{class, count}]}`; every class of the vocabulary is there, and a count may be below 0.
    #[schema(value_type = Object)]
    contents: Value,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    published_at: Timestamp,
}

impl From<NoisyCounts> for NoisyTableView {
    fn from(found: NoisyCounts) -> Self {
        let NoisyCounts { table, deviation } = found;
        Self {
            id: table.id.0,
            snapshot: table.snapshot_id.0,
            table: table.code,
            epsilon: f64::from(table.epsilon_milli) / 1000.0,
            year: table.year,
            deviation,
            contents: table.contents.0,
            published_at: table.made_at,
        }
    }
}

/// Publish the people of a snapshot's last edition, counted with noise (differential privacy); for admins of the challenge, on
/// servers whose settings allow it.
#[utoipa::path(tag = "participation", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The snapshot.")),
    responses(
        (status = 201, description = "The table, which stays.", body = NoisyTableView),
        (status = 200, description = "The same request was sent before; this is its answer.", body = NoisyTableView),
        (status = 403, description = "This is for admins of the challenge."),
        (status = 404, description = "There is no such snapshot."),
        (status = 409, description = "The server does not allow it, nobody is in the snapshot, or the year's budget is spent."),
        (status = 422, description = "There is no such table, or the price is none."),
))]
#[post("/snapshots/{id}/noisy-tables")]
pub(super) async fn publish_noisy_table(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
    key: IdempotencyHeader,
    body: Json<NoisyTableBody>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&body.0)?;
    let NoisyTableBody { table, epsilon } = body.0;
    Ok(match publish(&app, &actor, SnapshotId(*id), &table, epsilon, key).await? {
        Created::New(made) => HttpResponse::Created().json(NoisyTableView::from(made)),
        Created::Replayed(made) => HttpResponse::Ok().json(NoisyTableView::from(made)),
    })
}

/// List the tables of people with noise, newest first.
#[utoipa::path(tag = "participation",
    params(("challenge" = String, Path, description = "The challenge, by id or short name.")),
    responses(
        (status = 200, description = "The tables.", body = Page<NoisyTableView>),
        (status = 404, description = "There is no such challenge."),
))]
#[get("/challenges/{challenge}/noisy-tables")]
pub(super) async fn list_noisy_tables(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let found = list(&app, &actor, &challenge).await?;
    Ok(HttpResponse::Ok().json(Page::whole(found.into_iter().map(NoisyTableView::from).collect())))
}
