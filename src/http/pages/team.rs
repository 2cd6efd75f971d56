//! Teams: forming one, its members and name, inviting, and answering an invitation; becoming one with another; what was decided about
//! its submissions.

mod flags;
mod mergers;

use actix_web::{HttpResponse, web};
use app::challenges::detail::{ChallengeDetail, read_challenge};
use app::integrity::{appeal_flag, list_team_flags};
use app::teams::answer::{InvitationKey, accept_invitation, decline_invitation, read_invitation};
use app::teams::captain::hand_over;
use app::teams::detail::{TeamDetail, read_team};
use app::teams::form::form_team;
use app::teams::invite::{invite, revoke_invitation};
use app::teams::leave::leave_team;
use app::teams::mergers::list::list_mergers;
use app::teams::rename::rename_team;
use app::{App, Code, Failure, Outcome};
use askama::Template;
use domain::integrity::Statement;
use domain::team::TeamRole;
use domain::{EmailAddress, FlagId, InvitationId, TeamId, TeamName, UserId};

use self::flags::FlagNote;
use self::mergers::MergerNote;
use super::addresses;
use super::chrome::{Chrome, Identity, page, refused_page};
use super::form::{Entered, Form};
use super::format::Moment;
use super::redirect::{Done, see_other, see_other_done};
use super::viewer::Viewer;
use crate::problem::Problem;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/challenges/{challenge}/team")
                .route(web::get().to(show_own_team))
                .route(web::post().to(take_team)),
        )
        .route("/teams/{id}", web::get().to(show_team))
        .route("/teams/{id}/rename", web::post().to(rename))
        .route("/teams/{id}/invitations", web::post().to(take_invitation))
        .route("/teams/{id}/invitations/{invitation}/withdraw", web::post().to(withdraw_invitation))
        .route("/teams/{id}/members/{user}/remove", web::post().to(remove_member))
        .route("/teams/{id}/members/{user}/captain", web::post().to(make_captain))
        .route("/teams/{id}/mergers", web::post().to(mergers::propose))
        .route("/teams/{id}/mergers/{merger}", web::post().to(mergers::answer_merger))
        .route("/teams/{id}/flags/{flag}/appeal", web::post().to(appeal))
        .service(
            web::resource("/invitations/{key}")
                .route(web::get().to(show_invitation))
                .route(web::post().to(answer_invitation)),
        );
}

#[derive(Template)]
#[template(path = "form_team.html")]
struct FormTeamPage<'a> {
    chrome: Chrome,
    detail: &'a ChallengeDetail,
    address: String,
    form: Form,
}

#[derive(Template)]
#[template(path = "team.html")]
struct TeamPage<'a> {
    chrome: Chrome,
    team: &'a TeamDetail,
    challenge: ChallengeDetail,
    address: String,
    form: Form,
    is_captain: bool,
    is_member: bool,
    members: Vec<MemberView>,
    invitations: Vec<InvitationView>,
    former_names: Vec<String>,
    mergers: Vec<MergerNote>,
    flags: Vec<FlagNote>,
}

struct MemberView {
    user: UserId,
    name: String,
    is_captain: bool,
    is_self: bool,
    joined: Moment,
    left: Option<Moment>,
}

struct InvitationView {
    id: InvitationId,
    email: String,
    expires: Moment,
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationPage {
    chrome: Chrome,
    form: Form,
    here: String,
    team: String,
    challenge: ChallengeDetail,
    address: String,
}

async fn show_own_team(
    app: web::Data<App>,
    viewer: Viewer,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let detail = read_challenge(&app, &viewer.actor, &challenge).await?;
    if !viewer.is_signed_in() {
        return Ok(viewer.to_sign_in());
    }
    let address = addresses::challenge(&detail.challenge.slug);
    match &detail.team {
        Some(team) => Ok(see_other(&format!("/teams/{}", team.id))),
        None if !detail.is_registered() => Ok(see_other(&format!("{address}/register"))),
        None => {
            page(&FormTeamPage { chrome: viewer.chrome, detail: &detail, address, form: Form::default() })
        }
    }
}

async fn take_team(
    app: web::Data<App>,
    viewer: Viewer,
    challenge: web::Path<String>,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Problem> {
    let entered = entered.into_inner();
    let detail = read_challenge(&app, &viewer.actor, &challenge).await?;
    if !viewer.is_signed_in() {
        return Ok(viewer.to_sign_in());
    }
    let outcome = match TeamName::parse(text(&entered, "name")) {
        Ok(name) => form_team(&app, &viewer.actor, &challenge, name, None).await,
        Err(invalid) => Err(invalid.into()),
    };
    match outcome {
        Ok(team) => Ok(see_other_done(&format!("/teams/{}", team.into_inner()), Done::TeamFormed)),
        Err(failure) if failure.code.status() >= 500 => Err(failure.into()),
        Err(failure) => {
            let form = Form::refused(entered, &failure, &["name"]);
            let address = addresses::challenge(&detail.challenge.slug);
            refused_page(&failure, &FormTeamPage { chrome: viewer.chrome, detail: &detail, address, form })
        }
    }
}

async fn show_team(
    app: web::Data<App>,
    viewer: Viewer,
    id: web::Path<TeamId>,
) -> Result<HttpResponse, Problem> {
    match read_team(&app, &viewer.actor, *id).await {
        Ok(team) => show(&app, viewer, &team, None).await,
        Err(failure) => viewer.refuse(failure),
    }
}

async fn rename(
    app: web::Data<App>,
    viewer: Viewer,
    id: web::Path<TeamId>,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Problem> {
    let outcome = match TeamName::parse(text(&entered, "name")) {
        Ok(name) => rename_team(&app, &viewer.actor, *id, name).await,
        Err(invalid) => Err(invalid.into()),
    };
    answer(&app, viewer, *id, outcome, Done::TeamRenamed, entered.into_inner()).await
}

async fn take_invitation(
    app: web::Data<App>,
    viewer: Viewer,
    id: web::Path<TeamId>,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Problem> {
    let outcome = match EmailAddress::parse(text(&entered, "email")) {
        Ok(email) => invite(&app, &viewer.actor, *id, email, None).await.map(drop),
        Err(invalid) => Err(invalid.into()),
    };
    answer(&app, viewer, *id, outcome, Done::Invited, entered.into_inner()).await
}

async fn withdraw_invitation(
    app: web::Data<App>,
    viewer: Viewer,
    path: web::Path<(TeamId, InvitationId)>,
) -> Result<HttpResponse, Problem> {
    let (id, invitation) = path.into_inner();
    let outcome = revoke_invitation(&app, &viewer.actor, id, invitation).await;
    answer(&app, viewer, id, outcome, Done::InvitationWithdrawn, Entered::new()).await
}

async fn remove_member(
    app: web::Data<App>,
    viewer: Viewer,
    path: web::Path<(TeamId, UserId)>,
) -> Result<HttpResponse, Problem> {
    let (id, user) = path.into_inner();
    let outcome = leave_team(&app, &viewer.actor, id, user).await;
    if outcome.is_ok() && viewer.actor.user() == Some(user) {
        return Ok(see_other_done("/me", Done::Left));
    }
    answer(&app, viewer, id, outcome, Done::Removed, Entered::new()).await
}

async fn make_captain(
    app: web::Data<App>,
    viewer: Viewer,
    path: web::Path<(TeamId, UserId)>,
) -> Result<HttpResponse, Problem> {
    let (id, user) = path.into_inner();
    let outcome = hand_over(&app, &viewer.actor, id, user).await;
    answer(&app, viewer, id, outcome, Done::CaptainChanged, Entered::new()).await
}

async fn appeal(
    app: web::Data<App>,
    viewer: Viewer,
    path: web::Path<(TeamId, FlagId)>,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Problem> {
    let (id, flag) = path.into_inner();
    let outcome = match Statement::parse(text(&entered, "text")) {
        Ok(said) => appeal_flag(&app, &viewer.actor, id, flag, said).await.map(drop),
        Err(invalid) => Err(invalid.into()),
    };
    answer(&app, viewer, id, outcome, Done::Appealed, entered.into_inner()).await
}

/// Back to the team: with a notice, or with the reason why nothing was done.
async fn answer(
    app: &App,
    viewer: Viewer,
    id: TeamId,
    outcome: Outcome<()>,
    done: Done,
    entered: Entered,
) -> Result<HttpResponse, Problem> {
    match outcome {
        Ok(()) => Ok(see_other_done(&format!("/teams/{id}"), done)),
        Err(failure) if failure.code.status() >= 500 || failure.code == Code::NotFound => {
            viewer.refuse(failure)
        }
        Err(failure) => {
            let team = read_team(app, &viewer.actor, id).await?;
            show(app, viewer, &team, Some((failure, entered))).await
        }
    }
}

async fn show(
    app: &App,
    viewer: Viewer,
    team: &TeamDetail,
    refusal: Option<(Failure, Entered)>,
) -> Result<HttpResponse, Problem> {
    let challenge = read_challenge(app, &viewer.actor, &team.team.challenge_id.to_string()).await?;
    let own = viewer.actor.user();
    let flags = list_team_flags(app, &viewer.actor, team.team.id).await?;
    let mergers = list_mergers(app, &viewer.actor, team.team.id).await?;
    let has_ended = mergers.iter().any(|one| one.is_end_of(team.team.id));
    let form = match &refusal {
        Some((failure, entered)) => Form::refused(entered.clone(), failure, &["name", "email", "into"]),
        None => Form::filled(Entered::from([("name".to_owned(), team.team.name.to_string())])),
    };
    let former = team.names.iter().filter(|past| past.name != team.team.name);
    let template = TeamPage {
        chrome: viewer.chrome,
        address: addresses::challenge(&challenge.challenge.slug),
        challenge,
        form,
        // Those who have it now answer for it, and there is nothing to lead.
        is_captain: team.role == Some(TeamRole::Captain) && !has_ended,
        is_member: team.role.is_some(),
        members: team
            .members
            .iter()
            .map(|member| MemberView {
                user: member.user,
                name: member.name.to_string(),
                is_captain: member.role == TeamRole::Captain && member.left_at.is_none(),
                is_self: Some(member.user) == own,
                joined: Moment::new(app, member.joined_at),
                left: member.left_at.map(|at| Moment::new(app, at)),
            })
            .collect(),
        invitations: team
            .invitations
            .iter()
            .map(|open| InvitationView {
                id: open.id,
                email: open.email_key.clone(),
                expires: Moment::new(app, open.expires_at),
            })
            .collect(),
        former_names: former.map(|past| past.name.to_string()).collect(),
        mergers: mergers.into_iter().map(|one| MergerNote::new(app, one, team.team.id)).collect(),
        flags: flags.into_iter().map(|flag| FlagNote::new(app, flag)).collect(),
        team,
    };
    match &refusal {
        Some((failure, _)) => refused_page(failure, &template),
        None => page(&template),
    }
}

async fn show_invitation(
    app: web::Data<App>,
    viewer: Viewer,
    key: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    if !viewer.is_signed_in() {
        return Ok(viewer.to_sign_in());
    }
    page(&invitation(&app, viewer, &key, None).await?)
}

async fn answer_invitation(
    app: web::Data<App>,
    viewer: Viewer,
    key: web::Path<String>,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Problem> {
    if !viewer.is_signed_in() {
        return Ok(viewer.to_sign_in());
    }
    let parsed = parse_key(&key)?;
    let outcome = match text(&entered, "answer") {
        "decline" => decline_invitation(&app, &viewer.actor, parsed)
            .await
            .map(|()| see_other_done("/me", Done::Declined)),
        _ => accept_invitation(&app, &viewer.actor, parsed)
            .await
            .map(|team| see_other_done(&format!("/teams/{team}"), Done::Joined)),
    };
    match outcome {
        Ok(response) => Ok(response),
        Err(failure) if failure.code.status() >= 500 || failure.code.status() == 404 => Err(failure.into()),
        Err(failure) => {
            let template = invitation(&app, viewer, &key, Some(&failure)).await?;
            refused_page(&failure, &template)
        }
    }
}

/// An invitation is named by the token from its mail; on one's own page, by its id.
fn parse_key(key: &str) -> Outcome<InvitationKey> {
    match key.parse::<InvitationId>() {
        Ok(id) => Ok(InvitationKey::Id(id)),
        Err(_) => InvitationKey::parse_token(key),
    }
}

async fn invitation(
    app: &App,
    viewer: Viewer,
    key: &str,
    refusal: Option<&Failure>,
) -> Outcome<InvitationPage> {
    let team = read_invitation(app, &viewer.actor, parse_key(key)?).await?;
    let challenge = read_challenge(app, &viewer.actor, &team.challenge_id.to_string()).await?;
    Ok(InvitationPage {
        form: refusal.map_or_else(Form::default, |failure| Form::refused(Entered::new(), failure, &[])),
        here: viewer.chrome.here.clone(),
        chrome: viewer.chrome,
        team: team.name.to_string(),
        address: addresses::challenge(&challenge.challenge.slug),
        challenge,
    })
}

fn text<'a>(entered: &'a Entered, name: &str) -> &'a str {
    entered.get(name).map_or("", String::as_str)
}
