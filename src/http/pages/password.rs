//! A forgotten password: asking for a link, and choosing a new one by it.

use actix_web::{HttpResponse, web};
use app::accounts::reset::{request_reset, reset_password};
use app::{App, Code};
use askama::Template;
use domain::EmailAddress;

use super::account::{Link, SayingPage, at_front, text};
use super::chrome::{Chrome, Identity, page, refused_page};
use super::form::{Entered, Form};
use super::redirect::{Done, see_other_done};
use super::viewer::Viewer;
use crate::extract::SignInLimit;
use crate::problem::Problem;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/reset").route(web::get().to(show_reset)).route(web::post().to(take_reset)))
        .route("/reset/confirm", web::post().to(take_password));
}

#[derive(Template)]
#[template(path = "reset.html")]
struct ResetPage {
    chrome: Chrome,
    form: Form,
    /// The secret of the link; without one the page asks for the address to send a link to.
    token: String,
}

async fn show_reset(viewer: Viewer, link: web::Query<Link>) -> Result<HttpResponse, Problem> {
    let token = link.into_inner().token.unwrap_or_default();
    page(&ResetPage { chrome: at_front(viewer.chrome), form: Form::default(), token })
}

async fn take_reset(
    app: web::Data<App>,
    viewer: Viewer,
    _: SignInLimit,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Problem> {
    let outcome = match EmailAddress::parse(text(&entered, "email")) {
        Ok(email) => request_reset(&app, email).await,
        Err(invalid) => Err(invalid.into()),
    };
    let chrome = at_front(viewer.chrome);
    match outcome {
        Ok(()) => page(&SayingPage {
            chrome,
            heading: "Look into your mail",
            text: "If the address belongs to an account, a link for choosing a new password is on its way.",
        }),
        Err(failure) if failure.code == Code::InvalidField => {
            let form = Form::refused(entered.into_inner(), &failure, &["email"]);
            refused_page(&failure, &ResetPage { chrome, form, token: String::new() })
        }
        Err(failure) => Err(failure.into()),
    }
}

async fn take_password(
    app: web::Data<App>,
    viewer: Viewer,
    _: SignInLimit,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Problem> {
    let (token, password) = (text(&entered, "token"), text(&entered, "password"));
    match reset_password(&app, token, password).await {
        Ok(()) => Ok(see_other_done("/sign-in", Done::PasswordReset)),
        Err(failure) if failure.code.status() >= 500 => Err(failure.into()),
        Err(failure) => {
            // A link that is used up leads back to the beginning; a weak password does not.
            let token = if failure.code == Code::InvalidField { token.to_owned() } else { String::new() };
            let form = Form::refused(Entered::new(), &failure, &["password"]);
            refused_page(&failure, &ResetPage { chrome: at_front(viewer.chrome), form, token })
        }
    }
}
