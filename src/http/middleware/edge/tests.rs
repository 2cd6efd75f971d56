//! Whatever happens inside, what leaves the server has the headers, the shape and the id.

use std::sync::Mutex;

use actix_web::middleware::{Compress, from_fn};
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, HttpResponse, web};
use app::Code;
use domain::{Clock, Entropy, Invalid, Timestamp};
use serde_json::Value;

use super::*;
use crate::extract::{self, Json};
use crate::problem::no_route;

struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::parse("2026-05-31T12:00:00Z").unwrap()
    }
}

#[derive(Default)]
struct Counting(Mutex<u8>);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        let mut next = self.0.lock().unwrap();
        *next += 1;
        bytes.fill(*next);
    }
}

fn edge() -> Arc<Edge> {
    Arc::new(Edge {
        sources: Sources { clock: Arc::new(Still), entropy: Arc::new(Counting::default()) },
        metrics: Metrics::new().unwrap(),
        trusted_proxies: vec![Network::parse("10.0.0.0/8").unwrap()],
        https: true,
        problem_page: |document| format!("<h1>{}</h1>", document.title),
    })
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    #[serde(rename = "name")]
    _name: String,
}

async fn take_body(_: Json<Body>) -> &'static str {
    "taken"
}

async fn take_number(
    _: web::Path<u32>,
    _: web::Query<std::collections::BTreeMap<String, u32>>,
) -> &'static str {
    "taken"
}

async fn fail_inside() -> Result<HttpResponse, Problem> {
    Err(Failure::internal("the disk said EIO on /var/lib/secret").into())
}

async fn fail_by_rule() -> Result<HttpResponse, Problem> {
    Err(Invalid::new("name", "must not be empty").into())
}

async fn fail_as_actix_does() -> Result<HttpResponse, Error> {
    Err(actix_web::error::ErrorInternalServerError("the pool said secret things"))
}

async fn speak_another_wire() -> HttpResponse {
    HttpResponse::BadRequest().json(serde_json::json!({ "error": "ours" }))
}

macro_rules! service {
    ($edge:expr) => {{
        let edge = $edge;
        init_service(
            App::new()
                .configure(extract::configure(64))
                .route("/body", web::post().to(take_body))
                .route("/number/{number}", web::get().to(take_number))
                .route("/inside", web::get().to(fail_inside))
                .route("/rule", web::get().to(fail_by_rule))
                .route("/actix", web::get().to(fail_as_actix_does))
                .route("/api/wire", web::get().to(speak_another_wire))
                .route("/fine", web::get().to(|| async { "fine" }))
                .default_service(web::to(no_route))
                .wrap(Compress::default())
                .wrap(from_fn(move |request, next| handle(Arc::clone(&edge), request, next))),
        )
        .await
    }};
}

#[actix_web::test]
async fn every_failure_is_a_problem_document_with_all_headers() {
    let service = service!(edge());
    let post = |content_type: &'static str, body: &'static str| {
        TestRequest::post().uri("/body").insert_header(("Content-Type", content_type)).set_payload(body)
    };
    let json = "application/json";
    for (request, status, code) in [
        (TestRequest::get().uri("/nowhere"), 404, "not_found"),
        (TestRequest::get().uri("/../etc/passwd"), 404, "not_found"),
        (TestRequest::delete().uri("/fine"), 405, "method_not_allowed"),
        (TestRequest::get().uri("/number/x"), 404, "not_found"),
        (TestRequest::get().uri("/number/1?a=b"), 422, "invalid_field"),
        (TestRequest::get().uri("/inside"), 500, "internal"),
        (TestRequest::get().uri("/actix"), 500, "internal"),
        (TestRequest::get().uri("/rule"), 422, "invalid_field"),
        (post("text/plain", "{}"), 415, "unsupported_media_type"),
        (post(json, "{"), 400, "invalid_json"),
        (post(json, ""), 400, "invalid_json"),
        (post(json, "{\"name\": \"\u{0}"), 400, "invalid_json"),
        (post(json, "{\"name\": \"a\"} b"), 400, "invalid_json"),
        (post(json, "{\"name\": 1}"), 422, "invalid_field"),
        (post(json, "{}"), 422, "invalid_field"),
        (post(json, "{\"name\": \"a\", \"name\": \"b\"}"), 422, "invalid_field"),
        (post(json, "{\"name\": \"a\", \"role\": \"admin\"}"), 422, "invalid_field"),
        (
            post(json, "{\"name\": \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}"),
            413,
            "payload_too_large",
        ),
    ] {
        let request = request.insert_header(("Accept-Encoding", "gzip")).to_request();
        let what = format!("{} {}", request.method(), request.uri());
        let response = call_service(&service, request).await;
        assert_eq!(response.status(), status, "{what}");
        for name in [
            "content-security-policy",
            "x-content-type-options",
            "referrer-policy",
            "cross-origin-opener-policy",
            "strict-transport-security",
            "cache-control",
            "x-request-id",
        ] {
            assert!(response.headers().contains_key(name), "{what}: {name}");
        }
        assert_eq!(response.headers().get("content-type").unwrap(), "application/problem+json", "{what}");
        assert!(!response.headers().contains_key("content-encoding"), "{what}");
        let id = response.headers().get("x-request-id").unwrap().to_str().unwrap().to_owned();
        let body = read_body(response).await;
        assert!(!String::from_utf8_lossy(&body).contains("secret"), "{what}");
        let document: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(document["code"], code, "{what}: {document}");
        assert_eq!(document["type"], format!("/problems/{code}"));
        assert_eq!(document["status"], status);
        assert_eq!(document["request_id"], id.as_str());
    }
}

#[actix_web::test]
async fn a_good_answer_has_the_headers_too() {
    let service = service!(edge());
    let response = call_service(&service, TestRequest::get().uri("/fine").to_request()).await;
    assert_eq!(response.status(), 200);
    assert!(response.headers().contains_key("content-security-policy"));
    assert_eq!(read_body(response).await, "fine");
}

#[actix_web::test]
async fn a_person_gets_a_page_and_an_api_never_does() {
    let service = service!(edge());
    let ask = |uri| TestRequest::get().uri(uri).insert_header(("Accept", "text/html,*/*")).to_request();
    let page = call_service(&service, ask("/nowhere")).await;
    assert_eq!(page.headers().get("content-type").unwrap(), "text/html; charset=utf-8");
    assert_eq!(read_body(page).await, "<h1>Not found</h1>");
    let api = call_service(&service, ask("/api/v1/nowhere")).await;
    assert_eq!(api.headers().get("content-type").unwrap(), "application/problem+json");
}

#[actix_web::test]
async fn an_answer_in_the_shape_of_another_api_is_left_alone() {
    let service = service!(edge());
    let response = call_service(&service, TestRequest::get().uri("/api/wire").to_request()).await;
    assert_eq!(response.status(), 400);
    assert_eq!(read_body(response).await, "{\"error\":\"ours\"}");
}

#[actix_web::test]
async fn requests_are_counted_by_route_and_not_by_path() {
    let edge = edge();
    let service = service!(Arc::clone(&edge));
    for uri in ["/number/1", "/number/2", "/nowhere/1", "/nowhere/2"] {
        call_service(&service, TestRequest::get().uri(uri).to_request()).await;
    }
    let text = String::from_utf8(edge.metrics.render().unwrap()).unwrap();
    assert!(
        text.contains(r#"requests_total{method="GET",route="/number/{number}",status="200"} 2"#),
        "{text}"
    );
    assert!(text.contains(r#"requests_total{method="GET",route="none",status="404"} 2"#), "{text}");
}

#[test]
fn a_cause_is_told_with_its_own_causes() {
    let failure = Failure::new(Code::Unavailable, "not now").caused_by(Failure::internal("no route to host"));
    assert_eq!(
        causes(&failure),
        "not now: something went wrong on the server; it has been recorded: no route to host"
    );
}

#[test]
fn only_trusted_proxies_speak_for_the_client() {
    let trusted = [Network::parse("10.0.0.0/8").unwrap()];
    let address = |peer: &str, forwarded: &[&str]| {
        let mut request = TestRequest::default().peer_addr(format!("{peer}:1").parse().unwrap());
        for value in forwarded {
            request = request.append_header(("X-Forwarded-For", *value));
        }
        client_address(&request.to_srv_request(), &trusted).unwrap().to_string()
    };
    assert_eq!(address("9.9.9.9", &["1.1.1.1"]), "9.9.9.9", "a stranger's word");
    assert_eq!(address("10.0.0.1", &["1.1.1.1"]), "1.1.1.1");
    assert_eq!(address("10.0.0.1", &["6.6.6.6, 1.1.1.1"]), "1.1.1.1", "the client put 6.6.6.6 in front");
    assert_eq!(address("10.0.0.1", &["6.6.6.6", "1.1.1.1, 10.0.0.2"]), "1.1.1.1");
    assert_eq!(address("10.0.0.1", &["rubbish"]), "10.0.0.1");
    assert_eq!(address("10.0.0.1", &[]), "10.0.0.1");
}
