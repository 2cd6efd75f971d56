//! What was left out of a phase, and what a framing binds.

use actix_web::{HttpResponse, get, post, web};
use app::App;
use app::datasets::records::Binding;
use app::datasets::{
    BindingDraft, bind_framing as bind, list_exclusions_of_phase, read_binding, record_exclusion_of_phase,
};
use app::idempotency::Created;
use domain::framing::DecisionDraft;
use domain::{FramingId, GuidelineId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::bodies::ExclusionBody;
use super::production::ExclusionView;
use crate::api::activities::Recorded;
use crate::extract::{Anyone, IdempotencyHeader, Json, Page, SignedIn, Verified};
use crate::problem::Problem;

/// What was left out, and who decided it.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewExclusion {
    /// What was left out.
    exclusion: ExclusionBody,
    /// Who decided it, as in a framing; with the basis `documented_decision`, and only with it.
    #[schema(value_type = Option<Object>)]
    decision: Option<DecisionDraft>,
}

/// What a framing is to bind.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BindingBody {
    /// The version of a dataset: an id, or `name@version`.
    #[schema(example = "ego4d@2.0")]
    dataset: Option<String>,
    /// What annotators were told: the id of a guideline.
    guideline: Option<Uuid>,
    /// The list of activities: an id, or `name@version`.
    #[schema(example = "icatus@2016")]
    taxonomy: Option<String>,
}

/// What a framing binds; null is what it does not.
#[derive(Serialize, ToSchema)]
pub(super) struct BindingView {
    /// The id of the version of the dataset.
    dataset_version: Option<Uuid>,
    /// The id of what annotators were told.
    guideline: Option<Uuid>,
    /// The id of the list of activities.
    taxonomy: Option<Uuid>,
}

impl From<Option<Binding>> for BindingView {
    fn from(found: Option<Binding>) -> Self {
        Self {
            dataset_version: found.and_then(|binding| binding.dataset_version_id).map(|id| id.0),
            guideline: found.and_then(|binding| binding.guideline_id).map(|id| id.0),
            taxonomy: found.and_then(|binding| binding.taxonomy_id).map(|id| id.0),
        }
    }
}

/// List what was left out of a phase, and who decided it, oldest record first.
#[utoipa::path(tag = "framing", security((), ("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The slug or id of the challenge."),
        ("phase" = String, Path, description = "The codename or id of the phase."),
    ),
    responses(
        (status = 200, description = "What is on record.", body = Page<ExclusionView>),
        (status = 404, description = "There is no such phase, or one does not see it."),
))]
#[get("/challenges/{challenge}/phases/{phase}/exclusions")]
pub(super) async fn list_exclusions(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let found = list_exclusions_of_phase(&app, &actor, &path.0, &path.1).await?;
    Ok(HttpResponse::Ok().json(Page::whole(found.into_iter().map(ExclusionView::from).collect())))
}

/// Put on record what was left out of a phase, and who decided it; for organizers.
#[utoipa::path(tag = "framing", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The slug or id of the challenge."),
        ("phase" = String, Path, description = "The codename or id of the phase."),
    ),
    responses(
        (status = 201, description = "It is on record.", body = Recorded),
        (status = 200, description = "The same request was sent before; this is its answer.", body = Recorded),
        (status = 403, description = "This is for organizers who may change the challenge."),
        (status = 404, description = "There is no such phase, or one does not see it."),
        (status = 422, description = "A code is unknown (the nearest are named), or the basis and the decision do not fit."),
))]
#[post("/challenges/{challenge}/phases/{phase}/exclusions")]
pub(super) async fn record_exclusion(
    Verified(actor): Verified,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    key: IdempotencyHeader,
    body: Json<NewExclusion>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&(&path.0, &path.1, &body.0))?;
    let NewExclusion { exclusion, decision } = body.0;
    let place = (path.0.as_str(), path.1.as_str());
    let made = record_exclusion_of_phase(&app, &actor, place, exclusion.into(), decision, key).await?;
    Ok(match made {
        Created::New(id) => HttpResponse::Created().json(Recorded { id: id.0 }),
        Created::Replayed(id) => HttpResponse::Ok().json(Recorded { id: id.0 }),
    })
}

/// Show which dataset, guideline and list of activities a framing binds.
#[utoipa::path(tag = "framing", security((), ("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The framing.")),
    responses(
        (status = 200, description = "What it binds; nulls where nothing is bound.", body = BindingView),
        (status = 404, description = "There is no such framing, or one does not see its phase."),
))]
#[get("/framings/{id}/binding")]
pub(super) async fn show_framing_binding(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let found = read_binding(&app, &actor, FramingId(*id)).await?;
    Ok(HttpResponse::Ok().json(BindingView::from(found)))
}

/// Bind a framing, once, to the dataset, the guideline and the list of activities that it is about; for organizers.
#[utoipa::path(tag = "framing", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The framing.")),
    responses(
        (status = 200, description = "It is bound.", body = BindingView),
        (status = 403, description = "This is for organizers who may change the challenge."),
        (status = 404, description = "There is no such framing, or one does not see its phase."),
        (status = 409, description = "It is bound already."),
        (status = 422, description = "Something is not on record; the nearest are named."),
))]
#[post("/framings/{id}/binding")]
pub(super) async fn bind_framing(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
    body: Json<BindingBody>,
) -> Result<HttpResponse, Problem> {
    let BindingBody { dataset, guideline, taxonomy } = body.0;
    let draft = BindingDraft { dataset, guideline: guideline.map(GuidelineId), taxonomy };
    let bound = bind(&app, &actor, FramingId(*id), draft).await?;
    Ok(HttpResponse::Ok().json(BindingView::from(Some(bound))))
}
