//! What organizers see of their challenge: its phases, annotations and submissions, and what went wrong.

use actix_web::{HttpResponse, web};
use app::challenges::detail::{ChallengeDetail, read_challenge};
use app::challenges::entry::RegistrationState;
use app::challenges::participants::list_participants;
use app::phases::annotations::list_annotations;
use app::phases::list_phases;
use app::submissions::list::{ListSubmissions, list_submissions};
use app::submissions::rescore::rescore_phase;
use app::trials::repeat_trials;
use app::{App, Outcome};
use askama::Template;
use domain::submission::SubmissionState;
use domain::{SubmissionId, TeamId};
use serde::Deserialize;

use super::addresses;
use super::chrome::{Chrome, Identity, page};
use super::format::{Heading, Moment, Window, size};
use super::place::{Place, manages};
use super::redirect::{Done, see_other_done};
use super::submissions::{PAGE, SubmissionRow, older, primary, rows};
use super::trials::{self, TrialRow};
use super::viewer::Viewer;
use crate::problem::Problem;

/// How many participants the page lists; the API lists them all.
const MOST_PARTICIPANTS: u32 = 200;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/challenges/{challenge}/organize", web::get().to(show_challenge))
        .route("/challenges/{challenge}/phases/{phase}/organize", web::get().to(show_phase))
        .route("/challenges/{challenge}/phases/{phase}/trials", web::post().to(repeat))
        .route("/challenges/{challenge}/phases/{phase}/rescore", web::post().to(rescore));
}

#[derive(Template)]
#[template(path = "organize.html")]
struct OrganizePage {
    chrome: Chrome,
    detail: ChallengeDetail,
    address: String,
    manages: bool,
    phases: Vec<PhaseView>,
    participants: Vec<ParticipantView>,
    waiting: usize,
}

struct ParticipantView {
    name: String,
    team: Option<(TeamId, String)>,
    registered: Moment,
    accepted_version: Option<i32>,
}

struct PhaseView {
    title: String,
    address: String,
    window: Window,
    evaluator: String,
    leaderboard_public: bool,
    framing_version: Option<i32>,
    waits_for_framing: bool,
    annotations: Vec<AnnotationsView>,
    trials: Vec<TrialRow>,
}

impl PhaseView {
    fn has_failed_trial(&self) -> bool {
        self.trials.iter().any(|trial| trial.state == "failed")
    }
}

struct AnnotationsView {
    version: i32,
    created: Moment,
    items: i32,
    tables: Vec<String>,
    in_force: bool,
}

#[derive(Debug, Deserialize)]
struct Asked {
    state: Option<String>,
    before: Option<SubmissionId>,
}

#[derive(Template)]
#[template(path = "organize_phase.html")]
struct OrganizePhasePage {
    chrome: Chrome,
    place: Place,
    states: Vec<StateTab>,
    chosen: Option<SubmissionState>,
    primary: Option<Heading>,
    rows: Vec<SubmissionRow>,
    older: Option<SubmissionId>,
}

struct StateTab {
    label: &'static str,
    address: String,
    is_current: bool,
}

async fn show_challenge(
    app: web::Data<App>,
    viewer: Viewer,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    match lay_out(&app, &viewer, &challenge).await {
        Ok(template) => page(&OrganizePage { chrome: viewer.chrome, ..template }),
        Err(failure) => viewer.refuse(failure),
    }
}

async fn lay_out(app: &App, viewer: &Viewer, challenge: &str) -> Outcome<OrganizePage> {
    let detail = read_challenge(app, &viewer.actor, challenge).await?;
    let id = detail.challenge.id.to_string();
    let of = async |state| list_participants(app, &viewer.actor, &id, state, None, MOST_PARTICIPANTS).await;
    let participants = of(RegistrationState::Admitted).await?;
    let waiting = of(RegistrationState::Waiting).await?.len();
    let mut phases = Vec::new();
    for phase in list_phases(app, &viewer.actor, &id).await? {
        let versions = list_annotations(app, &viewer.actor, &id, &phase.phase.id.to_string()).await?;
        phases.push(PhaseView {
            title: phase.phase.title.to_string(),
            address: addresses::phase(&detail.challenge.slug, &phase.phase.codename),
            window: Window::seen(phase.phase.opens_at, phase.phase.closes_at, app.now()),
            evaluator: phase.phase.evaluator.clone(),
            leaderboard_public: phase.phase.leaderboard_public,
            trials: trials::rows(app, &viewer.actor, &id, &phase.phase.id.to_string()).await?,
            framing_version: phase.framing.as_ref().map(|framing| framing.version),
            waits_for_framing: phase.framing.is_none() && !phase.phase.opened_unframed,
            annotations: versions
                .iter()
                .rev()
                .map(|version| AnnotationsView {
                    version: version.version,
                    created: Moment::new(app, version.created_at),
                    items: version.item_count,
                    tables: version
                        .tables
                        .0
                        .iter()
                        .map(|table| format!("{} ({})", table.name, size(table.size_bytes)))
                        .collect(),
                    in_force: Some(version.version) == phase.annotations_version,
                })
                .collect(),
        });
    }
    Ok(OrganizePage {
        chrome: viewer.chrome.clone(),
        address: addresses::challenge(&detail.challenge.slug),
        manages: manages(&viewer.actor, &detail),
        waiting,
        participants: participants
            .into_iter()
            .map(|participant| ParticipantView {
                name: participant.name.to_string(),
                team: participant.team.map(|(id, name, _)| (id, name.to_string())),
                registered: Moment::new(app, participant.registered_at),
                accepted_version: participant.accepted_version,
            })
            .collect(),
        detail,
        phases,
    })
}

async fn show_phase(
    app: web::Data<App>,
    viewer: Viewer,
    path: web::Path<(String, String)>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let (challenge, phase) = path.into_inner();
    let chosen = match asked.state.as_deref() {
        None | Some("") => None,
        Some(name) => Some(SubmissionState::parse(name)?),
    };
    // Lists of versions are for organizers: asking for one is how the use cases say who may look.
    let place = match Place::read(&app, &viewer.actor, &challenge, &phase).await {
        Ok(place) => place,
        Err(failure) => return viewer.refuse(failure),
    };
    let (challenge, phase) = (place.challenge.challenge.id.to_string(), place.phase.phase.id.to_string());
    if let Err(failure) = list_annotations(&app, &viewer.actor, &challenge, &phase).await {
        return viewer.refuse(failure);
    }
    let filter =
        ListSubmissions { state: chosen, before: asked.before, limit: PAGE, ..ListSubmissions::default() };
    let details = list_submissions(&app, &viewer.actor, &challenge, &phase, filter).await?;
    let here = format!("{}/organize", place.phase_address);
    let tab = |label, state: Option<SubmissionState>| StateTab {
        label,
        address: state.map_or_else(|| here.clone(), |state| format!("{here}?state={}", state.as_str())),
        is_current: state == chosen,
    };
    let every = SubmissionState::ALL.into_iter().map(|state| tab(state.as_str(), Some(state)));
    let states = std::iter::once(tab("all", None)).chain(every).collect();
    page(&OrganizePhasePage {
        chrome: viewer.chrome,
        states,
        chosen,
        primary: primary(&place),
        rows: rows(&app, &place, &details),
        older: older(&details),
        place,
    })
}

async fn repeat(
    app: web::Data<App>,
    viewer: Viewer,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (challenge, phase) = path.into_inner();
    match repeat_trials(&app, &viewer.actor, &challenge, &phase).await {
        Ok(_) => {
            let place = Place::read(&app, &viewer.actor, &challenge, &phase).await?;
            Ok(see_other_done(&format!("{}/organize", place.challenge_address), Done::TrialsRepeated))
        }
        Err(failure) => viewer.refuse(failure),
    }
}

async fn rescore(
    app: web::Data<App>,
    viewer: Viewer,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (challenge, phase) = path.into_inner();
    match rescore_phase(&app, &viewer.actor, &challenge, &phase).await {
        Ok(_) => {
            let place = Place::read(&app, &viewer.actor, &challenge, &phase).await?;
            Ok(see_other_done(&format!("{}/organize", place.phase_address), Done::Rescoring))
        }
        Err(failure) => viewer.refuse(failure),
    }
}
