//! The EvalAI wire: `/api/...` beside `/api/v1`, as the `evalai` command-line client speaks it.
//!
//! Translation only: numbers become ids, the use cases of those ids decide, and what they give is said in EvalAI's words.
//! Requests, statuses and shapes are those that the client of version 1.3.18 sends and reads.

mod accounts;
mod answers;
mod challenges;
mod configurations;
mod files;
mod leaderboard;
mod paths;
mod phases;
mod remote;
mod submissions;
mod teams;
mod uploads;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{AUTHORIZATION, HeaderValue};
use actix_web::middleware::{Next, from_fn};
use utoipa::OpenApi;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{ContentBuilder, Object, ObjectBuilder, Response, ResponseBuilder};
use utoipa_actix_web::scope;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use answers::{Refusal, refusal_of};
pub use paths::{is_evalai, normalize};

/// The frame of the description of these routes, which is a document of its own.
#[derive(OpenApi)]
#[openapi(info(
    title = "Heldout, as clients of EvalAI speak to it",
    description = "What the `evalai` command-line client 1.3.18, remote evaluation workers and the GitHub workflow \
        of EvalAI-Starters use.\n\n\
        Every failure is `{\"error\": \"a sentence\"}`. Lists are one page: `{\"count\", \"next\", \"previous\", \"results\"}`.",
    license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT"),
))]
pub struct Frame;

/// Every route.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(
        scope::scope("/api")
            .configure(accounts::configure)
            .configure(challenges::configure)
            .configure(phases::configure)
            .configure(teams::configure)
            .configure(submissions::configure)
            .configure(uploads::configure)
            .configure(leaderboard::configure)
            .configure(files::configure)
            .configure(remote::configure)
            .configure(configurations::configure)
            .wrap(from_fn(take_token)),
    );
}

/// What any operation can answer: anything that went wrong.
pub fn any_refusal() -> Response {
    let error = ObjectBuilder::new().property("error", Object::with_type(Type::String)).required("error");
    let content = ContentBuilder::new().schema(Some(error.build())).build();
    ResponseBuilder::new()
        .description("Anything that went wrong, as a sentence.")
        .content("application/json", content)
        .build()
}

/// Reads `Authorization: Token …`, which the client sends once while it signs in, as `Bearer …`.
async fn take_token<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let token = request.headers().get(AUTHORIZATION).and_then(|header| header.to_str().ok());
    let token = token.and_then(|text| text.strip_prefix("Token ")).map(|token| format!("Bearer {token}"));
    if let Some(Ok(bearer)) = token.map(|token| HeaderValue::from_str(&token)) {
        request.headers_mut().insert(AUTHORIZATION, bearer);
    }
    next.call(request).await
}
