//! `/evaluators`: what the built-in evaluators read and measure.

use actix_web::{HttpResponse, get, web};
use app::App;
use app::phases::evaluators;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::extract::{Anyone, Page};
use crate::problem::Problem;

/// The routes below `/api/v1`.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_evaluators).service(show_evaluator);
}

/// An evaluator in a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct EvaluatorSummary {
    /// The name by which phases call it.
    #[schema(example = "ego4d_nlq")]
    id: String,
    /// Its version.
    version: String,
    /// The name of the task.
    title: String,
    /// What the task asks, in Markdown.
    description: String,
}

/// List the evaluators.
#[utoipa::path(tag = "evaluators", responses(
    (status = 200, description = "The evaluators, by id.", body = Page<EvaluatorSummary>),
))]
#[get("/evaluators")]
pub(crate) async fn list_evaluators(_anyone: Anyone, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let summary = |manifest: &evaluators::Manifest| EvaluatorSummary {
        id: manifest.id.clone(),
        version: manifest.version.clone(),
        title: manifest.title.clone(),
        description: manifest.description.clone(),
    };
    let all = evaluators::list_evaluators(&app).into_iter().map(summary).collect();
    Ok(HttpResponse::Ok().json(Page::whole(all)))
}

/// Show everything that is documented of an evaluator.
#[utoipa::path(tag = "evaluators",
    params(("id" = String, Path, description = "The evaluator.")),
    responses(
        (status = 200, description = "Its manifest: formats, metrics, parameters, rules, references.",
            body = serde_json::Value),
        (status = 404, description = "There is no such evaluator."),
))]
#[get("/evaluators/{id}")]
pub(crate) async fn show_evaluator(
    _anyone: Anyone,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(evaluators::read_evaluator(&app, &id)?))
}
