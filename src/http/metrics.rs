//! What is measured, in the text format of Prometheus.
//!
//! Requests are counted by method, route and status.
//! The route is the pattern (`/api/v1/teams/{team}`), never the path: paths hold ids without end, and secrets.

use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};
use app::{Code, Failure};
use domain::Digest;
use prometheus::{Encoder as _, HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry, TextEncoder};

use crate::problem::Problem;

/// From a cached answer to a large upload.
const SECONDS: &[f64] =
    &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0];

/// From a small table to an hour of matching.
const EVALUATION_SECONDS: &[f64] = &[0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 60.0, 300.0, 3600.0];

/// The route of a request that met none.
pub const NO_ROUTE: &str = "none";

/// Everything that this process measures.
#[derive(Clone)]
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
    evaluations: HistogramVec,
}

impl Metrics {
    /// Empty measurements.
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let requests = IntCounterVec::new(
            Opts::new("heldout_http_requests_total", "Requests answered."),
            &["method", "route", "status"],
        )?;
        let seconds = HistogramVec::new(
            HistogramOpts::new("heldout_http_request_seconds", "Seconds until the response began.")
                .buckets(SECONDS.to_vec()),
            &["method", "route"],
        )?;
        let evaluations = HistogramVec::new(
            HistogramOpts::new("heldout_evaluation_seconds", "Seconds that evaluations took.")
                .buckets(EVALUATION_SECONDS.to_vec()),
            &["evaluator", "outcome"],
        )?;
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(seconds.clone()))?;
        registry.register(Box::new(evaluations.clone()))?;
        Ok(Self { registry, requests, seconds, evaluations })
    }

    /// Where other parts of the server register what they measure.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Notes how long an evaluation took, and how it ended; for a worker in the same process.
    pub fn observe_evaluation(&self, evaluator: &str, outcome: &'static str, seconds: f64) {
        self.evaluations.with_label_values(&[evaluator, outcome]).observe(seconds);
    }

    /// Counts one request.
    pub fn observe(&self, method: &Method, route: Option<&str>, status: StatusCode, took: Duration) {
        let (method, route) = (label(method), route.unwrap_or(NO_ROUTE));
        self.requests.with_label_values(&[method, route, status.as_str()]).inc();
        self.seconds.with_label_values(&[method, route]).observe(took.as_secs_f64());
    }

    /// Everything measured so far, as text.
    pub fn render(&self) -> Result<Vec<u8>, prometheus::Error> {
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(text)
    }
}

/// Methods are text of the client's choice: only known ones become labels.
fn label(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// What `/metrics` needs: the measurements, and the token that it asks for, if any.
pub struct MetricsPage {
    /// The measurements.
    pub metrics: Metrics,
    /// The digest of the token.
    pub token: Option<Digest>,
}

impl MetricsPage {
    /// Lets those pass who know the token, if there is one.
    pub fn admit(&self, request: &HttpRequest) -> Result<(), Problem> {
        let Some(expected) = &self.token else { return Ok(()) };
        let sent = request
            .headers()
            .get("authorization")
            .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        // Digests are compared, so that the time it takes says nothing about the token.
        if sent.map(|token| Digest::of(token.as_bytes())) == Some(*expected) {
            return Ok(());
        }
        Err(Failure::new(Code::NotSignedIn, "this needs the token of the metrics").into())
    }

    /// The measurements as an answer.
    pub fn show(&self) -> Result<HttpResponse, Problem> {
        let text = self.metrics.render().map_err(Failure::internal)?;
        Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_request_is_counted_by_its_route() {
        let metrics = Metrics::new().unwrap();
        let route = Some("/teams/{team}");
        metrics.observe(&Method::GET, route, StatusCode::OK, Duration::from_millis(3));
        metrics.observe(&Method::from_bytes(b"BREW").unwrap(), None, StatusCode::NOT_FOUND, Duration::ZERO);
        let text = String::from_utf8(metrics.render().unwrap()).unwrap();
        for line in [
            r#"heldout_http_requests_total{method="GET",route="/teams/{team}",status="200"} 1"#,
            r#"heldout_http_requests_total{method="other",route="none",status="404"} 1"#,
            r#"heldout_http_request_seconds_bucket{method="GET",route="/teams/{team}",le="0.0025"} 0"#,
            r#"heldout_http_request_seconds_bucket{method="GET",route="/teams/{team}",le="0.005"} 1"#,
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
    }

    #[test]
    fn a_token_protects_the_page_when_one_is_set() {
        let metrics = Metrics::new().unwrap();
        let admits = |token: Option<&[u8]>, sent: Option<&str>| {
            let page = MetricsPage { metrics: metrics.clone(), token: token.map(Digest::of) };
            let request = TestRequest::default();
            let request = match sent {
                Some(sent) => request.insert_header(("Authorization", sent)),
                None => request,
            };
            page.admit(&request.to_http_request()).is_ok()
        };
        assert!(admits(None, None));
        assert!(admits(Some(b"sesame"), Some("Bearer sesame")));
        assert!(!admits(Some(b"sesame"), Some("Bearer guess")));
        assert!(!admits(Some(b"sesame"), None));
    }
}
