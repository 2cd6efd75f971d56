//! The OpenAPI 3.1 document: its frame, and what every operation has in common.
//!
//! Paths and schemas are collected from the handlers' own `#[utoipa::path]` attributes when they are registered,
//! so that the document cannot drift from the routes.

use actix_web::{HttpResponse, web};
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi as Document, PathItem, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{Modify, OpenApi};

use crate::middleware::cross_site::session_cookie;
use crate::problem::{FieldProblem, ProblemDocument};

/// The frame of the document, without paths.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Heldout",
        version = env!("CARGO_PKG_VERSION"),
        description = "A benchmark leaderboard and challenge evaluation server.\n\n\
            Failures are problem documents (RFC 9457) with a stable `code`; `/problems/<code>` explains each of them.\n\
            Creating requests take an `Idempotency-Key`: a repetition with the same key gives the first answer again.\n\
            Lists are read page by page: pass the `next` of an answer as `cursor`.",
        license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT"),
    ),
    components(schemas(ProblemDocument, FieldProblem)),
    modifiers(&SecuritySchemes),
)]
pub struct Frame;

struct SecuritySchemes;

impl Modify for SecuritySchemes {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An access token of 15 minutes, or an API token (`hoa_…`) with scopes."))
            .build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let cookie = ApiKeyValue::with_description(
            session_cookie(true),
            "The session of a browser. Requests that change something must come from the server's own pages.",
        );
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// The document with what every operation has in common: any of them can answer with a problem.
pub fn complete(document: Document) -> Document {
    with_default(document, any_problem)
}

/// The document with the answer that any operation of it can give beside its own.
pub fn with_default(mut document: Document, response: fn() -> Response) -> Document {
    for item in document.paths.paths.values_mut() {
        for (_, operation) in operations(item) {
            operation.responses.responses.entry("default".to_owned()).or_insert_with(|| RefOr::T(response()));
        }
    }
    document
}

/// Every response without a description: the standard requires one, and readers more so.
pub fn undescribed(document: &mut Document) -> Vec<String> {
    let mut found = Vec::new();
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            for (status, response) in &operation.responses.responses {
                if matches!(response, RefOr::T(response) if response.description.trim().is_empty()) {
                    found.push(format!("{method} {path} {status}"));
                }
            }
        }
    }
    found
}

/// The document as it is sent.
pub fn write(document: &Document) -> Result<web::Bytes, serde_json::Error> {
    Ok(web::Bytes::from(serde_json::to_vec(document)?))
}

/// `GET` of a document that is written out already.
pub fn service(path: &str, text: web::Bytes) -> actix_web::Resource {
    web::resource(path).route(web::get().to(move || {
        let text = text.clone();
        async move {
            HttpResponse::Ok()
                .content_type("application/json")
                .insert_header(("Cache-Control", "public, max-age=300"))
                .body(text)
        }
    }))
}

fn operations(item: &mut PathItem) -> Vec<(&'static str, &mut Operation)> {
    let all = [
        ("GET", &mut item.get),
        ("PUT", &mut item.put),
        ("POST", &mut item.post),
        ("DELETE", &mut item.delete),
        ("OPTIONS", &mut item.options),
        ("HEAD", &mut item.head),
        ("PATCH", &mut item.patch),
        ("TRACE", &mut item.trace),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?))).collect()
}

fn any_problem() -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("ProblemDocument"))).build();
    ResponseBuilder::new()
        .description("Anything that went wrong, as a problem document; its `code` says what.")
        .content("application/problem+json", content)
        .build()
}

#[cfg(test)]
mod tests {
    use actix_web::{App, delete, get};
    use serde_json::Value;
    use utoipa_actix_web::{AppExt as _, scope};

    use super::*;

    /// Greets.
    #[utoipa::path(responses((status = 200, description = "A greeting.", body = String)))]
    #[get("/greeting")]
    async fn show_greeting() -> &'static str {
        "hello"
    }

    #[utoipa::path(responses((status = 204)))]
    #[delete("/greeting")]
    async fn delete_greeting() -> HttpResponse {
        HttpResponse::NoContent().finish()
    }

    fn document() -> Document {
        let app = App::new().into_utoipa_app().openapi(Frame::openapi());
        app.service(scope::scope("/api/v1").service(show_greeting).service(delete_greeting))
            .split_for_parts()
            .1
    }

    #[test]
    fn the_document_is_openapi_3_1_with_licence_and_security() {
        let json: Value = serde_json::to_value(complete(document())).unwrap();
        assert_eq!(json["openapi"], "3.1.0");
        assert_eq!(json["info"]["license"]["identifier"], "Apache-2.0 OR MIT");
        assert_eq!(json["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
        assert_eq!(json["components"]["securitySchemes"]["session"]["in"], "cookie");
        assert_eq!(json["components"]["schemas"]["ProblemDocument"]["properties"]["type"]["type"], "string");
    }

    #[test]
    fn every_operation_can_answer_with_a_problem() {
        let json: Value = serde_json::to_value(complete(document())).unwrap();
        for method in ["get", "delete"] {
            let problem = &json["paths"]["/api/v1/greeting"][method]["responses"]["default"];
            let schema = &problem["content"]["application/problem+json"]["schema"]["$ref"];
            assert_eq!(schema, "#/components/schemas/ProblemDocument", "{json:#}");
        }
    }

    #[test]
    fn a_response_without_description_is_found() {
        assert_eq!(undescribed(&mut complete(document())), ["DELETE /api/v1/greeting 204"]);
    }
}
