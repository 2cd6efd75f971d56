//! Who sees a challenge and may enter it; and what becomes of those who ask.

use actix_web::{HttpResponse, delete, get, post, put, web};
use app::App;
use app::challenges::entry::{
    EntryRules, RegistrationState, Verdict, appeal_registration, decide_registration, read_entry_rules,
    read_own_registration, set_entry_rules, withdraw_registration,
};
use app::challenges::records::Registration;
use app::failure::{FieldErrors, Outcome};
use domain::entry::{Admission, MailDomain, Openness, domains, guests};
use domain::time::parse_deadline;
use domain::{Timestamp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::given::{named, unread};
use crate::extract::{Json, SignedIn};
use crate::problem::Problem;

/// Who sees a challenge and may enter it, all of it; what is left out is open to everybody.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EntryRulesView {
    /// Who sees it once it is published: `public`, `unlisted` (whoever knows the address), or `private` (guests, people of
    /// welcome mail domains, and those who are registered).
    #[serde(default = "public")]
    #[schema(default = "public")]
    openness: String,
    /// Who may enter: `open`, `listed` (guests and people of welcome mail domains), or `approval` (the same at once, others
    /// when an organizer approves).
    #[serde(default = "open")]
    #[schema(default = "open")]
    admission: String,
    /// From when on nobody registers any more, written as deadlines of phases are; null is never.
    entries_close_at: Option<String>,
    /// From when on nobody joins a team any more; null is never.
    teams_freeze_at: Option<String>,
    /// The e-mail addresses of people who are expected, at most 5000.
    #[serde(default)]
    guests: Vec<String>,
    /// Mail domains, with those below them, whose people are expected.
    #[serde(default)]
    #[schema(example = json!(["example.org"]))]
    welcome_domains: Vec<String>,
    /// Mail domains, with those below them, whose people may not enter, guests excepted.
    #[serde(default)]
    blocked_domains: Vec<String>,
}

fn public() -> String {
    Openness::Public.as_str().to_owned()
}

fn open() -> String {
    Admission::Open.as_str().to_owned()
}

impl EntryRulesView {
    fn parse(&self) -> Outcome<EntryRules> {
        let mut errors = FieldErrors::default();
        let mut moment = |field: &'static str, text: &Option<String>| {
            errors.take(text.as_deref().map(parse_deadline).transpose().map_err(named(field)))
        };
        let entries_close_at = moment("entries_close_at", &self.entries_close_at);
        let teams_freeze_at = moment("teams_freeze_at", &self.teams_freeze_at);
        let openness = errors.take(Openness::parse(&self.openness));
        let admission = errors.take(Admission::parse(&self.admission));
        let guests = errors.take(guests(&self.guests));
        let welcome = errors.take(domains("welcome_domains", &self.welcome_domains));
        let blocked = errors.take(domains("blocked_domains", &self.blocked_domains));
        errors.finish()?;
        let (Some(openness), Some(admission)) = (openness, admission) else { return Err(unread()) };
        let (Some(entries_close_at), Some(teams_freeze_at)) = (entries_close_at, teams_freeze_at) else {
            return Err(unread());
        };
        let (Some(guests), Some(welcome), Some(blocked)) = (guests, welcome, blocked) else {
            return Err(unread());
        };
        Ok(EntryRules { openness, admission, entries_close_at, teams_freeze_at, guests, welcome, blocked })
    }
}

impl From<EntryRules> for EntryRulesView {
    fn from(rules: EntryRules) -> Self {
        let names = |domains: &std::collections::BTreeSet<MailDomain>| {
            domains.iter().map(|domain| domain.as_str().to_owned()).collect()
        };
        Self {
            openness: rules.openness.as_str().to_owned(),
            admission: rules.admission.as_str().to_owned(),
            entries_close_at: rules.entries_close_at.map(|at| at.to_string()),
            teams_freeze_at: rules.teams_freeze_at.map(|at| at.to_string()),
            welcome_domains: names(&rules.welcome),
            blocked_domains: names(&rules.blocked),
            guests: rules.guests.into_iter().collect(),
        }
    }
}

/// Where a registration stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct RegistrationStandingView {
    /// `waiting`, `admitted`, `refused`, `banned` or `withdrawn`.
    #[schema(example = "admitted")]
    state: &'static str,
    /// When the person registered first.
    #[schema(value_type = String, format = DateTime)]
    registered_at: Timestamp,
    /// When an organizer decided; null where none had to.
    #[schema(value_type = Option<String>, format = DateTime)]
    decided_at: Option<Timestamp>,
    /// Why, in the organizer's words; empty where nothing was said.
    reason: String,
    /// The person's appeal against the decision.
    appeal: Option<String>,
    /// When they appealed.
    #[schema(value_type = Option<String>, format = DateTime)]
    appealed_at: Option<Timestamp>,
}

impl From<Registration> for RegistrationStandingView {
    fn from(found: Registration) -> Self {
        Self {
            state: found.state.as_str(),
            registered_at: found.registered_at,
            decided_at: found.decided_at,
            reason: found.reason,
            appeal: found.appeal,
            appealed_at: found.appealed_at,
        }
    }
}

/// What an organizer decides about a registration.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecideRegistration {
    /// `admitted`, `refused` or `banned`.
    #[schema(example = "admitted")]
    state: String,
    /// Why, for the person to read: of at most 4000 bytes, and not empty for a refusal or a ban.
    #[serde(default)]
    reason: String,
}

/// What a person says to a decision.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppealRegistration {
    /// The appeal, of 1 to 4000 bytes.
    text: String,
}

/// Show who sees a challenge and may enter it; for organizers.
#[utoipa::path(tag = "challenges", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge.")),
    responses(
        (status = 200, description = "The rules of entry.", body = EntryRulesView),
        (status = 403, description = "This is for its organizers."),
        (status = 404, description = "There is no such challenge, or one does not see it."),
))]
#[get("/challenges/{challenge}/entry")]
pub(crate) async fn show_entry_rules(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let rules = read_entry_rules(&app, &actor, &challenge).await?;
    Ok(HttpResponse::Ok().json(EntryRulesView::from(rules)))
}

/// Say who sees a challenge and may enter it. Whoever is registered stays so.
#[utoipa::path(tag = "challenges", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge.")),
    responses(
        (status = 200, description = "The rules as they are now.", body = EntryRulesView),
        (status = 403, description = "This is for its organizers."),
        (status = 404, description = "There is no such challenge, or one does not see it."),
        (status = 409, description = "The challenge is archived."),
        (status = 422, description = "A field breaks a rule, or the rules contradict each other."),
))]
#[put("/challenges/{challenge}/entry")]
pub(crate) async fn put_entry_rules(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
    body: Json<EntryRulesView>,
) -> Result<HttpResponse, Problem> {
    set_entry_rules(&app, &actor, &challenge, body.0.parse()?).await?;
    let rules = read_entry_rules(&app, &actor, &challenge).await?;
    Ok(HttpResponse::Ok().json(EntryRulesView::from(rules)))
}

/// Admit, refuse or ban somebody who registered; they are sent a mail that it was decided.
#[utoipa::path(tag = "challenges", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The slug or id of the challenge."),
        ("person" = Uuid, Path, description = "The id of an account."),
    ),
    responses(
        (status = 200, description = "The registration as it stands now.", body = RegistrationStandingView),
        (status = 403, description = "This is for its organizers."),
        (status = 404, description = "There is no such challenge, or nobody registered with this id."),
        (status = 409, description = "The person has withdrawn, or the challenge is archived."),
        (status = 422, description = "The state is none, or the reason is missing."),
))]
#[post("/challenges/{challenge}/participants/{person}/decision")]
pub(crate) async fn decide_participant(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, Uuid)>,
    body: Json<DecideRegistration>,
) -> Result<HttpResponse, Problem> {
    let (challenge, person) = path.into_inner();
    let verdict = Verdict::new(RegistrationState::parse(&body.0.state)?, &body.0.reason)?;
    let decided = decide_registration(&app, &actor, &challenge, UserId(person), verdict).await?;
    Ok(HttpResponse::Ok().json(RegistrationStandingView::from(decided)))
}

/// Show where one's own registration stands, and why.
#[utoipa::path(tag = "challenges", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge.")),
    responses(
        (status = 200, description = "The registration.", body = RegistrationStandingView),
        (status = 403, description = "One has not registered."),
        (status = 404, description = "There is no such challenge, or one does not see it."),
))]
#[get("/challenges/{challenge}/registration")]
pub(crate) async fn show_registration(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let found = read_own_registration(&app, &actor, &challenge).await?;
    Ok(HttpResponse::Ok().json(RegistrationStandingView::from(found)))
}

/// End one's own registration; one has left one's team before.
#[utoipa::path(tag = "challenges", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge.")),
    responses(
        (status = 204, description = "One takes no part any more."),
        (status = 403, description = "One has not registered."),
        (status = 404, description = "There is no such challenge, or one does not see it."),
        (status = 409, description = "One is in a team, or was banned."),
))]
#[delete("/challenges/{challenge}/registration")]
pub(crate) async fn delete_registration(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    withdraw_registration(&app, &actor, &challenge).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Appeal against a refusal or a ban, once for each decision.
#[utoipa::path(tag = "challenges", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge.")),
    responses(
        (status = 200, description = "The registration with the appeal.", body = RegistrationStandingView),
        (status = 404, description = "There is no such challenge, or one does not see it."),
        (status = 409, description = "There is nothing to appeal against, or one has done so."),
        (status = 422, description = "The text breaks a rule."),
))]
#[post("/challenges/{challenge}/registration/appeal")]
pub(crate) async fn create_registration_appeal(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
    body: Json<AppealRegistration>,
) -> Result<HttpResponse, Problem> {
    let found = appeal_registration(&app, &actor, &challenge, &body.0.text).await?;
    Ok(HttpResponse::Ok().json(RegistrationStandingView::from(found)))
}
