//! Signing in: an e-mail address and a password become an API token, which the client keeps.

use actix_web::{HttpResponse, get, post, web};
use app::App;
use app::accounts::api_tokens::{CreateApiToken, TokenDays, create_api_token};
use app::accounts::sign_in::{SignIn, sign_in};
use app::accounts::sign_out::sign_out;
use app::idempotency::Created;
use domain::{Scope, Scopes, Title};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::answers::{Refusal, moment};
use crate::extract::{SignInLimit, SignedIn};

pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config.service(log_in).service(show_auth_token);
}

/// Who signs in.
#[derive(Deserialize, ToSchema)]
struct LogIn {
    /// The e-mail address.
    username: String,
    /// The password.
    password: String,
}

/// A token that is exchanged at once.
#[derive(Serialize, ToSchema)]
struct ShortToken {
    token: String,
}

/// A token for the client to keep.
#[derive(Serialize, ToSchema)]
struct LongToken {
    token: String,
    /// When it ends.
    expires_at: String,
}

/// Sign in.
#[utoipa::path(tag = "accounts",
    request_body(content = LogIn, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "A token that is good for a few minutes.", body = ShortToken),
        (status = 400, description = "No account has this address with this password."),
))]
#[post("/auth/login")]
async fn log_in(
    limit: SignInLimit,
    app: web::Data<App>,
    form: web::Form<LogIn>,
) -> Result<HttpResponse, Refusal> {
    let LogIn { username, password } = form.into_inner();
    limit.and_mailbox(&username)?;
    let pair = sign_in(&app, SignIn { email: username, password }).await?;
    Ok(HttpResponse::Ok().json(ShortToken { token: pair.access_token }))
}

/// Exchange the token of a sign-in for one of 90 days; the sign-in ends with it.
#[utoipa::path(tag = "accounts", responses(
    (status = 200, description = "An API token, listed and revoked like any other.", body = LongToken),
    (status = 403, description = "Only somebody who has signed in gets one."),
))]
#[get("/accounts/user/get_auth_token")]
async fn show_auth_token(SignedIn(actor): SignedIn, app: web::Data<App>) -> Result<HttpResponse, Refusal> {
    let input = CreateApiToken {
        name: Title::parse("evalai client").map_err(app::Failure::from)?,
        scopes: Scopes::of(&[Scope::Submit, Scope::Organize]),
        days: TokenDays::parse(None).map_err(app::Failure::from)?,
        idempotency: None,
    };
    let made = create_api_token(&app, &actor, input).await?;
    let (Created::New(made) | Created::Replayed(made)) = made;
    sign_out(&app, &actor).await?;
    let token = made.secret.as_ref().map(|secret| secret.reveal().to_owned()).unwrap_or_default();
    let expires_at = made.token.expires_at.map(moment).unwrap_or_default();
    Ok(HttpResponse::Ok().json(LongToken { token, expires_at }))
}
