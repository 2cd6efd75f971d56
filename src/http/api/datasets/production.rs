//! How datasets were made: what is recorded by who recorded the dataset, and read by everybody.

use actix_web::{HttpResponse, get, post, web};
use app::App;
use app::datasets::records::{AnnouncementDraft, Json as Document};
use app::datasets::{
    CitationDraft, GuidelineDraft, difference, read_guideline, read_production, record_announcement,
    record_citation, record_exclusion_of_dataset, record_guideline as record, record_programme,
    record_review, record_site,
};
use app::idempotency::Created;
use domain::{EthicsReviewId, GuidelineId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::bodies::{
    ClauseBody, ExclusionBody, LatitudeBody, ProgrammeBody, PublicationBody, ReviewBody, SiteBody,
};
use crate::api::activities::Recorded;
use crate::extract::{Anyone, IdempotencyHeader, Json, Verified};
use crate::problem::Problem;

/// An announcement of a dataset.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AnnouncementBody {
    /// The day.
    #[schema(format = Date)]
    announced_on: String,
    /// Where it can be read.
    source: String,
    /// What it claims, in its own words.
    #[serde(default)]
    claims: Vec<String>,
}

/// A place, and the review that covers it.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewSite {
    /// The place.
    site: SiteBody,
    /// The review of ethics that covers it.
    ethics_review: Option<Uuid>,
}

/// A programme of annotation, with what is said of the freedom of its annotators.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewProgramme {
    /// The programme.
    programme: ProgrammeBody,
    /// What annotators were told: the id of a guideline.
    guideline: Option<Uuid>,
    /// What they were free to do, as several kinds of informants say.
    #[serde(default)]
    latitude: Vec<LatitudeBody>,
}

/// The next version of a guideline.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewGuideline {
    /// What it is called; its versions share it.
    name: String,
    /// The first day on which it held.
    #[schema(format = Date)]
    effective_from: Option<String>,
    /// Where it can be read.
    source: String,
    /// Its clauses, in its order.
    clauses: Vec<ClauseBody>,
}

/// A citation of a dataset.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCitation {
    /// The work; one that is on record is known by its DOI or its number.
    publication: PublicationBody,
    /// What for: a code of `citation.function`.
    function: String,
    /// The version that it uses, where it says so.
    version: Option<String>,
    /// Where the citation was seen.
    seen_in: String,
}

/// How a dataset was made, as far as it is told.
#[derive(Serialize, ToSchema)]
pub(super) struct ProductionView {
    announcements: Vec<AnnouncementBody>,
    ethics_reviews: Vec<ReviewView>,
    sites: Vec<SiteView>,
    guidelines: Vec<GuidelineView>,
    annotation_programmes: Vec<ProgrammeView>,
    exclusions: Vec<ExclusionView>,
    citations: Vec<CitationView>,
}

#[derive(Serialize, ToSchema)]
struct ReviewView {
    id: Uuid,
    #[serde(flatten)]
    said: ReviewBody,
}

#[derive(Serialize, ToSchema)]
struct SiteView {
    id: Uuid,
    /// The id of the version of the dataset.
    dataset_version: Uuid,
    /// The id of the review that covers it.
    ethics_review: Option<Uuid>,
    #[serde(flatten)]
    said: SiteBody,
}

/// A version of a guideline.
#[derive(Serialize, ToSchema)]
struct GuidelineView {
    id: Uuid,
    name: String,
    /// 1, 2, 3 and so on.
    version: i32,
    #[schema(format = Date)]
    effective_from: Option<String>,
    /// Where it can be read.
    source: String,
    /// One name for its clauses.
    digest: String,
}

/// A version of a guideline with its clauses.
#[derive(Serialize, ToSchema)]
pub(super) struct GuidelineWithClauses {
    #[serde(flatten)]
    guideline: GuidelineView,
    /// Its clauses, in its order.
    clauses: Vec<ClauseBody>,
}

/// What differs between two versions.
#[derive(Serialize, ToSchema)]
pub(super) struct GuidelineDifference {
    /// The one.
    from: Uuid,
    /// The other.
    to: Uuid,
    /// The clauses that differ.
    clauses: Vec<ClauseDifferenceView>,
}

/// What became of a clause.
#[derive(Serialize, ToSchema)]
struct ClauseDifferenceView {
    code: String,
    /// What it was; null where it was added.
    before: Option<ClauseBody>,
    /// What it is; null where it was removed.
    after: Option<ClauseBody>,
}

#[derive(Serialize, ToSchema)]
struct ProgrammeView {
    id: Uuid,
    /// The id of the version of the dataset.
    dataset_version: Uuid,
    /// What annotators were told: the id of a guideline.
    guideline: Option<Uuid>,
    #[serde(flatten)]
    said: ProgrammeBody,
    /// What they were free to do, as several kinds of informants say.
    latitude: Vec<LatitudeBody>,
}

/// What was left out.
#[derive(Serialize, ToSchema)]
pub(super) struct ExclusionView {
    id: Uuid,
    /// The id of the version of a dataset, where it was left out of one.
    dataset_version: Option<Uuid>,
    /// The id of the decision behind it; null where nobody is on record for it.
    decision: Option<Uuid>,
    #[serde(flatten)]
    said: ExclusionBody,
}

#[derive(Serialize, ToSchema)]
struct CitationView {
    publication: PublicationBody,
    /// What for: a code of `citation.function`.
    function: String,
    /// The id of the version that it uses.
    dataset_version: Option<Uuid>,
    /// Where the citation was seen.
    seen_in: String,
}

impl From<app::datasets::records::Exclusion> for ExclusionView {
    fn from(found: app::datasets::records::Exclusion) -> Self {
        Self {
            id: found.id.0,
            dataset_version: found.dataset_version_id.map(|id| id.0),
            decision: found.decision_id.map(|id| id.0),
            said: found.said.into(),
        }
    }
}

impl From<app::datasets::records::Guideline> for GuidelineView {
    fn from(found: app::datasets::records::Guideline) -> Self {
        Self {
            id: found.id.0,
            name: found.name,
            version: found.version,
            effective_from: found.effective_from,
            source: found.source,
            digest: found.digest.to_string(),
        }
    }
}

impl From<app::datasets::Production> for ProductionView {
    fn from(found: app::datasets::Production) -> Self {
        let announcement = |one: app::datasets::records::Announcement| AnnouncementBody {
            announced_on: one.said.announced_on,
            source: one.said.source,
            claims: one.said.claims.0,
        };
        let review = |one: app::datasets::records::Review| ReviewView { id: one.id.0, said: one.said.into() };
        let site = |one: app::datasets::records::Site| SiteView {
            id: one.id.0,
            dataset_version: one.dataset_version_id.0,
            ethics_review: one.ethics_review_id.map(|id| id.0),
            said: one.said.into(),
        };
        let programme = |(one, latitude): (app::datasets::records::Programme, Vec<_>)| ProgrammeView {
            id: one.id.0,
            dataset_version: one.dataset_version_id.0,
            guideline: one.guideline_id.map(|id| id.0),
            said: one.said.into(),
            latitude: latitude.into_iter().map(LatitudeBody::from).collect(),
        };
        let citation =
            |(work, cited): (app::datasets::records::Publication, app::datasets::records::Citation)| {
                CitationView {
                    publication: work.said.into(),
                    function: cited.function,
                    dataset_version: cited.dataset_version_id.map(|id| id.0),
                    seen_in: cited.seen_in,
                }
            };
        Self {
            announcements: found.announcements.into_iter().map(announcement).collect(),
            ethics_reviews: found.reviews.into_iter().map(review).collect(),
            sites: found.sites.into_iter().map(site).collect(),
            guidelines: found.guidelines.into_iter().map(GuidelineView::from).collect(),
            annotation_programmes: found.programmes.into_iter().map(programme).collect(),
            exclusions: found.exclusions.into_iter().map(ExclusionView::from).collect(),
            citations: found.citations.into_iter().map(citation).collect(),
        }
    }
}

fn recorded<T: Into<Uuid>>(made: Created<T>) -> HttpResponse {
    match made {
        Created::New(id) => HttpResponse::Created().json(Recorded { id: id.into() }),
        Created::Replayed(id) => HttpResponse::Ok().json(Recorded { id: id.into() }),
    }
}

/// Show how a dataset was made and what became of it: announcements, reviews, places, guidelines, annotation, what was left
/// out, who cites it.
#[utoipa::path(tag = "datasets",
    params(("dataset" = String, Path, description = "The id or short name of the dataset.")),
    responses(
        (status = 200, description = "What is told.", body = ProductionView),
        (status = 404, description = "There is no such dataset on record."),
))]
#[get("/datasets/{dataset}/production")]
pub(super) async fn show_production(
    _: Anyone,
    app: web::Data<App>,
    dataset: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(ProductionView::from(read_production(&app, &dataset).await?)))
}

/// Put an announcement of a dataset with its claims on record; for who recorded the dataset.
#[utoipa::path(tag = "datasets", security(("bearer" = []), ("session" = [])),
    params(("dataset" = String, Path, description = "The id or short name of the dataset.")),
    responses(
        (status = 201, description = "It is on record.", body = Recorded),
        (status = 200, description = "The same request was sent before; this is its answer.", body = Recorded),
        (status = 403, description = "Somebody else recorded the dataset."),
        (status = 404, description = "There is no such dataset on record."),
        (status = 422, description = "A field breaks a rule."),
))]
#[post("/datasets/{dataset}/announcements")]
pub(super) async fn record_dataset_announcement(
    Verified(actor): Verified,
    app: web::Data<App>,
    dataset: web::Path<String>,
    key: IdempotencyHeader,
    body: Json<AnnouncementBody>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&(dataset.as_str(), &body.0))?;
    let AnnouncementBody { announced_on, source, claims } = body.0;
    let draft = AnnouncementDraft { announced_on, source, claims: Document(claims) };
    Ok(recorded(record_announcement(&app, &actor, &dataset, draft, key).await?))
}

/// Put a review of ethics on record; for who recorded the dataset.
#[utoipa::path(tag = "datasets", security(("bearer" = []), ("session" = [])),
    params(("dataset" = String, Path, description = "The id or short name of the dataset.")),
    responses(
        (status = 201, description = "It is on record.", body = Recorded),
        (status = 200, description = "The same request was sent before; this is its answer.", body = Recorded),
        (status = 403, description = "Somebody else recorded the dataset."),
        (status = 404, description = "There is no such dataset on record."),
        (status = 422, description = "A field breaks a rule."),
))]
#[post("/datasets/{dataset}/ethics-reviews")]
pub(super) async fn record_ethics_review(
    Verified(actor): Verified,
    app: web::Data<App>,
    dataset: web::Path<String>,
    key: IdempotencyHeader,
    body: Json<ReviewBody>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&(dataset.as_str(), &body.0))?;
    Ok(recorded(record_review(&app, &actor, &dataset, body.0.into(), key).await?))
}

/// Put a place where a version of a dataset was recorded on record; for who recorded the dataset.
#[utoipa::path(tag = "datasets", security(("bearer" = []), ("session" = [])),
    params(
        ("dataset" = String, Path, description = "The id or short name of the dataset."),
        ("version" = String, Path, description = "Its version."),
    ),
    responses(
        (status = 201, description = "It is on record.", body = Recorded),
        (status = 200, description = "The same request was sent before; this is its answer.", body = Recorded),
        (status = 403, description = "Somebody else recorded the dataset."),
        (status = 404, description = "There is no such version on record."),
        (status = 422, description = "A field breaks a rule, or a code is unknown; the nearest are named."),
))]
#[post("/datasets/{dataset}/versions/{version}/sites")]
pub(super) async fn record_collection_site(
    Verified(actor): Verified,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    key: IdempotencyHeader,
    body: Json<NewSite>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&(&path.0, &path.1, &body.0))?;
    let (place, review) = ((path.0.as_str(), path.1.as_str()), body.0.ethics_review.map(EthicsReviewId));
    Ok(recorded(record_site(&app, &actor, place, review, body.0.site.into(), key).await?))
}

/// Put a programme of annotation on record; for who recorded the dataset. Annotators are counted, never named.
#[utoipa::path(tag = "datasets", security(("bearer" = []), ("session" = [])),
    params(
        ("dataset" = String, Path, description = "The id or short name of the dataset."),
        ("version" = String, Path, description = "Its version."),
    ),
    responses(
        (status = 201, description = "It is on record.", body = Recorded),
        (status = 200, description = "The same request was sent before; this is its answer.", body = Recorded),
        (status = 403, description = "Somebody else recorded the dataset."),
        (status = 404, description = "There is no such version on record."),
        (status = 422, description = "A field breaks a rule, a code is unknown (the nearest are named), or fewer than five \
            informants are spoken for."),
))]
#[post("/datasets/{dataset}/versions/{version}/annotation-programmes")]
pub(super) async fn record_annotation_programme(
    Verified(actor): Verified,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    key: IdempotencyHeader,
    body: Json<NewProgramme>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&(&path.0, &path.1, &body.0))?;
    let NewProgramme { programme, guideline, latitude } = body.0;
    let latitude = latitude.into_iter().map(Into::into).collect();
    let (place, guideline) = ((path.0.as_str(), path.1.as_str()), guideline.map(GuidelineId));
    Ok(recorded(record_programme(&app, &actor, place, guideline, programme.into(), latitude, key).await?))
}

/// Put on record what was left out of a version of a dataset; for who recorded the dataset.
#[utoipa::path(tag = "datasets", security(("bearer" = []), ("session" = [])),
    params(
        ("dataset" = String, Path, description = "The id or short name of the dataset."),
        ("version" = String, Path, description = "Its version."),
    ),
    responses(
        (status = 201, description = "It is on record.", body = Recorded),
        (status = 200, description = "The same request was sent before; this is its answer.", body = Recorded),
        (status = 403, description = "Somebody else recorded the dataset."),
        (status = 404, description = "There is no such version on record."),
        (status = 422, description = "A field breaks a rule, or a code is unknown; the nearest are named."),
))]
#[post("/datasets/{dataset}/versions/{version}/exclusions")]
pub(super) async fn record_dataset_exclusion(
    Verified(actor): Verified,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    key: IdempotencyHeader,
    body: Json<ExclusionBody>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&(&path.0, &path.1, &body.0))?;
    let place = (path.0.as_str(), path.1.as_str());
    Ok(recorded(record_exclusion_of_dataset(&app, &actor, place, body.0.into(), key).await?))
}

/// Put the next version of a guideline on record; for who recorded the dataset.
#[utoipa::path(tag = "datasets", security(("bearer" = []), ("session" = [])),
    params(("dataset" = String, Path, description = "The id or short name of the dataset.")),
    responses(
        (status = 201, description = "It is on record.", body = Recorded),
        (status = 200, description = "The same request was sent before; this is its answer.", body = Recorded),
        (status = 403, description = "Somebody else recorded the dataset."),
        (status = 404, description = "There is no such dataset on record."),
        (status = 422, description = "A clause breaks a rule; each is named by its place."),
))]
#[post("/datasets/{dataset}/guidelines")]
pub(super) async fn record_guideline(
    Verified(actor): Verified,
    app: web::Data<App>,
    dataset: web::Path<String>,
    key: IdempotencyHeader,
    body: Json<NewGuideline>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&(dataset.as_str(), &body.0))?;
    let NewGuideline { name, effective_from, source, clauses } = body.0;
    let clauses = clauses.into_iter().map(Into::into).collect();
    let draft = GuidelineDraft { name, effective_from, source, clauses };
    Ok(recorded(record(&app, &actor, &dataset, draft, key).await?))
}

/// Show a version of a guideline with its clauses.
#[utoipa::path(tag = "datasets",
    params(("id" = Uuid, Path, description = "The version.")),
    responses(
        (status = 200, description = "The version with its clauses.", body = GuidelineWithClauses),
        (status = 404, description = "There is no such version on record."),
))]
#[get("/guidelines/{id}")]
pub(super) async fn show_guideline(
    _: Anyone,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let found = read_guideline(&app, GuidelineId(*id)).await?;
    Ok(HttpResponse::Ok().json(GuidelineWithClauses {
        guideline: found.guideline.into(),
        clauses: found.clauses.into_iter().map(ClauseBody::from).collect(),
    }))
}

/// Compare two versions of a guideline clause by clause.
#[utoipa::path(tag = "datasets",
    params(
        ("from" = Uuid, Path, description = "The one version."),
        ("to" = Uuid, Path, description = "The other."),
    ),
    responses(
        (status = 200, description = "The clauses that differ.", body = GuidelineDifference),
        (status = 404, description = "There is no such version on record."),
))]
#[get("/guidelines/{from}/diff/{to}")]
pub(super) async fn compare_guidelines(
    _: Anyone,
    app: web::Data<App>,
    path: web::Path<(Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let from = read_guideline(&app, GuidelineId(path.0)).await?;
    let to = read_guideline(&app, GuidelineId(path.1)).await?;
    let clauses = difference(&from, &to).into_iter().map(|clause| ClauseDifferenceView {
        code: clause.code,
        before: clause.before.map(ClauseBody::from),
        after: clause.after.map(ClauseBody::from),
    });
    Ok(HttpResponse::Ok().json(GuidelineDifference { from: path.0, to: path.1, clauses: clauses.collect() }))
}

/// Put on record that a work cites a dataset, and what for; for everybody who has seen it. To send it again is a conflict.
#[utoipa::path(tag = "datasets", security(("bearer" = []), ("session" = [])),
    params(("dataset" = String, Path, description = "The id or short name of the dataset.")),
    responses(
        (status = 201, description = "It is on record; the id is the work's.", body = Recorded),
        (status = 404, description = "There is no such dataset, or no such version."),
        (status = 409, description = "This is on record already."),
        (status = 422, description = "A field breaks a rule, or a code is unknown; the nearest are named."),
))]
#[post("/datasets/{dataset}/citations")]
pub(super) async fn record_dataset_citation(
    Verified(actor): Verified,
    app: web::Data<App>,
    dataset: web::Path<String>,
    body: Json<NewCitation>,
) -> Result<HttpResponse, Problem> {
    let NewCitation { publication, function, version, seen_in } = body.0;
    let draft = CitationDraft { publication: publication.into(), function, version, seen_in };
    let id = record_citation(&app, &actor, &dataset, draft).await?;
    Ok(HttpResponse::Created().json(Recorded { id: id.0 }))
}
