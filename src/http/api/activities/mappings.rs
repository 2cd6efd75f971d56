//! What the terms of one list mean in another.

use actix_web::web::Bytes;
use actix_web::{HttpResponse, get, post, web};
use app::App;
use app::activities::records::{Candidate, MappedTerm, Mapping};
use app::activities::{MappingDraft, list_mappings as list, read_mapping, record_mapping as record};
use app::idempotency::Created;
use domain::{MappingId, Timestamp, Title, VersionName};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{Recorded, sent};
use crate::api::given::named;
use crate::api::page_query::PageQuery;
use crate::extract::{Anyone, IdempotencyHeader, Page, Verified};
use crate::problem::Problem;

/// What is said of a mapping.
#[derive(Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MappingQuery {
    /// What is mapped: an id, or `name@version`.
    from: String,
    /// What it is mapped to, such as `icatus@2016`.
    to: String,
    /// The version of the mapping.
    version: String,
    /// Where it was published, or who made it.
    source: String,
}

/// A mapping.
#[derive(Serialize, ToSchema)]
pub(super) struct MappingView {
    id: Uuid,
    /// The id of the list that is mapped.
    from: Uuid,
    /// The id of the list that it is mapped to.
    to: Uuid,
    /// The version of the mapping.
    version: String,
    /// Where it was published, or who made it.
    source: String,
    /// The SHA-256 of the table that it was read from.
    digest: String,
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
}

/// A mapping with its terms.
#[derive(Serialize, ToSchema)]
pub(super) struct MappingWithTerms {
    #[serde(flatten)]
    mapping: MappingView,
    /// The list that is mapped, as `name@version`.
    from_name: String,
    /// The list that it is mapped to.
    to_name: String,
    /// Its terms, in its order.
    terms: Vec<MappedTermView>,
}

/// A term and what it may mean.
#[derive(Serialize, ToSchema)]
struct MappedTermView {
    code: String,
    /// How it relates to its primary class: a code of `mapping.skos`.
    relation: String,
    /// What fixes its class: a code of `mapping.determinacy`.
    determinacy: String,
    /// What it may mean, the primary class first; none where nothing fits.
    candidates: Vec<CandidateView>,
}

/// What a term may mean.
#[derive(Serialize, ToSchema)]
struct CandidateView {
    code: String,
    /// The share of the point value, 0..=1.
    weight: f64,
    /// The least share.
    weight_min: f64,
    /// The most.
    weight_max: f64,
}

impl From<Mapping> for MappingView {
    fn from(found: Mapping) -> Self {
        Self {
            id: found.id.0,
            from: found.from_taxonomy_id.0,
            to: found.to_taxonomy_id.0,
            version: found.version.into(),
            source: found.source,
            digest: found.digest.to_string(),
            recorded_at: found.recorded_at,
        }
    }
}

impl From<MappedTerm> for MappedTermView {
    fn from(term: MappedTerm) -> Self {
        let candidate = |candidate: Candidate| CandidateView {
            code: candidate.code,
            weight: candidate.weight,
            weight_min: candidate.least,
            weight_max: candidate.most,
        };
        Self {
            code: term.code,
            relation: term.relation,
            determinacy: term.determinacy,
            candidates: term.candidates.into_iter().map(candidate).collect(),
        }
    }
}

/// List the mappings on record, newest record first.
#[utoipa::path(tag = "activities",
    params(PageQuery),
    responses((status = 200, description = "A page of mappings.", body = Page<MappingView>)))]
#[get("/mappings")]
pub(super) async fn list_mappings(
    _: Anyone,
    app: web::Data<App>,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let paging = query.paging()?;
    let rows = list(&app, paging.after.map(MappingId), paging.rows_to_read()).await?;
    Ok(HttpResponse::Ok().json(paging.page(rows, |row| row.id.0, MappingView::from)))
}

/// Put on record what the terms of one list mean in another, as CSV. It is never changed.
///
/// A coder's sheet has the columns `scenario_id`, `scenario_name`, `icatus_primary`, `icatus_alternatives`,
/// `mapping_relation`, `determinacy`; a weighted table has `from_code`, `from_title`, `to_code`, `weight`, `weight_min`,
/// `weight_max`, `mapping_relation`, `determinacy`.
#[utoipa::path(tag = "activities", security(("bearer" = []), ("session" = [])),
    params(MappingQuery),
    request_body(content = String, content_type = "text/csv"),
    responses(
        (status = 201, description = "It is on record.", body = Recorded),
        (status = 200, description = "The same request was sent before; this is its answer.", body = Recorded),
        (status = 409, description = "This version is on record already."),
        (status = 422, description = "Rows are wrong, each named by its line and column with the nearest codes; \
            or the mapping leads in a circle."),
))]
#[post("/mappings")]
pub(super) async fn record_mapping(
    Verified(actor): Verified,
    app: web::Data<App>,
    query: web::Query<MappingQuery>,
    key: IdempotencyHeader,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&sent(&query.0, &body))?;
    let draft = MappingDraft {
        from: query.from.clone(),
        to: query.to.clone(),
        version: VersionName::parse(&query.version)?,
        source: Title::parse(&query.source).map_err(named("source"))?,
    };
    Ok(match record(&app, &actor, draft, &body, key).await? {
        Created::New(id) => HttpResponse::Created().json(Recorded { id: id.0 }),
        Created::Replayed(id) => HttpResponse::Ok().json(Recorded { id: id.0 }),
    })
}

/// Show a mapping with its terms.
#[utoipa::path(tag = "activities",
    params(("id" = Uuid, Path, description = "The mapping.")),
    responses(
        (status = 200, description = "The mapping with its terms.", body = MappingWithTerms),
        (status = 404, description = "There is no such mapping on record."),
))]
#[get("/mappings/{id}")]
pub(super) async fn show_mapping(
    _: Anyone,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let found = read_mapping(&app, MappingId(*id)).await?;
    Ok(HttpResponse::Ok().json(MappingWithTerms {
        mapping: found.mapping.into(),
        from_name: format!("{}@{}", found.from.name, found.from.version),
        to_name: format!("{}@{}", found.to.name, found.to.version),
        terms: found.terms.into_iter().map(MappedTermView::from).collect(),
    }))
}
