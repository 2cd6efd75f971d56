//! One's own account.

use actix_web::{HttpResponse, delete, get, patch, post, web};
use app::App;
use app::accounts::affiliations::{self, AddAffiliation};
use app::accounts::api_tokens::{self, CreateApiToken, TokenDays};
use app::accounts::change_password::{self as password, ChangePassword};
use app::accounts::{Country, me};
use app::failure::FieldErrors;
use app::idempotency::{Created, IdempotencyKey};
use domain::{AffiliationId, ApiTokenId, Invalid, PersonName, Ror, Scopes, Title};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::views::{AccountView, AffiliationView, ApiTokenView, NewApiTokenView};
use crate::extract::{IdempotencyHeader, Json, Page, SignInLimit, SignedIn};
use crate::problem::Problem;

/// What may change about an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateAccount {
    /// How the person wants to be called.
    name: String,
}

/// The present password and the new one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeOwnPassword {
    /// The present password.
    #[schema(format = Password)]
    current: String,
    /// The new one: 12 to 256 characters of any kind.
    #[schema(format = Password)]
    new: String,
}

/// Where somebody belongs, and since when.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateAffiliation {
    /// The organization.
    #[schema(example = "Analytical Engine Society")]
    organization: String,
    /// Its id in the Research Organization Registry; lists say by it what the organization is.
    #[schema(example = "05dxps055")]
    ror: Option<String>,
    /// Its country, as ISO 3166-1 names it with two letters; left out when it is not to be disclosed.
    #[schema(example = "PT")]
    country: Option<String>,
    /// What you are there: a code of the vocabulary `affiliation.role`; `undisclosed` when left out.
    #[schema(example = "student")]
    role: Option<String>,
    /// How far you are in your career: a code of the vocabulary `career_stage`; `undisclosed` when left out.
    #[schema(example = "doctoral_student")]
    career_stage: Option<String>,
    /// The share of you that it stands for: above 0, at most 1; 1 when left out. On no day may they add up to more than 1.
    #[schema(example = 0.5)]
    weight: Option<f64>,
    /// The first day.
    #[schema(format = Date, example = "2024-09-01")]
    starts_on: String,
    /// The last day, if it is known.
    #[schema(format = Date)]
    ends_on: Option<String>,
}

/// The end of an affiliation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateAffiliation {
    /// The last day.
    #[schema(format = Date, example = "2026-08-31")]
    ends_on: String,
}

/// A new API token.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateToken {
    /// What its owner calls it.
    #[schema(example = "cluster")]
    name: String,
    /// What it allows, among `read`, `submit`, `organize`, `admin`; reading is always allowed.
    #[schema(example = json!(["submit"]))]
    scopes: Vec<String>,
    /// After how many days it ends: 1 to 366, 90 when left out.
    expires_in_days: Option<u32>,
}

fn day(field: &str, text: &str) -> Result<Date, Invalid> {
    text.parse().map_err(|_| Invalid::new(field, "must be a day such as 2026-05-31"))
}

/// A refusal of the same value under the name that it has in the request.
fn named(field: &'static str) -> impl Fn(Invalid) -> Invalid {
    move |invalid| Invalid::new(field, invalid.rule)
}

impl CreateAffiliation {
    fn parse(&self, idempotency: Option<IdempotencyKey>) -> Result<AddAffiliation, app::Failure> {
        let mut errors = FieldErrors::default();
        let organization = errors.take(Title::parse(&self.organization).map_err(named("organization")));
        let country = errors.take(self.country.as_deref().map(Country::parse).transpose());
        let ror = errors.take(self.ror.as_deref().map(Ror::parse).transpose());
        let starts_on = errors.take(day("starts_on", &self.starts_on));
        let ends_on = errors.take(self.ends_on.as_deref().map(|text| day("ends_on", text)).transpose());
        errors.finish()?;
        match (organization, ror, country, starts_on, ends_on) {
            (Some(organization), Some(ror), Some(country), Some(starts_on), Some(ends_on)) => {
                Ok(AddAffiliation {
                    organization,
                    ror,
                    country,
                    role: self.role.clone(),
                    career_stage: self.career_stage.clone(),
                    weight: self.weight,
                    starts_on,
                    ends_on,
                    idempotency,
                })
            }
            _ => Err(app::Failure::internal("a field is missing although none was refused")),
        }
    }
}

impl CreateToken {
    fn parse(&self, idempotency: Option<IdempotencyKey>) -> Result<CreateApiToken, app::Failure> {
        let mut errors = FieldErrors::default();
        let name = errors.take(Title::parse(&self.name).map_err(named("name")));
        let scopes = errors.take(Scopes::parse(&self.scopes.join(" ")));
        let days = errors.take(TokenDays::parse(self.expires_in_days));
        errors.finish()?;
        match (name, scopes, days) {
            (Some(name), Some(scopes), Some(days)) => Ok(CreateApiToken { name, scopes, days, idempotency }),
            _ => Err(app::Failure::internal("a field is missing although none was refused")),
        }
    }
}

/// Show one's own account.
#[utoipa::path(tag = "me", security(("bearer" = []), ("session" = [])), responses(
    (status = 200, description = "The account.", body = AccountView),
))]
#[get("/me")]
pub(super) async fn show_account(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(AccountView::from(me::read_account(&app, &actor).await?)))
}

/// Change one's name.
#[utoipa::path(tag = "me", security(("bearer" = []), ("session" = [])), responses(
    (status = 200, description = "The account as it is now.", body = AccountView),
    (status = 422, description = "The name breaks a rule."),
))]
#[patch("/me")]
pub(super) async fn update_account(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    body: Json<UpdateAccount>,
) -> Result<HttpResponse, Problem> {
    me::rename_account(&app, &actor, PersonName::parse(&body.0.name)?).await?;
    Ok(HttpResponse::Ok().json(AccountView::from(me::read_account(&app, &actor).await?)))
}

/// Change one's password; every other session ends.
#[utoipa::path(tag = "me", security(("bearer" = []), ("session" = [])), responses(
    (status = 204, description = "The password is changed."),
    (status = 403, description = "An API token cannot do this."),
    (status = 422, description = "The present password is wrong, or the new one breaks a rule."),
))]
#[post("/me/password")]
pub(super) async fn change_password(
    SignedIn(actor): SignedIn,
    _: SignInLimit,
    app: web::Data<App>,
    body: Json<ChangeOwnPassword>,
) -> Result<HttpResponse, Problem> {
    let input = ChangePassword { current: body.0.current, new: body.0.new };
    password::change_password(&app, &actor, input).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// List one's affiliations, in the order in which they began.
#[utoipa::path(tag = "me", security(("bearer" = []), ("session" = [])), responses(
    (status = 200, description = "The affiliations.", body = Page<AffiliationView>),
))]
#[get("/me/affiliations")]
pub(super) async fn list_affiliations(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
) -> Result<HttpResponse, Problem> {
    let affiliations = affiliations::list_affiliations(&app, &actor).await?;
    let items = affiliations.into_iter().map(AffiliationView::from).collect();
    Ok(HttpResponse::Ok().json(Page::whole(items)))
}

/// State an affiliation.
#[utoipa::path(tag = "me", security(("bearer" = []), ("session" = [])), responses(
    (status = 201, description = "It is kept.", body = AffiliationView),
    (status = 200, description = "The same request was sent before; this is its answer.", body = AffiliationView),
    (status = 422, description = "A field breaks a rule."),
))]
#[post("/me/affiliations")]
pub(super) async fn create_affiliation(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    key: IdempotencyHeader,
    body: Json<CreateAffiliation>,
) -> Result<HttpResponse, Problem> {
    let input = body.0.parse(key.of(&body.0)?)?;
    Ok(match affiliations::add_affiliation(&app, &actor, input).await? {
        Created::New(made) => HttpResponse::Created().json(AffiliationView::from(made)),
        Created::Replayed(made) => HttpResponse::Ok().json(AffiliationView::from(made)),
    })
}

/// State the last day of an affiliation.
#[utoipa::path(tag = "me", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The affiliation.")),
    responses(
        (status = 200, description = "The affiliation as it is now.", body = AffiliationView),
        (status = 404, description = "There is no such affiliation of yours."),
        (status = 422, description = "The day breaks a rule."),
))]
#[patch("/me/affiliations/{id}")]
pub(super) async fn update_affiliation(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
    body: Json<UpdateAffiliation>,
) -> Result<HttpResponse, Problem> {
    let (id, ends_on) = (AffiliationId(id.into_inner()), day("ends_on", &body.0.ends_on)?);
    let ended = affiliations::end_affiliation(&app, &actor, id, ends_on).await?;
    Ok(HttpResponse::Ok().json(AffiliationView::from(ended)))
}

/// List one's API tokens, without their secrets.
#[utoipa::path(tag = "me", security(("bearer" = []), ("session" = [])), responses(
    (status = 200, description = "The tokens that were not revoked.", body = Page<ApiTokenView>),
))]
#[get("/me/tokens")]
pub(super) async fn list_api_tokens(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
) -> Result<HttpResponse, Problem> {
    let tokens = api_tokens::list_api_tokens(&app, &actor).await?;
    let items = tokens.into_iter().map(ApiTokenView::try_from).collect::<Result<_, _>>()?;
    Ok(HttpResponse::Ok().json(Page::whole(items)))
}

/// Make an API token; its secret is in this answer and nowhere else.
#[utoipa::path(tag = "me", security(("bearer" = []), ("session" = [])), responses(
    (status = 201, description = "The token with its secret.", body = NewApiTokenView),
    (status = 200, description = "The same request was sent before; the secret is not shown again.",
        body = NewApiTokenView),
    (status = 403, description = "An API token cannot make others."),
    (status = 422, description = "A field breaks a rule."),
))]
#[post("/me/tokens")]
pub(super) async fn create_api_token(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    key: IdempotencyHeader,
    body: Json<CreateToken>,
) -> Result<HttpResponse, Problem> {
    let input = body.0.parse(key.of(&body.0)?)?;
    Ok(match api_tokens::create_api_token(&app, &actor, input).await? {
        Created::New(made) => HttpResponse::Created().json(NewApiTokenView::try_from(made)?),
        Created::Replayed(made) => HttpResponse::Ok().json(NewApiTokenView::try_from(made)?),
    })
}

/// Revoke an API token.
#[utoipa::path(tag = "me", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The token.")),
    responses(
        (status = 204, description = "It is good for nothing from now on."),
        (status = 403, description = "An API token cannot revoke others."),
        (status = 404, description = "There is no such token of yours."),
))]
#[delete("/me/tokens/{id}")]
pub(super) async fn delete_api_token(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    api_tokens::revoke_api_token(&app, &actor, ApiTokenId(id.into_inner())).await?;
    Ok(HttpResponse::NoContent().finish())
}
