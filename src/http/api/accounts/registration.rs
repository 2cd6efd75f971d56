//! Making an account, proving the address, choosing a new password.

use actix_web::{HttpResponse, post, web};
use app::App;
use app::accounts::register::{Register, register};
use app::accounts::reset;
use app::accounts::verify;
use app::failure::FieldErrors;
use app::identity::Password;
use domain::{EmailAddress, PersonName};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::extract::{Json, SignInLimit};
use crate::problem::Problem;

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RegisterAccount {
    /// Where mails go.
    #[schema(example = "ada@example.org")]
    email: String,
    /// How the person wants to be called.
    #[schema(example = "Ada Lovelace")]
    name: String,
    /// 12 to 256 characters of any kind.
    #[schema(format = Password)]
    password: String,
}

/// The token from a link in a mail.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkToken {
    /// What follows `token=` in the link.
    token: String,
}

/// An e-mail address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Address {
    /// The address.
    #[schema(example = "ada@example.org")]
    email: String,
}

/// A new password, with the link that allows it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfirmReset {
    /// What follows `token=` in the link.
    token: String,
    /// 12 to 256 characters of any kind.
    #[schema(format = Password)]
    password: String,
}

impl TryFrom<RegisterAccount> for Register {
    type Error = app::Failure;

    fn try_from(body: RegisterAccount) -> Result<Self, Self::Error> {
        let mut errors = FieldErrors::default();
        let email = errors.take(EmailAddress::parse(&body.email));
        let name = errors.take(PersonName::parse(&body.name));
        let password = match (&email, &name) {
            (Some(email), Some(name)) => errors.take(Password::parse(&body.password, email, name.as_str())),
            _ => None,
        };
        errors.finish()?;
        match (email, name, password) {
            (Some(email), Some(name), Some(password)) => Ok(Self { email, name, password }),
            _ => Err(app::Failure::internal("a field is missing although none was refused")),
        }
    }
}

/// Make an account.
///
/// The answer is the same whether or not the address has an account; its owner learns more by mail.
#[utoipa::path(tag = "accounts", responses(
    (status = 202, description = "A mail is on its way to the address."),
    (status = 403, description = "This server does not take new accounts from the outside."),
    (status = 422, description = "A field breaks a rule."),
))]
#[post("/accounts")]
pub(super) async fn register_account(
    _: SignInLimit,
    app: web::Data<App>,
    body: Json<RegisterAccount>,
) -> Result<HttpResponse, Problem> {
    register(&app, body.0.try_into()?).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Prove an e-mail address with the link from the mail.
#[utoipa::path(tag = "accounts", responses(
    (status = 204, description = "The address is proven."),
    (status = 400, description = "The link was used already, has expired or is incomplete."),
))]
#[post("/accounts/verify")]
pub(super) async fn verify_account(
    _: SignInLimit,
    app: web::Data<App>,
    body: Json<LinkToken>,
) -> Result<HttpResponse, Problem> {
    verify::verify_email(&app, &body.0.token).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Ask for the verification mail again.
#[utoipa::path(tag = "accounts", responses(
    (status = 202, description = "If an account with this address needs it, a mail is on its way."),
))]
#[post("/accounts/verify/resend")]
pub(super) async fn resend_verification(
    _: SignInLimit,
    app: web::Data<App>,
    body: Json<Address>,
) -> Result<HttpResponse, Problem> {
    verify::resend_verification(&app, EmailAddress::parse(&body.0.email)?).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Ask for a mail that lets one choose a new password.
#[utoipa::path(tag = "accounts", responses(
    (status = 202, description = "If there is an account with this address, a mail is on its way."),
))]
#[post("/accounts/reset")]
pub(super) async fn request_reset(
    _: SignInLimit,
    app: web::Data<App>,
    body: Json<Address>,
) -> Result<HttpResponse, Problem> {
    reset::request_reset(&app, EmailAddress::parse(&body.0.email)?).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Choose a new password with the link from the mail; every session ends.
#[utoipa::path(tag = "accounts", responses(
    (status = 204, description = "The password is set, and every device is signed out."),
    (status = 400, description = "The link was used already, has expired or is incomplete."),
    (status = 422, description = "The password breaks a rule."),
))]
#[post("/accounts/reset/confirm")]
pub(super) async fn confirm_reset(
    _: SignInLimit,
    app: web::Data<App>,
    body: Json<ConfirmReset>,
) -> Result<HttpResponse, Problem> {
    reset::reset_password(&app, &body.0.token, &body.0.password).await?;
    Ok(HttpResponse::NoContent().finish())
}
