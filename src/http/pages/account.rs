//! Making an account, proving its address, signing in and out.

use actix_web::{HttpResponse, web};
use app::accounts::register::{Register, register};
use app::accounts::sign_in::{SignIn, sign_in_browser};
use app::accounts::sign_out::sign_out;
use app::accounts::verify::{resend_verification, verify_email};
use app::failure::FieldErrors;
use app::identity::Password;
use app::{App, Code, Failure, Outcome};
use askama::Template;
use domain::{EmailAddress, PersonName};
use serde::Deserialize;

use super::chrome::{Chrome, Identity, page, refused_page};
use super::form::{Entered, Form};
use super::redirect::{self, Done, see_other, see_other_done};
use super::viewer::Viewer;
use crate::extract::{SignInLimit, sign_in_cookie, sign_out_cookie};
use crate::problem::Problem;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/sign-in").route(web::get().to(show_sign_in)).route(web::post().to(take_sign_in)),
        )
        .route("/sign-out", web::post().to(take_sign_out))
        .service(
            web::resource("/register")
                .route(web::get().to(show_register))
                .route(web::post().to(take_register)),
        )
        .service(
            web::resource("/verify").route(web::get().to(show_verify)).route(web::post().to(take_verify)),
        )
        .route("/verify/resend", web::post().to(take_resend));
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    chrome: Chrome,
    form: Form,
    next: String,
    registration_open: bool,
}

#[derive(Template)]
#[template(path = "register.html")]
struct RegisterPage {
    chrome: Chrome,
    form: Form,
    is_open: bool,
}

#[derive(Template)]
#[template(path = "verify.html")]
struct VerifyPage {
    chrome: Chrome,
    form: Form,
    token: String,
}

/// A page that says one thing, such as that a mail is on its way.
#[derive(Template)]
#[template(path = "saying.html")]
pub(super) struct SayingPage {
    pub(super) chrome: Chrome,
    pub(super) heading: &'static str,
    pub(super) text: &'static str,
}

/// What the link in a mail carries.
#[derive(Debug, Deserialize)]
pub(super) struct Link {
    /// The secret that stands for the owner of the address.
    pub(super) token: Option<String>,
}

fn is_registration_open(app: &App) -> bool {
    app.settings.accounts.registration == app::settings::Registration::Open
}

async fn show_sign_in(
    app: web::Data<App>,
    viewer: Viewer,
    request: actix_web::HttpRequest,
) -> Result<HttpResponse, Problem> {
    let next = redirect::next_of(request.query_string());
    if viewer.is_signed_in() {
        return Ok(see_other(&next));
    }
    page(&SignInPage {
        chrome: Chrome { here: next.clone(), ..viewer.chrome },
        form: Form::default(),
        next,
        registration_open: is_registration_open(&app),
    })
}

async fn take_sign_in(
    app: web::Data<App>,
    viewer: Viewer,
    limit: SignInLimit,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Problem> {
    let mut entered = entered.into_inner();
    let next = redirect::local(text(&entered, "next")).to_owned();
    let input = SignIn {
        email: text(&entered, "email").to_owned(),
        password: entered.remove("password").unwrap_or_default(),
    };
    let signed_in = match limit.and_mailbox(&input.email) {
        Ok(()) => sign_in_browser(&app, input).await,
        Err(refused) => Err(refused),
    };
    match signed_in {
        Ok(session) => {
            let mut response = see_other(&next);
            response
                .add_cookie(&sign_in_cookie(&app, &session))
                .map_err(|error| Failure::internal(error.to_string()))?;
            Ok(response)
        }
        Err(failure) if failure.code.status() >= 500 => Err(failure.into()),
        Err(failure) => {
            let form = Form::refused(entered, &failure, &["email", "password"]);
            let chrome = Chrome { here: next.clone(), ..viewer.chrome };
            let registration_open = is_registration_open(&app);
            refused_page(&failure, &SignInPage { chrome, form, next, registration_open })
        }
    }
}

/// Signing out works whatever the state of the session.
async fn take_sign_out(app: web::Data<App>, viewer: Viewer) -> Result<HttpResponse, Problem> {
    match sign_out(&app, &viewer.actor).await {
        Err(failure) if failure.code.status() >= 500 => return Err(failure.into()),
        Ok(()) | Err(_) => {}
    }
    let mut response = see_other_done("/", Done::SignedOut);
    response.add_cookie(&sign_out_cookie(&app)).map_err(|error| Failure::internal(error.to_string()))?;
    Ok(response)
}

async fn show_register(app: web::Data<App>, viewer: Viewer) -> Result<HttpResponse, Problem> {
    let is_open = is_registration_open(&app);
    page(&RegisterPage { chrome: at_front(viewer.chrome), form: Form::default(), is_open })
}

async fn take_register(
    app: web::Data<App>,
    viewer: Viewer,
    _: SignInLimit,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Problem> {
    let mut entered = entered.into_inner();
    let password = entered.remove("password").unwrap_or_default();
    let outcome = match parse_registration(&entered, &password) {
        Ok(input) => register(&app, input).await,
        Err(failure) => Err(failure),
    };
    let chrome = at_front(viewer.chrome);
    match outcome {
        Ok(()) => page(&SayingPage {
            chrome,
            heading: "Look into your mail",
            text: "A mail with a link is on its way to the address you gave. Open the link to confirm that the address is yours.",
        }),
        Err(failure) if failure.code.status() >= 500 => Err(failure.into()),
        Err(failure) => {
            let form = Form::refused(entered, &failure, &["email", "name", "password"]);
            refused_page(&failure, &RegisterPage { chrome, form, is_open: is_registration_open(&app) })
        }
    }
}

fn parse_registration(entered: &Entered, password: &str) -> Outcome<Register> {
    let mut errors = FieldErrors::default();
    let email = errors.take(EmailAddress::parse(text(entered, "email")));
    let name = errors.take(PersonName::parse(text(entered, "name")));
    // Without a proper address the password is still looked at, so that all that is wrong is told at once.
    let stand_in = EmailAddress::parse("nobody@example.org")?;
    let parsed = Password::parse(password, email.as_ref().unwrap_or(&stand_in), text(entered, "name"));
    let password = errors.take(parsed);
    errors.finish()?;
    match (email, name, password) {
        (Some(email), Some(name), Some(password)) => Ok(Register { email, name, password }),
        _ => Err(Failure::internal("a form without faults lacks a field")),
    }
}

/// The link of a mail leads to a button: programs that look into mails open links, and must not use them up.
async fn show_verify(viewer: Viewer, link: web::Query<Link>) -> Result<HttpResponse, Problem> {
    let token = link.into_inner().token.unwrap_or_default();
    page(&VerifyPage { chrome: at_front(viewer.chrome), form: Form::default(), token })
}

async fn take_verify(
    app: web::Data<App>,
    viewer: Viewer,
    _: SignInLimit,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Problem> {
    match verify_email(&app, text(&entered, "token")).await {
        Ok(()) if viewer.is_signed_in() => Ok(see_other_done("/me", Done::Verified)),
        Ok(()) => Ok(see_other_done("/sign-in", Done::Verified)),
        Err(failure) if failure.code.status() >= 500 => Err(failure.into()),
        Err(failure) => {
            let form = Form::refused(Entered::new(), &failure, &[]);
            refused_page(
                &failure,
                &VerifyPage { chrome: at_front(viewer.chrome), form, token: String::new() },
            )
        }
    }
}

async fn take_resend(
    app: web::Data<App>,
    viewer: Viewer,
    _: SignInLimit,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Problem> {
    let outcome = match EmailAddress::parse(text(&entered, "email")) {
        Ok(email) => resend_verification(&app, email).await,
        Err(invalid) => Err(invalid.into()),
    };
    let chrome = at_front(viewer.chrome);
    match outcome {
        Ok(()) => page(&SayingPage {
            chrome,
            heading: "Look into your mail",
            text: "If the address belongs to an account that is not confirmed yet, a new link is on its way.",
        }),
        Err(failure) if failure.code == Code::InvalidField => {
            let form = Form::refused(entered.into_inner(), &failure, &["email"]);
            refused_page(&failure, &VerifyPage { chrome, form, token: String::new() })
        }
        Err(failure) => Err(failure.into()),
    }
}

/// From these pages nobody wants to come back to them after signing in; and their addresses may hold secrets.
pub(super) fn at_front(chrome: Chrome) -> Chrome {
    Chrome { here: "/".to_owned(), ..chrome }
}

/// What was entered into a field.
pub(super) fn text<'a>(entered: &'a Entered, name: &str) -> &'a str {
    entered.get(name).map_or("", String::as_str)
}
