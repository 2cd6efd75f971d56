//! What a phase counts, by activity: scores inside each, the order under other weights, and how people spend their days.

use actix_web::{HttpRequest, HttpResponse, web};
use app::App;
use app::framing::documents::{Document, read_record};
use app::framing::figures::{StandingFigure, draw_figures};
use app::framing::measures::{Terms, read_framing_measures};
use askama::Template;

use super::chrome::{Chrome, Identity, page};
use super::figures::FigureView;
use super::markdown::Prose;
use super::place::Place;
use super::viewer::Viewer;
use crate::api::framings::documents::show_shapes;
use crate::api::framings::measures::FramingMeasuresQuery;
use crate::problem::Problem;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/challenges/{challenge}/phases/{phase}/activities", web::get().to(show_activities))
        .route("/challenges/{challenge}/phases/{phase}/datasheet", web::get().to(show_datasheet))
        .route("/ns/framing-shapes.ttl", web::get().to(show_shapes));
}

#[derive(Template)]
#[template(path = "activities.html")]
struct ActivitiesPage<'a> {
    chrome: Chrome,
    place: &'a Place,
    split: String,
    metric: String,
    attribute: String,
    terms: &'static str,
    standing: String,
    framing_version: Option<i32>,
    annotations: String,
    left_out: usize,
    /// The measures as files; their address, and what is asked of it.
    files: String,
    query: String,
    figures: Vec<FigureView>,
}

async fn show_activities(
    app: web::Data<App>,
    viewer: Viewer,
    path: web::Path<(String, String)>,
    query: web::Query<FramingMeasuresQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let place = Place::read(&app, &viewer.actor, &path.0, &path.1).await?;
    let asked = query.into_inner();
    let query = request.query_string().to_owned();
    let (challenge, phase) = (place.challenge.challenge.id.to_string(), place.phase.phase.id.to_string());
    let found = read_framing_measures(&app, &viewer.actor, &challenge, &phase, asked.parse()?).await?;
    let files = format!("/api/v1{}", place.phase_address);
    let figures = draw_figures(&found, &StandingFigure::ALL)
        .into_iter()
        // What needs a list of activities is not shown as empty where none is named.
        .filter(|drawn| drawn.picture.is_some())
        .map(|drawn| FigureView::new(drawn, &format!("{files}/figures"), &query))
        .collect();
    page(&ActivitiesPage {
        split: found.split.to_string(),
        metric: found.metric.label.clone(),
        attribute: found.attribute.clone(),
        terms: found.terms.map(Terms::as_str).unwrap_or_default(),
        standing: found.standing.to_string(),
        framing_version: found.framing.map(|(_, version)| version),
        annotations: found.annotations.to_string(),
        left_out: found.left_out,
        files: format!("{files}/measures"),
        figures,
        query,
        chrome: Chrome { here: format!("{}/activities", place.phase_address), ..viewer.chrome },
        place: &place,
    })
}

#[derive(Template)]
#[template(path = "datasheet.html")]
struct DatasheetPage<'a> {
    chrome: Chrome,
    place: &'a Place,
    documents: String,
    sheet: Prose,
}

async fn show_datasheet(
    app: web::Data<App>,
    viewer: Viewer,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let place = Place::read(&app, &viewer.actor, &path.0, &path.1).await?;
    let record = read_record(&app, &viewer.actor, &path.0, &path.1).await?;
    let sheet = Document::Datasheet.write(&record)?;
    page(&DatasheetPage {
        sheet: Prose::render(&String::from_utf8_lossy(&sheet)),
        documents: format!("/api/v1{}/documents", place.phase_address),
        chrome: Chrome { here: format!("{}/datasheet", place.phase_address), ..viewer.chrome },
        place: &place,
    })
}
