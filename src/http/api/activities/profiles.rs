//! How much of a split, or of a dataset, is which activity.

use std::collections::BTreeMap;

use actix_web::web::Bytes;
use actix_web::{HttpResponse, get, post, web};
use app::App;
use app::activities::{
    ProfileDetail, ProfileDraft, Subject, list_profiles_of_dataset, list_profiles_of_split, record_profile,
};
use app::idempotency::Created;
use domain::{Actor, Timestamp, Title};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{Recorded, sent};
use crate::api::given::named;
use crate::extract::{Anyone, IdempotencyHeader, Page, Verified};
use crate::problem::Problem;

/// What is said of shares.
#[derive(Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SharesQuery {
    /// The list that the activities are of: an id, or `name@version`.
    taxonomy: String,
    /// What was counted: `hours`, `instances` or `score_weight`.
    unit: String,
    /// How: `counted`, `estimated`, `published` or `not_disclosed`.
    method: Option<String>,
    /// Where it was published, or who counted.
    source: String,
    /// Whether everybody may see it; only organizers do when this is left out.
    #[serde(default)]
    public: bool,
}

/// How much of something is which activity.
#[derive(Serialize, ToSchema)]
pub(super) struct ActivitiesView {
    id: Uuid,
    /// The list that the activities are of, as `name@version`.
    taxonomy: String,
    /// What was counted: `hours`, `instances` or `score_weight`.
    unit: String,
    /// How: `counted`, `estimated`, `published` or `not_disclosed`.
    method: String,
    /// Where it was published, or who counted.
    source: String,
    /// Whether everybody may see it.
    public: bool,
    /// Shares, 0..=1, by code; what they leave of the whole is what nobody says.
    shares: BTreeMap<String, f64>,
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
}

impl From<ProfileDetail> for ActivitiesView {
    fn from(found: ProfileDetail) -> Self {
        let ProfileDetail { profile, taxonomy, shares } = found;
        Self {
            id: profile.id.0,
            taxonomy: format!("{}@{}", taxonomy.name, taxonomy.version),
            unit: profile.unit,
            method: profile.method,
            source: profile.source,
            public: profile.is_public,
            shares: shares.into_iter().collect(),
            recorded_at: profile.recorded_at,
        }
    }
}

async fn record(
    app: &App,
    actor: &Actor,
    subject: Subject,
    (query, body): (&SharesQuery, &[u8]),
    key: IdempotencyHeader,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&sent(query, body))?;
    let draft = ProfileDraft {
        subject,
        taxonomy: query.taxonomy.clone(),
        unit: query.unit.clone(),
        method: query.method.clone().unwrap_or_else(|| "not_disclosed".to_owned()),
        source: Title::parse(&query.source).map_err(named("source"))?,
        is_public: query.public,
    };
    Ok(match record_profile(app, actor, draft, body, key).await? {
        Created::New(id) => HttpResponse::Created().json(Recorded { id: id.0 }),
        Created::Replayed(id) => HttpResponse::Ok().json(Recorded { id: id.0 }),
    })
}

/// List how much of a split is which activity, newest first; what is not public is for organizers.
#[utoipa::path(tag = "activities", security((), ("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The slug or id of the challenge."),
        ("phase" = String, Path, description = "The codename or id of the phase."),
        ("split" = String, Path, description = "The codename of the split."),
    ),
    responses(
        (status = 200, description = "What is on record.", body = Page<ActivitiesView>),
        (status = 404, description = "There is no such split, or one does not see its phase."),
))]
#[get("/challenges/{challenge}/phases/{phase}/splits/{split}/activities")]
pub(super) async fn list_activities_of_split(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    path: web::Path<(String, String, String)>,
) -> Result<HttpResponse, Problem> {
    let found = list_profiles_of_split(&app, &actor, (&path.0, &path.1, &path.2)).await?;
    Ok(HttpResponse::Ok().json(Page::whole(found.into_iter().map(ActivitiesView::from).collect())))
}

/// Put on record how much of a split is which activity, as CSV with the columns `code` and `share`; for organizers.
#[utoipa::path(tag = "activities", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The slug or id of the challenge."),
        ("phase" = String, Path, description = "The codename or id of the phase."),
        ("split" = String, Path, description = "The codename of the split."),
        SharesQuery,
    ),
    request_body(content = String, content_type = "text/csv"),
    responses(
        (status = 201, description = "They are on record.", body = Recorded),
        (status = 200, description = "The same request was sent before; this is its answer.", body = Recorded),
        (status = 403, description = "This is for organizers who may change the challenge."),
        (status = 404, description = "There is no such split, or one does not see its phase."),
        (status = 422, description = "Rows are wrong, each named by its line and column; or the shares exceed 100 %."),
))]
#[post("/challenges/{challenge}/phases/{phase}/splits/{split}/activities")]
pub(super) async fn record_activities_of_split(
    Verified(actor): Verified,
    app: web::Data<App>,
    path: web::Path<(String, String, String)>,
    query: web::Query<SharesQuery>,
    key: IdempotencyHeader,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let (challenge, phase, split) = path.into_inner();
    record(&app, &actor, Subject::Split(challenge, phase, split), (&query, &body), key).await
}

/// List how much of a version of a dataset is which activity, newest first.
#[utoipa::path(tag = "activities", security((), ("bearer" = []), ("session" = [])),
    params(
        ("dataset" = String, Path, description = "The short name of the dataset."),
        ("version" = String, Path, description = "Its version."),
    ),
    responses(
        (status = 200, description = "What is on record.", body = Page<ActivitiesView>),
        (status = 404, description = "There is no such version on record."),
))]
#[get("/datasets/{dataset}/versions/{version}/activities")]
pub(super) async fn list_activities_of_dataset(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let found = list_profiles_of_dataset(&app, &actor, &format!("{}@{}", path.0, path.1)).await?;
    Ok(HttpResponse::Ok().json(Page::whole(found.into_iter().map(ActivitiesView::from).collect())))
}

/// Put on record how much of a version of a dataset is which activity, as CSV with the columns `code` and `share`; for who
/// recorded the dataset.
#[utoipa::path(tag = "activities", security(("bearer" = []), ("session" = [])),
    params(
        ("dataset" = String, Path, description = "The short name of the dataset."),
        ("version" = String, Path, description = "Its version."),
        SharesQuery,
    ),
    request_body(content = String, content_type = "text/csv"),
    responses(
        (status = 201, description = "They are on record.", body = Recorded),
        (status = 200, description = "The same request was sent before; this is its answer.", body = Recorded),
        (status = 403, description = "Somebody else recorded the dataset."),
        (status = 422, description = "Rows are wrong, each named by its line and column; or the shares exceed 100 %; or there \
            is no such version."),
))]
#[post("/datasets/{dataset}/versions/{version}/activities")]
pub(super) async fn record_activities_of_dataset(
    Verified(actor): Verified,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    query: web::Query<SharesQuery>,
    key: IdempotencyHeader,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let subject = Subject::Dataset(format!("{}@{}", path.0, path.1));
    record(&app, &actor, subject, (&query, &body), key).await
}
