//! The submissions of a phase: a team's own.

use actix_web::{HttpResponse, web};
use app::App;
use app::submissions::SubmissionDetail;
use app::submissions::list::{ListSubmissions, list_submissions};
use askama::Template;
use domain::SubmissionId;
use serde::Deserialize;

use super::chrome::{Chrome, Identity, page};
use super::format::{Heading, Moment, score};
use super::place::{Place, QuotaLeft, quota_left};
use super::viewer::Viewer;
use crate::problem::Problem;

/// How many stand on one page.
pub(super) const PAGE: u32 = 50;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config.route("/challenges/{challenge}/phases/{phase}/submissions", web::get().to(show_submissions));
}

#[derive(Debug, Deserialize)]
struct Asked {
    before: Option<SubmissionId>,
}

#[derive(Template)]
#[template(path = "submissions.html")]
struct SubmissionsPage {
    chrome: Chrome,
    place: Place,
    team: String,
    primary: Option<Heading>,
    rows: Vec<SubmissionRow>,
    quota: Vec<QuotaLeft>,
    older: Option<SubmissionId>,
}

/// A submission in a list.
pub(super) struct SubmissionRow {
    pub(super) id: SubmissionId,
    pub(super) team: String,
    pub(super) method: String,
    pub(super) file_name: String,
    pub(super) state: &'static str,
    pub(super) notes: Vec<&'static str>,
    pub(super) created: Moment,
    pub(super) score: String,
    pub(super) may_rerun: bool,
    pub(super) failure: String,
}

async fn show_submissions(
    app: web::Data<App>,
    viewer: Viewer,
    path: web::Path<(String, String)>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let (challenge, phase) = path.into_inner();
    let place = Place::read(&app, &viewer.actor, &challenge, &phase).await?;
    if !viewer.is_signed_in() {
        return Ok(viewer.to_sign_in());
    }
    let Some(team) = &place.challenge.team else {
        return Ok(super::redirect::see_other(&format!("{}/team", place.challenge_address)));
    };
    let asked = ListSubmissions {
        team: Some(team.id),
        before: asked.before,
        limit: PAGE,
        ..ListSubmissions::default()
    };
    let (challenge, phase) = (place.challenge.challenge.id.to_string(), place.phase.phase.id.to_string());
    let details = list_submissions(&app, &viewer.actor, &challenge, &phase, asked).await?;
    let quota = quota_left(&app, &viewer.actor, &place).await?;
    let primary = primary(&place);
    page(&SubmissionsPage {
        chrome: viewer.chrome,
        team: team.name.to_string(),
        older: older(&details),
        rows: rows(&app, &place, &details),
        primary,
        quota,
        place,
    })
}

/// The metric that ranks, as a column's head.
pub(super) fn primary(place: &Place) -> Option<Heading> {
    let wanted = place.phase.phase.ranking.0.primary.as_deref();
    let metrics = &place.phase.metrics;
    metrics.iter().find(|metric| Some(metric.name.as_str()) == wanted).or(metrics.first()).map(Heading::from)
}

/// Where the next page begins, if there may be one.
pub(super) fn older(details: &[SubmissionDetail]) -> Option<SubmissionId> {
    let is_full = u32::try_from(details.len()).is_ok_and(|count| count == PAGE);
    details.last().filter(|_| is_full).map(|last| last.submission.id)
}

/// Submissions as the rows of a table.
pub(super) fn rows(app: &App, place: &Place, details: &[SubmissionDetail]) -> Vec<SubmissionRow> {
    let wanted = place.phase.phase.ranking.0.primary.as_deref();
    let metrics = &place.phase.metrics;
    let primary = metrics.iter().find(|metric| Some(metric.name.as_str()) == wanted).or(metrics.first());
    details
        .iter()
        .map(|detail| {
            let submission = &detail.submission;
            let value = primary.and_then(|metric| {
                let (_, scores) = detail.evaluation.as_ref()?.splits.first()?;
                scores.iter().find(|score| score.metric == metric.name)?.value
            });
            let notes = [
                (submission.is_baseline, "baseline"),
                (submission.chosen_at.is_some(), "final"),
                (submission.withdrawn_at.is_some(), "withdrawn"),
            ];
            SubmissionRow {
                id: submission.id,
                team: detail.team.name.to_string(),
                method: submission.method.0.name.clone(),
                file_name: submission.file_name.clone(),
                state: submission.state.as_str(),
                notes: notes.into_iter().filter_map(|(is_so, note)| is_so.then_some(note)).collect(),
                created: Moment::new(app, submission.created_at),
                score: primary.map_or_else(String::new, |metric| score(value, metric.decimals)),
                may_rerun: submission.state.may_rerun(),
                failure: submission.failure.clone().unwrap_or_default(),
            }
        })
        .collect()
}
