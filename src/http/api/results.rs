//! The result of a phase: asked for by organizers, published for everybody.

use actix_web::http::header;
use actix_web::{HttpResponse, get, post, web};
use app::App;
use app::results::{RequestResult, ResultState, read_result, request_result};
use domain::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::extract::{Anyone, Json, SignedIn};
use crate::problem::Problem;

/// The routes below `/api/v1`.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(show_result).service(download_record).service(request_phase_result);
}

/// What is published of a phase.
#[derive(Serialize, ToSchema)]
struct ResultView {
    /// The versions, newest first; the newest counts.
    published: Vec<VersionView>,
    /// For organizers: the version that is being worked out.
    in_work: Option<i32>,
    /// For organizers: why the last one could not be worked out.
    failure: Option<String>,
}

/// A published version.
#[derive(Serialize, ToSchema)]
struct VersionView {
    /// Which, from 1.
    version: i32,
    /// Why there is another than the first.
    reason: String,
    /// When it was published.
    #[schema(value_type = String, format = DateTime)]
    published_at: Timestamp,
    /// The SHA-256 of the record's bytes.
    digest: String,
    /// A JWS (EdDSA) over the digest; its key is in `/.well-known/jwks.json`.
    signature: String,
    /// The record, which can also be downloaded byte by byte as it was signed: entries with final ranks, intervals and rank sets, shake-up, overfitting
    /// meter, prizes, and what everything follows from.
    #[schema(value_type = Object)]
    record: Value,
}

/// What is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AskForResult {
    /// Why there is another version; needed from the second on.
    #[serde(default)]
    reason: String,
    /// Whether the secret of the splits is published with it, so that anybody can repeat the draws. It cannot be taken back.
    #[serde(default)]
    retire_splits: bool,
}

/// The version that is worked out.
#[derive(Serialize, ToSchema)]
struct Asked {
    /// Which, from 1.
    version: i32,
}

fn view(state: ResultState) -> Result<ResultView, Problem> {
    let mut published = Vec::with_capacity(state.published.len());
    for found in state.published {
        published.push(VersionView {
            version: found.version,
            reason: found.reason,
            published_at: found.published_at,
            digest: found.digest.to_string(),
            signature: found.signature,
            record: serde_json::from_str(&found.record).map_err(app::Failure::internal)?,
        });
    }
    Ok(ResultView { published, in_work: state.in_work, failure: state.failure })
}

/// Show the result of a phase.
#[utoipa::path(tag = "results", security((), ("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The challenge, by id or slug."),
        ("phase" = String, Path, description = "The phase, by id or codename."),
    ),
    responses(
        (status = 200, description = "What is published, and for organizers what is in work.", body = ResultView),
        (status = 404, description = "Nothing is published, or one does not see the phase."),
))]
#[get("/challenges/{challenge}/phases/{phase}/result")]
async fn show_result(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let state = read_result(&app, &actor, &path.0, &path.1).await?;
    Ok(HttpResponse::Ok().json(view(state)?))
}

/// Download a record, byte by byte as it was signed.
#[utoipa::path(tag = "results", security((), ("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The challenge, by id or slug."),
        ("phase" = String, Path, description = "The phase, by id or codename."),
        ("version" = i32, Path, description = "The version."),
    ),
    responses(
        (status = 200, description = "The record.", content_type = "application/json", body = Object),
        (status = 404, description = "There is none."),
))]
#[get("/challenges/{challenge}/phases/{phase}/result/{version}/record")]
async fn download_record(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    path: web::Path<(String, String, i32)>,
) -> Result<HttpResponse, Problem> {
    let (challenge, phase, version) = path.into_inner();
    let state = read_result(&app, &actor, &challenge, &phase).await?;
    let found = state.published.into_iter().find(|found| found.version == version);
    let found = found.ok_or_else(app::Failure::not_found)?;
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"result-{version}.json\""),
        ))
        .body(found.record))
}

/// Ask for the result of a closed phase; a worker works it out and publishes it.
#[utoipa::path(tag = "results", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The challenge, by id or slug."),
        ("phase" = String, Path, description = "The phase, by id or codename."),
    ),
    responses(
        (status = 202, description = "It is being worked out.", body = Asked),
        (status = 403, description = "This is for organizers."),
        (status = 404, description = "There is no such phase, or one does not see it."),
        (status = 409, description = "The phase is open, submissions wait, or a result is being worked out."),
        (status = 422, description = "There is no reason for another version."),
))]
#[post("/challenges/{challenge}/phases/{phase}/result")]
async fn request_phase_result(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    body: Json<AskForResult>,
) -> Result<HttpResponse, Problem> {
    let AskForResult { reason, retire_splits } = body.0;
    let asked = RequestResult { reason, retire_splits };
    let version = request_result(&app, &actor, &path.0, &path.1, asked).await?;
    Ok(HttpResponse::Accepted().json(Asked { version }))
}
