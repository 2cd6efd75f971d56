//! The page of a challenge: what it asks, when, how it is scored, how to take part.

use actix_web::{HttpResponse, web};
use app::App;
use app::announcements::{Announcement, list_announcements};
use app::challenges::detail::{ChallengeDetail, read_challenge};
use app::phases::{PhaseDetail, list_phases};
use askama::Template;
use domain::phase::{EvaluationMode, FinalChoice};
use domain::split::Visibility;

use super::addresses;
use super::chrome::{Chrome, Identity, page};
use super::format::{self, Heading, Window};
use super::markdown::Prose;
use super::place::manages;
use super::viewer::Viewer;
use crate::problem::Problem;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config.route("/challenges/{challenge}", web::get().to(show_challenge));
}

#[derive(Template)]
#[template(path = "challenge.html")]
struct ChallengePage<'a> {
    chrome: Chrome,
    detail: &'a ChallengeDetail,
    address: String,
    description: Prose,
    terms: Option<Prose>,
    announcements: Vec<Told>,
    phases: Vec<PhaseView>,
    step: Step,
    manages: bool,
    is_archived: bool,
}

/// How many announcements are shown; feeds and the API have more.
const MOST_ANNOUNCEMENTS: u32 = 5;

/// An announcement.
struct Told {
    id: String,
    title: String,
    posted: format::Moment,
    body: Prose,
}

impl Told {
    fn new(app: &App, announcement: &Announcement) -> Self {
        Self {
            id: announcement.id.to_string(),
            title: announcement.title.to_string(),
            posted: format::Moment::new(app, announcement.posted_at),
            body: Prose::render(&announcement.body),
        }
    }
}

/// What the reader does next to take part.
enum Step {
    SignIn,
    Register,
    AcceptTerms,
    FormTeam,
    Submit,
    Over,
}

struct PhaseView {
    title: String,
    codename: String,
    address: String,
    window: Window,
    opens: format::Moment,
    description: Prose,
    splits: Vec<SplitView>,
    metrics: Vec<MetricView>,
    quota: Vec<String>,
    final_choice: &'static str,
    upload: String,
    evaluator: String,
    evaluator_title: String,
    evaluator_description: Prose,
    evaluator_rules: Prose,
    mode: &'static str,
    annotations_version: Option<i32>,
    framing_version: Option<i32>,
    waits_for_framing: bool,
    leaderboard: bool,
}

struct SplitView {
    codename: String,
    saying: &'static str,
}

struct MetricView {
    heading: Heading,
    is_primary: bool,
    description: Prose,
}

async fn show_challenge(
    app: web::Data<App>,
    viewer: Viewer,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let detail = read_challenge(&app, &viewer.actor, &challenge).await?;
    let phases = list_phases(&app, &viewer.actor, &detail.challenge.id.to_string()).await?;
    let announced =
        list_announcements(&app, &viewer.actor, &detail.challenge.id.to_string(), None, MOST_ANNOUNCEMENTS)
            .await?;
    let address = addresses::challenge(&detail.challenge.slug);
    let manages = manages(&viewer.actor, &detail);
    let is_archived = detail.challenge.state == domain::challenge::ChallengeState::Archived;
    let phases: Vec<PhaseView> =
        phases.iter().map(|phase| view(&app, &detail, phase, manages || detail.role.is_some())).collect();
    let is_over =
        is_archived || (!phases.is_empty() && phases.iter().all(|phase| phase.window.state == "closed"));
    let template = ChallengePage {
        description: Prose::render(&detail.challenge.description),
        terms: detail.terms.as_ref().map(|terms| Prose::render(&terms.text)),
        step: step(&viewer, &detail, is_over),
        chrome: viewer.chrome,
        detail: &detail,
        address,
        announcements: announced.iter().map(|one| Told::new(&app, one)).collect(),
        phases,
        manages,
        is_archived,
    };
    page(&template)
}

fn step(viewer: &Viewer, detail: &ChallengeDetail, is_over: bool) -> Step {
    match () {
        () if is_over => Step::Over,
        () if !viewer.is_signed_in() => Step::SignIn,
        () if detail.registration.is_none() => Step::Register,
        () if !detail.is_registered() => Step::AcceptTerms,
        () if detail.team.is_none() => Step::FormTeam,
        () => Step::Submit,
    }
}

fn view(app: &App, challenge: &ChallengeDetail, detail: &PhaseDetail, is_organizer: bool) -> PhaseView {
    let phase = &detail.phase;
    let manifest = app.evaluators.get(&phase.evaluator).map(sdk::Evaluator::manifest);
    let wanted = phase.ranking.0.primary.as_deref();
    let mut metrics: Vec<MetricView> = detail
        .metrics
        .iter()
        .enumerate()
        .map(|(place, metric)| MetricView {
            heading: Heading::from(metric),
            is_primary: wanted.map_or(place == 0, |wanted| wanted == metric.name),
            description: Prose::render(
                manifest
                    .and_then(|manifest| manifest.metrics.iter().find(|known| known.name == metric.name))
                    .map_or("", |known| known.description.as_str()),
            ),
        })
        .collect();
    metrics.sort_by_key(|metric| !metric.is_primary);
    let quota = phase.quota();
    let limits = [
        (quota.per_day, "per UTC day"),
        (quota.per_month, "per UTC month"),
        (quota.total, "in the whole phase"),
        (quota.concurrent, "waiting or running at one time"),
    ];
    PhaseView {
        title: phase.title.to_string(),
        codename: phase.codename.to_string(),
        address: addresses::phase(&challenge.challenge.slug, &phase.codename),
        window: Window::seen(phase.opens_at, phase.closes_at, app.now()),
        opens: format::Moment::new(app, phase.opens_at),
        description: Prose::render(&phase.description),
        splits: detail
            .splits
            .iter()
            .map(|split| SplitView {
                codename: split.codename.to_string(),
                saying: match split.visibility {
                    Visibility::Public => "scores are public",
                    Visibility::Private => "scores are seen by the organizers only",
                },
            })
            .collect(),
        metrics,
        quota: limits.into_iter().filter_map(|(limit, span)| Some(format!("{} {span}", limit?))).collect(),
        final_choice: match phase.final_choice {
            FinalChoice::Best => "A team's best submission stands on the leaderboard.",
            FinalChoice::Latest => "A team's latest submission stands on the leaderboard.",
            FinalChoice::Chosen => {
                "The submission that a team chooses stands on the leaderboard; its best one until it has chosen."
            }
        },
        upload: format::size(phase.limits().upload_bytes.min(app.settings.limits.upload_bytes)),
        evaluator: phase.evaluator.clone(),
        evaluator_title: manifest.map_or_else(String::new, |manifest| manifest.title.clone()),
        evaluator_description: Prose::render(manifest.map_or("", |manifest| &manifest.description)),
        evaluator_rules: Prose::render(manifest.map_or("", |manifest| &manifest.rules)),
        mode: match phase.mode {
            EvaluationMode::Strict => "strict: by the specification of the task",
            EvaluationMode::Reference => {
                "reference: as the public code of the task does, its faults included"
            }
        },
        annotations_version: detail.annotations_version,
        framing_version: detail.framing.as_ref().map(|framing| framing.version),
        waits_for_framing: detail.framing.is_none() && !phase.opened_unframed,
        leaderboard: phase.leaderboard_public || is_organizer,
    }
}
