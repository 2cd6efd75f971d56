//! The outermost layer: what is true of every request and every response.
//!
//! A request gets an id and the true address of its client.
//! A response gets the security headers; a failed one becomes a problem document with the request id.
//! Then the request is counted and logged, once, and a fault of ours with its cause.

use std::error::Error as StdError;
use std::fmt::Write as _;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{
    ACCEPT, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, ResponseError as _};
use app::Failure;
use app::settings::Network;
use domain::Sources;
use tracing::Instrument as _;
use uuid::Uuid;

use super::security_headers;
use crate::evalai::{Refusal, is_evalai, refusal_of};
use crate::metrics::{Metrics, NO_ROUTE};
use crate::problem::{PROBLEM_JSON, Problem, ProblemDocument, failure_of_status};

/// Where the resumable uploads are.
const UPLOADS: &str = "/api/v1/uploads";

/// What the outermost layer needs to know.
pub struct Edge {
    /// For request ids.
    pub sources: Sources,
    /// Where requests are counted.
    pub metrics: Metrics,
    /// Proxies whose word about the client's address is believed.
    pub trusted_proxies: Vec<Network>,
    /// Whether people reach the server over TLS.
    pub https: bool,
    /// Draws a problem for a person in front of a browser.
    pub problem_page: fn(&ProblemDocument) -> String,
}

/// The name of a request in the log; an extension of the request and a header of the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId(pub Uuid);

/// Where a request comes from, seen past trusted proxies; an extension of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientAddress(pub IpAddr);

/// The layer itself, for `actix_web::middleware::from_fn`.
pub async fn handle<B: MessageBody + 'static>(
    edge: Arc<Edge>,
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let started = Instant::now();
    let method = request.method().clone();
    // What answers GET answers HEAD; the connection leaves the body out. Uploads have an answer of their own (tus).
    if method == Method::HEAD && !request.path().starts_with(UPLOADS) {
        request.head_mut().method = Method::GET;
    }
    let id = RequestId(edge.sources.new_id());
    request.extensions_mut().insert(id);
    if let Some(address) = client_address(&request, &edge.trusted_proxies) {
        request.extensions_mut().insert(ClientAddress(address));
    }
    let span = tracing::info_span!("request", request.id = %id.0);

    // No layer inside returns an error: handlers and extractors already turn theirs into responses.
    let response = next.call(request).instrument(span.clone()).await?;
    let _entered = span.enter();
    let mut response = finish(&edge, id, response);

    let headers = response.headers_mut();
    security_headers::apply(headers, edge.https);
    if let Ok(value) = HeaderValue::from_str(&id.0.to_string()) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }

    let (status, took) = (response.status(), started.elapsed());
    let route = response.request().match_pattern();
    edge.metrics.observe(&method, route.as_deref(), status, took);
    tracing::info!(
        http.method = %method,
        http.route = route.as_deref().unwrap_or(NO_ROUTE),
        http.status = status.as_u16(),
        duration_ms = took.as_secs_f64() * 1000.0,
        client.address = response.request().extensions().get::<ClientAddress>().map(|client| client.0.to_string()),
        "answered"
    );
    Ok(response)
}

/// Turns whatever failed into a problem document, and writes the cause of our own faults into the log.
fn finish<B: MessageBody + 'static>(
    edge: &Edge,
    id: RequestId,
    response: ServiceResponse<B>,
) -> ServiceResponse<EitherBody<B>> {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response.map_into_left_body();
    }
    let error = response.response().error();
    let problem = error.and_then(|error| error.as_error::<Problem>()).map(|Problem(failure)| failure);
    let refusal = error.and_then(|error| error.as_error::<Refusal>()).and_then(Refusal::failure);
    let known = problem.or(refusal);
    if known.is_none() && has_document(response.headers()) {
        return response.map_into_left_body();
    }
    let stand_in;
    let failure = match known {
        Some(failure) => failure,
        None => {
            stand_in = stand_in_for(&response);
            &stand_in
        }
    };
    if failure.code.status() >= 500 {
        tracing::error!(
            failure.code = failure.code.name(),
            failure.cause = causes(failure),
            "a request failed"
        );
    }
    let document = ProblemDocument::new(failure, Some(id.0.to_string()));
    let status = Problem::status_code(&Problem(Failure::new(failure.code, "")));
    let (status, content_type, body) = if is_evalai(response.request().path()) {
        let (status, body) = refusal_of(failure);
        (status, HeaderValue::from_static("application/json"), body.to_string().into_bytes())
    } else if wants_page(response.request().path(), response.request().headers()) {
        let page = (edge.problem_page)(&document).into_bytes();
        (status, HeaderValue::from_static("text/html; charset=utf-8"), page)
    } else {
        (status, PROBLEM_JSON, document.to_json())
    };
    let (request, mut response) = response.into_parts();
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, content_type);
    // The body that these described is gone.
    headers.remove(CONTENT_ENCODING);
    headers.remove(CONTENT_LENGTH);
    ServiceResponse::new(request, response.set_body(EitherBody::right(BoxBody::new(body))))
}

/// The failure behind an error response that something else than our handlers made.
fn stand_in_for<B>(response: &ServiceResponse<B>) -> Failure {
    let failure = failure_of_status(response.status());
    match response.response().error() {
        Some(error) if failure.code.status() >= 500 => Failure::internal(error.to_string()),
        _ => failure,
    }
}

/// Whether the handler already wrote a document of its own, such as a page or an answer in another API's shape.
fn has_document(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    content_type.starts_with("text/html") || content_type.contains("json")
}

fn wants_page(path: &str, headers: &HeaderMap) -> bool {
    let accepts = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    !path.starts_with("/api/") && accepts.contains("text/html")
}

/// The failure and everything that caused it, outermost first.
fn causes(failure: &Failure) -> String {
    let mut chain = failure.to_string();
    let mut cause = failure.source();
    while let Some(error) = cause {
        // Writing into a text cannot fail.
        let _ = write!(chain, ": {error}");
        cause = error.source();
    }
    chain
}

/// The address of the connection, or what the trusted proxies in front of it say, read from the nearest one on.
///
/// A client can put any addresses at the front of the list, so the last one that is not a trusted proxy counts.
fn client_address(request: &ServiceRequest, trusted: &[Network]) -> Option<IpAddr> {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(*address));
    let mut address = request.peer_addr()?.ip().to_canonical();
    let mut said: Vec<&str> = Vec::new();
    for value in request.headers().get_all("x-forwarded-for") {
        said.extend(value.to_str().unwrap_or_default().split(','));
    }
    while is_trusted(&address) {
        let Some(before) = said.pop().and_then(|text| text.trim().parse::<IpAddr>().ok()) else { break };
        address = before.to_canonical();
    }
    Some(address)
}

#[cfg(test)]
mod tests;
