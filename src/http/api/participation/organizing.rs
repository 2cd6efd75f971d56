//! What teams and organizers record: how a team came, where it came from, who asked for the data, what organizations are.

use actix_web::web::Bytes;
use actix_web::{HttpResponse, get, post, put, web};
use app::App;
use app::accounts::Country;
use app::idempotency::Created;
use app::participation::access::{answer_access, list_access_requests, request_access as ask};
use app::participation::entry::{DescribeEntry, describe_entry as describe};
use app::participation::ethics_protocol::draft_ethics_protocol;
use app::participation::lineage::{RecordLineage, record_lineage as record};
use app::participation::organization_lists::import_organization_list;
use app::participation::participants::export_participants as export;
use app::participation::records::{AccessRequest, Entry};
use domain::{AccessRequestId, Invalid, TeamId, Timestamp, Title};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::api::given::named;
use crate::extract::{IdempotencyHeader, Json, Page, Paging, SignedIn};
use crate::problem::Problem;

/// How a team came to the challenge; what is left out is undisclosed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EntryBody {
    /// A code of the vocabulary `organizer_relation`.
    #[schema(example = "none")]
    organizer_relation: Option<String>,
    /// A code of the vocabulary `uptake.discovered_via`.
    discovered_via: Option<String>,
    /// A code of the vocabulary `method_origin`.
    method_origin: Option<String>,
    /// A code of the vocabulary `compute_band`.
    compute_band: Option<String>,
    /// Since when the team has worked on such a method.
    #[schema(format = Date)]
    related_work_since: Option<String>,
    /// Codes of the vocabulary `uptake.reason`, the most important first.
    #[serde(default)]
    reasons: Vec<String>,
}

/// What a team says of its entry.
#[derive(Serialize, ToSchema)]
pub(super) struct TeamEntryView {
    team_id: Uuid,
    organizer_relation: String,
    discovered_via: String,
    method_origin: String,
    compute_band: String,
    #[schema(format = Date)]
    related_work_since: Option<String>,
    reasons: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    answered_at: Timestamp,
}

/// A team that came from another.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LineageBody {
    /// The earlier team, of the challenge or of another edition of its series.
    from: Uuid,
    /// The later team, of the challenge.
    to: Uuid,
    /// `continuation`, `merge`, `split`, `rename` or `spin_off`.
    #[schema(example = "continuation")]
    kind: String,
    /// When it happened; now when left out.
    #[schema(format = DateTime)]
    at: Option<String>,
}

/// A request for the data.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AccessBody {
    /// The version of the licence that you accept.
    licence_version: String,
    /// Your country, as ISO 3166-1 names it with two letters; left out when it is not to be disclosed.
    country: Option<String>,
}

/// The answer to a request for the data.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AccessAnswerBody {
    /// `granted` or `refused`.
    #[schema(example = "granted")]
    decision: String,
    /// Why it is refused.
    reason: Option<String>,
    /// When access that is granted ends.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

/// A request for the data, with its answer.
#[derive(Serialize, ToSchema)]
pub(super) struct AccessView {
    id: Uuid,
    challenge_id: Uuid,
    user_id: Uuid,
    country: Option<String>,
    licence_version: String,
    #[schema(value_type = String, format = DateTime)]
    requested_at: Timestamp,
    /// `granted`, `refused`, or null while it waits.
    decision: Option<String>,
    refusal_reason: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    decided_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// Which page of requests is wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AccessQuery {
    /// How many, 1 to 200; 50 when left out.
    limit: Option<u32>,
    /// The `next` of an earlier page.
    cursor: Option<String>,
}

/// What a list is called and where it comes from.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// The version, such as `2026-01`; measures name it.
    version: String,
    /// Where it was published.
    source: String,
}

/// What an import has done.
#[derive(Serialize, ToSchema)]
pub(super) struct ImportedView {
    /// How many statements were not on record before.
    new: usize,
}

impl From<Entry> for TeamEntryView {
    fn from(entry: Entry) -> Self {
        Self {
            team_id: entry.team.0,
            organizer_relation: entry.organizer_relation,
            discovered_via: entry.discovered_via,
            method_origin: entry.method_origin,
            compute_band: entry.compute_band,
            related_work_since: entry.related_work_since,
            reasons: entry.reasons,
            answered_at: entry.answered_at,
        }
    }
}

impl From<AccessRequest> for AccessView {
    fn from(request: AccessRequest) -> Self {
        Self {
            id: request.id.0,
            challenge_id: request.challenge_id.0,
            user_id: request.user_id.0,
            country: request.country,
            licence_version: request.licence_version,
            requested_at: request.requested_at,
            decision: request.decision,
            refusal_reason: request.refusal_reason,
            decided_at: request.decided_at,
            expires_at: request.expires_at,
        }
    }
}

fn moment(field: &'static str, text: Option<&str>) -> Result<Option<Timestamp>, Invalid> {
    text.map(Timestamp::parse).transpose().map_err(named(field))
}

/// Say how one's team came to the challenge; for its captain. It is counted with your consent and never shown as such.
#[utoipa::path(tag = "participation", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The team.")),
    responses(
        (status = 200, description = "What is kept.", body = TeamEntryView),
        (status = 403, description = "This is for the team's captain."),
        (status = 404, description = "There is no such team, or it is another's."),
        (status = 422, description = "A code is unknown; the nearest are named."),
))]
#[put("/teams/{id}/entry")]
pub(super) async fn describe_entry(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
    body: Json<EntryBody>,
) -> Result<HttpResponse, Problem> {
    let since = body.0.related_work_since.as_deref().map(str::parse).transpose();
    let since = since.map_err(|_| Invalid::new("related_work_since", "must be a day such as 2026-05-31"))?;
    let input = DescribeEntry {
        organizer_relation: body.0.organizer_relation,
        discovered_via: body.0.discovered_via,
        method_origin: body.0.method_origin,
        compute_band: body.0.compute_band,
        related_work_since: since,
        reasons: body.0.reasons,
    };
    let entry = describe(&app, &actor, TeamId(*id), input).await?;
    Ok(HttpResponse::Ok().json(TeamEntryView::from(entry)))
}

/// Record which team came from which; for organizers.
#[utoipa::path(tag = "participation", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The challenge, by id or short name.")),
    responses(
        (status = 204, description = "It is on record."),
        (status = 403, description = "This is for organizers who may change the challenge."),
        (status = 404, description = "There is no such challenge."),
        (status = 409, description = "It was on record before."),
        (status = 422, description = "A team is of another series, the kind is unknown, or the moment is to come."),
))]
#[post("/challenges/{challenge}/lineages")]
pub(super) async fn record_lineage(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
    body: Json<LineageBody>,
) -> Result<HttpResponse, Problem> {
    let input = RecordLineage {
        challenge: challenge.into_inner(),
        from: TeamId(body.0.from),
        to: TeamId(body.0.to),
        at: moment("at", body.0.at.as_deref())?,
        kind: body.0.kind,
    };
    record(&app, &actor, input).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Take the list of participants away as CSV; names only of those who consent to that. For organizers.
#[utoipa::path(tag = "participation", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The challenge, by id or short name.")),
    responses(
        (status = 200, description = "A row for each participant.", body = String, content_type = "text/csv"),
        (status = 403, description = "This is for organizers."),
        (status = 404, description = "There is no such challenge."),
))]
#[post("/challenges/{challenge}/participants.csv")]
pub(super) async fn export_participants(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let file = export(&app, &actor, &challenge).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(("Cache-Control", "no-store"))
        .body(file))
}

/// Show a draft of an ethics protocol, written from what is on record; every gap is named. For admins of the challenge.
#[utoipa::path(tag = "participation", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The challenge, by id or short name.")),
    responses(
        (status = 200, description = "The draft, as Markdown.", body = String, content_type = "text/markdown"),
        (status = 403, description = "This is for admins of the challenge."),
        (status = 404, description = "There is no such challenge."),
))]
#[get("/challenges/{challenge}/ethics-protocol")]
pub(super) async fn show_ethics_protocol(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let draft = draft_ethics_protocol(&app, &actor, &challenge).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/markdown; charset=utf-8")
        .insert_header(("Cache-Control", "private, no-store"))
        .body(draft))
}

/// Ask for the data of a challenge.
#[utoipa::path(tag = "participation", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The challenge, by id or short name.")),
    responses(
        (status = 201, description = "The request, which waits for the organizers.", body = AccessView),
        (status = 200, description = "The same request was sent before; this is its answer.", body = AccessView),
        (status = 404, description = "There is no such challenge."),
        (status = 409, description = "Your last request is not answered yet."),
        (status = 422, description = "A field breaks a rule."),
))]
#[post("/challenges/{challenge}/access-requests")]
pub(super) async fn request_access(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
    key: IdempotencyHeader,
    body: Json<AccessBody>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&body.0)?;
    let licence = Title::parse(&body.0.licence_version).map_err(named("licence_version"))?;
    let country = body.0.country.as_deref().map(Country::parse).transpose()?;
    Ok(match ask(&app, &actor, &challenge, licence, country, key).await? {
        Created::New(made) => HttpResponse::Created().json(AccessView::from(made)),
        Created::Replayed(made) => HttpResponse::Ok().json(AccessView::from(made)),
    })
}

/// List the requests for the data of a challenge, oldest first; for organizers.
#[utoipa::path(tag = "participation", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The challenge, by id or short name."), AccessQuery),
    responses(
        (status = 200, description = "A page of requests.", body = Page<AccessView>),
        (status = 403, description = "This is for organizers."),
        (status = 404, description = "There is no such challenge."),
))]
#[get("/challenges/{challenge}/access-requests")]
pub(super) async fn list_requests_for_access(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
    query: web::Query<AccessQuery>,
) -> Result<HttpResponse, Problem> {
    let paging = Paging::parse(query.limit, query.cursor.as_deref())?;
    let after = paging.after.map(AccessRequestId);
    let found = list_access_requests(&app, &actor, &challenge, after, paging.rows_to_read()).await?;
    Ok(HttpResponse::Ok().json(paging.page(found, |request| request.id.0, AccessView::from)))
}

/// Grant or refuse a request for the data, once; for organizers.
#[utoipa::path(tag = "participation", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The request.")),
    responses(
        (status = 200, description = "The request, answered.", body = AccessView),
        (status = 403, description = "This is for organizers who may change the challenge."),
        (status = 404, description = "There is no such request, or it is another challenge's."),
        (status = 409, description = "It was answered before."),
        (status = 422, description = "A refusal has no reason, or access ends before it begins."),
))]
#[post("/access-requests/{id}/answer")]
pub(super) async fn answer_access_request(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
    body: Json<AccessAnswerBody>,
) -> Result<HttpResponse, Problem> {
    let refusal = match (body.0.decision.as_str(), body.0.reason.as_deref()) {
        ("granted", None) => None,
        ("granted", Some(_)) => return Err(Invalid::new("reason", "goes with a refusal").into()),
        ("refused", reason) => Some(Title::parse(reason.unwrap_or_default()).map_err(named("reason"))?),
        _ => return Err(Invalid::new("decision", "must be granted or refused").into()),
    };
    let expires_at = moment("expires_at", body.0.expires_at.as_deref())?;
    let answered = answer_access(&app, &actor, AccessRequestId(*id), refusal, expires_at).await?;
    Ok(HttpResponse::Ok().json(AccessView::from(answered)))
}

/// Import a published list of what organizations are, as CSV; for administrators.
///
/// The columns are `ror`, `name`, `scheme` (`sector`, `ror_type`, `big_tech`), `code`, `starts_on` and `ends_on`.
#[utoipa::path(tag = "participation", security(("bearer" = []), ("session" = [])),
    params(ListQuery),
    request_body(content = String, content_type = "text/csv"),
    responses(
        (status = 200, description = "The list is on record.", body = ImportedView),
        (status = 403, description = "This is for administrators."),
        (status = 422, description = "Rows are wrong; each is named by its line and column."),
))]
#[post("/admin/organization-lists")]
pub(super) async fn import_organizations(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    query: web::Query<ListQuery>,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let version = Title::parse(&query.version).map_err(named("version"))?;
    let source = Title::parse(&query.source).map_err(named("source"))?;
    let new = import_organization_list(&app, &actor, version, source, &body).await?;
    Ok(HttpResponse::Ok().json(ImportedView { new }))
}
