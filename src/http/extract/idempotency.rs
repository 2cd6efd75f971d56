//! The `Idempotency-Key` header of creating requests.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use app::idempotency::IdempotencyKey;
use app::{Failure, FieldError, Outcome};
use domain::Digest;
use serde::Serialize;

use crate::problem::Problem;

const NAME: &str = "Idempotency-Key";
const LONGEST: usize = 128;

/// The sender's name for a creating request, if it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyHeader(Option<String>);

impl IdempotencyHeader {
    /// The key itself.
    pub fn key(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// The key of a request with that body.
    pub fn of(self, body: &impl Serialize) -> Outcome<Option<IdempotencyKey>> {
        let body = serde_json::to_vec(body).map_err(Failure::internal)?;
        Ok(self.of_digest(Digest::of(&body)))
    }

    /// The key of a request whose content has that digest.
    pub fn of_digest(self, body_digest: Digest) -> Option<IdempotencyKey> {
        self.0.map(|key| IdempotencyKey { key, body_digest })
    }
}

impl FromRequest for IdempotencyHeader {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(value) = request.headers().get(NAME) else { return ready(Ok(Self(None))) };
        let text = value.to_str().unwrap_or_default();
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        ready(if visible && (1..=LONGEST).contains(&text.len()) {
            Ok(Self(Some(text.to_owned())))
        } else {
            let rule = format!("must be 1 to {LONGEST} visible ASCII characters");
            Err(Failure::invalid_fields(vec![FieldError::new(NAME, rule)]).into())
        })
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    async fn read(value: &str) -> Result<IdempotencyHeader, Problem> {
        let request = TestRequest::default().insert_header((NAME, value)).to_http_request();
        IdempotencyHeader::from_request(&request, &mut Payload::None).await
    }

    #[actix_web::test]
    async fn a_key_is_visible_and_short() {
        let key = read("2f7c").await.unwrap().of(&"body").unwrap().unwrap();
        assert_eq!((key.key.as_str(), key.body_digest), ("2f7c", Digest::of(b"\"body\"")));
        for bad in ["", "a b", "é", &"k".repeat(129)] {
            assert!(read(bad).await.is_err(), "{bad}");
        }
    }
}
