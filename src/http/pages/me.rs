//! One's own page: teams, invitations, tokens, name and password.

use actix_web::{HttpResponse, web};
use app::accounts::api_tokens::{
    CreateApiToken, TokenDays, create_api_token, list_api_tokens, revoke_api_token,
};
use app::accounts::change_password::{ChangePassword, change_password};
use app::accounts::me::{OwnAccount, read_account, rename_account};
use app::challenges::list::{ListChallenges, list_challenges};
use app::failure::FieldErrors;
use app::teams::answer::list_own_invitations;
use app::{App, Code, Failure, FieldError, Outcome};
use askama::Template;
use domain::team::TeamRole;
use domain::{ApiTokenId, InvitationId, PersonName, Scope, Scopes, SiteRole, TeamId, Title};

use super::account::text;
use super::addresses;
use super::chrome::{Chrome, Identity, page, refused_page};
use super::form::{Entered, Form};
use super::format::Moment;
use super::redirect::{Done, see_other_done};
use super::viewer::Viewer;
use crate::problem::Problem;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/me", web::get().to(show_me))
        .route("/me/name", web::post().to(take_name))
        .route("/me/password", web::post().to(take_password))
        .route("/me/tokens", web::post().to(take_token))
        .route("/me/tokens/{id}/revoke", web::post().to(revoke_token));
}

#[derive(Template)]
#[template(path = "me.html")]
struct MePage {
    chrome: Chrome,
    form: Form,
    account: OwnAccount,
    is_admin: bool,
    teams: Vec<TeamView>,
    invitations: Vec<InvitationView>,
    organized: Vec<Organized>,
    tokens: Vec<TokenView>,
    scopes: Vec<ScopeView>,
    /// A token made just now: it is shown this once.
    secret: Option<String>,
}

struct TeamView {
    id: TeamId,
    name: String,
    challenge: String,
    address: String,
    is_captain: bool,
}

struct InvitationView {
    id: InvitationId,
    team: String,
    challenge: String,
    expires: Moment,
}

struct Organized {
    title: String,
    address: String,
    state: &'static str,
}

struct TokenView {
    id: ApiTokenId,
    name: String,
    scopes: String,
    used: Option<Moment>,
    expires: Option<Moment>,
}

struct ScopeView {
    name: &'static str,
    field: String,
    saying: &'static str,
}

async fn show_me(app: web::Data<App>, viewer: Viewer) -> Result<HttpResponse, Problem> {
    if !viewer.is_signed_in() {
        return Ok(viewer.to_sign_in());
    }
    page(&lay_out(&app, viewer, Form::default(), None).await?)
}

async fn take_name(
    app: web::Data<App>,
    viewer: Viewer,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Problem> {
    let outcome = match PersonName::parse(text(&entered, "name")) {
        Ok(name) => rename_account(&app, &viewer.actor, name).await,
        Err(invalid) => Err(invalid.into()),
    };
    answer(&app, viewer, outcome, Done::NameChanged, entered.into_inner(), &["name"]).await
}

async fn take_password(
    app: web::Data<App>,
    viewer: Viewer,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Problem> {
    let input = ChangePassword {
        current: text(&entered, "current").to_owned(),
        new: text(&entered, "new").to_owned(),
    };
    let outcome = change_password(&app, &viewer.actor, input).await.map_err(|failure| match failure.code {
        Code::InvalidCredentials => {
            let error = FieldError::new("current", "is not the present password");
            Failure::invalid_fields(vec![error])
        }
        _ => under_field(failure, "password", "new"),
    });
    answer(&app, viewer, outcome, Done::PasswordChanged, Entered::new(), &["current", "new"]).await
}

/// The same failure with the name that a field has in the form.
fn under_field(mut failure: Failure, known_as: &str, here: &str) -> Failure {
    for error in failure.errors.iter_mut().filter(|error| error.field == known_as) {
        here.clone_into(&mut error.field);
    }
    failure
}

async fn take_token(
    app: web::Data<App>,
    viewer: Viewer,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Problem> {
    let entered = entered.into_inner();
    let outcome = match parse_token(&entered) {
        Ok(input) => create_api_token(&app, &viewer.actor, input).await,
        Err(failure) => Err(failure),
    };
    match outcome {
        Ok(made) => {
            // No redirect: the secret must be in no address, and it is shown this once.
            let secret = made.into_inner().secret.map(|secret| secret.reveal().to_owned());
            page(&lay_out(&app, viewer, Form::default(), secret).await?)
        }
        Err(failure) => refuse(&app, viewer, failure, entered, &["token_name", "expires_in_days"]).await,
    }
}

fn parse_token(entered: &Entered) -> Outcome<CreateApiToken> {
    let mut errors = FieldErrors::default();
    let scopes: Vec<Scope> =
        Scope::ALL.into_iter().filter(|scope| entered.contains_key(&scope_field(*scope))).collect();
    let name = Title::parse(text(entered, "token_name"))
        .map_err(|invalid| errors.push(FieldError::new("token_name", invalid.rule)))
        .ok();
    let days = match text(entered, "expires_in_days").trim() {
        "" => errors.take(TokenDays::parse(None)),
        // A number that cannot be read is no number of days either.
        days => errors.take(TokenDays::parse(Some(days.parse().unwrap_or(0)))),
    };
    errors.finish()?;
    match (name, days) {
        (Some(name), Some(days)) => {
            Ok(CreateApiToken { name, scopes: Scopes::of(&scopes), days, idempotency: None })
        }
        _ => Err(Failure::internal("a form without faults lacks a field")),
    }
}

async fn revoke_token(
    app: web::Data<App>,
    viewer: Viewer,
    id: web::Path<ApiTokenId>,
) -> Result<HttpResponse, Problem> {
    let outcome = revoke_api_token(&app, &viewer.actor, *id).await;
    answer(&app, viewer, outcome, Done::TokenRevoked, Entered::new(), &[]).await
}

async fn answer(
    app: &App,
    viewer: Viewer,
    outcome: Outcome<()>,
    done: Done,
    entered: Entered,
    known: &[&str],
) -> Result<HttpResponse, Problem> {
    match outcome {
        Ok(()) => Ok(see_other_done("/me", done)),
        Err(failure) => refuse(app, viewer, failure, entered, known).await,
    }
}

async fn refuse(
    app: &App,
    viewer: Viewer,
    failure: Failure,
    entered: Entered,
    known: &[&str],
) -> Result<HttpResponse, Problem> {
    if !viewer.is_signed_in() {
        return Ok(super::redirect::see_other("/sign-in?next=/me"));
    }
    if failure.code.status() >= 500 || failure.code == Code::NotFound {
        return Err(failure.into());
    }
    let form = Form::refused(entered, &failure, known);
    refused_page(&failure, &lay_out(app, viewer, form, None).await?)
}

async fn lay_out(app: &App, viewer: Viewer, form: Form, secret: Option<String>) -> Outcome<MePage> {
    let actor = &viewer.actor;
    let account = read_account(app, actor).await?;
    let invitations = list_own_invitations(app, actor).await?;
    let asked = ListChallenges { organized: true, limit: 200, ..ListChallenges::default() };
    let organized = list_challenges(app, actor, asked).await?;
    let tokens = list_api_tokens(app, actor).await?;
    let is_admin = account.user.site_role == SiteRole::Admin;
    Ok(MePage {
        form,
        is_admin,
        teams: account
            .teams
            .iter()
            .map(|own| TeamView {
                id: own.team,
                name: own.name.to_string(),
                challenge: own.challenge_title.to_string(),
                address: addresses::challenge(&own.challenge_slug),
                is_captain: own.role == TeamRole::Captain,
            })
            .collect(),
        invitations: invitations
            .into_iter()
            .map(|offer| InvitationView {
                id: offer.id,
                team: offer.team_name.to_string(),
                challenge: offer.challenge_title.to_string(),
                expires: Moment::new(app, offer.expires_at),
            })
            .collect(),
        organized: organized
            .into_iter()
            .map(|(challenge, _)| Organized {
                address: format!("{}/organize", addresses::challenge(&challenge.slug)),
                title: challenge.title.to_string(),
                state: challenge.state.as_str(),
            })
            .collect(),
        tokens: tokens
            .into_iter()
            .map(|token| TokenView {
                id: token.id,
                name: token.name,
                scopes: token.scopes,
                used: token.last_used_at.map(|at| Moment::new(app, at)),
                expires: token.expires_at.map(|at| Moment::new(app, at)),
            })
            .collect(),
        scopes: Scope::ALL
            .into_iter()
            .filter(|scope| *scope != Scope::Read && (is_admin || *scope != Scope::Admin))
            .map(|scope| ScopeView { name: scope.as_str(), field: scope_field(scope), saying: saying(scope) })
            .collect(),
        secret,
        account,
        chrome: Chrome { here: "/me".to_owned(), ..viewer.chrome },
    })
}

fn scope_field(scope: Scope) -> String {
    format!("scope_{}", scope.as_str())
}

fn saying(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "read what you can read",
        Scope::Submit => "form teams and submit",
        Scope::Organize => "run your challenges",
        Scope::Admin => "run the site",
    }
}
