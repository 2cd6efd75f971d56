//! How this surface answers: pages, moments, and failures as `{"error": "a sentence"}`.

use std::error::Error;
use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpResponse, ResponseError};
use app::{Code, Failure};
use domain::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// A list, whole in one page: clients read no other.
#[derive(Serialize, ToSchema)]
pub(super) struct Page<T> {
    /// How many there are.
    count: usize,
    /// Always null.
    next: Option<String>,
    /// Always null.
    previous: Option<String>,
    /// All of them.
    results: Vec<T>,
}

impl<T> Page<T> {
    pub(super) fn whole(results: Vec<T>) -> Self {
        Self { count: results.len(), next: None, previous: None, results }
    }
}

/// A moment in the one form that the client's parser takes.
pub(super) fn moment(at: Timestamp) -> String {
    at.to_jiff().to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

/// The end of something; clients ask for a date also where there is none.
pub(super) fn end(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "2099-12-31T23:59:59.000000Z".to_owned(), moment)
}

/// What a handler answers when it does not do what it was asked.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// A sentence of this surface.
    Said(StatusCode, String),
    /// A failure of a use case; the outermost layer writes it, because it also logs it.
    Failed(Failure),
}

impl Refusal {
    /// What is answered where a challenge is not there or not to be seen.
    pub(super) fn challenge(failure: Failure) -> Self {
        Self::missing(failure, "Challenge does not exist!".to_owned())
    }

    /// The same for a phase.
    pub(super) fn phase(failure: Failure, challenge: &str, phase: &str) -> Self {
        let sentence = format!("Challenge phase {phase} does not exist for challenge {challenge}");
        Self::missing(failure, sentence)
    }

    fn missing(failure: Failure, sentence: String) -> Self {
        if failure.code == Code::NotFound {
            return Self::Said(StatusCode::NOT_ACCEPTABLE, sentence);
        }
        Self::Failed(failure)
    }

    /// The failure that the log is to know of.
    pub(crate) fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Said(..) => None,
            Self::Failed(failure) => Some(failure),
        }
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Said(_, sentence) => f.write_str(sentence),
            Self::Failed(failure) => failure.fmt(f),
        }
    }
}

impl Error for Refusal {}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Said(status, _) => *status,
            Self::Failed(failure) => refusal_of(failure).0,
        }
    }

    fn error_response(&self) -> HttpResponse {
        match self {
            Self::Said(status, sentence) => HttpResponse::build(*status).json(json!({ "error": sentence })),
            Self::Failed(failure) => {
                let mut response = HttpResponse::build(refusal_of(failure).0);
                if let Some(wait) = failure.retry_after {
                    response.insert_header((RETRY_AFTER, wait.as_secs_f64().ceil().to_string()));
                }
                response.finish()
            }
        }
    }
}

/// A failure as this surface says it.
///
/// The client prints `error` for 400, 401, 403 and 406 only, so conflicts and used-up quotas are among these.
/// Two sentences about tokens are compared word for word.
pub(crate) fn refusal_of(failure: &Failure) -> (StatusCode, Value) {
    let sentence = match failure.code {
        Code::NotRegistered | Code::NotInTeam => "You haven't participated in the challenge".to_owned(),
        Code::InvalidCredentials => "Unable to log in with provided credentials.".to_owned(),
        Code::QuotaExceeded => {
            format!("The maximum number of submission has been reached: {}", failure.detail)
        }
        Code::TokenExpired => "Token has expired".to_owned(),
        Code::NotSignedIn | Code::TokenInvalid | Code::TokenRevoked => "Invalid token".to_owned(),
        _ => capitalized(&faults_in(failure)),
    };
    let status = match (failure.code, failure.code.status()) {
        (Code::InvalidCredentials, _) => 400,
        (Code::QuotaExceeded, _) => 403,
        (Code::TooManyPending, _) => 406,
        (_, 409 | 410 | 412 | 421) => 406,
        (_, 415 | 422 | 460) => 400,
        (_, status) => status,
    };
    let mut body = Map::new();
    for error in &failure.errors {
        body.insert(error.field.clone(), json!([error.detail]));
    }
    if status == 401 {
        body.insert("detail".to_owned(), json!(sentence));
    }
    body.insert("error".to_owned(), Value::String(sentence));
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, Value::Object(body))
}

/// The sentence of a failure, with the first of what is wrong in a file.
fn faults_in(failure: &Failure) -> String {
    match failure.errors.first() {
        Some(first) if failure.code == Code::AnnotationsInvalid => {
            format!("{} ({}: {})", failure.detail, first.field, first.detail)
        }
        _ => failure.detail.clone(),
    }
}

fn capitalized(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use app::FieldError;

    use super::*;

    #[test]
    fn a_moment_has_the_form_of_the_clients_parser() {
        let at = Timestamp::parse("2026-03-01T01:02:03.000004+01:00").unwrap();
        assert_eq!(moment(at), "2026-03-01T00:02:03.000004Z");
        assert_eq!(moment(Timestamp::parse("2026-03-01T00:00:00Z").unwrap()), "2026-03-01T00:00:00.000000Z");
    }

    #[test]
    fn every_failure_has_an_error_and_a_status_that_the_client_prints() {
        for code in Code::ALL {
            let (status, body) = refusal_of(&Failure::new(*code, "a sentence"));
            assert!(body["error"].is_string(), "{code:?}");
            let passes = [404, 405, 408, 413, 429, 500, 503, 507].contains(&status.as_u16());
            assert!(passes || [400, 401, 403, 406].contains(&status.as_u16()), "{code:?}: {status}");
            assert_eq!(status.is_server_error(), code.status() >= 500, "{code:?}");
        }
    }

    #[test]
    fn tokens_are_refused_in_the_words_that_the_client_compares() {
        for (code, words) in
            [(Code::TokenInvalid, "Invalid token"), (Code::TokenExpired, "Token has expired")]
        {
            let (status, body) = refusal_of(&Failure::new(code, "something else"));
            assert_eq!(status, 401);
            assert_eq!(body, json!({"detail": words, "error": words}));
        }
    }

    #[test]
    fn wrong_fields_are_lists_under_their_names() {
        let failure = Failure::invalid_fields(vec![FieldError::new("input_file", "must be there")]);
        let (status, body) = refusal_of(&failure);
        assert_eq!(status, 400);
        assert_eq!(body, json!({"error": "Input_file must be there", "input_file": ["must be there"]}));
    }
}
