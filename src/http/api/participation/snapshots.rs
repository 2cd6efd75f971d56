//! Snapshots of who takes part, and what may be shown of them.

use actix_web::{HttpResponse, get, post, web};
use app::App;
use app::idempotency::Created;
use app::participation::measures::{Definition, MeasureValue, Released, read_measures};
use app::participation::records::{PublishedTable, Snapshot};
use app::participation::snapshot::{MakeSnapshot, list_snapshots, make_snapshot, read_snapshot, read_tables};
use domain::{Digest, Invalid, SnapshotId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::extract::{Anyone, IdempotencyHeader, Json, Page, SignedIn};
use crate::problem::Problem;

/// What a snapshot is to be of.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MakeSnapshotBody {
    /// The moment that it speaks of; now when left out.
    #[schema(format = DateTime)]
    as_of: Option<String>,
    /// Whether all editions of the challenge's series are in it.
    #[serde(default)]
    whole_series: bool,
}

/// Which measures are wanted, and how.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MeasuresQuery {
    /// Ids of measures with commas between them, such as `P1,T3`; all when left out.
    measure: Option<String>,
    /// `json`, `csv` or `parquet`; `json` when left out.
    format: Option<String>,
}

/// A snapshot.
#[derive(Serialize, ToSchema)]
pub(super) struct SnapshotView {
    /// Its id.
    id: Uuid,
    /// The challenge that it was made of.
    challenge_id: Uuid,
    /// Whether it is of all editions of the challenge's series.
    whole_series: bool,
    /// The moment that it speaks of.
    #[schema(value_type = String, format = DateTime)]
    as_of: Timestamp,
    /// The last event before that moment.
    event_seq: i64,
    /// The hash of that event: the checkpoint of the log.
    #[schema(value_type = String)]
    event_hash: Digest,
    /// The digest of the records.
    #[schema(value_type = String)]
    digest: Digest,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    made_at: Timestamp,
}

/// A measure on a snapshot, as far as everybody may see it.
#[derive(Serialize, ToSchema)]
pub(crate) struct MeasureView {
    /// Its id.
    #[schema(example = "P1")]
    id: &'static str,
    /// Counts up with every change of the formula.
    version: u32,
    /// Its name.
    title: &'static str,
    /// What is computed.
    formula: &'static str,
    /// What it is measured in.
    unit: &'static str,
    /// Where the formula comes from.
    source: &'static str,
    /// What `n` counts.
    counted: &'static str,
    /// The numbers, each with `statistic`, `of`, `n` and `quantity`; null where the measure is for researchers with an approved
    /// request. A number with the state `suppressed` stands on too few, or would tell of too few.
    #[schema(value_type = Option<Vec<Object>>)]
    readings: Option<Value>,
}

/// Measures on one snapshot.
#[derive(Serialize, ToSchema)]
pub(super) struct MeasuresView {
    /// The snapshot.
    snapshot: SnapshotView,
    /// The measures.
    measures: Vec<MeasureView>,
}

/// A table of people.
#[derive(Serialize, ToSchema)]
pub(super) struct PeopleTableView {
    /// Which table of the fixed list.
    #[schema(example = "people_by_country")]
    code: String,
    /// The fewest people that a cell shows.
    k: i32,
    /// `rows`, `columns`, `cells` (hidden ones are null), `row_totals` and `column_totals`; null where it is withheld.
    #[schema(value_type = Option<Object>)]
    table: Option<Value>,
    /// Why it is withheld.
    withheld: Option<String>,
}

impl From<Snapshot> for SnapshotView {
    fn from(snapshot: Snapshot) -> Self {
        Self {
            id: snapshot.id.0,
            challenge_id: snapshot.challenge.0,
            whole_series: snapshot.whole_series,
            as_of: snapshot.as_of,
            event_seq: snapshot.event_seq,
            event_hash: snapshot.event_hash,
            digest: snapshot.digest,
            made_at: snapshot.made_at,
        }
    }
}

impl MeasureView {
    /// A measure with what it says; none where that is for researchers alone.
    pub(crate) fn new(definition: &Definition, value: Option<MeasureValue>) -> Result<Self, app::Failure> {
        let readings = value.map(|value| serde_json::to_value(value.readings)).transpose();
        Ok(Self {
            id: definition.id,
            version: definition.version,
            title: definition.title,
            formula: definition.formula,
            unit: definition.unit,
            source: definition.source,
            counted: definition.counted,
            readings: readings.map_err(app::Failure::internal)?,
        })
    }
}

impl TryFrom<PublishedTable> for PeopleTableView {
    type Error = app::Failure;

    fn try_from(table: PublishedTable) -> Result<Self, app::Failure> {
        let contents = table.contents.as_deref().map(serde_json::from_str).transpose();
        Ok(Self {
            code: table.code,
            k: table.k,
            table: contents.map_err(app::Failure::internal)?,
            withheld: table.withheld,
        })
    }
}

/// Keep the records of who takes part as they stood, and publish the tables of people; for organizers and researchers.
#[utoipa::path(tag = "participation", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The challenge, by id or short name.")),
    responses(
        (status = 201, description = "The snapshot; it never changes.", body = SnapshotView),
        (status = 200, description = "The same request was sent before; this is its answer.", body = SnapshotView),
        (status = 403, description = "This is for organizers of the challenge and researchers."),
        (status = 404, description = "There is no such challenge."),
        (status = 422, description = "The moment is to come, or the challenge is in no series."),
))]
#[post("/challenges/{challenge}/snapshots")]
pub(super) async fn create_snapshot(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
    key: IdempotencyHeader,
    body: Json<MakeSnapshotBody>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&body.0)?;
    let as_of = body.0.as_of.as_deref().map(Timestamp::parse).transpose();
    let as_of = as_of.map_err(|invalid| Invalid::new("as_of", invalid.rule))?;
    let input = MakeSnapshot { challenge: challenge.into_inner(), whole_series: body.0.whole_series, as_of };
    Ok(match make_snapshot(&app, &actor, input, key).await? {
        Created::New(made) => HttpResponse::Created().json(SnapshotView::from(made)),
        Created::Replayed(made) => HttpResponse::Ok().json(SnapshotView::from(made)),
    })
}

/// List the snapshots of a challenge, newest first.
#[utoipa::path(tag = "participation",
    params(("challenge" = String, Path, description = "The challenge, by id or short name.")),
    responses(
        (status = 200, description = "The snapshots.", body = Page<SnapshotView>),
        (status = 404, description = "There is no such challenge."),
))]
#[get("/challenges/{challenge}/snapshots")]
pub(super) async fn list_challenge_snapshots(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let snapshots = list_snapshots(&app, &actor, &challenge).await?;
    Ok(HttpResponse::Ok().json(Page::whole(snapshots.into_iter().map(SnapshotView::from).collect())))
}

/// Show a snapshot.
#[utoipa::path(tag = "participation",
    params(("id" = Uuid, Path, description = "The snapshot.")),
    responses(
        (status = 200, description = "The snapshot.", body = SnapshotView),
        (status = 404, description = "There is no such snapshot."),
))]
#[get("/snapshots/{id}")]
pub(super) async fn show_snapshot(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let found = read_snapshot(&app, &actor, SnapshotId(*id)).await?;
    Ok(HttpResponse::Ok().json(SnapshotView::from(found.snapshot)))
}

/// Show what everybody may see of measures on a snapshot.
#[utoipa::path(tag = "participation",
    params(("id" = Uuid, Path, description = "The snapshot."), MeasuresQuery),
    responses(
        (status = 200, description = "The measures; as CSV or Parquet a row for each number.",
            content((MeasuresView = "application/json"), (String = "text/csv"), (Vec<u8> = "application/vnd.apache.parquet"))),
        (status = 404, description = "There is no such snapshot."),
        (status = 422, description = "There is no such measure of snapshots."),
))]
#[get("/snapshots/{id}/measures")]
pub(super) async fn show_measures(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    id: web::Path<Uuid>,
    query: web::Query<MeasuresQuery>,
) -> Result<HttpResponse, Problem> {
    let wanted: Vec<String> = query
        .measure
        .as_deref()
        .map(|names| names.split(',').map(|name| name.trim().to_owned()).collect())
        .unwrap_or_default();
    let (snapshot, released) = read_measures(&app, &actor, SnapshotId(*id), &wanted).await?;
    match query.format.as_deref() {
        None | Some("json") => {
            let view = |one: Released| MeasureView::new(one.definition, one.value);
            let measures = released.into_iter().map(view).collect::<Result<_, _>>()?;
            Ok(HttpResponse::Ok().json(MeasuresView { snapshot: snapshot.into(), measures }))
        }
        Some("csv") => {
            let values = released.iter().filter_map(|one| Some((one.definition, one.value.as_ref()?)));
            let file = app::participation::measures::as_csv(&snapshot.id.to_string(), values)?;
            Ok(HttpResponse::Ok().content_type("text/csv; charset=utf-8").body(file))
        }
        Some("parquet") => {
            let values = released.iter().filter_map(|one| Some((one.definition, one.value.as_ref()?)));
            let file = app::participation::measures::as_parquet(&snapshot.id.to_string(), values)?;
            Ok(HttpResponse::Ok().content_type("application/vnd.apache.parquet").body(file))
        }
        Some(_) => Err(Invalid::new("format", "must be json, csv or parquet").into()),
    }
}

/// Show the tables of people of a snapshot: merged, suppressed and audited, or why they are withheld.
#[utoipa::path(tag = "participation",
    params(("id" = Uuid, Path, description = "The snapshot.")),
    responses(
        (status = 200, description = "The tables of the fixed list.", body = Page<PeopleTableView>),
        (status = 404, description = "There is no such snapshot."),
))]
#[get("/snapshots/{id}/tables")]
pub(super) async fn list_tables(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let tables = read_tables(&app, &actor, SnapshotId(*id)).await?;
    let views = tables.into_iter().map(PeopleTableView::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(HttpResponse::Ok().json(Page::whole(views)))
}
