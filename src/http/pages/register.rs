//! Registering for a challenge: reading its terms and accepting them.

use actix_web::{HttpResponse, web};
use app::challenges::detail::{ChallengeDetail, read_challenge};
use app::challenges::register::register;
use app::{App, Code, Failure};
use askama::Template;

use super::addresses;
use super::chrome::{Chrome, Identity, page, refused_page};
use super::form::{Entered, Form};
use super::markdown::Prose;
use super::redirect::{Done, see_other, see_other_done};
use super::viewer::Viewer;
use crate::problem::Problem;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/challenges/{challenge}/register")
            .route(web::get().to(show_registration))
            .route(web::post().to(take_registration)),
    );
}

#[derive(Template)]
#[template(path = "register_challenge.html")]
struct RegistrationPage<'a> {
    chrome: Chrome,
    detail: &'a ChallengeDetail,
    address: String,
    terms: Option<Prose>,
    form: Form,
}

async fn show_registration(
    app: web::Data<App>,
    viewer: Viewer,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let detail = read_challenge(&app, &viewer.actor, &challenge).await?;
    if !viewer.is_signed_in() {
        return Ok(viewer.to_sign_in());
    }
    if detail.is_registered() {
        return Ok(see_other(&addresses::challenge(&detail.challenge.slug)));
    }
    page(&lay_out(viewer.chrome, &detail, Form::default()))
}

async fn take_registration(
    app: web::Data<App>,
    viewer: Viewer,
    challenge: web::Path<String>,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Problem> {
    let entered = entered.into_inner();
    let detail = read_challenge(&app, &viewer.actor, &challenge).await?;
    if !viewer.is_signed_in() {
        return Ok(viewer.to_sign_in());
    }
    let accepted = entered.get("accept_terms").and_then(|version| version.parse().ok());
    match register(&app, &viewer.actor, &challenge, accepted).await {
        Ok(_) => Ok(see_other_done(
            &format!("{}/team", addresses::challenge(&detail.challenge.slug)),
            Done::Registered,
        )),
        Err(failure) if failure.code.status() >= 500 => Err(failure.into()),
        Err(failure) => {
            let failure = explained(failure, accepted);
            refused_page(&failure, &lay_out(viewer.chrome, &detail, Form::refused(entered, &failure, &[])))
        }
    }
}

/// Terms that were not ticked are a matter of the form; terms that changed meanwhile are worth a sentence.
fn explained(failure: Failure, accepted: Option<i32>) -> Failure {
    if failure.code != Code::TermsNotAccepted {
        return failure;
    }
    let detail = match accepted {
        None => "tick the box to accept the terms",
        Some(_) => "the terms have changed while you read them; this is the version in force",
    };
    Failure::new(failure.code, detail)
}

fn lay_out(chrome: Chrome, detail: &ChallengeDetail, form: Form) -> RegistrationPage<'_> {
    RegistrationPage {
        chrome,
        address: addresses::challenge(&detail.challenge.slug),
        terms: detail.terms.as_ref().map(|terms| Prose::render(&terms.text)),
        detail,
        form,
    }
}
