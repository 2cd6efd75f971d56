//! Framings: how phases frame what they count, version by version, and who decided; and what else was decided.

pub(crate) mod decisions;
pub(crate) mod documents;
pub(crate) mod measures;
pub(crate) mod views;

use actix_web::web::Bytes;
use actix_web::{HttpResponse, get, post, web};
use app::App;
use app::framing::{
    difference, list_framings as list, propose_framing, propose_framing_of_file, read_framing,
};
use domain::FramingId;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use self::views::{DifferenceView, FramingFileView, FramingShape, FramingView};
use crate::extract::{Anyone, Page, SignedIn};
use crate::problem::Problem;

/// The routes below `/api/v1`.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_framings)
        .service(show_framing_proposal)
        .service(read_framing_file)
        .service(show_framing)
        .service(compare_framings)
        .service(measures::show_framing_measures)
        .service(documents::show_document)
        .service(decisions::list_decisions)
        .service(decisions::record_decision);
}

/// List how a phase framed what it counts, oldest version first; the last is in force.
#[utoipa::path(tag = "framing",
    params(
        ("challenge" = String, Path, description = "The slug or id of the challenge."),
        ("phase" = String, Path, description = "The codename or id of the phase."),
    ),
    responses(
        (status = 200, description = "Every version with its decision.", body = Page<FramingView>),
        (status = 404, description = "There is no such phase, or one does not see it."),
))]
#[get("/challenges/{challenge}/phases/{phase}/framings")]
pub(crate) async fn list_framings(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let all = list(&app, &actor, &path.0, &path.1).await?;
    Ok(HttpResponse::Ok().json(Page::whole(all.into_iter().map(FramingView::from).collect())))
}

/// Show a framing to begin with, from what the evaluator says about itself: correct it and send it with the phase.
#[utoipa::path(tag = "framing", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The slug or id of the challenge."),
        ("phase" = String, Path, description = "The codename or id of the phase."),
    ),
    responses(
        (status = 200, description = "What the manifest tells; the rest is `not_disclosed`.", body = FramingShape),
        (status = 403, description = "This is for the organizers."),
        (status = 404, description = "There is no such phase, or one does not see it."),
))]
#[get("/challenges/{challenge}/phases/{phase}/framing-proposal")]
pub(crate) async fn show_framing_proposal(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(propose_framing(&app, &actor, &path.0, &path.1).await?))
}

/// Read a framing from a file: the same proposal with what the file says laid over it. Nothing is recorded.
///
/// A table has the columns `field` and `value`, with the fields of a framing (`unit`, `decision.rationale`), several values of
/// `unscoreable`, `decision.alternatives` and `decision.parties` in a row each. A file that begins with `{` is read as Croissant.
#[utoipa::path(tag = "framing", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The slug or id of the challenge."),
        ("phase" = String, Path, description = "The codename or id of the phase."),
    ),
    request_body(content((String = "text/csv"), (Object = "application/ld+json"))),
    responses(
        (status = 200, description = "The framing, and which of its fields the file tells.", body = FramingFileView),
        (status = 403, description = "This is for the organizers."),
        (status = 404, description = "There is no such phase, or one does not see it."),
        (status = 413, description = "The file is larger than a request may be."),
        (status = 422, description = "The file has faults, each at its line or pointer."),
))]
#[post("/challenges/{challenge}/phases/{phase}/framing-proposal")]
pub(crate) async fn read_framing_file(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    file: Bytes,
) -> Result<HttpResponse, Problem> {
    let read = propose_framing_of_file(&app, &actor, &path.0, &path.1, &file).await?;
    Ok(HttpResponse::Ok().json(FramingFileView::from(read)))
}

/// Show a framing: one version of how a phase frames what it counts.
#[utoipa::path(tag = "framing",
    params(("id" = Uuid, Path, description = "The framing.")),
    responses(
        (status = 200, description = "The framing with its decision.", body = FramingView),
        (status = 404, description = "There is no such framing, or one does not see its phase."),
))]
#[get("/framings/{id}")]
pub(crate) async fn show_framing(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let found = read_framing(&app, &actor, FramingId(*id)).await?;
    Ok(HttpResponse::Ok().json(FramingView::from(found)))
}

/// Compare two framings field by field, of one phase or of two.
#[utoipa::path(tag = "framing",
    params(
        ("from" = Uuid, Path, description = "The one framing."),
        ("to" = Uuid, Path, description = "The other."),
    ),
    responses(
        (status = 200, description = "The fields that differ.", body = DifferenceView),
        (status = 404, description = "There is no such framing, or one does not see its phase."),
))]
#[get("/framings/{from}/diff/{to}")]
pub(crate) async fn compare_framings(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    path: web::Path<(Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let from = read_framing(&app, &actor, FramingId(path.0)).await?;
    let to = read_framing(&app, &actor, FramingId(path.1)).await?;
    Ok(HttpResponse::Ok().json(DifferenceView::new(path.0, path.1, difference(&from.full, &to.full))))
}
