//! Teams: one's own, new ones, and taking part in a challenge with one.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use app::evalai::numbers::{entity, number, numbers};
use app::evalai::participate::participate;
use app::evalai::teams::{ListedTeam, list_host_teams, list_participant_teams, make_team};
use app::{App, Code, Failure, Outcome};
use domain::evalai::{NumberedKind, TeamPurpose};
use domain::{Actor, ChallengeId, TeamName};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::answers::{Page, Refusal};
use crate::extract::{Json, SignedIn};

pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_own_participant_teams)
        .service(create_participant_team)
        .service(list_own_host_teams)
        .service(create_host_team)
        .service(join_challenge);
}

/// A team.
#[derive(Serialize, ToSchema)]
struct TeamView {
    id: i64,
    team_name: String,
    /// The name of who made it or leads it.
    created_by: String,
    team_url: String,
    members: Vec<MemberView>,
}

/// A member, under both names that clients read.
#[derive(Serialize, ToSchema)]
struct MemberView {
    member_name: String,
    user: String,
}

/// A team to be made.
#[derive(Deserialize, ToSchema)]
struct NewTeam {
    team_name: String,
    team_url: Option<String>,
}

impl TeamView {
    fn new(team: ListedTeam, id: i64) -> Self {
        let member = |name: String| MemberView { member_name: name.clone(), user: name };
        Self {
            id,
            team_name: team.name,
            created_by: team.led_by,
            team_url: team.url,
            members: team.members.into_iter().map(member).collect(),
        }
    }
}

async fn page(app: &App, kind: NumberedKind, teams: Vec<ListedTeam>) -> Result<HttpResponse, Refusal> {
    let ids = numbers(app, kind, teams.iter().map(|team| team.entity)).await?;
    let view = |team: ListedTeam| Some(TeamView::new(team.clone(), *ids.get(&team.entity)?));
    Ok(HttpResponse::Ok().json(Page::whole(teams.into_iter().filter_map(view).collect())))
}

/// List one's own teams: those for challenges to come, and those of challenges.
#[utoipa::path(tag = "teams", responses((status = 200, description = "The teams.", body = Page<TeamView>)))]
#[get("/participants/participant_team")]
async fn list_own_participant_teams(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
) -> Result<HttpResponse, Refusal> {
    page(&app, NumberedKind::ParticipantTeam, list_participant_teams(&app, &actor).await?).await
}

/// List the host teams by which one runs challenges; the first stands for oneself.
#[utoipa::path(tag = "teams", responses((status = 200, description = "The teams.", body = Page<TeamView>)))]
#[get("/hosts/challenge_host_team")]
async fn list_own_host_teams(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
) -> Result<HttpResponse, Refusal> {
    page(&app, NumberedKind::HostTeam, list_host_teams(&app, &actor).await?).await
}

/// Make a team for challenges to come.
#[utoipa::path(tag = "teams", request_body = NewTeam, responses(
    (status = 201, description = "Made.", body = TeamView),
    (status = 400, description = "One of one's own teams has this name, or the name cannot be one."),
))]
#[post("/participants/participant_team")]
async fn create_participant_team(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    body: Json<NewTeam>,
) -> Result<HttpResponse, Refusal> {
    make(&app, &actor, TeamPurpose::Participant, body.0).await
}

/// Make a team for running challenges.
#[utoipa::path(tag = "teams", request_body = NewTeam, responses(
    (status = 201, description = "Made.", body = TeamView),
    (status = 400, description = "One of one's own teams has this name, or the name cannot be one."),
))]
#[post("/hosts/create_challenge_host_team")]
async fn create_host_team(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    body: Json<NewTeam>,
) -> Result<HttpResponse, Refusal> {
    make(&app, &actor, TeamPurpose::Host, body.0).await
}

async fn make(app: &App, actor: &Actor, purpose: TeamPurpose, new: NewTeam) -> Result<HttpResponse, Refusal> {
    let kind = match purpose {
        TeamPurpose::Participant => NumberedKind::ParticipantTeam,
        TeamPurpose::Host => NumberedKind::HostTeam,
    };
    let name = TeamName::parse(&new.team_name).map_err(Failure::from)?;
    match make_team(app, actor, purpose, name, new.team_url.unwrap_or_default()).await {
        Ok(team) => {
            let id = number(app, kind, team.entity).await?;
            Ok(HttpResponse::Created().json(TeamView::new(team, id)))
        }
        // The client reads the sentence from a list under the name of the field.
        Err(failure) if failure.code == Code::TeamNameTaken => {
            let body = json!({"team_name": [failure.detail], "error": failure.detail});
            Ok(HttpResponse::build(StatusCode::BAD_REQUEST).json(body))
        }
        Err(failure) => Err(failure.into()),
    }
}

/// Take part in a challenge with a team; the terms in force are accepted by it.
#[utoipa::path(tag = "teams",
    params(
        ("challenge" = i64, Path, description = "The challenge."),
        ("team" = i64, Path, description = "The team."),
    ),
    responses(
        (status = 201, description = "The team takes part."),
        (status = 406, description = "One takes part already, or the challenge takes nobody."),
    ),
)]
#[post("/challenges/challenge/{challenge}/participant_team/{team}")]
async fn join_challenge(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Refusal> {
    let (challenge, team) = path.into_inner();
    let challenge: ChallengeId =
        entity(&app, NumberedKind::Challenge, &challenge).await.map_err(Refusal::challenge)?;
    let team: Outcome<Uuid> = entity(&app, NumberedKind::ParticipantTeam, &team).await;
    participate(&app, &actor, challenge, team?).await?;
    Ok(HttpResponse::Created().json(json!({})))
}
