//! JSON bodies.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use app::{Code, Failure, FieldError};
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;

use super::{BodyLimit, too_large};
use crate::problem::Problem;

const DEFAULT_LIMIT: usize = 1 << 20;

/// The body of a request, read as JSON.
///
/// Unlike actix's own it names the field that is wrong.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let limit = request.app_data::<BodyLimit>().map_or(DEFAULT_LIMIT, |limit| limit.0);
        let is_json = is_json(request.content_type());
        let payload = payload.take();
        Box::pin(async move {
            if !is_json {
                let detail = "the body must be JSON, sent as `Content-Type: application/json`";
                return Err(Failure::new(Code::UnsupportedMediaType, detail).into());
            }
            let body = read(payload, limit).await?;
            parse(&body).map(Self).map_err(Problem)
        })
    }
}

fn is_json(content_type: &str) -> bool {
    content_type == "application/json"
        || (content_type.starts_with("application/") && content_type.ends_with("+json"))
}

async fn read(mut payload: Payload, limit: usize) -> Result<web::BytesMut, Failure> {
    let mut body = web::BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| {
            Failure::new(Code::MalformedRequest, "the body broke off before its end")
                .caused_by(error.to_string())
        })?;
        if body.len() + chunk.len() > limit {
            return Err(too_large(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Reads a whole document, or says what is wrong with it and where.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if inner.is_data() {
            let field = if path == "." { "body".to_owned() } else { path };
            Failure::invalid_fields(vec![FieldError::new(field, without_position(&inner))])
        } else {
            not_json(&inner)
        }
    })?;
    reader.end().map_err(|error| not_json(&error))?;
    Ok(value)
}

fn not_json(error: &serde_json::Error) -> Failure {
    Failure::new(Code::InvalidJson, format!("the body is not JSON: {error}"))
}

/// For a value of the wrong kind its name is enough; the line and column of its end are noise.
fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[serde(rename = "splits")]
        _splits: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[serde(rename = "percent")]
        _percent: u8,
    }

    fn refusal(body: &str) -> (Code, String, Option<FieldError>) {
        let failure = parse::<Outer>(body.as_bytes()).unwrap_err();
        (failure.code, failure.detail, failure.errors.into_iter().next())
    }

    #[test]
    fn a_wrong_value_is_named_by_its_path() {
        let (code, _, error) = refusal(r#"{"splits": [{"percent": 1}, {"percent": 300}]}"#);
        let error = error.unwrap();
        assert_eq!((code, error.field.as_str()), (Code::InvalidField, "splits[1].percent"));
        assert_eq!(error.detail, "invalid value: integer `300`, expected u8");
    }

    #[test]
    fn an_unknown_and_a_missing_field_are_named() {
        let unknown = refusal(r#"{"splits": [{"percentage": 1}]}"#).2.unwrap();
        assert_eq!(unknown.detail, "unknown field `percentage`, expected `percent`");
        let missing = refusal("{}").2.unwrap();
        assert_eq!((missing.field.as_str(), missing.detail.as_str()), ("body", "missing field `splits`"));
    }

    #[test]
    fn what_is_not_json_is_told_with_line_and_column() {
        for body in ["", "{", "{\"splits\": [NaN]}", "{\"splits\": [,]}", "\u{feff}{}"] {
            let (code, detail, error) = refusal(body);
            assert_eq!((code, error), (Code::InvalidJson, None), "{body}: {detail}");
            assert!(detail.contains("line 1"), "{detail}");
        }
    }
}
