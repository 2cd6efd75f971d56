//! Datasets and their versions: what was collected, whoever competes on it.

mod bodies;
mod mirror;
mod of_phases;
mod production;

use actix_web::{HttpResponse, get, post, web};
use app::App;
use app::datasets::records::{Dataset, DatasetVersion};
use app::datasets::{
    DatasetDraft, VersionDraft, list_datasets as list, read_dataset, record_dataset as record, record_version,
};
use app::idempotency::Created;
use domain::integrity::Statement;
use domain::{DatasetId, Digest, Invalid, Slug, Timestamp, Title, VersionName};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::api::activities::Recorded;
use crate::api::given::named;
use crate::api::page_query::PageQuery;
use crate::extract::{Anyone, IdempotencyHeader, Json, Page, Verified};
use crate::problem::Problem;

/// The routes below `/api/v1`.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_datasets)
        .service(record_dataset)
        .service(show_dataset)
        .service(record_dataset_version)
        .service(production::show_production)
        .service(production::record_dataset_announcement)
        .service(production::record_ethics_review)
        .service(production::record_collection_site)
        .service(production::record_annotation_programme)
        .service(production::record_dataset_exclusion)
        .service(production::record_guideline)
        .service(production::show_guideline)
        .service(production::compare_guidelines)
        .service(production::record_dataset_citation)
        .service(of_phases::list_exclusions)
        .service(of_phases::record_exclusion)
        .service(of_phases::show_framing_binding)
        .service(of_phases::bind_framing);
}

/// A dataset.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DatasetBody {
    /// Its short name.
    #[schema(example = "ego4d")]
    name: String,
    /// What people read.
    title: String,
    /// What it says that it shows, in its own words.
    conceptualization: Option<String>,
    /// Under which terms it may be used; not disclosed when left out.
    licence: Option<String>,
    /// Where that is said.
    source: String,
}

/// A version of a dataset; what is left out nobody says.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DatasetVersionBody {
    /// The version.
    #[schema(example = "1.0.0")]
    version: String,
    /// The day on which it was released.
    #[schema(format = Date)]
    released_on: Option<String>,
    /// How much it differs from the one before: a code of `change_class`.
    change_class: Option<String>,
    /// The version that it was made from, which is on record.
    parent: Option<String>,
    /// The SHA-256 of its content.
    content_digest: Option<String>,
    /// Hours of recordings.
    hours: Option<f64>,
    /// Labelled instances.
    instances: Option<u32>,
    /// People who recorded.
    participants: Option<u32>,
    /// Countries in which they did.
    countries: Option<u16>,
    /// Where that is said.
    source: String,
}

/// A dataset.
#[derive(Serialize, ToSchema)]
struct DatasetView {
    id: Uuid,
    name: String,
    title: String,
    /// What it says that it shows, in its own words; empty where it does not.
    conceptualization: String,
    licence: String,
    /// Where that is said.
    source: String,
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
}

/// A dataset with its versions.
#[derive(Serialize, ToSchema)]
struct DatasetWithVersions {
    #[serde(flatten)]
    dataset: DatasetView,
    /// Its versions, oldest record first.
    versions: Vec<DatasetVersionView>,
}

/// A version of a dataset; null is what nobody says.
#[derive(Serialize, ToSchema)]
struct DatasetVersionView {
    id: Uuid,
    version: String,
    #[schema(format = Date)]
    released_on: Option<String>,
    /// A code of `change_class`, or `not_disclosed`.
    change_class: String,
    /// The id of the version that it was made from.
    parent: Option<Uuid>,
    content_digest: Option<String>,
    hours: Option<f64>,
    instances: Option<i64>,
    participants: Option<i64>,
    countries: Option<i32>,
    /// Where that is said.
    source: String,
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
}

impl From<Dataset> for DatasetView {
    fn from(found: Dataset) -> Self {
        Self {
            id: found.id.0,
            name: found.name.into(),
            title: found.title,
            conceptualization: found.conceptualization,
            licence: found.licence,
            source: found.source,
            recorded_at: found.recorded_at,
        }
    }
}

impl From<DatasetVersion> for DatasetVersionView {
    fn from(found: DatasetVersion) -> Self {
        Self {
            id: found.id.0,
            version: found.version.into(),
            released_on: found.released_on,
            change_class: found.change_class,
            parent: found.parent_id.map(|id| id.0),
            content_digest: found.content_digest.map(|digest| digest.to_string()),
            hours: found.hours,
            instances: found.instances,
            participants: found.participants,
            countries: found.countries,
            source: found.source,
            recorded_at: found.recorded_at,
        }
    }
}

impl DatasetBody {
    fn parse(&self) -> Result<DatasetDraft, Invalid> {
        let text = self.conceptualization.as_deref().map(Statement::parse).transpose();
        Ok(DatasetDraft {
            name: Slug::parse(&self.name).map_err(named("name"))?,
            title: Title::parse(&self.title).map_err(named("title"))?,
            conceptualization: text.map_err(named("conceptualization"))?,
            licence: self.licence.as_deref().map(Title::parse).transpose().map_err(named("licence"))?,
            source: Title::parse(&self.source).map_err(named("source"))?,
        })
    }
}

impl DatasetVersionBody {
    fn parse(&self) -> Result<VersionDraft, Invalid> {
        let parent = self.parent.as_deref().map(VersionName::parse).transpose();
        Ok(VersionDraft {
            version: VersionName::parse(&self.version)?,
            released_on: day("released_on", self.released_on.as_deref())?,
            change_class: self.change_class.clone(),
            parent: parent.map_err(named("parent"))?,
            content_digest: self
                .content_digest
                .as_deref()
                .map(Digest::parse)
                .transpose()
                .map_err(named("content_digest"))?,
            hours: self.hours,
            instances: self.instances,
            participants: self.participants,
            countries: self.countries,
            source: Title::parse(&self.source).map_err(named("source"))?,
        })
    }
}

/// Reads a day of a field.
pub(super) fn day(field: &str, text: Option<&str>) -> Result<Option<jiff::civil::Date>, Invalid> {
    let rule = |_| Invalid::new(field, "must be a day such as 2026-05-31");
    text.map(str::parse).transpose().map_err(rule)
}

/// List the datasets on record, newest record first.
#[utoipa::path(tag = "datasets",
    params(PageQuery),
    responses((status = 200, description = "A page of datasets.", body = Page<DatasetView>)))]
#[get("/datasets")]
async fn list_datasets(
    _: Anyone,
    app: web::Data<App>,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let paging = query.paging()?;
    let rows = list(&app, paging.after.map(DatasetId), paging.rows_to_read()).await?;
    Ok(HttpResponse::Ok().json(paging.page(rows, |row| row.id.0, DatasetView::from)))
}

/// Put a dataset on record; its versions are then yours to add. It is never changed.
#[utoipa::path(tag = "datasets", security(("bearer" = []), ("session" = [])),
    responses(
        (status = 201, description = "It is on record.", body = Recorded),
        (status = 200, description = "The same request was sent before; this is its answer.", body = Recorded),
        (status = 409, description = "A dataset of this name is on record already."),
        (status = 422, description = "A field breaks a rule."),
))]
#[post("/datasets")]
async fn record_dataset(
    Verified(actor): Verified,
    app: web::Data<App>,
    key: IdempotencyHeader,
    body: Json<DatasetBody>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&body.0)?;
    Ok(match record(&app, &actor, body.0.parse()?, key).await? {
        Created::New(id) => HttpResponse::Created().json(Recorded { id: id.0 }),
        Created::Replayed(id) => HttpResponse::Ok().json(Recorded { id: id.0 }),
    })
}

/// Show a dataset with its versions.
#[utoipa::path(tag = "datasets",
    params(("dataset" = String, Path, description = "The id or short name of the dataset.")),
    responses(
        (status = 200, description = "The dataset with its versions.", body = DatasetWithVersions),
        (status = 404, description = "There is no such dataset on record."),
))]
#[get("/datasets/{dataset}")]
async fn show_dataset(
    _: Anyone,
    app: web::Data<App>,
    key: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let found = read_dataset(&app, &key).await?;
    Ok(HttpResponse::Ok().json(DatasetWithVersions {
        dataset: found.dataset.into(),
        versions: found.versions.into_iter().map(DatasetVersionView::from).collect(),
    }))
}

/// Put a version of a dataset on record; for who recorded the dataset. It is never changed.
#[utoipa::path(tag = "datasets", security(("bearer" = []), ("session" = [])),
    params(("dataset" = String, Path, description = "The id or short name of the dataset.")),
    responses(
        (status = 201, description = "It is on record.", body = Recorded),
        (status = 200, description = "The same request was sent before; this is its answer.", body = Recorded),
        (status = 403, description = "Somebody else recorded the dataset."),
        (status = 404, description = "There is no such dataset on record."),
        (status = 409, description = "This version is on record already."),
        (status = 422, description = "A field breaks a rule, or a code is unknown; the nearest are named."),
))]
#[post("/datasets/{dataset}/versions")]
async fn record_dataset_version(
    Verified(actor): Verified,
    app: web::Data<App>,
    dataset: web::Path<String>,
    key: IdempotencyHeader,
    body: Json<DatasetVersionBody>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&body.0)?;
    Ok(match record_version(&app, &actor, &dataset, body.0.parse()?, key).await? {
        Created::New(id) => HttpResponse::Created().json(Recorded { id: id.0 }),
        Created::Replayed(id) => HttpResponse::Ok().json(Recorded { id: id.0 }),
    })
}
