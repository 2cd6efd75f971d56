//! `/challenges/{challenge}/phases/{phase}/trials`: what came of a program before anybody submitted to it.

use actix_web::{HttpResponse, get, post, web};
use app::App;
use app::trials::{self, Trial, Trials};
use domain::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::extract::SignedIn;
use crate::problem::Problem;

/// The routes below `/api/v1`.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_trials).service(repeat_trials);
}

/// The trials of the program in force.
#[derive(Serialize, ToSchema)]
pub(crate) struct TrialsView {
    /// The version of the annotations that the program belongs to; null without one.
    annotations_version: Option<i32>,
    /// The building of its environment; null where no program scores the phase.
    environment: Option<TrialView>,
    /// What the organizers submit themselves. It counts for nobody.
    solutions: Vec<TrialView>,
}

/// Something that was tried.
#[derive(Serialize, ToSchema)]
pub(crate) struct TrialView {
    /// What it is called.
    name: String,
    /// `waiting`, `running`, `done` or `failed`.
    #[schema(example = "done")]
    state: String,
    /// How often it was tried.
    attempts: i32,
    /// How often it is tried at most.
    max_attempts: i32,
    /// What came of it: `{digest, contents: {python, platform, packages}}` of an environment; of a solution
    /// `{splits: [{codename, metrics: [{name, value}]}], repeats}`, where `repeats` says whether a second run gave the same.
    #[schema(value_type = Option<Object>)]
    result: Option<Value>,
    /// Why the last attempt failed, as a code.
    #[schema(example = json!(null))]
    failure: Option<String>,
    /// The same in the words of who failed.
    detail: Option<String>,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When the last attempt began.
    #[schema(value_type = Option<String>, format = DateTime)]
    started_at: Option<Timestamp>,
    /// When it ended for good.
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
}

/// How many trials were asked for again.
#[derive(Serialize, ToSchema)]
pub(crate) struct RepeatedView {
    /// Their number.
    repeated: usize,
}

impl From<Trial> for TrialView {
    fn from(trial: Trial) -> Self {
        Self {
            name: trial.name,
            state: trial.state,
            attempts: trial.attempts,
            max_attempts: trial.max_attempts,
            result: trial.result.map(|result| result.0),
            failure: trial.failure,
            detail: trial.detail,
            created_at: trial.created_at,
            started_at: trial.started_at,
            finished_at: trial.finished_at,
        }
    }
}

impl From<Trials> for TrialsView {
    fn from(trials: Trials) -> Self {
        Self {
            annotations_version: trials.annotations_version,
            environment: trials.environment.map(TrialView::from),
            solutions: trials.solutions.into_iter().map(TrialView::from).collect(),
        }
    }
}

/// Show what came of the program of a phase before anybody submitted: its environment, and what the organizers submit
/// themselves.
#[utoipa::path(tag = "annotations", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The slug or id of the challenge."),
        ("phase" = String, Path, description = "The codename or id of the phase."),
    ),
    responses(
        (status = 200, description = "The trials of the program in force.", body = TrialsView),
        (status = 403, description = "This is for the organizers."),
        (status = 404, description = "There is no such phase, or one does not see it."),
))]
#[get("/challenges/{challenge}/phases/{phase}/trials")]
pub(crate) async fn list_trials(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let trials = trials::read_trials(&app, &actor, &path.0, &path.1).await?;
    Ok(HttpResponse::Ok().json(TrialsView::from(trials)))
}

/// Ask again for everything of the program in force that failed.
#[utoipa::path(tag = "annotations", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The slug or id of the challenge."),
        ("phase" = String, Path, description = "The codename or id of the phase."),
    ),
    responses(
        (status = 200, description = "It is tried again.", body = RepeatedView),
        (status = 403, description = "This is for the organizers."),
        (status = 404, description = "There is no such phase, or one does not see it."),
        (status = 409, description = "The challenge is archived."),
))]
#[post("/challenges/{challenge}/phases/{phase}/trials")]
pub(crate) async fn repeat_trials(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let repeated = trials::repeat_trials(&app, &actor, &path.0, &path.1).await?;
    Ok(HttpResponse::Ok().json(RepeatedView { repeated }))
}
