//! The built-in evaluators and their documentation, from their manifests.

use actix_web::{HttpResponse, web};
use app::{App, Failure};
use askama::Template;
use serde::Serialize;
use serde_json::Value;

use super::chrome::{Chrome, Identity, page};
use super::format::unit;
use super::markdown::Prose;
use super::viewer::Viewer;
use crate::problem::Problem;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/evaluators", web::get().to(show_evaluators))
        .route("/evaluators/{id}", web::get().to(show_evaluator));
}

#[derive(Template)]
#[template(path = "evaluators.html")]
struct EvaluatorsPage {
    chrome: Chrome,
    evaluators: Vec<Entry>,
}

struct Entry {
    id: String,
    title: String,
    version: String,
    metrics: String,
}

#[derive(Template)]
#[template(path = "evaluator.html")]
struct EvaluatorPage {
    chrome: Chrome,
    id: String,
    title: String,
    version: String,
    item: String,
    resampling_unit: String,
    description: Prose,
    rules: Prose,
    metrics: Vec<MetricView>,
    formats: Vec<FormatView>,
    params: Vec<ParamView>,
    references: Vec<(String, Option<String>)>,
}

struct MetricView {
    name: String,
    label: String,
    unit: String,
    better: String,
    range: String,
    description: Prose,
}

struct FormatView {
    heading: String,
    media_type: String,
    description: Prose,
    example: String,
}

struct ParamView {
    name: String,
    kind: String,
    default: String,
    description: Prose,
}

async fn show_evaluators(app: web::Data<App>, viewer: Viewer) -> Result<HttpResponse, Problem> {
    let entries = app.evaluators.iter().map(|evaluator| {
        let manifest = evaluator.manifest();
        let labels: Vec<&str> = manifest.metrics.iter().take(4).map(|metric| metric.label.as_str()).collect();
        let more = if manifest.metrics.len() > 4 { ", …" } else { "" };
        Entry {
            id: manifest.id.clone(),
            title: manifest.title.clone(),
            version: manifest.version.clone(),
            metrics: format!("{}{more}", labels.join(", ")),
        }
    });
    page(&EvaluatorsPage { chrome: viewer.chrome, evaluators: entries.collect() })
}

async fn show_evaluator(
    app: web::Data<App>,
    viewer: Viewer,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let manifest = app.evaluators.get(&id).ok_or_else(Failure::not_found)?.manifest();
    let metrics = manifest.metrics.iter().map(|metric| MetricView {
        name: metric.name.clone(),
        label: metric.label.clone(),
        unit: unit(&metric.unit).to_owned(),
        better: word(&metric.direction),
        range: range(metric.minimum, metric.maximum),
        description: Prose::render(&metric.description),
    });
    let submission = std::iter::once(&manifest.submission).map(|format| ("Submission".to_owned(), format));
    let tables = manifest.annotations.iter().map(|format| {
        let optional = if format.optional { ", optional" } else { "" };
        (format!("Annotations: {}{optional}", format.name), format)
    });
    let unannotated = manifest.unannotated.iter();
    let unannotated =
        unannotated.map(|format| ("Without the annotations, to check a submission".to_owned(), format));
    let formats = submission.chain(tables).chain(unannotated).map(|(heading, format)| FormatView {
        heading,
        media_type: format.media_type.clone(),
        description: Prose::render(&format.description),
        example: format.example.clone(),
    });
    let params = manifest.params.0.iter().map(|param| ParamView {
        name: param.name.clone(),
        kind: kind(&param.kind),
        default: param.default.as_ref().map_or_else(|| "unset".to_owned(), word),
        description: Prose::render(&param.description),
    });
    let references = manifest.references.iter().map(|reference| {
        let is_web = reference.url.starts_with("https://") || reference.url.starts_with("http://");
        (reference.title.clone(), is_web.then(|| reference.url.clone()))
    });
    page(&EvaluatorPage {
        chrome: viewer.chrome,
        id: manifest.id.clone(),
        title: manifest.title.clone(),
        version: manifest.version.clone(),
        item: manifest.item.clone(),
        resampling_unit: manifest.resampling_unit.clone(),
        description: Prose::render(&manifest.description),
        rules: Prose::render(&manifest.rules),
        metrics: metrics.collect(),
        formats: formats.collect(),
        params: params.collect(),
        references: references.collect(),
    })
}

/// Something of the manifest as its written form says it, without the quotes of a text.
fn word(said: &impl Serialize) -> String {
    match serde_json::to_value(said) {
        Ok(Value::String(text)) => text,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}

/// What values a parameter takes, in words: `integer, minimum 1, maximum 9`.
fn kind(kind: &impl Serialize) -> String {
    let Ok(Value::Object(said)) = serde_json::to_value(kind) else { return String::new() };
    let name = said.get("type").map(word).unwrap_or_default();
    let more = said.iter().filter(|(key, _)| *key != "type").map(|(key, value)| match value {
        Value::Array(choices) => format!("{key} {}", choices.iter().map(word).collect::<Vec<_>>().join(", ")),
        value => format!("{key} {value}"),
    });
    std::iter::once(name).chain(more).collect::<Vec<_>>().join("; ")
}

fn range(minimum: Option<f64>, maximum: Option<f64>) -> String {
    match (minimum, maximum) {
        (Some(minimum), Some(maximum)) => format!("{minimum} to {maximum}"),
        (Some(minimum), None) => format!("from {minimum}"),
        (None, Some(maximum)) => format!("up to {maximum}"),
        (None, None) => "any".to_owned(),
    }
}
