//! What a team has used of its quota, the account behind it, and what organizers give back.

use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpResponse, get, post, web};
use app::submissions::refund::refund_submission;
use app::submissions::statement::{StatementLine, read_statement};
use app::{App, Failure, FieldError};
use domain::{SubmissionId, TeamId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::show;
use super::views::SubmissionView;
use crate::extract::{Json, Page, SignedIn};
use crate::problem::Problem;

/// How many lines a page has when nobody says how many, and at most.
const USUAL: usize = 100;
const MOST: usize = 1000;

/// Which account, and which part of it.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct StatementQuery {
    /// The team; for organizers.
    team: Option<Uuid>,
    /// Only lines of `day`, `week`, `month` or `total` windows, or of one window such as `day:2026-11-22`.
    window: Option<String>,
    /// `json` or `csv`, which has every line.
    #[serde(default)]
    #[param(inline)]
    format: StatementFormat,
    /// How many lines: 1 to 1000, 100 when left out.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum StatementFormat {
    #[default]
    Json,
    Csv,
}

/// A line of the account of a quota.
#[derive(Serialize, ToSchema)]
struct StatementLineView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The window: `day:2026-11-22`, `week:2026-W47`, `month:2026-11` or `total`.
    #[schema(example = "day:2026-11-22")]
    window: String,
    /// `reserve` when a slot was taken, `commit` when it became final, `refund` when it was given back.
    #[schema(example = "reserve")]
    kind: String,
    /// How many slots of the window are used after this line.
    used: u32,
    /// The submission.
    submission_id: Uuid,
    /// What its file was called.
    file_name: String,
    /// Who sent it.
    submitted_by: Uuid,
    /// Why; empty where a slot was taken.
    reason: String,
    /// By whom; null for the server itself.
    made_by: Option<Uuid>,
}

impl From<StatementLine> for StatementLineView {
    fn from(line: StatementLine) -> Self {
        let StatementLine { entry, used } = line;
        Self {
            at: entry.made_at,
            window: entry.window,
            kind: entry.kind,
            used,
            submission_id: entry.submission.0,
            file_name: entry.file_name,
            submitted_by: entry.submitted_by.0,
            reason: entry.reason,
            made_by: entry.made_by.map(|user| user.0),
        }
    }
}

/// Show the account of a quota: every slot that was taken, made final or given back, oldest line first.
#[utoipa::path(tag = "submissions", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The challenge, by id or slug."),
        ("phase" = String, Path, description = "The phase, by id or codename."),
        StatementQuery,
    ),
    responses(
        (status = 200, description = "The lines of one's own team, or for organizers of the team that is asked for.",
            content((Page<StatementLineView> = "application/json"), (String = "text/csv"))),
        (status = 403, description = "The reader is in no team of the challenge."),
        (status = 404, description = "There is no such phase or team, or it is another's."),
))]
#[get("/challenges/{challenge}/phases/{phase}/quota/statement")]
pub(super) async fn show_quota_statement(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    query: web::Query<StatementQuery>,
) -> Result<HttpResponse, Problem> {
    let refuse = |field: &str, rule: &str| Failure::invalid_fields(vec![FieldError::new(field, rule)]);
    let limit = query.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(refuse("limit", "must be between 1 and 1000").into());
    }
    let begin: usize = match &query.cursor {
        Some(cursor) => {
            cursor.parse().map_err(|_| refuse("cursor", "must be the `next` of an earlier page"))?
        }
        None => 0,
    };
    let mut lines = read_statement(&app, &actor, &path.0, &path.1, query.team.map(TeamId)).await?;
    if let Some(wanted) = &query.window {
        let kind = |window: &str| window.split(':').next().map(str::to_owned);
        lines
            .retain(|line| &line.entry.window == wanted || kind(&line.entry.window).as_ref() == Some(wanted));
    }
    if query.format == StatementFormat::Csv {
        let body = csv_of(lines).map_err(Failure::internal)?;
        let disposition = (CONTENT_DISPOSITION, "attachment; filename=\"quota-statement.csv\"");
        let mut answer = HttpResponse::Ok();
        return Ok(answer.content_type("text/csv; charset=utf-8").insert_header(disposition).body(body));
    }
    let end = begin.saturating_add(limit).min(lines.len());
    let next = (end < lines.len()).then(|| end.to_string());
    let items = lines.drain(begin.min(end)..end).map(StatementLineView::from).collect();
    Ok(HttpResponse::Ok().json(Page { items, next }))
}

fn csv_of(lines: Vec<StatementLine>) -> Result<Vec<u8>, csv::Error> {
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    table.write_record([
        "at",
        "window",
        "kind",
        "used",
        "submission_id",
        "file_name",
        "submitted_by",
        "reason",
        "made_by",
    ])?;
    for line in lines {
        let view = StatementLineView::from(line);
        let made_by = view.made_by.map(|id| id.to_string()).unwrap_or_default();
        table.write_record([
            view.at.to_string(),
            view.window,
            view.kind,
            view.used.to_string(),
            view.submission_id.to_string(),
            harmless(view.file_name),
            view.submitted_by.to_string(),
            harmless(view.reason),
            made_by,
        ])?;
    }
    table.into_inner().map_err(|error| error.into_error().into())
}

/// Text that no spreadsheet takes for a formula.
fn harmless(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{text}") } else { text }
}

/// Why a slot is given back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RefundReason {
    /// For the team to read in its account: 1 to 4000 bytes.
    reason: String,
}

/// Give a team back what a submission has taken of its quota; its scores stay as they are.
#[utoipa::path(tag = "submissions", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The submission.")),
    responses(
        (status = 200, description = "The submission, which no longer counts.", body = SubmissionView),
        (status = 403, description = "This is for organizers."),
        (status = 404, description = "There is no such submission, or it is another team's."),
        (status = 409, description = "It is not at its end, or counts in no window of the quota."),
        (status = 422, description = "The reason is missing or too long."),
))]
#[post("/submissions/{id}/refund")]
pub(super) async fn refund_submission_quota(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
    Json(body): Json<RefundReason>,
) -> Result<HttpResponse, Problem> {
    let id = SubmissionId(*id);
    refund_submission(&app, &actor, id, &body.reason).await?;
    show(&app, &actor, id).await
}
