//! Teams: formed, shown, renamed, left, handed over.

use actix_web::{HttpResponse, delete, get, patch, post, web};
use app::App;
use app::idempotency::Created;
use app::teams::{captain, detail, form, leave, list, rename};
use domain::{Actor, TeamId, TeamName, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::views::{TeamSummary, TeamView};
use crate::api::given::named;
use crate::extract::{Anyone, IdempotencyHeader, Json, Page, Paging, SignedIn, Verified};
use crate::problem::Problem;

/// A team's name.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NameTeam {
    /// The name; no two teams of a challenge have names that look the same.
    #[schema(example = "The Looms")]
    name: String,
}

/// Who leads a team.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetCaptain {
    /// A member of the team.
    user: Uuid,
}

/// Which teams are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TeamsQuery {
    /// A moment in RFC 3339: those that were formed by then, by the names that they had.
    as_of: Option<String>,
    /// How many, 1 to 200; 50 when left out.
    limit: Option<u32>,
    /// The `next` of an earlier page.
    cursor: Option<String>,
}

/// List the teams of a challenge, in the order in which they were formed.
#[utoipa::path(tag = "teams",
    params(("challenge" = String, Path, description = "The slug or id of the challenge."), TeamsQuery),
    responses(
        (status = 200, description = "A page of teams.", body = Page<TeamSummary>),
        (status = 404, description = "There is no such challenge, or one does not see it."),
))]
#[get("/challenges/{challenge}/teams")]
pub(crate) async fn list_teams(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    challenge: web::Path<String>,
    query: web::Query<TeamsQuery>,
) -> Result<HttpResponse, Problem> {
    let paging = Paging::parse(query.limit, query.cursor.as_deref())?;
    let as_of = query.as_of.as_deref().map(Timestamp::parse).transpose().map_err(named("as_of"))?;
    let after = paging.after.map(TeamId);
    let rows = list::list_teams(&app, &actor, &challenge, as_of, after, paging.rows_to_read()).await?;
    Ok(HttpResponse::Ok().json(paging.page(rows, |row| row.id.0, TeamSummary::from)))
}

/// Form a team, as its captain.
#[utoipa::path(tag = "teams", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge.")),
    responses(
        (status = 201, description = "The team is formed.", body = TeamView),
        (status = 200, description = "The same request was sent before; this is its answer.", body = TeamView),
        (status = 403, description = "One is not registered, or has not accepted the terms in force."),
        (status = 404, description = "There is no such challenge, or one does not see it."),
        (status = 409, description = "The name is taken or looks like one that is, or one is in a team already."),
        (status = 422, description = "The name breaks a rule."),
))]
#[post("/challenges/{challenge}/teams")]
pub(crate) async fn create_team(
    Verified(actor): Verified,
    app: web::Data<App>,
    challenge: web::Path<String>,
    key: IdempotencyHeader,
    body: Json<NameTeam>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&body.0)?;
    let name = TeamName::parse(&body.0.name)?;
    let created = form::form_team(&app, &actor, &challenge, name, key).await?;
    let view = view(&app, &actor, created.into_inner()).await?;
    Ok(match created {
        Created::New(_) => HttpResponse::Created().json(view),
        Created::Replayed(_) => HttpResponse::Ok().json(view),
    })
}

/// Show a team to its members and to the organizers.
#[utoipa::path(tag = "teams", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The team.")),
    responses(
        (status = 200, description = "The team.", body = TeamView),
        (status = 404, description = "There is no such team, or it is not one's own."),
))]
#[get("/teams/{id}")]
pub(crate) async fn show_team(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(view(&app, &actor, TeamId(*id)).await?))
}

/// Give the team another name.
#[utoipa::path(tag = "teams", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The team.")),
    responses(
        (status = 200, description = "The team as it is now.", body = TeamView),
        (status = 403, description = "This is for the captain."),
        (status = 404, description = "There is no such team, or it is not one's own."),
        (status = 409, description = "The name is taken, or looks like one that is."),
        (status = 422, description = "The name breaks a rule."),
))]
#[patch("/teams/{id}")]
pub(crate) async fn update_team(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
    body: Json<NameTeam>,
) -> Result<HttpResponse, Problem> {
    rename::rename_team(&app, &actor, TeamId(*id), TeamName::parse(&body.0.name)?).await?;
    Ok(HttpResponse::Ok().json(view(&app, &actor, TeamId(*id)).await?))
}

/// Leave a team, or as its captain remove somebody from it.
#[utoipa::path(tag = "teams", security(("bearer" = []), ("session" = [])),
    params(
        ("id" = Uuid, Path, description = "The team."),
        ("user" = Uuid, Path, description = "The member who leaves."),
    ),
    responses(
        (status = 204, description = "They are not in the team any more."),
        (status = 403, description = "Only the captain removes others."),
        (status = 404, description = "There is no such team or member, or it is not one's own."),
        (status = 409, description = "A captain hands over first."),
))]
#[delete("/teams/{id}/members/{user}")]
pub(crate) async fn delete_member(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    leave::leave_team(&app, &actor, TeamId(path.0), UserId(path.1)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Hand the team over to another member.
#[utoipa::path(tag = "teams", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The team.")),
    responses(
        (status = 200, description = "The team as it is now.", body = TeamView),
        (status = 403, description = "This is for the captain."),
        (status = 404, description = "There is no such team, or it is not one's own."),
        (status = 422, description = "The person is not in the team."),
))]
#[post("/teams/{id}/captain")]
pub(crate) async fn set_captain(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
    body: Json<SetCaptain>,
) -> Result<HttpResponse, Problem> {
    captain::hand_over(&app, &actor, TeamId(*id), UserId(body.0.user)).await?;
    Ok(HttpResponse::Ok().json(view(&app, &actor, TeamId(*id)).await?))
}

pub(super) async fn view(app: &App, actor: &Actor, id: TeamId) -> Result<TeamView, Problem> {
    Ok(detail::read_team(app, actor, id).await?.into())
}
