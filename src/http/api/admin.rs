//! `/admin/export`: the record as lines of JSON, for an outside checker.

use actix_web::web::Bytes;
use actix_web::{HttpResponse, get, web};
use app::submissions::export::{
    ExportedScore, ExportedSubmission, export_attempts, export_scores, export_submissions,
};
use app::{App, Outcome};
use domain::{Actor, JobId, SubmissionId};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::api::lines::{lines, stream_lines};
use crate::extract::Administrator;
use crate::problem::Problem;

/// The routes below `/api/v1`.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(export_records);
}

/// Which records are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ExportQuery {
    /// `submissions`, `attempts` or `scores`.
    #[param(inline)]
    kind: ExportKind,
}

/// The kinds of record.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExportKind {
    /// Every submission.
    Submissions,
    /// Every attempt of a worker.
    Attempts,
    /// Every score of every evaluation.
    Scores,
}

/// Where an export goes on.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    /// At the first record of the kind.
    Begin(ExportKind),
    /// Behind that submission.
    Submissions(SubmissionId),
    /// Behind that attempt.
    Attempts(JobId, i32),
    /// Behind the scores of that submission.
    Scores(SubmissionId),
}

/// Export every submission, attempt or score, one JSON object per line, oldest first.
///
/// It is read page by page while it is sent: what is accepted meanwhile may be missing at the end.
/// An export that breaks off ends without the last chunk of the transfer, so no client takes it for whole.
#[utoipa::path(tag = "administration", security(("bearer" = []), ("session" = [])), params(ExportQuery), responses(
    (status = 200, description = "The records.", body = String, content_type = "application/x-ndjson"),
    (status = 403, description = "This is for administrators."),
))]
#[get("/admin/export")]
async fn export_records(
    Administrator(actor): Administrator,
    app: web::Data<App>,
    query: web::Query<ExportQuery>,
) -> Result<HttpResponse, Problem> {
    let first = Place::Begin(query.kind);
    stream_lines(app.into_inner(), actor, first, |app, actor, place| async move {
        page(&app, &actor, place).await
    })
    .await
}

/// A page as lines, and where the next one begins.
pub async fn page(app: &App, actor: &Actor, place: Place) -> Outcome<(Bytes, Option<Place>)> {
    match place {
        Place::Begin(ExportKind::Submissions) => submissions(app, actor, None).await,
        Place::Submissions(after) => submissions(app, actor, Some(after)).await,
        Place::Begin(ExportKind::Attempts) => attempts(app, actor, None).await,
        Place::Attempts(job, number) => attempts(app, actor, Some((job, number))).await,
        Place::Begin(ExportKind::Scores) => scores(app, actor, None).await,
        Place::Scores(after) => scores(app, actor, Some(after)).await,
    }
}

async fn submissions(
    app: &App,
    actor: &Actor,
    after: Option<SubmissionId>,
) -> Outcome<(Bytes, Option<Place>)> {
    let page = export_submissions(app, actor, after).await?;
    Ok((lines(page.rows.iter().map(submission))?, page.next.map(Place::Submissions)))
}

fn submission(row: &ExportedSubmission) -> Value {
    let submission = &row.submission;
    json!({
        "id": submission.id,
        "challenge_id": row.challenge,
        "phase_id": submission.phase_id,
        "team_id": submission.team_id,
        "actor": row.actor,
        "state": submission.state,
        "digest": submission.artifact,
        "size_bytes": submission.size_bytes,
        "file_name": submission.file_name,
        "method_name": submission.method.0.name,
        "visibility": submission.visibility,
        "is_baseline": submission.is_baseline,
        "created_at": submission.created_at,
        "received_at": submission.received_at,
        "finished_at": submission.finished_at,
        "chosen_at": submission.chosen_at,
        "withdrawn_at": submission.withdrawn_at,
        "fault_count": submission.fault_count,
        "failure": submission.failure,
        "reruns": submission.reruns,
        "evaluation_id": submission.evaluation_id,
    })
}

async fn attempts(app: &App, actor: &Actor, after: Option<(JobId, i32)>) -> Outcome<(Bytes, Option<Place>)> {
    let page = export_attempts(app, actor, after).await?;
    let views = page.rows.iter().map(|(attempt, submission)| {
        json!({
            "job_id": attempt.job_id,
            "number": attempt.number,
            "submission_id": submission,
            "worker": attempt.worker,
            "started_at": attempt.started_at,
            "finished_at": attempt.finished_at,
            "outcome": attempt.outcome,
            "detail": attempt.detail,
        })
    });
    Ok((lines(views)?, page.next.map(|(job, number)| Place::Attempts(job, number))))
}

async fn scores(app: &App, actor: &Actor, after: Option<SubmissionId>) -> Outcome<(Bytes, Option<Place>)> {
    let page = export_scores(app, actor, after).await?;
    Ok((lines(page.rows.iter().map(score))?, page.next.map(Place::Scores)))
}

fn score(row: &ExportedScore) -> Value {
    json!({
        "submission_id": row.score.submission_id,
        "evaluation_id": row.score.evaluation_id,
        "split": row.split,
        "metric": row.score.metric,
        "value": row.score.value,
        "undefined": row.score.undefined,
        "counts": row.counts,
        "evaluator": row.evaluation.evaluator,
        "evaluator_version": row.evaluation.evaluator_version,
        "mode": row.evaluation.mode,
        "annotations_version": row.annotations_version,
        "evidence": row.evaluation.evidence,
    })
}
