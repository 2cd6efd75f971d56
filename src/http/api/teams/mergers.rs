//! Teams that become one: proposed by one captain, accepted by the other.

use actix_web::{HttpResponse, delete, get, post, web};
use app::App;
use app::idempotency::Created;
use app::teams::mergers::list::MergerDetail;
use app::teams::mergers::propose::{OtherTeam, propose_merger as propose_merger_of};
use app::teams::mergers::{answer, list};
use domain::{MergerId, TeamId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::membership::view;
use super::views::{TeamSummary, TeamView};
use crate::extract::{IdempotencyHeader, Json, Page, SignedIn, Verified};
use crate::problem::Problem;

/// Which team one's own would go into.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProposeMerger {
    /// The team that goes on: another one of the challenge.
    into: Uuid,
}

/// A proposal that was made.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProposedMerger {
    /// Its id, to take it back.
    id: Uuid,
}

/// A team that goes into another, or would.
#[derive(Serialize, ToSchema)]
pub(crate) struct MergerView {
    /// Its id.
    id: Uuid,
    /// The team that ends.
    from: TeamSummary,
    /// The team that goes on.
    into: TeamSummary,
    /// When it was proposed.
    #[schema(value_type = String, format = DateTime)]
    proposed_at: Timestamp,
    /// When it was answered; null while it waits.
    #[schema(value_type = Option<String>, format = DateTime)]
    answered_at: Option<Timestamp>,
    /// `accepted`, `declined`, `withdrawn`, or null while it waits.
    answer: Option<String>,
    /// What stands in its way now, while it waits: with the first of these it is refused.
    hindrances: Vec<HindranceView>,
}

/// Why two teams cannot become one now.
#[derive(Serialize, ToSchema)]
pub(crate) struct HindranceView {
    /// The stable code of the refusal.
    code: &'static str,
    /// What it is, and what helps.
    detail: String,
}

impl From<MergerDetail> for MergerView {
    fn from(found: MergerDetail) -> Self {
        let hindrance =
            |failure: app::Failure| HindranceView { code: failure.code.name(), detail: failure.detail };
        Self {
            id: found.merger.id.0,
            from: found.from.into(),
            into: found.into.into(),
            proposed_at: found.merger.proposed_at,
            answered_at: found.merger.answered_at,
            answer: found.merger.answer,
            hindrances: found.hindrances.into_iter().map(hindrance).collect(),
        }
    }
}

/// List the mergers of a team: those that wait, and those that were answered.
#[utoipa::path(tag = "teams", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The team.")),
    responses(
        (status = 200, description = "Its mergers, newest first.", body = Page<MergerView>),
        (status = 404, description = "There is no such team, or it is not one's own."),
))]
#[get("/teams/{id}/mergers")]
pub(crate) async fn list_mergers(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let found = list::list_mergers(&app, &actor, TeamId(*id)).await?;
    Ok(HttpResponse::Ok().json(Page::whole(found.into_iter().map(MergerView::from).collect())))
}

/// Propose that one's team goes into another: its members, its submissions in phases that are not over and what it used of their
/// quotas would be the other team's.
#[utoipa::path(tag = "teams", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The team that would end.")),
    responses(
        (status = 201, description = "The other captain gets a mail.", body = ProposedMerger),
        (status = 200, description = "The same request was sent before; this is its answer.", body = ProposedMerger),
        (status = 403, description = "This is for the captain."),
        (status = 404, description = "There is no such team, or it is not one's own."),
        (status = 409, description = "The teams cannot become one: together they are too large or over a quota, teams are frozen, \
            one is disqualified, or a proposal waits already."),
        (status = 422, description = "The other team is not one of the challenge."),
))]
#[post("/teams/{id}/mergers")]
pub(crate) async fn propose_merger(
    Verified(actor): Verified,
    app: web::Data<App>,
    id: web::Path<Uuid>,
    key: IdempotencyHeader,
    body: Json<ProposeMerger>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&body.0)?;
    let into = OtherTeam::Id(TeamId(body.0.into));
    let created = propose_merger_of(&app, &actor, TeamId(*id), into, key).await?;
    Ok(match created {
        Created::New(id) => HttpResponse::Created().json(ProposedMerger { id: id.0 }),
        Created::Replayed(id) => HttpResponse::Ok().json(ProposedMerger { id: id.0 }),
    })
}

/// Accept a merger, as the captain of the team that goes on; from then on both are one.
#[utoipa::path(tag = "teams", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The merger.")),
    responses(
        (status = 200, description = "The team as it is now.", body = TeamView),
        (status = 403, description = "This is for the captain of the team that was asked."),
        (status = 404, description = "There is no such merger, or it is about other teams."),
        (status = 409, description = "It was answered before, or the teams cannot become one (any more); nothing has changed."),
))]
#[post("/mergers/{id}/accept")]
pub(crate) async fn accept_merger(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let team = answer::accept_merger(&app, &actor, MergerId(*id)).await?;
    Ok(HttpResponse::Ok().json(view(&app, &actor, team).await?))
}

/// Decline a merger, as the captain of the team that was asked.
#[utoipa::path(tag = "teams", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The merger.")),
    responses(
        (status = 204, description = "It is declined."),
        (status = 403, description = "This is for the captain of the team that was asked."),
        (status = 404, description = "There is no such merger, or it is about other teams."),
        (status = 409, description = "It was answered before."),
))]
#[post("/mergers/{id}/decline")]
pub(crate) async fn decline_merger(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    answer::decline_merger(&app, &actor, MergerId(*id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Take a merger back, as the captain of the team that proposed it.
#[utoipa::path(tag = "teams", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The merger.")),
    responses(
        (status = 204, description = "It is taken back."),
        (status = 403, description = "This is for the captain of the team that proposed it."),
        (status = 404, description = "There is no such merger, or it is about other teams."),
        (status = 409, description = "It was answered before."),
))]
#[delete("/mergers/{id}")]
pub(crate) async fn withdraw_merger(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    answer::withdraw_merger(&app, &actor, MergerId(*id)).await?;
    Ok(HttpResponse::NoContent().finish())
}
