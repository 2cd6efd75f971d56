//! The headers of the tus protocol.

use std::str::FromStr;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, HttpResponse};
use app::submissions::upload::{Checksum, ChecksumAlgorithm};
use app::{Code, Failure, FieldError, Outcome};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::api::submissions::said::Said;
use crate::problem::Problem;

/// The content type of a piece.
pub(super) const PIECE: &str = "application/offset+octet-stream";

const VERSION: HeaderValue = HeaderValue::from_static("1.0.0");
const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const VERSIONS: HeaderName = HeaderName::from_static("tus-version");

/// What `Upload-Metadata` says.
pub(super) struct Metadata {
    /// The challenge, by id or slug.
    pub(super) challenge: String,
    /// The phase, by id or codename.
    pub(super) phase: String,
    /// What is said about the file.
    pub(super) said: Said,
}

/// Refuses requests that speak another version of the protocol, and names ours in every answer.
pub(super) async fn speak<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let speaks = request.method() == Method::OPTIONS || request.headers().get(RESUMABLE) == Some(&VERSION);
    let mut response = if speaks {
        next.call(request).await?.map_into_left_body()
    } else {
        let detail = "the header `Tus-Resumable: 1.0.0` is missing or names another version";
        let mut refusal = HttpResponse::from_error(Problem(Failure::new(Code::PreconditionFailed, detail)));
        refusal.headers_mut().insert(VERSIONS, VERSION);
        request.into_response(refusal).map_into_right_body()
    };
    response.headers_mut().insert(RESUMABLE, VERSION);
    Ok(response)
}

/// What of the protocol is spoken here.
pub(super) fn description(upload_bytes: u64) -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((VERSIONS, VERSION))
        .insert_header(("Tus-Extension", "creation,checksum,expiration,termination"))
        .insert_header(("Tus-Checksum-Algorithm", "sha1,sha256"))
        .insert_header(("Tus-Max-Size", upload_bytes.to_string()))
        .finish()
}

/// A header that holds a whole number.
pub(super) fn number(request: &HttpRequest, name: &str) -> Outcome<u64> {
    let text = request.headers().get(name).and_then(|value| value.to_str().ok());
    // `u64::from_str` takes a plus sign.
    let number = text.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    number.and_then(|text| u64::from_str(text).ok()).ok_or_else(|| malformed(name, "must be a whole number"))
}

/// `Upload-Checksum`: the name of an algorithm, a blank, and the digest in base64.
pub(super) fn checksum(request: &HttpRequest) -> Outcome<Option<Checksum>> {
    const NAME: &str = "Upload-Checksum";
    let Some(header) = request.headers().get(NAME) else { return Ok(None) };
    let text = header.to_str().unwrap_or_default();
    let parsed = text.split_once(' ').and_then(|(name, digest)| {
        Some(Checksum { algorithm: ChecksumAlgorithm::parse(name)?, value: STANDARD.decode(digest).ok()? })
    });
    parsed
        .map(Some)
        .ok_or_else(|| malformed(NAME, "must be `sha1` or `sha256`, a blank, and a digest in base64"))
}

/// `Upload-Metadata`: pairs of a name and a value in base64, separated by commas.
pub(super) fn metadata(request: &HttpRequest) -> Outcome<Metadata> {
    const NAME: &str = "Upload-Metadata";
    let header = request.headers().get(NAME).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (mut challenge, mut phase, mut said) = (None, None, Said::default());
    for pair in header.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once(' ').unwrap_or((pair, ""));
        let text = STANDARD.decode(value).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let text = text.ok_or_else(|| malformed(name, "must be text in base64"))?;
        match name {
            "challenge" => challenge = Some(text),
            "phase" => phase = Some(text),
            // What common clients send by themselves.
            "filename" => said.set("file_name", &text)?,
            "filetype" => {}
            _ => said.set(name, &text)?,
        }
    }
    let missing =
        |name| Failure::invalid_fields(vec![FieldError::new(name, "must be part of Upload-Metadata")]);
    Ok(Metadata {
        challenge: challenge.ok_or_else(|| missing("challenge"))?,
        phase: phase.ok_or_else(|| missing("phase"))?,
        said,
    })
}

fn malformed(name: &str, rule: &str) -> Failure {
    Failure::new(Code::MalformedRequest, format!("{name} {rule}"))
        .with_errors(vec![FieldError::new(name, rule)])
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn request(name: &str, value: &str) -> HttpRequest {
        TestRequest::default().insert_header((name, value)).to_http_request()
    }

    #[test]
    fn metadata_is_read_and_its_faults_are_named() {
        let read = |value: &str| metadata(&request("Upload-Metadata", value));
        let found =
            read("challenge Y2g=,phase cGg=, filename YS5qc29u,filetype YQ==,visibility cHJpdmF0ZQ==");
        let found = found.unwrap();
        assert_eq!((found.challenge.as_str(), found.phase.as_str()), ("ch", "ph"));
        assert_eq!(found.said.file_name, "a.json");
        for (bad, field) in [
            ("phase cGg=", "challenge"),
            ("challenge Y2g=", "phase"),
            ("challenge Y2g=,phase cGg=,team eA==", "team"),
            ("challenge *", "challenge"),
        ] {
            assert_eq!(read(bad).err().unwrap().errors[0].field, field, "{bad}");
        }
    }

    #[test]
    fn numbers_and_checksums_are_strict() {
        assert_eq!(number(&request("Upload-Offset", "70"), "Upload-Offset").unwrap(), 70);
        for bad in ["", "-1", "+1", "1.0", "99999999999999999999"] {
            assert!(number(&request("Upload-Offset", bad), "Upload-Offset").is_err(), "{bad}");
        }
        let read = |value: &str| checksum(&request("Upload-Checksum", value));
        assert_eq!(read("sha1 AAEC").unwrap().unwrap().value, [0, 1, 2]);
        for bad in ["md5 AAEC", "sha1", "sha1 *", "AAEC"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
