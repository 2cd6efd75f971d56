//! `/submissions`: sending files, following them, and what teams and organizers do with them.

mod changes;
mod check;
pub mod disclosure;
mod files;
mod quota;
pub mod receive;
mod rules;
pub mod said;
pub mod views;

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use app::idempotency::Created;
use app::submissions::list::{self as listing, ListSubmissions};
use app::submissions::quota::read_quota;
use app::submissions::rescore::rescore_phase;
use app::submissions::{Submit, admit, read_submission, submit};
use app::{App, Failure};
use domain::submission::SubmissionState;
use domain::{SubmissionId, TeamId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use self::receive::receive;
use self::said::SentFile;
use self::views::{QuotaView, SubmissionView};
use crate::extract::{IdempotencyHeader, Page, Paging, SignedIn};
use crate::problem::Problem;

/// The routes below `/api/v1`.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(create_submission)
        .service(check::check_submission)
        .service(list_submissions)
        .service(show_quota)
        .service(disclosure::show_declaration)
        .service(disclosure::declare)
        .service(disclosure::list_remarks)
        .service(disclosure::create_remark)
        .service(quota::show_quota_statement)
        .service(quota::refund_submission_quota)
        .service(rules::show_submission_rules)
        .service(rules::replace_submission_rules)
        .service(rescore_submissions)
        .service(show_submission)
        .service(show_faults)
        .service(files::download_submission)
        .service(changes::list_attempts)
        .service(changes::update_submission)
        .service(changes::cancel_submission)
        .service(changes::withdraw_submission)
        .service(changes::choose_submission)
        .service(changes::rerun_submission)
        .service(changes::mark_baseline);
}

/// The form that brings a file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form, whose parts are read as they arrive")]
struct SubmissionForm {
    /// The file; its name is the name of the part's file.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// The method, as JSON: `{"name", "description", "project_url", "paper_url", "code_url"}`.
    method: Option<String>,
    /// The answers to the organizers' questions, as JSON.
    attributes: Option<String>,
    /// `public` or `private`.
    visibility: Option<String>,
    /// The name of the method, in place of `method`.
    method_name: Option<String>,
}

/// Send a file, as a form or as the bare body with the other parts in the query.
///
/// The answer comes when the file is durable and accepted; its evaluation follows.
/// A file with mistakes is accepted here and found `invalid` later, without using up the quota.
#[utoipa::path(tag = "submissions", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The challenge, by id or slug."),
        ("phase" = String, Path, description = "The phase, by id or codename."),
        ("file_name" = Option<String>, Query, description = "For a bare body: what the file is called."),
        ("method" = Option<String>, Query, description = "For a bare body: the method as JSON."),
        ("method_name" = Option<String>, Query, description = "For a bare body: the name of the method."),
        ("attributes" = Option<String>, Query, description = "For a bare body: the answers as JSON."),
        ("visibility" = Option<String>, Query, description = "For a bare body: `public` or `private`."),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key with the same content submits once."),
    ),
    request_body(content(
        (SubmissionForm = "multipart/form-data"),
        (Vec<u8> = "application/octet-stream"),
    )),
    responses(
        (status = 200, description = "An earlier request with this key has sent it.", body = SubmissionView),
        (status = 201, description = "Accepted.", body = SubmissionView, headers(("Location" = String, description = "The submission."))),
        (status = 409, description = "The phase is not open."),
        (status = 413, description = "The file is too large."),
        (status = 429, description = "The quota is used up."),
))]
#[post("/challenges/{challenge}/phases/{phase}/submissions")]
async fn create_submission(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    key: IdempotencyHeader,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let (challenge, phase) = path.into_inner();
    let admission = admit(&app, &actor, &challenge, &phase, key.key()).await?;
    let received = receive(&app, &admission, &request, payload).await?;
    let sent = SentFile {
        challenge: &challenge,
        phase: &phase,
        content: Some(received.file.digest),
        size_bytes: received.file.size,
        said: &received.said,
    };
    let idempotency = key.of(&sent)?;
    let said = received.said;
    let input = Submit {
        challenge,
        phase,
        file_name: said.file_name,
        method: said.method,
        attributes: said.attributes,
        visibility: said.visibility,
        file: received.file,
        idempotency,
    };
    let created = submit(&app, &actor, input).await?;
    let (mut response, id) = match created {
        Created::New(id) => (HttpResponse::Created(), id),
        Created::Replayed(id) => (HttpResponse::Ok(), id),
    };
    response.insert_header(("Location", format!("/api/v1/submissions/{id}")));
    Ok(response.json(SubmissionView::from(read_submission(&app, &actor, id).await?)))
}

/// Which submissions are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct SubmissionQuery {
    /// How many: 1 to 200, 50 when left out.
    limit: Option<u32>,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// Only those of this team; for organizers.
    team: Option<Uuid>,
    /// Only those in this state.
    state: Option<String>,
}

/// List the submissions of one's own team, or for organizers of all teams, newest first.
#[utoipa::path(tag = "submissions", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The challenge, by id or slug."),
        ("phase" = String, Path, description = "The phase, by id or codename."),
        SubmissionQuery,
    ),
    responses(
        (status = 200, description = "A page of submissions.", body = Page<SubmissionView>),
        (status = 403, description = "The reader is in no team of the challenge."),
))]
#[get("/challenges/{challenge}/phases/{phase}/submissions")]
async fn list_submissions(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    query: web::Query<SubmissionQuery>,
) -> Result<HttpResponse, Problem> {
    let (challenge, phase) = path.into_inner();
    let query = query.into_inner();
    let paging = Paging::parse(query.limit, query.cursor.as_deref())?;
    let asked = ListSubmissions {
        team: query.team.map(TeamId),
        state: query.state.as_deref().map(SubmissionState::parse).transpose()?,
        before: paging.after.map(SubmissionId),
        limit: paging.rows_to_read(),
    };
    let found = listing::list_submissions(&app, &actor, &challenge, &phase, asked).await?;
    Ok(HttpResponse::Ok().json(paging.page(found, |detail| detail.submission.id.0, SubmissionView::from)))
}

/// Show what one's own team has used of the quota.
#[utoipa::path(tag = "submissions", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The challenge, by id or slug."),
        ("phase" = String, Path, description = "The phase, by id or codename."),
    ),
    responses(
        (status = 200, description = "The windows in which submissions are counted.", body = Page<QuotaView>),
        (status = 403, description = "The reader is in no team of the challenge."),
))]
#[get("/challenges/{challenge}/phases/{phase}/quota")]
async fn show_quota(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let windows = read_quota(&app, &actor, &path.0, &path.1).await?;
    Ok(HttpResponse::Ok().json(Page::whole(windows.into_iter().map(QuotaView::from).collect())))
}

/// How much was put into the queue.
#[derive(Serialize, ToSchema)]
struct Queued {
    /// How many evaluations.
    queued: usize,
}

/// Have every scored submission evaluated on the annotations in force.
#[utoipa::path(tag = "submissions", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The challenge, by id or slug."),
        ("phase" = String, Path, description = "The phase, by id or codename."),
    ),
    responses(
        (status = 202, description = "The evaluations are queued.", body = Queued),
        (status = 403, description = "This is for organizers."),
        (status = 409, description = "The phase has no annotations."),
))]
#[post("/challenges/{challenge}/phases/{phase}/rescore")]
async fn rescore_submissions(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let queued = rescore_phase(&app, &actor, &path.0, &path.1).await?;
    Ok(HttpResponse::Accepted().json(Queued { queued }))
}

/// Show a submission with its state, its scores and what is wrong with its file.
#[utoipa::path(tag = "submissions", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The submission.")),
    responses(
        (status = 200, description = "The submission.", body = SubmissionView),
        (status = 404, description = "There is none, or it is another team's."),
))]
#[get("/submissions/{id}")]
async fn show_submission(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    show(&app, &actor, SubmissionId(*id)).await
}

/// What is wrong with the file of a submission.
#[derive(Serialize, ToSchema)]
struct FaultsView {
    /// How many faults there are.
    fault_count: i32,
    /// The first of them: `{"code", "pointer" or "line", "message"}`.
    #[schema(value_type = Vec<Object>)]
    faults: Value,
}

/// Show what is wrong with the file of a submission.
#[utoipa::path(tag = "submissions", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The submission.")),
    responses(
        (status = 200, description = "The faults; none for a file that has none.", body = FaultsView),
        (status = 404, description = "There is none, or it is another team's."),
))]
#[get("/submissions/{id}/faults")]
async fn show_faults(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let submission = read_submission(&app, &actor, SubmissionId(*id)).await?.submission;
    let faults = submission.faults.map_or_else(|| Value::Array(Vec::new()), |faults| faults.0);
    Ok(HttpResponse::Ok().json(FaultsView { fault_count: submission.fault_count, faults }))
}

/// Answers with a submission as it is now.
async fn show(app: &App, actor: &domain::Actor, id: SubmissionId) -> Result<HttpResponse, Problem> {
    let detail = read_submission(app, actor, id).await.map_err(|failure: Failure| Problem(failure))?;
    Ok(HttpResponse::Ok().json(SubmissionView::from(detail)))
}
