//! Challenges: lists and one.

use actix_web::{HttpResponse, get, web};
use app::App;
use app::challenges::detail::read_challenge as read_detail;
use app::challenges::records::Standing;
use app::evalai::challenges::{Asked, TimedChallenge, list_challenges, read_challenge};
use app::evalai::numbers::{entity, number, numbers};
use app::evalai::teams::{challenges_of_team, is_own_person};
use app::phases::list_phases;
use domain::challenge::ChallengeState;
use domain::evalai::NumberedKind;
use domain::{Actor, ChallengeId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::answers::{Page, Refusal, end, moment};
use crate::extract::{Anyone, SignedIn};
use crate::pages::markdown::Prose;

pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_all_challenges)
        .service(list_past_challenges)
        .service(list_present_challenges)
        .service(list_future_challenges)
        .service(list_challenges_of_participant_team)
        .service(list_challenges_of_host_team)
        .service(show_challenge);
}

/// A challenge in a list.
#[derive(Serialize, ToSchema)]
pub(super) struct ListedChallenge {
    id: i64,
    title: String,
    short_description: String,
    creator: Creator,
    start_date: String,
    end_date: String,
    approved_by_admin: bool,
    published: bool,
    is_active: bool,
    remote_evaluation: bool,
    is_docker_based: bool,
    /// In bytes; no Docker images are taken.
    max_docker_image_size: i64,
    /// The name of the queue that remote workers ask.
    queue: String,
}

/// Who runs a challenge, as far as everybody may know: its series, or itself.
#[derive(Serialize, ToSchema)]
struct Creator {
    team_name: String,
}

/// A challenge with its texts, in HTML.
#[derive(Serialize, ToSchema)]
struct WholeChallenge {
    #[serde(flatten)]
    listed: ListedChallenge,
    description: String,
    submission_guidelines: String,
    evaluation_details: String,
    terms_and_conditions: String,
}

impl ListedChallenge {
    fn new(timed: TimedChallenge, id: i64, now: domain::Timestamp) -> Self {
        let TimedChallenge { challenge, series, begins_at, ends_at, is_remote } = timed;
        let is_open = begins_at <= now && ends_at.is_none_or(|end| end > now);
        Self {
            id,
            creator: Creator { team_name: series.unwrap_or_else(|| challenge.slug.to_string()) },
            title: challenge.title.to_string(),
            short_description: challenge.summary,
            start_date: moment(begins_at),
            end_date: end(ends_at),
            approved_by_admin: true,
            published: challenge.state != ChallengeState::Draft,
            is_active: is_open && challenge.state == ChallengeState::Published,
            remote_evaluation: is_remote,
            is_docker_based: false,
            max_docker_image_size: 0,
            queue: challenge.slug.to_string(),
        }
    }
}

async fn page(app: &App, actor: &Actor, asked: Asked) -> Result<HttpResponse, Refusal> {
    let found = list_challenges(app, actor, asked).await?;
    let ids = numbers(app, NumberedKind::Challenge, found.iter().map(|one| one.challenge.id.0)).await?;
    let now = app.now();
    let results = found
        .into_iter()
        .filter_map(|one| {
            let id = *ids.get(&one.challenge.id.0)?;
            Some(ListedChallenge::new(one, id, now))
        })
        .collect();
    Ok(HttpResponse::Ok().json(Page::whole(results)))
}

/// List every published challenge.
#[utoipa::path(tag = "challenges", responses(
    (status = 200, description = "The challenges, newest first.", body = Page<ListedChallenge>),
))]
#[get("/challenges/challenge/all/all/all")]
async fn list_all_challenges(Anyone(actor): Anyone, app: web::Data<App>) -> Result<HttpResponse, Refusal> {
    page(&app, &actor, Asked::All).await
}

/// List challenges that are over.
#[utoipa::path(tag = "challenges", responses(
    (status = 200, description = "The challenges, newest first.", body = Page<ListedChallenge>),
))]
#[get("/challenges/challenge/past/approved/public")]
async fn list_past_challenges(Anyone(actor): Anyone, app: web::Data<App>) -> Result<HttpResponse, Refusal> {
    page(&app, &actor, Asked::Standing(Standing::Closed)).await
}

/// List challenges that take submissions.
#[utoipa::path(tag = "challenges", responses(
    (status = 200, description = "The challenges, newest first.", body = Page<ListedChallenge>),
))]
#[get("/challenges/challenge/present/approved/public")]
async fn list_present_challenges(
    Anyone(actor): Anyone,
    app: web::Data<App>,
) -> Result<HttpResponse, Refusal> {
    page(&app, &actor, Asked::Standing(Standing::Open)).await
}

/// List challenges that have not begun.
#[utoipa::path(tag = "challenges", responses(
    (status = 200, description = "The challenges, newest first.", body = Page<ListedChallenge>),
))]
#[get("/challenges/challenge/future/approved/public")]
async fn list_future_challenges(Anyone(actor): Anyone, app: web::Data<App>) -> Result<HttpResponse, Refusal> {
    page(&app, &actor, Asked::Standing(Standing::Upcoming)).await
}

/// List the challenges that one of one's own teams takes part in.
#[utoipa::path(tag = "challenges",
    params(("team" = i64, Path, description = "The team.")),
    responses((status = 200, description = "The challenges.", body = Page<ListedChallenge>)),
)]
#[get("/participants/participant_team/{team}/challenge")]
async fn list_challenges_of_participant_team(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    team: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    let team: Uuid = entity(&app, NumberedKind::ParticipantTeam, &team).await?;
    let found = challenges_of_team(&app, &actor, team).await?;
    page(&app, &actor, Asked::These(found)).await
}

/// List the challenges that one helps to run; all of them are those of the host team that stands for oneself.
#[utoipa::path(tag = "challenges",
    params(("team" = i64, Path, description = "The host team.")),
    responses((status = 200, description = "The challenges, drafts included.", body = Page<ListedChallenge>)),
)]
#[get("/challenges/challenge_host_team/{team}/challenge")]
async fn list_challenges_of_host_team(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    team: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    let team: Uuid = entity(&app, NumberedKind::HostTeam, &team).await?;
    let asked =
        if is_own_person(&app, &actor, team).await? { Asked::Organized } else { Asked::These(Vec::new()) };
    page(&app, &actor, asked).await
}

/// Show a challenge.
#[utoipa::path(tag = "challenges",
    params(("challenge" = i64, Path, description = "The challenge.")),
    responses(
        (status = 200, description = "The challenge.", body = WholeChallenge),
        (status = 406, description = "There is none, or it is not to be seen."),
    ),
)]
#[get("/challenges/challenge/{challenge}")]
async fn show_challenge(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    let found = whole(&app, &actor, &challenge).await.map_err(Refusal::challenge)?;
    Ok(HttpResponse::Ok().json(found))
}

async fn whole(app: &App, actor: &Actor, asked: &str) -> app::Outcome<WholeChallenge> {
    let id: ChallengeId = entity(app, NumberedKind::Challenge, asked).await?;
    let timed = read_challenge(app, actor, id).await?;
    let detail = read_detail(app, actor, &id.to_string()).await?;
    let phases = list_phases(app, actor, &id.to_string()).await?;
    let number = number(app, NumberedKind::Challenge, id.0).await?;
    let terms = detail.terms.map(|terms| terms.text).unwrap_or_default();
    let guidelines: String = phases.iter().map(super::phases::guideline).collect();
    let evaluation: String = phases.iter().map(super::phases::evaluation).collect();
    let description = Prose::render(&timed.challenge.description).to_string();
    Ok(WholeChallenge {
        listed: ListedChallenge::new(timed, number, app.now()),
        description,
        submission_guidelines: Prose::render(&guidelines).to_string(),
        evaluation_details: Prose::render(&evaluation).to_string(),
        terms_and_conditions: Prose::render(&terms).to_string(),
    })
}
