//! Researchers ask for exports, organizers decide, and what is approved is handed over.

use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpResponse, get, post, web};
use app::accounts::Country;
use app::failure::FieldErrors;
use app::idempotency::Created;
use app::participation::exports::{ExportKind, MakeExport, Parameters, make_export};
use app::participation::records::ResearchRequest;
use app::participation::requests::{
    RequestDetail, RequestExports, decide_request, list_requests, read_request, request_exports,
};
use app::{App, Failure};
use domain::integrity::Statement;
use domain::{DATA_USE_AGREEMENT, Digest, Invalid, ResearchRequestId, SnapshotId, Timestamp, Title};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::given::{named, unread};
use crate::extract::{IdempotencyHeader, Json, Page, SignedIn};
use crate::problem::Problem;

/// The agreement that a request is signed with.
#[derive(Serialize, ToSchema)]
pub(super) struct AgreementView {
    /// Its version.
    version: i32,
    /// Its words.
    text: &'static str,
    /// Their digest.
    #[schema(value_type = String)]
    digest: Digest,
}

/// A request for exports.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResearchRequestBody {
    /// What the study is called.
    pub(crate) title: String,
    /// What it wants to know, in at most 4000 bytes.
    pub(crate) question: String,
    /// Where it is done.
    pub(crate) institution: String,
    /// In which country, as ISO 3166-1 names it with two letters.
    pub(crate) country: String,
    /// Who has reviewed it.
    pub(crate) ethics_board: String,
    /// The number of the approval.
    pub(crate) approval_reference: String,
    /// Its last day.
    #[schema(format = Date)]
    pub(crate) approval_until: String,
    /// The version of the data use agreement that you have read and sign with this.
    pub(crate) agreement_version: i32,
}

/// The decision about a request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RequestDecisionBody {
    /// `approved` or `refused`.
    #[schema(example = "approved")]
    decision: String,
    /// Why, in at most 4000 bytes.
    reason: String,
}

/// What is to be handed over.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ResearchExportBody {
    /// A snapshot of the challenge of the request.
    snapshot: Uuid,
    /// `measures` (JSON), `people` (CSV), `graphml` or `gexf`.
    #[schema(example = "graphml")]
    kind: String,
    /// Of `measures`, which; all when left out.
    #[serde(default)]
    measures: Vec<String>,
    /// Of `measures`, what they may choose: `lists`, `permutations`, `key`, `window_days`, `last_part`, `podium`, `hours_to_deadline`.
    #[schema(value_type = Option<Object>)]
    parameters: Option<Value>,
}

/// A request with what was handed over on it.
#[derive(Serialize, ToSchema)]
pub(super) struct ResearchRequestView {
    id: Uuid,
    challenge_id: Uuid,
    requested_by: Uuid,
    title: String,
    question: String,
    institution: String,
    country: String,
    ethics_board: String,
    approval_reference: String,
    #[schema(format = Date)]
    approval_until: String,
    /// The version of the agreement that was signed.
    agreement_version: i32,
    /// The digest of its words.
    agreement_digest: String,
    #[schema(value_type = String, format = DateTime)]
    requested_at: Timestamp,
    /// `approved`, `refused`, or null while it waits.
    decision: Option<String>,
    reason: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    decided_at: Option<Timestamp>,
    /// What was handed over, newest first.
    exports: Vec<ResearchExportView>,
}

/// What was handed over.
#[derive(Serialize, ToSchema)]
pub(super) struct ResearchExportView {
    id: Uuid,
    snapshot_id: Uuid,
    kind: String,
    /// The digest of the file.
    #[schema(value_type = String)]
    digest: Digest,
    /// How many people have rows in it.
    people: i32,
    #[schema(value_type = String, format = DateTime)]
    made_at: Timestamp,
    /// The pseudonyms whose rows must be deleted: these people have withdrawn.
    withdrawn: Vec<String>,
}

impl From<ResearchRequest> for ResearchRequestView {
    fn from(request: ResearchRequest) -> Self {
        Self {
            id: request.id.0,
            challenge_id: request.challenge_id.0,
            requested_by: request.requested_by.0,
            title: request.title,
            question: request.question,
            institution: request.institution,
            country: request.country,
            ethics_board: request.ethics_board,
            approval_reference: request.approval_reference,
            approval_until: request.approval_until,
            agreement_version: request.agreement_version,
            agreement_digest: request.agreement_digest,
            requested_at: request.requested_at,
            decision: request.decision,
            reason: request.reason,
            decided_at: request.decided_at,
            exports: Vec::new(),
        }
    }
}

impl From<RequestDetail> for ResearchRequestView {
    fn from(detail: RequestDetail) -> Self {
        let exports = detail.exports.into_iter().map(|(export, withdrawn)| ResearchExportView {
            id: export.id.0,
            snapshot_id: export.snapshot.0,
            kind: export.kind,
            digest: export.digest,
            people: export.people,
            made_at: export.made_at,
            withdrawn,
        });
        Self { exports: exports.collect(), ..detail.request.into() }
    }
}

impl ResearchRequestBody {
    pub(crate) fn parse(&self, challenge: String) -> Result<RequestExports, Failure> {
        let mut errors = FieldErrors::default();
        let title = errors.take(Title::parse(&self.title));
        let question = errors.take(Statement::parse(&self.question).map_err(named("question")));
        let institution = errors.take(Title::parse(&self.institution).map_err(named("institution")));
        let country = errors.take(Country::parse(&self.country));
        let ethics_board = errors.take(Title::parse(&self.ethics_board).map_err(named("ethics_board")));
        let reference =
            errors.take(Title::parse(&self.approval_reference).map_err(named("approval_reference")));
        let until = self.approval_until.parse();
        let until = errors
            .take(until.map_err(|_| Invalid::new("approval_until", "must be a day such as 2026-05-31")));
        errors.finish()?;
        Ok(RequestExports {
            challenge,
            title: title.ok_or_else(unread)?,
            question: question.ok_or_else(unread)?,
            institution: institution.ok_or_else(unread)?,
            country: country.ok_or_else(unread)?,
            ethics_board: ethics_board.ok_or_else(unread)?,
            approval_reference: reference.ok_or_else(unread)?,
            approval_until: until.ok_or_else(unread)?,
            agreement_version: self.agreement_version,
        })
    }
}

/// Show the data use agreement in force.
#[utoipa::path(tag = "participation", responses(
    (status = 200, description = "The agreement that a request is signed with.", body = AgreementView),
))]
#[get("/data-use-agreement")]
pub(super) async fn show_agreement() -> HttpResponse {
    let (version, text) = DATA_USE_AGREEMENT;
    HttpResponse::Ok().json(AgreementView { version, text, digest: Digest::of(text.as_bytes()) })
}

/// Ask for exports about a challenge, and sign the data use agreement; for researchers.
#[utoipa::path(tag = "participation", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The challenge, by id or short name.")),
    responses(
        (status = 201, description = "The request, which waits for the organizers.", body = ResearchRequestView),
        (status = 200, description = "The same request was sent before; this is its answer.", body = ResearchRequestView),
        (status = 403, description = "This is for researchers."),
        (status = 404, description = "There is no such challenge."),
        (status = 422, description = "A field breaks a rule."),
))]
#[post("/challenges/{challenge}/research-requests")]
pub(super) async fn create_research_request(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
    key: IdempotencyHeader,
    body: Json<ResearchRequestBody>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&body.0)?;
    let asked = body.0.parse(challenge.into_inner())?;
    Ok(match request_exports(&app, &actor, asked, key).await? {
        Created::New(made) => HttpResponse::Created().json(ResearchRequestView::from(made)),
        Created::Replayed(made) => HttpResponse::Ok().json(ResearchRequestView::from(made)),
    })
}

/// List the requests about a challenge, newest first; for organizers.
#[utoipa::path(tag = "participation", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The challenge, by id or short name.")),
    responses(
        (status = 200, description = "The requests, without their exports.", body = Page<ResearchRequestView>),
        (status = 403, description = "This is for organizers."),
        (status = 404, description = "There is no such challenge."),
))]
#[get("/challenges/{challenge}/research-requests")]
pub(super) async fn list_research_requests(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let found = list_requests(&app, &actor, &challenge).await?;
    Ok(HttpResponse::Ok().json(Page::whole(found.into_iter().map(ResearchRequestView::from).collect())))
}

/// Show a request with its exports; for whoever asked and for organizers.
#[utoipa::path(tag = "participation", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The request.")),
    responses(
        (status = 200, description = "The request.", body = ResearchRequestView),
        (status = 404, description = "There is no such request, or it is another's."),
))]
#[get("/research-requests/{id}")]
pub(super) async fn show_research_request(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let found = read_request(&app, &actor, ResearchRequestId(*id)).await?;
    Ok(HttpResponse::Ok().json(ResearchRequestView::from(found)))
}

/// Approve or refuse a request, once; for organizers, but not of what they asked for themselves.
#[utoipa::path(tag = "participation", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The request.")),
    responses(
        (status = 200, description = "The request, decided.", body = ResearchRequestView),
        (status = 403, description = "This is for organizers who may change the challenge, or the request is your own."),
        (status = 404, description = "There is no such request, or it is another's."),
        (status = 409, description = "It was decided before."),
        (status = 422, description = "The decision or the reason breaks a rule."),
))]
#[post("/research-requests/{id}/decision")]
pub(super) async fn decide_research_request(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
    body: Json<RequestDecisionBody>,
) -> Result<HttpResponse, Problem> {
    let approved = match body.0.decision.as_str() {
        "approved" => true,
        "refused" => false,
        _ => return Err(Invalid::new("decision", "must be approved or refused").into()),
    };
    let reason = Statement::parse(&body.0.reason).map_err(named("reason"))?;
    let decided = decide_request(&app, &actor, ResearchRequestId(*id), approved, reason).await?;
    Ok(HttpResponse::Ok().json(ResearchRequestView::from(decided)))
}

/// Take an export away, on a request that was approved. It is made now, under pseudonyms of its own, and not kept.
#[utoipa::path(tag = "participation", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The request.")),
    responses(
        (status = 200, description = "The file; `Heldout-Export` names it.", body = String, content_type = "application/octet-stream"),
        (status = 403, description = "The request is not approved, or the approval of the ethics board is over."),
        (status = 404, description = "There is no such request of yours, or no such snapshot."),
        (status = 422, description = "A field breaks a rule, or so few people consent that they could be told apart."),
))]
#[post("/research-requests/{id}/exports")]
pub(super) async fn create_export(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
    body: Json<ResearchExportBody>,
) -> Result<HttpResponse, Problem> {
    let parameters = match body.0.parameters {
        None => Parameters::default(),
        Some(chosen) => {
            serde_json::from_value(chosen).map_err(|error| Invalid::new("parameters", error.to_string()))?
        }
    };
    let input = MakeExport {
        request: ResearchRequestId(*id),
        snapshot: SnapshotId(body.0.snapshot),
        kind: ExportKind::parse(&body.0.kind)?,
        measures: body.0.measures,
        parameters,
    };
    let made = make_export(&app, &actor, input).await?;
    let (media_type, ending) = made.kind.media_type();
    let name = format!("attachment; filename=\"heldout-{}.{ending}\"", made.export.id);
    Ok(HttpResponse::Ok()
        .content_type(media_type)
        .insert_header((CONTENT_DISPOSITION, name))
        .insert_header(("Heldout-Export", made.export.id.to_string()))
        .insert_header(("Cache-Control", "no-store"))
        .body(made.bytes))
}
