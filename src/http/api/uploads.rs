//! `/uploads`: files that arrive in several requests, by the tus protocol 1.0 (<https://tus.io>).
//!
//! Supported are its core and the extensions creation, checksum, expiration and termination.
//! An upload is a submission from the beginning; the request that brings the last byte is answered
//! when the submission is accepted, or with the reason why it is not.

mod protocol;

use std::time::Duration;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::middleware::from_fn;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, delete, head, options, patch, post, web};
use app::idempotency::Created;
use app::submissions::upload::{
    BeginUpload, begin_piece, begin_upload, complete_upload, end_upload, read_progress,
};
use app::{App, Code, Failure};
use domain::{Timestamp, UploadId};
use futures_util::StreamExt as _;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::scope;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::submissions::receive::{broke_off, content_length};
use super::submissions::said::SentFile;
use crate::extract::{IdempotencyHeader, SignedIn};
use crate::problem::Problem;

/// The routes below `/api/v1`.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(
        scope::scope("/uploads")
            .service(describe_uploads)
            .service(create_upload)
            .service(describe_upload)
            .service(show_upload)
            .service(append_upload)
            .service(delete_upload)
            .wrap(from_fn(protocol::speak)),
    );
}

/// An upload that waits for its bytes.
#[derive(Serialize, ToSchema)]
struct UploadView {
    /// Its id, which is part of its address.
    id: Uuid,
    /// The submission that it is.
    submission_id: Uuid,
    /// Until when its bytes are awaited.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Say what of the protocol is spoken here.
#[utoipa::path(tag = "uploads", responses(
    (status = 204, description = "Versions, extensions, checksums and the largest upload, in headers."),
))]
#[options("")]
async fn describe_uploads(app: web::Data<App>) -> HttpResponse {
    protocol::description(app.settings.limits.upload_bytes)
}

/// Say what of the protocol is spoken here.
#[utoipa::path(tag = "uploads", params(("id" = Uuid, Path, description = "The upload.")), responses(
    (status = 204, description = "Versions, extensions, checksums and the largest upload, in headers."),
))]
#[options("/{id}")]
async fn describe_upload(app: web::Data<App>) -> HttpResponse {
    protocol::description(app.settings.limits.upload_bytes)
}

/// Begin an upload.
#[utoipa::path(tag = "uploads", security(("bearer" = []), ("session" = [])),
    params(
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
        ("Upload-Length" = u64, Header, description = "How many bytes the file has."),
        ("Upload-Metadata" = String, Header, description =
            "`challenge`, `phase`, `file_name`, `method` (JSON), `attributes` (JSON), `visibility`, each with its value in base64."),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key with the same content begins once."),
    ),
    responses(
        (status = 200, description = "An earlier request with this key has begun it.", body = UploadView),
        (status = 201, description = "Begun.", body = UploadView, headers(("Location" = String, description = "Where its bytes go."))),
        (status = 412, description = "The request does not speak tus 1.0.0."),
        (status = 413, description = "The file is too large."),
        (status = 429, description = "The quota is used up, or too many uploads are unfinished."),
))]
#[post("")]
async fn create_upload(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    key: IdempotencyHeader,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let length_bytes = protocol::number(&request, "Upload-Length")?;
    let metadata = protocol::metadata(&request)?;
    let sent = SentFile {
        challenge: &metadata.challenge,
        phase: &metadata.phase,
        content: None,
        size_bytes: length_bytes,
        said: &metadata.said,
    };
    let idempotency = key.of(&sent)?;
    let protocol::Metadata { challenge, phase, said } = metadata;
    let input = BeginUpload {
        challenge,
        phase,
        file_name: said.file_name,
        length_bytes,
        method: said.method,
        attributes: said.attributes,
        visibility: said.visibility,
        idempotency,
    };
    let (mut response, begun) = match begin_upload(&app, &actor, input).await? {
        Created::New(begun) => (HttpResponse::Created(), begun),
        Created::Replayed(begun) => (HttpResponse::Ok(), begun),
    };
    if length_bytes == 0 {
        complete_upload(&app, &actor, begun.id).await?;
    }
    let view = UploadView { id: begun.id.0, submission_id: begun.submission.0, expires_at: begun.expires_at };
    expiring(&mut response, begun.expires_at);
    response.insert_header(("Location", format!("/api/v1/uploads/{}", begun.id)));
    Ok(response.json(view))
}

/// Ask how far an upload has come.
#[utoipa::path(tag = "uploads", security(("bearer" = []), ("session" = [])),
    params(
        ("id" = Uuid, Path, description = "The upload."),
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
    ),
    responses(
        (status = 200, description = "In headers.", headers(
            ("Upload-Offset" = u64, description = "How many bytes are here."),
            ("Upload-Length" = u64, description = "How many there will be."),
        )),
        (status = 404, description = "There is none, or it is another team's."),
        (status = 410, description = "It was ended, or not finished in time."),
))]
#[head("/{id}")]
async fn show_upload(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let progress = read_progress(&app, &actor, UploadId(*id)).await?;
    let mut response = HttpResponse::Ok();
    expiring(&mut response, progress.expires_at);
    response.insert_header(("Upload-Offset", progress.offset.to_string()));
    response.insert_header(("Upload-Length", progress.length.to_string()));
    Ok(response.finish())
}

/// Bring the next bytes.
///
/// What arrives before a connection breaks is kept, unless a checksum was announced.
#[utoipa::path(tag = "uploads", security(("bearer" = []), ("session" = [])),
    params(
        ("id" = Uuid, Path, description = "The upload."),
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
        ("Upload-Offset" = u64, Header, description = "Where these bytes begin."),
        ("Upload-Checksum" = Option<String>, Header, description = "`sha1` or `sha256`, a blank, and the digest in base64."),
    ),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"),
    responses(
        (status = 204, description = "They are durable; after the last of them, the submission is accepted.", headers(
            ("Upload-Offset" = u64, description = "How many bytes are here."),
        )),
        (status = 404, description = "There is none, or it is another team's."),
        (status = 409, description = "They do not begin where the last ones ended."),
        (status = 410, description = "The upload was ended, or not finished in time."),
        (status = 413, description = "There are more than were announced."),
        (status = 415, description = "The content type is not the one of the protocol."),
        (status = 429, description = "All bytes are here, but the quota is used up; ask again when it is not."),
        (status = 460, description = "They are not those of the checksum, and were thrown away."),
))]
#[patch("/{id}")]
async fn append_upload(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let id = UploadId(*id);
    if request.headers().get(CONTENT_TYPE).is_none_or(|sent| sent != protocol::PIECE) {
        let detail = format!("the bytes must be sent as `{}`", protocol::PIECE);
        return Err(Failure::new(Code::UnsupportedMediaType, detail).into());
    }
    let offset = protocol::number(&request, "Upload-Offset")?;
    let checksum = protocol::checksum(&request)?;
    let piece = begin_piece(&app, &actor, id, offset, checksum).await?;
    let length = piece.length;
    if content_length(&request).is_some_and(|size| size > length - offset) {
        let detail = format!("the upload was announced with {length} bytes");
        return Err(Failure::new(Code::PayloadTooLarge, detail).into());
    }
    while let Some(chunk) = payload.next().await {
        // Letting go of the piece keeps what has arrived.
        let chunk = chunk.map_err(|error| broke_off(error.to_string()))?;
        if !piece.take(chunk).await {
            break;
        }
    }
    let offset = piece.finish().await?;
    if offset == length {
        complete_upload(&app, &actor, id).await?;
    }
    let mut response = HttpResponse::NoContent();
    response.insert_header(("Upload-Offset", offset.to_string()));
    Ok(response.finish())
}

/// End an unfinished upload; its submission is cancelled.
#[utoipa::path(tag = "uploads", security(("bearer" = []), ("session" = [])),
    params(
        ("id" = Uuid, Path, description = "The upload."),
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
    ),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, description = "There is none, or it is another team's."),
        (status = 409, description = "It is complete."),
        (status = 410, description = "It was ended before."),
))]
#[delete("/{id}")]
async fn delete_upload(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    end_upload(&app, &actor, UploadId(*id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Says until when the bytes are awaited, in the format of HTTP.
fn expiring(response: &mut HttpResponseBuilder, at: Timestamp) {
    let seconds = u64::try_from(at.as_seconds()).unwrap_or(0);
    let date = std::time::UNIX_EPOCH + Duration::from_secs(seconds);
    response.insert_header(("Upload-Expires", actix_web::http::header::HttpDate::from(date).to_string()));
}
