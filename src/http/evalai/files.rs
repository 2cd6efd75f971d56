//! Files that are fetched with a link: what a submission was scored, and what was sent.
//!
//! Links carry a signature, the person they were made for and an end; what that person may see is asked when it is fetched.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_SECURITY_POLICY};
use actix_web::{HttpResponse, get, web};
use app::accounts::link_holder::link_holder;
use app::evalai::numbers::entity;
use app::identity::LinkProof;
use app::submissions::file::{find_file, open_file};
use app::submissions::{SubmissionDetail, read_submission};
use app::{App, Failure};
use domain::evalai::NumberedKind;
use domain::submission::SubmissionState;
use domain::{Actor, SubmissionId, UserId};
use futures_util::TryStreamExt as _;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::answers::Refusal;
use crate::extract::{Anyone, SignedIn};

/// How long a link is good.
const SECONDS: i64 = 3600;
/// The file with what a submission was scored.
const RESULT_FILE: &str = "submission_result_file.json";

pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config.service(sign_file).service(download_file);
}

/// The files of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    /// What was sent.
    Input,
    /// What was scored, or what is wrong.
    Result,
}

impl FileKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Result => "result",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Input, Self::Result].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// The link by which a person fetches a file of a submission.
pub(super) fn link(
    app: &App,
    reader: &Actor,
    number: i64,
    kind: FileKind,
    file_name: &str,
) -> Option<String> {
    let user = reader.user()?;
    let proof = app.links.sign(&name_of(number, kind, user), app.now().plus_seconds(SECONDS));
    let file_name = match kind {
        FileKind::Input => plain(file_name),
        FileKind::Result => RESULT_FILE.to_owned(),
    };
    Some(app.settings.server.public_url.link(&format!(
        "/api/media/submission_files/submission_{number}/{}/{file_name}?user={user}&expires={}&signature={}",
        kind.as_str(),
        proof.expires,
        proof.signature
    )))
}

fn name_of(number: i64, kind: FileKind, user: UserId) -> String {
    format!("file:{number}:{}:{user}", kind.as_str())
}

/// A file name as part of an address; the end, which programs look at, stays.
fn plain(file_name: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let name: String = file_name.chars().map(letter).collect();
    if name.trim_matches('.').is_empty() { "submission".to_owned() } else { name }
}

/// Which file is asked for.
#[derive(Deserialize, IntoParams)]
struct FileQuery {
    /// Read by nothing: there is one store.
    #[serde(rename = "bucket")]
    _bucket: Option<String>,
    /// `submission_files/submission_<number>/<input or result>/<name>`, as links have it.
    key: String,
}

/// A link.
#[derive(Serialize, ToSchema)]
struct SignedUrl {
    /// Good for an hour.
    signed_url: String,
}

/// Get a link by which a file can be fetched.
#[utoipa::path(tag = "submissions", params(FileQuery), responses(
    (status = 200, description = "The link.", body = SignedUrl),
    (status = 400, description = "The key names no file of a submission."),
    (status = 404, description = "There is no such submission, or it is another team's."),
))]
#[get("/jobs/submission_files")]
async fn sign_file(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    query: web::Query<FileQuery>,
) -> Result<HttpResponse, Refusal> {
    let parts: Vec<&str> = query.key.trim_matches('/').split('/').collect();
    let (number, kind, name) = match parts.as_slice() {
        ["submission_files", submission, kind, name] => {
            (submission.strip_prefix("submission_"), FileKind::parse(kind), *name)
        }
        _ => (None, None, ""),
    };
    let (Some(number), Some(kind)) = (number, kind) else {
        let sentence = "The key names no file of a submission";
        return Err(Refusal::Said(StatusCode::BAD_REQUEST, sentence.to_owned()));
    };
    let id: SubmissionId = entity(&app, NumberedKind::Submission, number).await?;
    read_submission(&app, &actor, id).await?;
    let number: i64 = number.parse().map_err(|_| Failure::not_found())?;
    let signed_url = link(&app, &actor, number, kind, name).ok_or_else(Failure::not_found)?;
    Ok(HttpResponse::Ok().json(SignedUrl { signed_url }))
}

/// What a link carries.
#[derive(Deserialize, IntoParams)]
struct LinkQuery {
    /// For whom it was made.
    user: Uuid,
    /// Until when it is good, in seconds since 1970.
    expires: i64,
    /// What proves that this server made it.
    signature: String,
}

/// Fetch a file with a link, which is the only proof that counts here.
#[utoipa::path(tag = "submissions",
    params(
        ("submission" = i64, Path, description = "The submission."),
        ("kind" = String, Path, description = "`input` or `result`."),
        ("name" = String, Path, description = "What the file is called; any name gives the same file."),
        LinkQuery,
    ),
    responses(
        (status = 200, description = "The file.", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 400, description = "The link has run out."),
        (status = 404, description = "The link is none of this server's."),
    ),
)]
#[get("/media/submission_files/submission_{submission}/{kind}/{name}")]
async fn download_file(
    _: Anyone,
    app: web::Data<App>,
    path: web::Path<(i64, String, String)>,
    query: web::Query<LinkQuery>,
) -> Result<HttpResponse, Refusal> {
    let (number, kind, _) = path.into_inner();
    let kind = FileKind::parse(&kind).ok_or_else(Failure::not_found)?;
    let LinkQuery { user, expires, signature } = query.into_inner();
    let user = UserId(user);
    app.links.check(&name_of(number, kind, user), &LinkProof { expires, signature }, app.now())?;
    let reader = link_holder(&app, user).await?;
    let id: SubmissionId = entity(&app, NumberedKind::Submission, &number.to_string()).await?;
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        // Clients ask for the length, which compressing on the way would take away.
        .insert_header((CONTENT_ENCODING, "identity"));
    match kind {
        FileKind::Input => {
            let file = find_file(&app, &reader, id).await?;
            let content = open_file(&app, &file).await?;
            response.content_type("application/octet-stream").no_chunking(content.size);
            Ok(response.streaming(content.pieces.map_err(actix_web::error::ErrorInternalServerError)))
        }
        FileKind::Result => {
            let result = result_of(&read_submission(&app, &reader, id).await?);
            let text =
                serde_json::to_vec(&result.ok_or_else(Failure::not_found)?).map_err(Failure::internal)?;
            Ok(response.content_type("application/json").body(text))
        }
    }
}

/// Whether there is a result to be read.
pub(super) fn has_result(state: SubmissionState) -> bool {
    matches!(state, SubmissionState::Scored | SubmissionState::Invalid | SubmissionState::Failed)
}

/// What a submission was scored as far as its reader is shown it, or what is wrong with it.
fn result_of(detail: &SubmissionDetail) -> Option<Value> {
    let submission = &detail.submission;
    match submission.state {
        SubmissionState::Invalid => Some(json!({
            "error": "the file is not as the phase asks",
            "fault_count": submission.fault_count,
            "faults": submission.faults.as_ref().map(|faults| &faults.0),
        })),
        SubmissionState::Failed => Some(json!({"error": submission.failure})),
        SubmissionState::Scored => {
            let evaluation = detail.evaluation.as_ref()?;
            let splits = evaluation.splits.iter().map(|(split, scores)| {
                let values: Map<String, Value> =
                    scores.iter().map(|score| (score.metric.clone(), json!(score.value))).collect();
                json!({ split.codename.as_str(): values })
            });
            Some(Value::Array(splits.collect()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_file_name_stays() {
        assert_eq!(plain("preds v2.tsv.gz"), "preds_v2.tsv.gz");
        assert_eq!(plain("../../etc/passwd"), ".._.._etc_passwd");
        for odd in ["", "..", "."] {
            assert_eq!(plain(odd), "submission");
        }
    }
}
