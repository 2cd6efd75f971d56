//! Failures as problem documents (RFC 9457).
//!
//! A handler returns `Result<_, Problem>`, and everything that goes wrong before a handler becomes one as well,
//! so that a program meets one shape of error everywhere.
//! The document is finished in [`crate::middleware::edge`], which knows the request id and writes the log.

use std::error::Error;
use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError};
use app::{Code, Failure};
use domain::Invalid;
use serde::Serialize;
use utoipa::ToSchema;

/// The media type of a problem document.
pub const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// A failure on its way to the client.
#[derive(Debug)]
pub struct Problem(pub Failure);

/// What a problem document says.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemDocument {
    /// The address of the page that explains this kind of problem.
    #[serde(rename = "type")]
    #[schema(example = "/problems/invalid_field")]
    pub kind: String,
    /// The kind of problem, stable, for programs.
    #[schema(example = "invalid_field")]
    pub code: &'static str,
    /// A heading, the same for every problem of the kind.
    pub title: &'static str,
    /// The HTTP status.
    #[schema(example = 422)]
    pub status: u16,
    /// What happened this time, in a sentence.
    pub detail: String,
    /// The wrong fields of the request, or the faults of an uploaded file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    /// Seconds after which trying again makes sense.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// The name of this request in the log of the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// One wrong field.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field as a path, or the place in an uploaded file.
    #[schema(example = "splits[2].percent")]
    pub field: String,
    /// What is wrong with it.
    #[schema(example = "must be at most 100")]
    pub detail: String,
}

/// A kind of problem, as `/problems/<code>` explains it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemKind {
    /// Its stable name.
    pub code: &'static str,
    /// The HTTP status that goes with it.
    pub status: u16,
    /// Its heading.
    pub title: &'static str,
    /// What it means and what to do about it.
    pub documentation: &'static str,
}

impl ProblemDocument {
    /// The document of a failure. Its source stays out.
    pub fn new(failure: &Failure, request_id: Option<String>) -> Self {
        let errors = failure
            .errors
            .iter()
            .map(|error| FieldProblem { field: error.field.clone(), detail: error.detail.clone() })
            .collect();
        Self {
            kind: format!("/problems/{}", failure.code),
            code: failure.code.name(),
            title: failure.code.title(),
            status: failure.code.status(),
            detail: failure.detail.clone(),
            errors,
            retry_after: failure.retry_after.map(whole_seconds),
            request_id,
        }
    }

    /// The document as bytes of JSON.
    pub fn to_json(&self) -> Vec<u8> {
        // Texts and numbers only: there is nothing in it that could fail to be written.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

impl ProblemKind {
    /// The explanation of the code of this name.
    pub fn of(name: &str) -> Option<Self> {
        Code::parse(name).map(Self::from)
    }

    /// Every kind there is.
    pub fn all() -> impl Iterator<Item = Self> {
        Code::ALL.iter().copied().map(Self::from)
    }
}

impl From<Code> for ProblemKind {
    fn from(code: Code) -> Self {
        Self {
            code: code.name(),
            status: code.status(),
            title: code.title(),
            documentation: code.documentation(),
        }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

impl From<Invalid> for Problem {
    fn from(invalid: Invalid) -> Self {
        Self(invalid.into())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Error for Problem {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Status and headers; the outermost layer writes the document, because it knows the name of the request.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponseBuilder::new(self.status_code());
        response.insert_header((CONTENT_TYPE, PROBLEM_JSON));
        if let Some(wait) = self.0.retry_after {
            response.insert_header((RETRY_AFTER, whole_seconds(wait)));
        }
        if self.status_code() == StatusCode::UNAUTHORIZED {
            response.insert_header((WWW_AUTHENTICATE, "Bearer"));
        }
        response.finish()
    }
}

/// Rounded up, so that whoever waits that long has waited long enough.
fn whole_seconds(wait: std::time::Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

/// The failure that stands for a status which something else than a use case chose, such as the router.
pub fn failure_of_status(status: StatusCode) -> Failure {
    let (code, detail) = match status {
        StatusCode::NOT_FOUND => return Failure::not_found(),
        StatusCode::UNAUTHORIZED => (Code::NotSignedIn, "this needs an account"),
        StatusCode::FORBIDDEN => (Code::Forbidden, "this is not allowed"),
        StatusCode::METHOD_NOT_ALLOWED => {
            (Code::MethodNotAllowed, "this address does not answer this method")
        }
        StatusCode::REQUEST_TIMEOUT => (Code::RequestTimeout, "the request did not arrive in time"),
        StatusCode::PAYLOAD_TOO_LARGE => (Code::PayloadTooLarge, "the body is larger than is accepted here"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            (Code::UnsupportedMediaType, "the content type is not one that is accepted here")
        }
        StatusCode::PRECONDITION_FAILED => {
            (Code::PreconditionFailed, "a condition of the request does not hold")
        }
        StatusCode::UNPROCESSABLE_ENTITY => (Code::InvalidField, "a part of the request is not valid"),
        StatusCode::TOO_MANY_REQUESTS => (Code::RateLimited, "too many requests"),
        StatusCode::SERVICE_UNAVAILABLE => (Code::Unavailable, "the server cannot answer just now"),
        status if status.is_client_error() => (Code::MalformedRequest, "the request could not be read"),
        _ => return Failure::internal(format!("a response with status {status} and no failure")),
    };
    Failure::new(code, detail)
}

/// Answers where no route does: there is nothing here, or not for this method.
pub async fn no_route(request: HttpRequest) -> Problem {
    let status = if request.match_pattern().is_some() {
        StatusCode::METHOD_NOT_ALLOWED
    } else {
        StatusCode::NOT_FOUND
    };
    Problem(failure_of_status(status))
}

impl actix_web::Responder for Problem {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::from_error(self)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_document_has_the_members_of_the_standard_and_ours() {
        let failure = Failure::from(Invalid::new("name", "must not be empty"));
        let document = ProblemDocument::new(&failure, Some("r1".into()));
        let json: serde_json::Value = serde_json::from_slice(&document.to_json()).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "type": "/problems/invalid_field",
                "code": "invalid_field",
                "title": "Invalid field",
                "status": 422,
                "detail": "name must not be empty",
                "errors": [{ "field": "name", "detail": "must not be empty" }],
                "request_id": "r1",
            })
        );
    }

    #[test]
    fn a_source_is_in_no_document() {
        let document = ProblemDocument::new(&Failure::internal("EIO on /var/lib/secret"), None);
        assert!(!String::from_utf8(document.to_json()).unwrap().contains("secret"));
    }

    #[test]
    fn waiting_times_are_rounded_up() {
        let failure = Failure::new(Code::RateLimited, "slow down").retry_after(Duration::from_millis(1200));
        let response = Problem(failure).error_response();
        assert_eq!(response.status(), 429);
        assert_eq!(response.headers().get(RETRY_AFTER).unwrap(), "2");
    }

    #[test]
    fn every_status_of_the_router_has_a_failure_of_the_same_status() {
        for status in [401, 403, 404, 405, 408, 412, 413, 415, 422, 429, 503, 500] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(failure_of_status(status).code.status(), status.as_u16());
        }
        assert_eq!(failure_of_status(StatusCode::IM_A_TEAPOT).code, Code::MalformedRequest);
    }

    #[test]
    fn every_kind_is_explained_under_its_name() {
        assert!(ProblemKind::all().all(|kind| ProblemKind::of(kind.code).is_some()));
        assert!(ProblemKind::of("no_such_code").is_none());
    }
}
