//! The page of a challenge: what it asks, when, how it is scored, how to take part.

use actix_web::{HttpResponse, web};
use app::App;
use app::announcements::{Announcement, list_announcements};
use app::challenges::detail::{ChallengeDetail, read_challenge};
use app::challenges::entry::RegistrationState;
use app::pauses::{Pause, list_pauses};
use app::phases::{PhaseDetail, list_phases};
use askama::Template;
use domain::phase::{EvaluationMode, FinalChoice};
use domain::split::Visibility;
use domain::{PhaseId, Timestamp};

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
    pauses: Vec<Paused>,
    phases: Vec<PhaseView>,
    step: Step,
    manages: bool,
    is_archived: bool,
}

/// How many announcements are shown; feeds and the API have more.
const MOST_ANNOUNCEMENTS: u32 = 5;

/// Among so many pauses, newest first, are those that last.
const MOST_PAUSES: u32 = 50;

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

/// Why no submissions are taken for a while, and of which phase; none is all of them.
struct Paused {
    phase: Option<String>,
    since: format::Moment,
    reason: String,
}

impl Paused {
    fn new(app: &App, pause: &Pause, phases: &[PhaseDetail]) -> Self {
        let title = |id: PhaseId| {
            let of = phases.iter().find(|detail| detail.phase.id == id);
            of.map(|detail| detail.phase.title.to_string())
        };
        Self {
            phase: pause.phase_id.and_then(title),
            since: format::Moment::new(app, pause.paused_at),
            reason: pause.reason.clone(),
        }
    }
}

/// What the reader does next to take part.
enum Step {
    SignIn,
    Register,
    EntriesClosed,
    Wait,
    NotAdmitted { reason: String, has_appealed: bool },
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
    let pauses =
        list_pauses(&app, &viewer.actor, &detail.challenge.id.to_string(), None, MOST_PAUSES).await?;
    let pauses = pauses.iter().filter(|pause| pause.ended_at.is_none());
    let pauses = pauses.map(|pause| Paused::new(&app, pause, &phases)).collect();
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
        step: step(&viewer, &detail, is_over, app.now()),
        chrome: viewer.chrome,
        detail: &detail,
        address,
        announcements: announced.iter().map(|one| Told::new(&app, one)).collect(),
        pauses,
        phases,
        manages,
        is_archived,
    };
    page(&template)
}

fn step(viewer: &Viewer, detail: &ChallengeDetail, is_over: bool, now: Timestamp) -> Step {
    if is_over {
        return Step::Over;
    }
    if !viewer.is_signed_in() {
        return Step::SignIn;
    }
    match detail.registration.as_ref().map(|registration| (registration.state, registration)) {
        None | Some((RegistrationState::Withdrawn, _)) => {
            let are_closed = detail.challenge.entries_close_at.is_some_and(|close_at| now >= close_at);
            if are_closed { Step::EntriesClosed } else { Step::Register }
        }
        Some((RegistrationState::Refused | RegistrationState::Banned, decided)) => {
            Step::NotAdmitted { reason: decided.reason.clone(), has_appealed: decided.appeal.is_some() }
        }
        Some(_) if !detail.has_accepted_terms() => Step::AcceptTerms,
        Some(_) if detail.team.is_none() => Step::FormTeam,
        Some((RegistrationState::Waiting, _)) => Step::Wait,
        Some((RegistrationState::Admitted, _)) => Step::Submit,
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
        (quota.per_week, "per UTC week"),
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
