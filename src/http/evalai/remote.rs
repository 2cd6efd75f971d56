//! Remote evaluation workers: machines of the organizers that take submissions from a queue and report scores.
//!
//! The protocol is that of EvalAI-Starters' `remote_challenge_evaluation`; the queue of a challenge is its slug.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, patch, post, put, web};
use app::evalai::numbers::{entity, number};
use app::scoring::remote::{
    ReportedScores, continue_remote, fail_remote, finish_remote, lease_remote, manage_queue,
};
use app::{Code, Failure, FieldError, Outcome};
use domain::evalai::NumberedKind;
use domain::{Actor, ChallengeId, SubmissionId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::answers::Refusal;
use crate::extract::SignedIn;

/// How much of the end of what a program printed is kept, in characters.
const LONGEST_DETAIL: usize = 10_000;

/// The largest report, in bytes: with it comes everything that a program printed.
const LARGEST_REPORT: usize = 32 << 20;

pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(take_from_queue)
        .service(release_from_queue)
        .service(begin_remote_evaluation)
        .service(finish_remote_evaluation);
}

/// The next message of a queue.
#[derive(Serialize, ToSchema)]
struct Message {
    /// Null when nothing waits.
    body: Option<MessageBody>,
    /// What the message is given back with.
    receipt_handle: Option<Uuid>,
}

/// What is to be evaluated.
#[derive(Serialize, ToSchema)]
struct MessageBody {
    submission_pk: i64,
    challenge_pk: i64,
    phase_pk: i64,
}

/// Take the next submission of a queue.
///
/// It is leased for as long as the phase lets an evaluation take, and is `submitted` until its evaluation has begun.
#[utoipa::path(tag = "remote evaluation",
    params(("queue" = String, Path, description = "The slug of the challenge.")),
    responses(
        (status = 200, description = "The submission, if one waits.", body = Message),
        (status = 403, description = "This is for the organizers of the challenge."),
        (status = 404, description = "There is no such challenge, or it is not to be seen."),
    ),
)]
#[get("/jobs/challenge/queues/{queue}")]
async fn take_from_queue(
    SignedIn(actor): SignedIn,
    app: web::Data<app::App>,
    queue: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    let Some(job) = lease_remote(&app, &actor, &queue).await? else {
        return Ok(HttpResponse::Ok().json(Message { body: None, receipt_handle: None }));
    };
    let body = MessageBody {
        submission_pk: number(&app, NumberedKind::Submission, job.submission.0).await?,
        challenge_pk: number(&app, NumberedKind::Challenge, job.challenge.0).await?,
        phase_pk: number(&app, NumberedKind::Phase, job.phase.0).await?,
    };
    Ok(HttpResponse::Ok().json(Message { body: Some(body), receipt_handle: Some(job.receipt.0) }))
}

/// What is given back.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "what was taken is over with its report, or with its lease")]
struct Receipt {
    receipt_handle: String,
}

/// Be done with a message.
///
/// A submission that was not reported on may still be, until its lease runs out; then it waits for another attempt.
#[utoipa::path(tag = "remote evaluation",
    params(("queue" = String, Path, description = "The slug of the challenge.")),
    request_body(content = Receipt, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The message is gone."),
        (status = 403, description = "This is for the organizers of the challenge."),
    ),
)]
#[post("/jobs/queues/{queue}")]
async fn release_from_queue(
    SignedIn(actor): SignedIn,
    app: web::Data<app::App>,
    queue: web::Path<String>,
    _: web::Form<Receipt>,
) -> Result<HttpResponse, Refusal> {
    manage_queue(&app, &actor, &queue).await?;
    Ok(HttpResponse::Ok().json(json!({"success": "Message deleted successfully"})))
}

/// What a machine says.
#[derive(Deserialize, ToSchema)]
struct Report {
    submission: String,
    /// `RUNNING`, `FINISHED` or `FAILED`.
    submission_status: String,
    /// As JSON: `[{"split", "show_to_participant", "accuracies": {metric: number}}]`.
    result: Option<String>,
    /// What the program printed about what went wrong; organizers read its end where the evaluation failed.
    stderr: Option<String>,
}

/// One split of a result.
#[derive(Deserialize)]
struct SplitResult {
    split: String,
    accuracies: serde_json::Map<String, Value>,
}

impl Report {
    /// Reads the form, after it is known who sends it.
    async fn read(body: web::Payload) -> Outcome<Self> {
        let too_large = || {
            let detail = format!("the report may have at most {LARGEST_REPORT} bytes");
            Failure::new(Code::PayloadTooLarge, detail)
        };
        let bytes = body.to_bytes_limited(LARGEST_REPORT).await.map_err(|_| too_large())?;
        let bytes = bytes.map_err(|error| wrong("form", &error.to_string()))?;
        let text = std::str::from_utf8(&bytes).map_err(|error| wrong("form", &error.to_string()))?;
        let form = web::Query::<Self>::from_query(text);
        Ok(form.map_err(|error| wrong("form", &error.to_string()))?.into_inner())
    }

    fn scores(&self) -> Outcome<ReportedScores> {
        let text = self.result.as_deref().unwrap_or_default();
        let results: Vec<SplitResult> = serde_json::from_str(text).map_err(|error| {
            let of_python = if text.contains("NaN") || text.contains("Infinity") {
                "; NaN and Infinity are no numbers of JSON, and no scores"
            } else {
                ""
            };
            wrong("result", &format!("must be a list of splits as JSON: {error}{of_python}"))
        })?;
        let mut reported = ReportedScores::new();
        for SplitResult { split, accuracies } in results {
            let mut values = BTreeMap::new();
            for (metric, value) in accuracies {
                let field = format!("{split}.{metric}");
                values.insert(metric, value.as_f64().ok_or_else(|| wrong(&field, "must be a number"))?);
            }
            if reported.insert(split.clone(), values).is_some() {
                return Err(wrong(&split, "is there twice"));
            }
        }
        Ok(reported)
    }

    /// The end of what the program said about its failure: there Python says what went wrong.
    fn reason(&self) -> String {
        let said = self.stderr.as_deref().unwrap_or_default().trim();
        if said.is_empty() {
            return "the machine said that its program failed, and not why".to_owned();
        }
        let unsaid = said.chars().count().saturating_sub(LONGEST_DETAIL);
        said.chars().skip(unsaid).collect()
    }
}

fn wrong(field: &str, rule: &str) -> Failure {
    Failure::invalid_fields(vec![FieldError::new(field, rule)])
}

/// Say that an evaluation has begun or goes on: the lease begins anew.
#[utoipa::path(tag = "remote evaluation",
    params(("challenge" = i64, Path, description = "The challenge.")),
    request_body(content = Report, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The lease is held."),
        (status = 403, description = "This is for the organizers of the challenge."),
        (status = 406, description = "No machine of the challenge is evaluating this submission."),
    ),
)]
#[patch("/jobs/challenge/{challenge}/update_submission")]
async fn begin_remote_evaluation(
    SignedIn(actor): SignedIn,
    app: web::Data<app::App>,
    challenge: web::Path<String>,
    body: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (challenge, submission, report) = received(&app, &actor, &challenge, body).await?;
    if report.submission_status.to_lowercase() != "running" {
        return Err(wrong("submission_status", "must be RUNNING").into());
    }
    continue_remote(&app, &actor, challenge, submission).await?;
    Ok(HttpResponse::Ok().json(json!({"success": "Submission updated"})))
}

/// Report scores, or that the evaluation failed.
#[utoipa::path(tag = "remote evaluation",
    params(("challenge" = i64, Path, description = "The challenge.")),
    request_body(content = Report, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "It is recorded."),
        (status = 400, description = "A split, a metric or a value cannot be; nothing is recorded."),
        (status = 403, description = "This is for the organizers of the challenge."),
        (status = 406, description = "No machine of the challenge is evaluating this submission."),
    ),
)]
#[put("/jobs/challenge/{challenge}/update_submission")]
async fn finish_remote_evaluation(
    SignedIn(actor): SignedIn,
    app: web::Data<app::App>,
    challenge: web::Path<String>,
    body: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (challenge, submission, report) = received(&app, &actor, &challenge, body).await?;
    match report.submission_status.to_lowercase().as_str() {
        "finished" => finish_remote(&app, &actor, challenge, submission, report.scores()?).await?,
        "failed" => fail_remote(&app, &actor, challenge, submission, report.reason()).await?,
        _ => return Err(wrong("submission_status", "must be FINISHED or FAILED").into()),
    }
    Ok(HttpResponse::Ok().json(json!({"success": "Submission updated"})))
}

/// What is reported, and on what; the body is read only from those who run the challenge.
async fn received(
    app: &app::App,
    actor: &Actor,
    challenge: &str,
    body: web::Payload,
) -> Outcome<(ChallengeId, SubmissionId, Report)> {
    let challenge: ChallengeId = entity(app, NumberedKind::Challenge, challenge).await?;
    manage_queue(app, actor, &challenge.to_string()).await?;
    let report = Report::read(body).await?;
    let submission = entity(app, NumberedKind::Submission, &report.submission).await?;
    Ok((challenge, submission, report))
}
