//! Lists of terms.

use actix_web::web::Bytes;
use actix_web::{HttpResponse, get, post, web};
use app::App;
use app::activities::records::{Taxonomy, Term};
use app::activities::{TaxonomyDraft, list_taxonomies as list, read_taxonomy, record_taxonomy as record};
use app::idempotency::Created;
use domain::framing::Told;
use domain::{Invalid, Slug, TaxonomyId, Timestamp, Title, VersionName};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{Recorded, sent};
use crate::api::given::named;
use crate::api::page_query::PageQuery;
use crate::extract::{Anyone, IdempotencyHeader, Page, Verified};
use crate::problem::Problem;

/// What is said of a version of a list.
#[derive(Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TaxonomyQuery {
    /// The short name of the list, such as `ego4d-scenarios`.
    name: String,
    /// The version, such as `2016` or `1.0.0`.
    version: String,
    /// What people read.
    title: String,
    /// Where it was published.
    source: String,
    /// Under which terms it may be used; not disclosed when left out.
    licence: Option<String>,
    /// Whether nothing can be added to it: `yes`, `no` or `not_disclosed`.
    closed: Option<String>,
    /// The first day on which it holds.
    #[param(format = Date)]
    effective_from: Option<String>,
}

/// A version of a list.
#[derive(Serialize, ToSchema)]
pub(super) struct TaxonomyView {
    id: Uuid,
    /// The list.
    name: String,
    /// Its version; `name@version` names it in requests.
    version: String,
    title: String,
    /// Where it was published.
    source: String,
    licence: String,
    /// Whether nothing can be added to it: `yes`, `no` or `not_disclosed`.
    closed: &'static str,
    #[schema(format = Date)]
    effective_from: Option<String>,
    /// The SHA-256 of the table that it was read from.
    digest: String,
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
}

/// A version of a list with its terms.
#[derive(Serialize, ToSchema)]
pub(super) struct TaxonomyWithTerms {
    #[serde(flatten)]
    taxonomy: TaxonomyView,
    /// Its terms, in its order.
    terms: Vec<TermView>,
}

/// A term of a list.
#[derive(Serialize, ToSchema)]
struct TermView {
    code: String,
    title: String,
    /// The code of the term that it lies inside.
    parent: Option<String>,
    /// How it came into the list: a code of `term.origin`, or `not_disclosed`.
    origin: String,
}

impl From<Taxonomy> for TaxonomyView {
    fn from(found: Taxonomy) -> Self {
        Self {
            id: found.id.0,
            name: found.name.into(),
            version: found.version.into(),
            title: found.title,
            source: found.source,
            licence: found.licence,
            closed: found.closed.as_str(),
            effective_from: found.effective_from,
            digest: found.digest.to_string(),
            recorded_at: found.recorded_at,
        }
    }
}

impl From<Term> for TermView {
    fn from(term: Term) -> Self {
        Self { code: term.code, title: term.title, parent: term.parent, origin: term.origin }
    }
}

impl TaxonomyQuery {
    fn parse(&self) -> Result<TaxonomyDraft, Invalid> {
        let day = self.effective_from.as_deref().map(str::parse).transpose();
        Ok(TaxonomyDraft {
            name: Slug::parse(&self.name).map_err(named("name"))?,
            version: VersionName::parse(&self.version)?,
            title: Title::parse(&self.title).map_err(named("title"))?,
            source: Title::parse(&self.source).map_err(named("source"))?,
            licence: self.licence.as_deref().map(Title::parse).transpose().map_err(named("licence"))?,
            closed: self
                .closed
                .as_deref()
                .map_or(Ok(Told::NotDisclosed), Told::parse)
                .map_err(named("closed"))?,
            effective_from: day
                .map_err(|_| Invalid::new("effective_from", "must be a day such as 2026-05-31"))?,
        })
    }
}

/// List the taxonomies on record, newest record first.
#[utoipa::path(tag = "activities",
    params(PageQuery),
    responses((status = 200, description = "A page of versions of lists.", body = Page<TaxonomyView>)))]
#[get("/taxonomies")]
pub(super) async fn list_taxonomies(
    _: Anyone,
    app: web::Data<App>,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let paging = query.paging()?;
    let rows = list(&app, paging.after.map(TaxonomyId), paging.rows_to_read()).await?;
    Ok(HttpResponse::Ok().json(paging.page(rows, |row| row.id.0, TaxonomyView::from)))
}

/// Put a version of a list of terms on record, as CSV; the list is then yours to continue. It is never changed.
///
/// The columns are `code`, `title` and, where there are any, `parent` and `origin` (a code of `term.origin`).
#[utoipa::path(tag = "activities", security(("bearer" = []), ("session" = [])),
    params(TaxonomyQuery),
    request_body(content = String, content_type = "text/csv"),
    responses(
        (status = 201, description = "It is on record.", body = Recorded),
        (status = 200, description = "The same request was sent before; this is its answer.", body = Recorded),
        (status = 403, description = "Somebody else began this list."),
        (status = 409, description = "This version is on record already."),
        (status = 422, description = "Rows are wrong; each is named by its line and column."),
))]
#[post("/taxonomies")]
pub(super) async fn record_taxonomy(
    Verified(actor): Verified,
    app: web::Data<App>,
    query: web::Query<TaxonomyQuery>,
    key: IdempotencyHeader,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&sent(&query.0, &body))?;
    Ok(match record(&app, &actor, query.parse()?, &body, key).await? {
        Created::New(id) => HttpResponse::Created().json(Recorded { id: id.0 }),
        Created::Replayed(id) => HttpResponse::Ok().json(Recorded { id: id.0 }),
    })
}

/// Show a version of a list with its terms.
#[utoipa::path(tag = "activities",
    params(("taxonomy" = String, Path, description = "The id, or the short name and the version as `name@version`.")),
    responses(
        (status = 200, description = "The version with its terms.", body = TaxonomyWithTerms),
        (status = 404, description = "There is no such version on record."),
))]
#[get("/taxonomies/{taxonomy}")]
pub(super) async fn show_taxonomy(
    _: Anyone,
    app: web::Data<App>,
    key: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let found = read_taxonomy(&app, &key).await?;
    Ok(HttpResponse::Ok().json(TaxonomyWithTerms {
        taxonomy: found.taxonomy.into(),
        terms: found.terms.into_iter().map(TermView::from).collect(),
    }))
}
