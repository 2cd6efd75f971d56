//! What teams and organizers do with a submission that was sent; each answers with the submission as it is then.

use actix_web::{HttpResponse, get, patch, post, web};
use app::App;
use app::submissions::describe::{Description, describe_submission};
use app::submissions::read::read_attempts;
use app::submissions::{baseline, cancel, choose, rerun, withdraw};
use domain::split::Visibility;
use domain::{SubmissionId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::show;
use super::views::{MethodBody, SubmissionView};
use crate::extract::{Json, Page, SignedIn};
use crate::problem::Problem;

/// What is to change; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SubmissionChange {
    /// The method.
    method: Option<MethodBody>,
    /// The answers to the organizers' questions.
    #[schema(value_type = Option<Object>)]
    attributes: Option<Map<String, Value>>,
    /// `public` or `private`.
    visibility: Option<String>,
}

/// Why a submission is withdrawn.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WithdrawalReason {
    /// In the team's words; it stays with the tombstone.
    reason: String,
}

/// Whether a submission is a baseline.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BaselineMark {
    /// Whether it is to be shown as one.
    is_baseline: bool,
}

/// One attempt of a worker to evaluate a submission.
#[derive(Serialize, ToSchema)]
struct AttemptView {
    /// The job.
    job_id: Uuid,
    /// Which attempt of the job, from 1.
    number: i32,
    /// Who made it.
    worker: String,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    /// When it ended; null while it runs.
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
    /// How it ended: `scored`, `invalid`, `failed`, `lost`, `returned` or `cancelled`.
    outcome: Option<String>,
    /// More about that, for organizers.
    detail: Option<String>,
}

/// List the attempts that workers made on a submission; for organizers.
#[utoipa::path(tag = "submissions", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The submission.")),
    responses(
        (status = 200, description = "The attempts, oldest first.", body = Page<AttemptView>),
        (status = 403, description = "This is for organizers."),
        (status = 404, description = "There is no such submission, or it is another team's."),
))]
#[get("/submissions/{id}/attempts")]
pub(super) async fn list_attempts(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let attempts = read_attempts(&app, &actor, SubmissionId(*id)).await?;
    let views = attempts.into_iter().map(|attempt| AttemptView {
        job_id: attempt.job_id.0,
        number: attempt.number,
        worker: attempt.worker,
        started_at: attempt.started_at,
        finished_at: attempt.finished_at,
        outcome: attempt.outcome,
        detail: attempt.detail,
    });
    Ok(HttpResponse::Ok().json(Page::whole(views.collect())))
}

/// Change what the team says about a submission.
#[utoipa::path(tag = "submissions", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The submission.")),
    responses(
        (status = 200, description = "The submission as it is now.", body = SubmissionView),
        (status = 403, description = "This is for members of the team."),
        (status = 404, description = "There is no such submission, or it is another team's."),
        (status = 422, description = "A field breaks a rule."),
))]
#[patch("/submissions/{id}")]
pub(super) async fn update_submission(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
    Json(body): Json<SubmissionChange>,
) -> Result<HttpResponse, Problem> {
    let id = SubmissionId(*id);
    let change = Description {
        method: body.method.map(Into::into),
        attributes: body.attributes,
        visibility: body.visibility.as_deref().map(Visibility::parse).transpose()?,
    };
    describe_submission(&app, &actor, id, change).await?;
    show(&app, &actor, id).await
}

/// Take a submission back before it is scored; unless its evaluation has begun, it does not count.
#[utoipa::path(tag = "submissions", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The submission.")),
    responses(
        (status = 200, description = "The submission, cancelled.", body = SubmissionView),
        (status = 403, description = "This is for members of the team."),
        (status = 404, description = "There is no such submission, or it is another team's."),
        (status = 409, description = "It has reached its end already."),
))]
#[post("/submissions/{id}/cancel")]
pub(super) async fn cancel_submission(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let id = SubmissionId(*id);
    cancel::cancel_submission(&app, &actor, id).await?;
    show(&app, &actor, id).await
}

/// Take a finished submission off the leaderboard; a tombstone with the reason stays.
#[utoipa::path(tag = "submissions", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The submission.")),
    responses(
        (status = 200, description = "The submission, withdrawn.", body = SubmissionView),
        (status = 403, description = "This is for members of the team."),
        (status = 404, description = "There is no such submission, or it is another team's."),
        (status = 409, description = "It is not finished yet, or withdrawn already."),
))]
#[post("/submissions/{id}/withdraw")]
pub(super) async fn withdraw_submission(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
    Json(body): Json<WithdrawalReason>,
) -> Result<HttpResponse, Problem> {
    let id = SubmissionId(*id);
    withdraw::withdraw_submission(&app, &actor, id, &body.reason).await?;
    show(&app, &actor, id).await
}

/// Make a scored submission the team's final one, in phases where teams choose.
#[utoipa::path(tag = "submissions", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The submission.")),
    responses(
        (status = 200, description = "The submission, chosen.", body = SubmissionView),
        (status = 403, description = "This is for the captain of the team."),
        (status = 404, description = "There is no such submission, or it is another team's."),
        (status = 409, description = "It is not scored, the phase is closed, or its final submissions are not chosen."),
))]
#[post("/submissions/{id}/choose")]
pub(super) async fn choose_submission(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let id = SubmissionId(*id);
    choose::choose_submission(&app, &actor, id).await?;
    show(&app, &actor, id).await
}

/// Have a failed or invalid submission evaluated again; for organizers.
#[utoipa::path(tag = "submissions", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The submission.")),
    responses(
        (status = 200, description = "The submission, queued again.", body = SubmissionView),
        (status = 403, description = "This is for organizers."),
        (status = 404, description = "There is no such submission, or it is another team's."),
        (status = 409, description = "It is in a state from which it cannot be run again."),
))]
#[post("/submissions/{id}/rerun")]
pub(super) async fn rerun_submission(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let id = SubmissionId(*id);
    rerun::rerun_submission(&app, &actor, id).await?;
    show(&app, &actor, id).await
}

/// Show a submission as a baseline, or no longer; for organizers.
#[utoipa::path(tag = "submissions", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The submission.")),
    responses(
        (status = 200, description = "The submission as it is now.", body = SubmissionView),
        (status = 403, description = "This is for organizers."),
        (status = 404, description = "There is no such submission, or it is another team's."),
))]
#[post("/submissions/{id}/baseline")]
pub(super) async fn mark_baseline(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
    Json(body): Json<BaselineMark>,
) -> Result<HttpResponse, Problem> {
    let id = SubmissionId(*id);
    baseline::mark_baseline(&app, &actor, id, body.is_baseline).await?;
    show(&app, &actor, id).await
}
