//! The file of a submission, as it was sent.

use actix_web::http::header::{
    self, Charset, ContentDisposition, DispositionParam, DispositionType, ETag, EntityTag, ExtendedValue,
};
use actix_web::{HttpRequest, HttpResponse, get, web};
use app::App;
use app::submissions::file::{find_file, open_file};
use domain::SubmissionId;
use futures_util::TryStreamExt as _;
use uuid::Uuid;

use crate::caching::is_known_to;
use crate::extract::SignedIn;
use crate::problem::Problem;

/// Download the file of a submission.
#[utoipa::path(tag = "submissions", security(("bearer" = []), ("session" = [])),
    params(
        ("id" = Uuid, Path, description = "The submission."),
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` of what the reader has."),
    ),
    responses(
        (status = 200, description = "The file.", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 304, description = "The reader has it."),
        (status = 404, description = "There is none, or it is another team's."),
))]
#[get("/submissions/{id}/file")]
pub(super) async fn download_submission(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let file = find_file(&app, &actor, SubmissionId(*id)).await?;
    let tag = EntityTag::new_strong(file.digest.to_string());
    if is_known_to(&request, &tag) {
        return Ok(HttpResponse::NotModified().insert_header(ETag(tag)).finish());
    }
    let reader = open_file(&app, &file).await?;
    let mut response = HttpResponse::Ok();
    response
        .content_type("application/octet-stream")
        .insert_header(ETag(tag))
        .insert_header(attachment(&file.file_name))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        // Whatever a browser makes of it, it is nobody's page.
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        // It is sent as it is stored: compressing it on the way would cost more than it saves.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .no_chunking(reader.size);
    Ok(response.streaming(reader.pieces.map_err(actix_web::error::ErrorInternalServerError)))
}

/// A name for saving the file: plain for old clients, in full for present ones.
fn attachment(file_name: &str) -> ContentDisposition {
    let plain: String = file_name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' })
        .collect();
    let full = ExtendedValue {
        charset: Charset::Ext("UTF-8".into()),
        language_tag: None,
        value: file_name.as_bytes().to_vec(),
    };
    ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(plain), DispositionParam::FilenameExt(full)],
    }
}
