//! Accounts, as administrators see them.

use actix_web::{HttpResponse, get, patch, web};
use app::App;
use app::accounts::list_users::{self as listing, ListUsers};
use app::accounts::update_user::{self as updating, UpdateUser};
use domain::{SiteRole, UserId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::views::UserView;
use crate::extract::{Administrator, Json, Page, Paging};
use crate::problem::Problem;

/// Which accounts are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct UserQuery {
    /// How many: 1 to 200, 50 when left out.
    limit: Option<u32>,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// Only accounts whose address begins so.
    email: Option<String>,
}

/// What is to change about an account; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeUser {
    /// `member`, `researcher` or `admin`.
    #[schema(example = "researcher")]
    site_role: Option<String>,
    /// Whether the account is to be unusable.
    disabled: Option<bool>,
}

/// List all accounts, oldest first.
#[utoipa::path(tag = "administration", security(("bearer" = []), ("session" = [])), params(UserQuery), responses(
    (status = 200, description = "A page of accounts.", body = Page<UserView>),
    (status = 403, description = "This is for administrators."),
))]
#[get("/admin/users")]
pub(super) async fn list_users(
    Administrator(actor): Administrator,
    app: web::Data<App>,
    query: web::Query<UserQuery>,
) -> Result<HttpResponse, Problem> {
    let query = query.into_inner();
    let paging = Paging::parse(query.limit, query.cursor.as_deref())?;
    let input = ListUsers {
        after: paging.after.map(UserId),
        address_begins: query.email,
        limit: paging.rows_to_read(),
    };
    let users = listing::list_users(&app, &actor, input).await?;
    Ok(HttpResponse::Ok().json(paging.page(users, |user| user.id.0, UserView::from)))
}

/// Change what an account is on the site, or whether it may be used.
#[utoipa::path(tag = "administration", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The account.")),
    responses(
        (status = 200, description = "The account as it is now.", body = UserView),
        (status = 403, description = "This is for administrators, and not on their own account."),
        (status = 404, description = "There is no such account."),
        (status = 422, description = "A field breaks a rule."),
))]
#[patch("/admin/users/{id}")]
pub(super) async fn update_user(
    Administrator(actor): Administrator,
    app: web::Data<App>,
    id: web::Path<Uuid>,
    body: Json<ChangeUser>,
) -> Result<HttpResponse, Problem> {
    let site_role = body.0.site_role.as_deref().map(SiteRole::parse).transpose();
    let site_role = site_role.map_err(|invalid| domain::Invalid::new("site_role", invalid.rule))?;
    let input = UpdateUser { user: UserId(id.into_inner()), site_role, disabled: body.0.disabled };
    let user = updating::update_user(&app, &actor, input).await?;
    Ok(HttpResponse::Ok().json(UserView::from(user)))
}
