//! `/challenges/{challenge}/phases`: windows of a challenge with their rules.

mod requests;
mod views;

use actix_web::{HttpResponse, get, patch, post, web};
use app::App;
use app::idempotency::Created;
use app::phases::{create, list_phases as list, read_phase, update};
use domain::Actor;
use utoipa_actix_web::service_config::ServiceConfig;

use requests::{ClosePhase, CreatePhase, UpdatePhase};
use views::PhaseView;

use crate::extract::{Anyone, IdempotencyHeader, Json, Page, SignedIn};
use crate::problem::Problem;

/// The routes below `/api/v1`.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_phases)
        .service(create_phase)
        .service(show_phase)
        .service(update_phase)
        .service(close_phase);
}

/// List the phases of a challenge, in their order.
#[utoipa::path(tag = "phases",
    params(("challenge" = String, Path, description = "The slug or id of the challenge.")),
    responses(
        (status = 200, description = "The phases.", body = Page<PhaseView>),
        (status = 404, description = "There is no such challenge, or one does not see it."),
))]
#[get("/challenges/{challenge}/phases")]
pub(crate) async fn list_phases(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let all = list(&app, &actor, &challenge).await?;
    Ok(HttpResponse::Ok().json(Page::whole(all.into_iter().map(PhaseView::from).collect())))
}

/// Make a phase with its splits.
#[utoipa::path(tag = "phases", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge.")),
    responses(
        (status = 201, description = "The phase is made.", body = PhaseView),
        (status = 200, description = "The same request was sent before; this is its answer.", body = PhaseView),
        (status = 403, description = "This is for the organizers."),
        (status = 404, description = "There is no such challenge, or one does not see it."),
        (status = 409, description = "The codename is taken, or the challenge is archived."),
        (status = 422, description = "A field breaks a rule, or the evaluator refuses its parameters."),
))]
#[post("/challenges/{challenge}/phases")]
pub(crate) async fn create_phase(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
    key: IdempotencyHeader,
    body: Json<CreatePhase>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&body.0)?;
    let created = create::create_phase(&app, &actor, &challenge, body.0.parse()?, key).await?;
    let view = view(&app, &actor, &challenge, &created.into_inner().to_string()).await?;
    Ok(match created {
        Created::New(_) => HttpResponse::Created().json(view),
        Created::Replayed(_) => HttpResponse::Ok().json(view),
    })
}

/// Show a phase.
#[utoipa::path(tag = "phases",
    params(
        ("challenge" = String, Path, description = "The slug or id of the challenge."),
        ("phase" = String, Path, description = "The codename or id of the phase."),
    ),
    responses(
        (status = 200, description = "The phase.", body = PhaseView),
        (status = 404, description = "There is no such phase, or one does not see it."),
))]
#[get("/challenges/{challenge}/phases/{phase}")]
pub(crate) async fn show_phase(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(view(&app, &actor, &path.0, &path.1).await?))
}

/// Change a phase.
///
/// The annotations in force must be good under the change as well;
/// where another evaluator, other parameters or another mode are to measure, they become a new version.
#[utoipa::path(tag = "phases", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The slug or id of the challenge."),
        ("phase" = String, Path, description = "The codename or id of the phase."),
    ),
    responses(
        (status = 200, description = "The phase as it is now.", body = PhaseView),
        (status = 403, description = "This is for the organizers."),
        (status = 404, description = "There is no such phase, or one does not see it."),
        (status = 409, description = "Somebody else changed it at the same time."),
        (status = 422, description = "A field breaks a rule, or the annotations in force do not fit."),
))]
#[patch("/challenges/{challenge}/phases/{phase}")]
pub(crate) async fn update_phase(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    body: Json<UpdatePhase>,
) -> Result<HttpResponse, Problem> {
    let (challenge, phase) = path.into_inner();
    update::update_phase(&app, &actor, &challenge, &phase, body.0.parse()?).await?;
    Ok(HttpResponse::Ok().json(view(&app, &actor, &challenge, &phase).await?))
}

/// Take no submissions any more from now on; for organizers. A closed phase stays as it is.
#[utoipa::path(tag = "phases", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The slug or id of the challenge."),
        ("phase" = String, Path, description = "The codename or id of the phase."),
    ),
    responses(
        (status = 200, description = "The phase as it is now.", body = PhaseView),
        (status = 403, description = "This is for the organizers."),
        (status = 404, description = "There is no such phase, or one does not see it."),
        (status = 409, description = "The phase has not opened yet."),
        (status = 422, description = "The reason is missing or too long."),
))]
#[post("/challenges/{challenge}/phases/{phase}/close")]
pub(crate) async fn close_phase(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    body: Json<ClosePhase>,
) -> Result<HttpResponse, Problem> {
    let (challenge, phase) = path.into_inner();
    update::close_phase(&app, &actor, &challenge, &phase, body.0.reason).await?;
    Ok(HttpResponse::Ok().json(view(&app, &actor, &challenge, &phase).await?))
}

async fn view(app: &App, actor: &Actor, challenge: &str, phase: &str) -> Result<PhaseView, Problem> {
    Ok(read_phase(app, actor, challenge, phase).await?.into())
}
