//! Flags: organizers see and decide them, teams read their own part of those that were upheld and appeal.

mod prizes;
pub mod views;

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, post, web};
use app::integrity::{
    AnswerAppeal, DecideFlag, ListFlags, answer_appeal as answer, appeal_flag as appeal,
    decide_flag as decide, list_flags, list_team_flags, read_flag,
};
use app::{App, Failure};
use domain::integrity::{AppealOutcome, Consequence, FlagDecision, Statement};
use domain::{Actor, FlagId, Invalid, TeamId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use self::views::{FlagView, TeamFlagView};
use crate::extract::{Json, Page, Paging, SignedIn};
use crate::problem::Problem;

/// The routes below `/api/v1`.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_phase_flags)
        .service(show_flag)
        .service(decide_flag)
        .service(answer_appeal)
        .service(list_flags_of_team)
        .service(appeal_flag)
        .service(prizes::show_prize_report);
}

/// Which flags are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FlagsQuery {
    /// `true` for only those that wait for a decision or for the answer to an appeal.
    #[serde(default)]
    waiting: bool,
    /// How many, 1 to 200; 50 when left out.
    limit: Option<u32>,
    /// The `next` of an earlier page.
    cursor: Option<String>,
}

/// What is decided about a flag.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DecideFlagBody {
    /// `dismissed` or `upheld`.
    #[schema(example = "upheld")]
    decision: String,
    /// Why, in at most 4000 bytes; the teams of a flag that is upheld read it.
    reason: String,
    /// Where it is upheld, what follows by team id: `none`, `withdrawn` or `disqualified`. Nothing for teams that are left out.
    #[serde(default)]
    consequences: BTreeMap<Uuid, String>,
}

/// The answer to an appeal.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AnswerAppealBody {
    /// The team that appealed.
    team: Uuid,
    /// `confirmed`: the consequence stays; `reversed`: it is lifted.
    #[schema(example = "confirmed")]
    outcome: String,
    /// The answer in words, in at most 4000 bytes.
    answer: String,
}

/// An appeal.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AppealBody {
    /// What the team says to it, in at most 4000 bytes.
    text: String,
}

impl DecideFlagBody {
    fn parse(self) -> Result<DecideFlag, Failure> {
        let consequences = self.consequences.into_iter().map(|(team, consequence)| {
            let parsed =
                Consequence::parse(&consequence).map_err(|invalid| invalid.inside("consequences"))?;
            Ok((TeamId(team), parsed))
        });
        Ok(DecideFlag {
            decision: FlagDecision::parse(&self.decision)?,
            reason: statement("reason", &self.reason)?,
            consequences: consequences.collect::<Result<_, Invalid>>()?,
        })
    }
}

fn statement(field: &str, text: &str) -> Result<Statement, Invalid> {
    Statement::parse(text).map_err(|invalid| Invalid::new(field, invalid.rule))
}

/// List what organizers should look at before they trust the entries of a phase, newest first; for organizers.
#[utoipa::path(tag = "integrity", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The challenge, by id or slug."),
        ("phase" = String, Path, description = "The phase, by id or codename."),
        FlagsQuery,
    ),
    responses(
        (status = 200, description = "The flags.", body = Page<FlagView>),
        (status = 403, description = "This is for organizers."),
        (status = 404, description = "There is no such phase, or one does not see it."),
))]
#[get("/challenges/{challenge}/phases/{phase}/flags")]
async fn list_phase_flags(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    query: web::Query<FlagsQuery>,
) -> Result<HttpResponse, Problem> {
    let (challenge, phase) = path.into_inner();
    let paging = Paging::parse(query.limit, query.cursor.as_deref())?;
    let asked = ListFlags {
        is_waiting: query.waiting,
        before: paging.after.map(FlagId),
        limit: paging.rows_to_read(),
    };
    let flags = list_flags(&app, &actor, &challenge, &phase, asked).await?;
    Ok(HttpResponse::Ok().json(paging.page(flags, |detail| detail.flag.id.0, FlagView::from)))
}

/// Show a flag with its evidence; for organizers.
#[utoipa::path(tag = "integrity", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The flag.")),
    responses(
        (status = 200, description = "The flag.", body = FlagView),
        (status = 404, description = "There is no such flag, or it is another challenge's."),
))]
#[get("/flags/{id}")]
async fn show_flag(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    show(&app, &actor, FlagId(*id)).await
}

/// Dismiss a flag, or uphold it with a consequence for each team; for organizers.
///
/// It is decided once. Where it is upheld, the members of its teams get a mail and may appeal.
#[utoipa::path(tag = "integrity", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The flag.")),
    responses(
        (status = 200, description = "The flag, decided.", body = FlagView),
        (status = 403, description = "This is for organizers who may change the challenge."),
        (status = 404, description = "There is no such flag, or it is another challenge's."),
        (status = 409, description = "It was decided before."),
        (status = 422, description = "A consequence is none, is for another team, or a flag that is dismissed has one."),
))]
#[post("/flags/{id}/decision")]
async fn decide_flag(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
    body: Json<DecideFlagBody>,
) -> Result<HttpResponse, Problem> {
    let id = FlagId(*id);
    decide(&app, &actor, id, body.0.parse()?).await?;
    show(&app, &actor, id).await
}

/// Answer the appeal of a team; for organizers.
///
/// It is answered once. Where it is reversed, what the decision withdrew stands again.
#[utoipa::path(tag = "integrity", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The flag.")),
    responses(
        (status = 200, description = "The flag with the answer.", body = FlagView),
        (status = 403, description = "This is for organizers who may change the challenge."),
        (status = 404, description = "There is no such flag, it is another challenge's, or not about the team."),
        (status = 409, description = "The team has not appealed, or was answered before."),
))]
#[post("/flags/{id}/answer")]
async fn answer_appeal(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
    body: Json<AnswerAppealBody>,
) -> Result<HttpResponse, Problem> {
    let id = FlagId(*id);
    let asked = AnswerAppeal {
        team: TeamId(body.0.team),
        outcome: AppealOutcome::parse(&body.0.outcome)?,
        text: statement("answer", &body.0.answer)?,
    };
    answer(&app, &actor, id, asked).await?;
    show(&app, &actor, id).await
}

/// List the flags against a team that were upheld, newest first; for its members and the organizers.
///
/// A team reads its own part: neither the other team nor the numbers.
#[utoipa::path(tag = "integrity", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The team.")),
    responses(
        (status = 200, description = "The flags.", body = Page<TeamFlagView>),
        (status = 404, description = "There is no such team, or it is another's."),
))]
#[get("/teams/{id}/flags")]
async fn list_flags_of_team(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let flags = list_team_flags(&app, &actor, TeamId(*id)).await?;
    Ok(HttpResponse::Ok().json(Page::whole(flags.into_iter().map(TeamFlagView::from).collect())))
}

/// Appeal against a flag that was upheld; for members of the team, once.
#[utoipa::path(tag = "integrity", security(("bearer" = []), ("session" = [])),
    params(
        ("id" = Uuid, Path, description = "The team."),
        ("flag" = Uuid, Path, description = "The flag."),
    ),
    responses(
        (status = 200, description = "The flag with the appeal.", body = TeamFlagView),
        (status = 403, description = "This is for members of the team."),
        (status = 404, description = "There is no such team or flag, or it is another's, or was not upheld."),
        (status = 409, description = "The team has appealed before."),
))]
#[post("/teams/{id}/flags/{flag}/appeal")]
async fn appeal_flag(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(Uuid, Uuid)>,
    body: Json<AppealBody>,
) -> Result<HttpResponse, Problem> {
    let (team, flag) = path.into_inner();
    let text = statement("text", &body.0.text)?;
    let told = appeal(&app, &actor, TeamId(team), FlagId(flag), text).await?;
    Ok(HttpResponse::Ok().json(TeamFlagView::from(told)))
}

async fn show(app: &App, actor: &Actor, id: FlagId) -> Result<HttpResponse, Problem> {
    let detail = read_flag(app, actor, id).await?;
    Ok(HttpResponse::Ok().json(FlagView::from(detail)))
}
