//! Signing in and out, as programs do.

use actix_web::{HttpResponse, delete, get, post, web};
use app::App;
use app::accounts::TokenPair;
use app::accounts::refresh::refresh;
use app::accounts::sign_in::{SignIn, sign_in};
use app::accounts::sign_out::sign_out;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::extract::{Json, SignInLimit, SignedIn, sign_out_cookie};
use crate::problem::Problem;

/// Who signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateSession {
    /// The e-mail address.
    email: String,
    /// The password.
    #[schema(format = Password)]
    password: String,
}

/// What is to be exchanged.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RefreshSession {
    /// The refresh token of the last answer.
    refresh_token: String,
}

/// What a program holds after signing in.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionTokens {
    /// Goes into the `Authorization` header of every request, behind `Bearer`.
    access_token: String,
    /// Seconds for which the access token is good.
    #[schema(example = 900)]
    expires_in: u32,
    /// Exchanges itself for a new pair, once: using it a second time ends the session.
    refresh_token: String,
}

impl From<TokenPair> for SessionTokens {
    fn from(pair: TokenPair) -> Self {
        Self {
            access_token: pair.access_token,
            expires_in: pair.access_seconds,
            refresh_token: pair.refresh_token.reveal().to_owned(),
        }
    }
}

/// Sign in.
#[utoipa::path(tag = "accounts", responses(
    (status = 200, description = "Signed in.", body = SessionTokens),
    (status = 401, description = "No account has this address with this password."),
    (status = 403, description = "The account is disabled."),
    (status = 429, description = "Too many attempts from this network address, or for this e-mail address."),
))]
#[post("/sessions")]
pub(super) async fn create_session(
    limit: SignInLimit,
    app: web::Data<App>,
    body: Json<CreateSession>,
) -> Result<HttpResponse, Problem> {
    limit.and_mailbox(&body.0.email)?;
    let input = SignIn { email: body.0.email, password: body.0.password };
    Ok(HttpResponse::Ok().json(SessionTokens::from(sign_in(&app, input).await?)))
}

/// Exchange a refresh token for a new pair.
#[utoipa::path(tag = "accounts", responses(
    (status = 200, description = "A new pair; the old refresh token is spent.", body = SessionTokens),
    (status = 401, description = "The token is unknown, has run out, or was used before."),
))]
#[post("/sessions/refresh")]
pub(super) async fn refresh_session(
    _: SignInLimit,
    app: web::Data<App>,
    body: Json<RefreshSession>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(SessionTokens::from(refresh(&app, &body.0.refresh_token).await?)))
}

/// Sign out: the session of this request and all its tokens end.
#[utoipa::path(tag = "accounts", security(("bearer" = []), ("session" = [])), responses(
    (status = 204, description = "Signed out."),
))]
#[delete("/sessions/current")]
pub(super) async fn delete_session(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
) -> Result<HttpResponse, Problem> {
    sign_out(&app, &actor).await?;
    Ok(HttpResponse::NoContent().cookie(sign_out_cookie(&app)).finish())
}

/// The public keys that check access tokens and signed records, as a JWK set (RFC 7517).
#[utoipa::path(tag = "accounts", responses(
    (status = 200, description = "The keys.", body = serde_json::Value),
))]
#[get("/.well-known/jwks.json")]
pub(crate) async fn show_key_set(app: web::Data<App>) -> HttpResponse {
    let mut keys = app.access_tokens.public_keys();
    keys.push(app.records.public_key());
    HttpResponse::Ok().json(serde_json::json!({ "keys": keys }))
}
