//! Terms, and registering under them.

use actix_web::{HttpResponse, get, post, web};
use app::App;
use app::challenges::{register, terms};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::{RegistrationView, TermsView};
use crate::extract::{Anyone, Json, Page, Verified};
use crate::problem::Problem;

/// What somebody accepts who registers.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateRegistration {
    /// The version of the terms that was read; left out where there are none.
    accept_terms: Option<i32>,
}

/// List every version of the terms, newest first.
#[utoipa::path(tag = "challenges",
    params(("challenge" = String, Path, description = "The slug or id of the challenge.")),
    responses(
        (status = 200, description = "The versions.", body = Page<TermsView>),
        (status = 404, description = "There is no such challenge, or one does not see it."),
))]
#[get("/challenges/{challenge}/terms")]
pub(crate) async fn list_terms(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let versions = terms::list_terms(&app, &actor, &challenge).await?;
    Ok(HttpResponse::Ok().json(Page::whole(versions.into_iter().map(TermsView::from).collect())))
}

/// Register for a challenge, or accept its new terms; sending it again changes nothing.
#[utoipa::path(tag = "challenges", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge.")),
    responses(
        (status = 200, description = "One is registered, or waits for approval.", body = RegistrationView),
        (status = 403, description = "Another version of the terms is in force, one's address is not proven, or one may not enter."),
        (status = 404, description = "There is no such challenge, or one does not see it."),
        (status = 409, description = "Entries are closed, or the challenge is archived."),
))]
#[post("/challenges/{challenge}/registration")]
pub(crate) async fn create_registration(
    Verified(actor): Verified,
    app: web::Data<App>,
    challenge: web::Path<String>,
    body: Json<CreateRegistration>,
) -> Result<HttpResponse, Problem> {
    let registered = register::register(&app, &actor, &challenge, body.0.accept_terms).await?;
    Ok(HttpResponse::Ok().json(RegistrationView::from(registered)))
}
