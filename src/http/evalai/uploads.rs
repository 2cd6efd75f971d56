//! Large files, in parts that are sent to links: submissions and annotations.

use actix_web::http::header::ETAG;
use actix_web::{HttpRequest, HttpResponse, post, put, web};
use app::evalai::numbers::{entity, locate_phase, number};
use app::identity::LinkProof;
use app::phases::parts::{begin_annotation_parts, finish_annotation_parts};
use app::submissions::upload::{
    BeginUpload, PART_BYTES, PartCount, PartLink, PartStart, begin_part, begin_parts, finish_parts,
    link_part, settle_parts,
};
use app::{App, Code, Failure, FieldError, Outcome};
use domain::evalai::NumberedKind;
use domain::{SubmissionId, Timestamp, UploadId};
use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::answers::Refusal;
use super::submissions::{Described, asks_for_answers};
use crate::api::submissions::receive::{broke_off, content_length};
use crate::extract::{Anyone, SignedIn};

pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(begin_submission_upload)
        .service(finish_submission_upload)
        .service(settle_submission_upload)
        .service(begin_annotation_upload)
        .service(finish_annotation_upload)
        .service(send_part);
}

/// What is known of a file before its parts.
#[derive(Deserialize, ToSchema)]
struct BeginForm {
    /// The path as it was typed; only its last part counts.
    file_name: String,
    /// How many parts there will be, or one less.
    num_file_chunks: String,
    is_public: Option<String>,
    method_name: Option<String>,
    method_description: Option<String>,
    project_url: Option<String>,
    publication_url: Option<String>,
}

/// Where the parts go.
#[derive(Serialize, ToSchema)]
struct Begun {
    presigned_urls: Vec<PartUrl>,
    upload_id: Uuid,
    /// The submission; absent for annotations.
    #[serde(skip_serializing_if = "Option::is_none")]
    submission_pk: Option<i64>,
}

/// Where one part goes.
#[derive(Serialize, ToSchema)]
struct PartUrl {
    #[serde(rename = "partNumber")]
    part_number: u64,
    url: String,
}

impl Begun {
    fn new(app: &App, upload: UploadId, parts: PartCount, until: Timestamp, submission: Option<i64>) -> Self {
        let url = |number| {
            let PartLink { proof, .. } = link_part(app, upload, number, until);
            let path = format!(
                "/api/uploads/{upload}/parts/{number}?expires={}&signature={}",
                proof.expires, proof.signature
            );
            PartUrl { part_number: number, url: app.settings.server.public_url.link(&path) }
        };
        let presigned_urls = parts.numbers().map(url).collect();
        Self { presigned_urls, upload_id: upload.0, submission_pk: submission }
    }
}

/// Begin a submission whose file comes in parts.
#[utoipa::path(tag = "submissions",
    params(("phase" = i64, Path, description = "The phase.")),
    request_body(content = BeginForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 201, description = "Begun; every part but the last has 20 MiB.", body = Begun),
        (status = 400, description = "Something about the file cannot be."),
        (status = 403, description = "One does not take part, or the quota is used up."),
        (status = 413, description = "The file is too large."),
    ),
)]
#[post("/jobs/phases/{phase}/get_submission_file_presigned_url")]
async fn begin_submission_upload(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    phase: web::Path<String>,
    form: web::Form<BeginForm>,
) -> Result<HttpResponse, Refusal> {
    let (challenge, phase) = locate_phase(&app, &phase).await?;
    let (challenge, phase) = (challenge.to_string(), phase.to_string());
    let BeginForm { file_name, num_file_chunks, is_public, .. } = &*form;
    let parts = PartCount::parse(num_file_chunks)?;
    let mut described = Described::default();
    let texts = [
        ("is_public", is_public),
        ("method_name", &form.method_name),
        ("method_description", &form.method_description),
        ("project_url", &form.project_url),
        ("publication_url", &form.publication_url),
    ];
    for (name, text) in texts {
        described.take(name, text.as_deref().unwrap_or_default())?;
    }
    if let Some(spec) = asks_for_answers(&app, &actor, &challenge, &phase).await?.first() {
        let rule = "is asked for by the organizers, and this client does not send it with large files; \
                    submit the file on the web page";
        return Err(Failure::invalid_fields(vec![FieldError::new(&spec.name, rule)]).into());
    }
    let input = BeginUpload {
        challenge,
        phase,
        file_name: file_name.clone(),
        length_bytes: 0,
        attributes: Map::new(),
        visibility: described.visibility(),
        method: described.method,
        idempotency: None,
    };
    let begun = begin_parts(&app, &actor, input, parts).await?;
    let submission = number(&app, NumberedKind::Submission, begun.submission.0).await?;
    Ok(HttpResponse::Created().json(Begun::new(&app, begun.id, parts, begun.expires_at, Some(submission))))
}

/// What a link carries.
#[derive(Deserialize, IntoParams)]
struct LinkQuery {
    /// Until when it is good, in seconds since 1970.
    expires: i64,
    /// What proves that this server made it.
    signature: String,
}

/// Send a part to its link, which is the only proof that counts here.
#[utoipa::path(tag = "submissions",
    params(
        ("upload" = Uuid, Path, description = "The upload."),
        ("number" = u64, Path, description = "Which part, from 1."),
        LinkQuery,
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 200, description = "It is durable.", headers(("ETag" = String, description = "Its name."))),
        (status = 400, description = "The link has run out, or the part broke off."),
        (status = 404, description = "The link is none of this server's."),
        (status = 413, description = "It is longer than 20 MiB, or than the upload."),
    ),
)]
#[put("/uploads/{upload}/parts/{number}")]
async fn send_part(
    _: Anyone,
    app: web::Data<App>,
    path: web::Path<(Uuid, u64)>,
    query: web::Query<LinkQuery>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (upload, number) = path.into_inner();
    let LinkQuery { expires, signature } = query.into_inner();
    let link = PartLink { upload: UploadId(upload), number, proof: LinkProof { expires, signature } };
    if content_length(&request).is_some_and(|size| size > PART_BYTES) {
        let detail = format!("a part has at most {PART_BYTES} bytes");
        return Err(Failure::new(Code::PayloadTooLarge, detail).into());
    }
    match begin_part(&app, &link).await? {
        PartStart::Wanted(piece) => {
            while let Some(chunk) = payload.next().await {
                // Letting go of the part throws away what has arrived.
                let chunk = chunk.map_err(|error| broke_off(error.to_string()))?;
                if !piece.take(chunk).await {
                    break;
                }
            }
            piece.finish().await?;
        }
        // The client reads no answer before it has sent everything.
        PartStart::Here => {
            while let Some(chunk) = payload.next().await {
                chunk.map_err(|error| broke_off(error.to_string()))?;
            }
        }
    }
    Ok(HttpResponse::Ok().insert_header((ETAG, format!("\"{upload}-{number}\""))).finish())
}

/// What the sender says at the end.
#[derive(Deserialize, ToSchema)]
struct FinishForm {
    upload_id: Uuid,
    /// The parts that were sent, as JSON: `[{"ETag", "PartNumber"}]`.
    parts: String,
}

impl FinishForm {
    /// How many parts were sent, if they are all from the first on.
    fn parts(&self) -> Outcome<u64> {
        #[derive(Deserialize)]
        struct Part {
            #[serde(rename = "PartNumber")]
            number: u64,
        }
        let wrong = |rule: &str| Failure::invalid_fields(vec![FieldError::new("parts", rule)]);
        let parts: Option<Vec<Part>> =
            serde_json::from_str(&self.parts).map_err(|_| wrong("must be a list of parts as JSON"))?;
        let mut numbers: Vec<u64> = parts.unwrap_or_default().iter().map(|part| part.number).collect();
        numbers.sort_unstable();
        let count = numbers.len() as u64;
        if numbers.into_iter().eq(1..=count) {
            Ok(count)
        } else {
            Err(wrong("must be all from the first on"))
        }
    }
}

/// Say that all parts of a submission were sent.
#[utoipa::path(tag = "submissions",
    params(
        ("phase" = i64, Path, description = "The phase."),
        ("submission" = i64, Path, description = "The submission."),
    ),
    request_body(content = FinishForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The submission is accepted."),
        (status = 400, description = "A part is missing."),
        (status = 403, description = "The quota is used up."),
        (status = 404, description = "There is no such upload, or it is another team's."),
    ),
)]
#[post("/jobs/phases/{phase}/finish_submission_file_upload/{submission}")]
async fn finish_submission_upload(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    form: web::Form<FinishForm>,
) -> Result<HttpResponse, Refusal> {
    let id: SubmissionId = entity(&app, NumberedKind::Submission, &path.1).await?;
    finish_parts(&app, &actor, UploadId(form.upload_id), id, form.parts()?).await?;
    Ok(HttpResponse::Ok().json(json!({"upload_id": form.upload_id, "submission_pk": path.1})))
}

/// Say that no more will be sent: a submission that is not complete by now is cancelled.
#[utoipa::path(tag = "submissions",
    params(
        ("phase" = i64, Path, description = "The phase."),
        ("submission" = i64, Path, description = "The submission."),
    ),
    responses(
        (status = 200, description = "The submission was accepted before."),
        (status = 400, description = "The upload is not complete; the submission is cancelled."),
        (status = 404, description = "There is no such submission, or it is another team's."),
    ),
)]
#[post("/jobs/phases/{phase}/send_submission_message/{submission}")]
async fn settle_submission_upload(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Refusal> {
    let id: SubmissionId = entity(&app, NumberedKind::Submission, &path.1).await?;
    settle_parts(&app, &actor, id).await?;
    Ok(HttpResponse::Ok().json(json!({})))
}

/// Begin an upload of annotations in parts.
#[utoipa::path(tag = "annotations",
    params(("phase" = i64, Path, description = "The phase.")),
    request_body(content = BeginForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "Begun; every part but the last has 20 MiB.", body = Begun),
        (status = 403, description = "This is for the organizers of the challenge."),
        (status = 413, description = "The file is too large."),
    ),
)]
#[post("/challenges/phases/{phase}/get_annotation_file_presigned_url")]
async fn begin_annotation_upload(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    phase: web::Path<String>,
    form: web::Form<BeginForm>,
) -> Result<HttpResponse, Refusal> {
    let (challenge, phase) = locate_phase(&app, &phase).await?;
    let parts = PartCount::parse(&form.num_file_chunks)?;
    let place = (challenge.to_string(), phase.to_string());
    let begun = begin_annotation_parts(&app, &actor, (&place.0, &place.1), &form.file_name, parts).await?;
    Ok(HttpResponse::Ok().json(Begun::new(&app, begun.id, parts, begun.expires_at, None)))
}

/// Say that all parts of the annotations were sent: they are judged, and in force at once or not at all.
#[utoipa::path(tag = "annotations",
    params(("phase" = i64, Path, description = "The phase.")),
    request_body(content = FinishForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "They are in force, beside the other tables that were."),
        (status = 400, description = "A part is missing, or the annotations are not as the evaluator asks."),
        (status = 403, description = "This is for the organizers of the challenge."),
    ),
)]
#[post("/challenges/phases/{phase}/finish_annotation_file_upload")]
async fn finish_annotation_upload(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    phase: web::Path<String>,
    form: web::Form<FinishForm>,
) -> Result<HttpResponse, Refusal> {
    let (challenge, phase) = locate_phase(&app, &phase).await?;
    let place = (challenge.to_string(), phase.to_string());
    let (upload, parts) = (UploadId(form.upload_id), form.parts()?);
    let made = finish_annotation_parts(&app, &actor, (&place.0, &place.1), upload, parts).await?;
    Ok(HttpResponse::Ok().json(json!({"upload_id": form.upload_id, "annotations_version": made.version})))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_that_were_sent_are_all_from_the_first_on() {
        let parts = |text: &str| FinishForm { upload_id: Uuid::nil(), parts: text.to_owned() }.parts();
        assert_eq!(parts("null").unwrap(), 0);
        assert_eq!(parts("[]").unwrap(), 0);
        let both = r#"[{"ETag": "\"b\"", "PartNumber": 2}, {"ETag": "\"a\"", "PartNumber": 1}]"#;
        assert_eq!(parts(both).unwrap(), 2);
        for wrong in ["", "7", r#"[{"PartNumber": 2}]"#, r#"[{"PartNumber": 1}, {"PartNumber": 1}]"#] {
            assert!(parts(wrong).is_err(), "{wrong}");
        }
    }
}
