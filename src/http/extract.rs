//! What handlers take: parts of the request, read into types, with failures as problems.

mod actor;
mod idempotency;
mod json;
mod page;
mod rate_limits;

use actix_web::web;
use app::{Code, Failure, FieldError};

pub use actor::{Administrator, Anyone, SignedIn, Verified, sign_in_cookie, sign_out_cookie};
pub use idempotency::IdempotencyHeader;
pub use json::Json;
pub use page::{Page, Paging};
pub use rate_limits::{RateLimits, SignInLimit, Subject, TrafficKind};

use crate::problem::Problem;

/// How large a request body may be where no file is uploaded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BodyLimit(pub(crate) usize);

/// Makes the extractors of actix answer with problems too, and bounds request bodies.
pub fn configure(body_bytes: usize) -> impl FnOnce(&mut web::ServiceConfig) {
    let refuse = |field: &str, error: String| {
        actix_web::Error::from(Problem(Failure::invalid_fields(vec![FieldError::new(field, error)])))
    };
    move |config| {
        config
            .app_data(BodyLimit(body_bytes))
            .app_data(web::PayloadConfig::new(body_bytes))
            // An id that cannot be read names nothing.
            .app_data(web::PathConfig::default().error_handler(|_, _| Problem(Failure::not_found()).into()))
            .app_data(
                web::QueryConfig::default().error_handler(move |error, _| refuse("query", error.to_string())),
            )
            .app_data(web::FormConfig::default().limit(body_bytes).error_handler(
                move |error, _| match error {
                    actix_web::error::UrlencodedError::Overflow { limit, .. } => {
                        Problem(too_large(limit)).into()
                    }
                    other => refuse("form", other.to_string()),
                },
            ));
    }
}

fn too_large(limit: usize) -> Failure {
    Failure::new(Code::PayloadTooLarge, format!("the body may have at most {limit} bytes"))
}
