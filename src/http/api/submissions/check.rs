//! `/submissions/check`: what a submission of a file would be told, without submitting it.

use actix_web::web::{Data, Path, Payload, Query};
use actix_web::{HttpRequest, HttpResponse, post};
use app::App;
use app::submissions::check::{Checked, admit_check};
use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::receive::{broke_off, content_length};
use crate::extract::{RateLimits, SignedIn, Subject, TrafficKind};
use crate::problem::Problem;

/// What is said of the file.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct CheckQuery {
    /// What the file is called; some evaluators tell formats by it.
    #[serde(default)]
    file_name: String,
}

/// What was found in a file.
#[derive(Serialize, ToSchema)]
struct CheckView {
    /// Whether a submission of the file would be scored.
    is_valid: bool,
    /// How many faults there are.
    fault_count: u64,
    /// The first of them: `{"code", "pointer" or "line", "message"}`.
    #[schema(value_type = Vec<Object>)]
    faults: Value,
    /// What the file is called.
    file_name: String,
    /// Its size in bytes.
    size_bytes: u64,
    /// Its SHA-256.
    sha256: String,
    /// The version of the annotations whose items it was compared with.
    annotations_version: i32,
}

impl From<Checked> for CheckView {
    fn from(checked: Checked) -> Self {
        Self {
            is_valid: checked.fault_count == 0,
            fault_count: checked.fault_count,
            faults: checked.faults,
            file_name: checked.file_name,
            size_bytes: checked.size_bytes,
            sha256: checked.digest.to_string(),
            annotations_version: checked.annotations_version,
        }
    }
}

/// Check a file, sent as the bare body, as a submission of it would be checked: no quota is used, nothing is scored or kept.
#[utoipa::path(tag = "submissions", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The challenge, by id or slug."),
        ("phase" = String, Path, description = "The phase, by id or codename."),
        CheckQuery,
    ),
    request_body(content((Vec<u8> = "application/octet-stream"))),
    responses(
        (status = 200, description = "What was found in the file; faults are no failure of this request.", body = CheckView),
        (status = 409, description = "The phase is not open, or a program of the organizers judges its files."),
        (status = 413, description = "The file is too large to be checked here."),
        (status = 429, description = "Too many files were checked in a short time."),
        (status = 503, description = "Other files are being checked."),
))]
#[post("/challenges/{challenge}/phases/{phase}/submissions/check")]
pub(super) async fn check_submission(
    SignedIn(actor): SignedIn,
    app: Data<App>,
    limits: Data<RateLimits>,
    path: Path<(String, String)>,
    query: Query<CheckQuery>,
    request: HttpRequest,
    mut payload: Payload,
) -> Result<HttpResponse, Problem> {
    let admission = admit_check(&app, &actor, &path.0, &path.1).await?;
    limits.check(TrafficKind::Check, Subject::of(&actor, &request))?;
    let mut file = admission.begin(content_length(&request))?;
    while let Some(piece) = payload.next().await {
        file.take(&piece.map_err(|error| broke_off(error.to_string()))?)?;
    }
    let checked = file.check(&app, &query.file_name).await?;
    Ok(HttpResponse::Ok().json(CheckView::from(checked)))
}
