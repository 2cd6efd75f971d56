//! Bundles of other systems: read whole, previewed, made a draft.

use actix_web::web::{Bytes, Data, Payload, Query};
use actix_web::{HttpRequest, HttpResponse, post};
use app::challenges::import::{BundleDoor, MOST_BYTES, import_challenge, read_bundle, runtime};
use app::{App, Code, Failure};
use domain::Scope;
use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::api::submissions::receive::{broke_off, content_length};
use crate::extract::Verified;
use crate::problem::Problem;

/// How a bundle is taken.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ImportQuery {
    /// Only say what would become of it.
    #[serde(default)]
    dry_run: bool,
    /// What faults call the archive.
    file_name: Option<String>,
    /// Where the bundle comes from; a bundle from the same place changes the challenge that it became before.
    /// Without it, your bundles are told apart by their titles.
    source: Option<String>,
}

/// What became of a bundle.
#[derive(Serialize, ToSchema)]
pub(super) struct ImportView {
    /// The challenge; null when it was only asked.
    challenge: Option<ImportedView>,
    /// What the challenge is, part by part, and the warnings: what is not as its author may expect.
    #[schema(value_type = Object)]
    preview: Value,
}

/// A challenge that came as a bundle.
#[derive(Serialize, ToSchema)]
pub(super) struct ImportedView {
    /// Its id.
    id: Uuid,
    /// Its part of the address.
    slug: String,
}

/// Import a bundle of EvalAI, Codabench or CodaLab: a zip archive as the body becomes a draft.
///
/// A bundle is refused with everything that is wrong with it at once, and nothing is changed then.
/// The same bundle, or a newer one from the same source, changes the challenge that it became before.
#[utoipa::path(tag = "challenges", security(("bearer" = []), ("session" = [])), params(ImportQuery),
    request_body(content_type = "application/zip", content = Vec<u8>),
    responses(
        (status = 201, description = "The draft is made.", body = ImportView),
        (status = 200, description = "The challenge was there and says now what the bundle says; or it was only asked.",
            body = ImportView),
        (status = 403, description = "The source belongs to a challenge that others run."),
        (status = 409, description = "The challenge is archived."),
        (status = 413, description = "The archive is too large."),
        (status = 422, description = "The bundle is wrong: every fault with its file, line and key."),
))]
#[post("/challenges/import")]
pub(super) async fn import_bundle(
    Verified(actor): Verified,
    app: Data<App>,
    query: Query<ImportQuery>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    let query = query.into_inner();
    app::authority::verified_person(&actor, Scope::Organize)?;
    let source = query.source.map(named).transpose()?;
    let archive = whole(&request, payload).await?;
    let name = query.file_name.unwrap_or_else(|| "bundle.zip".to_owned());
    let bundle = read_bundle(runtime(&app), &name, archive, BundleDoor::WebPage).await?;
    let preview = serde_json::to_value(bundle.preview()).map_err(Failure::internal)?;
    if query.dry_run {
        return Ok(HttpResponse::Ok().json(ImportView { challenge: None, preview }));
    }
    let imported = import_challenge(&app, &actor, &bundle, source).await?;
    let view = ImportView {
        challenge: Some(ImportedView { id: imported.id.0, slug: imported.slug.to_string() }),
        preview,
    };
    Ok(if imported.is_new { HttpResponse::Created().json(view) } else { HttpResponse::Ok().json(view) })
}

/// Sources that people name are kept apart from those that the server knows by itself.
fn named(source: String) -> Result<String, Failure> {
    if source.is_empty() || source.len() > 500 {
        let error = app::FieldError::new("source", "must have 1 to 500 bytes");
        return Err(Failure::invalid_fields(vec![error]));
    }
    Ok(format!("named:{source}"))
}

/// The body, as far as it is no larger than a bundle may be.
async fn whole(request: &HttpRequest, mut payload: Payload) -> Result<Bytes, Failure> {
    let too_large =
        || Failure::new(Code::PayloadTooLarge, format!("a bundle may have at most {MOST_BYTES} bytes"));
    let announced = content_length(request);
    if announced.is_some_and(|size| size > MOST_BYTES) {
        return Err(too_large());
    }
    let mut body = Vec::with_capacity(usize::try_from(announced.unwrap_or(0)).unwrap_or(0));
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| broke_off(error.to_string()))?;
        if body.len() as u64 + chunk.len() as u64 > MOST_BYTES {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.into())
}
