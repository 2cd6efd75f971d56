//! The front page: what is open, what comes, what is over.

use actix_web::{HttpResponse, web};
use app::challenges::list::{ListChallenges, list_challenges};
use app::phases::{PhaseDetail, list_phases};
use app::{App, Outcome};
use askama::Template;
use domain::{Actor, Timestamp};

use super::addresses;
use super::chrome::{Chrome, Identity, page};
use super::format::Window;
use super::viewer::Viewer;
use crate::problem::Problem;

/// How many challenges the page shows; all of them until a site has very many.
const MOST: u32 = 100;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config.route("/", web::get().to(show_front));
}

#[derive(Template)]
#[template(path = "front.html")]
struct FrontPage {
    chrome: Chrome,
    groups: Vec<Group>,
    drafts: Vec<Card>,
    is_empty: bool,
}

struct Group {
    heading: &'static str,
    nothing: &'static str,
    cards: Vec<Card>,
}

struct Card {
    address: String,
    title: String,
    edition: String,
    summary: String,
    /// The phases that matter now.
    phases: Vec<Line>,
    /// What sorts the card in its group.
    next: Option<Timestamp>,
    state: &'static str,
}

struct Line {
    title: String,
    window: Window,
    leaderboard: Option<String>,
}

async fn show_front(app: web::Data<App>, viewer: Viewer) -> Result<HttpResponse, Problem> {
    let asked = ListChallenges { limit: MOST, ..ListChallenges::default() };
    let listed = list_challenges(&app, &viewer.actor, asked).await?;
    let mut groups = [
        ("Open now", "No challenge is open at the moment."),
        ("Upcoming", "No challenge is announced at the moment."),
        ("Past", "No challenge is over yet."),
    ]
    .map(|(heading, nothing)| Group { heading, nothing, cards: Vec::new() });
    let is_empty = listed.is_empty();
    for (challenge, _) in listed {
        let phases = list_phases(&app, &viewer.actor, &challenge.id.to_string()).await?;
        let archived = challenge.state == domain::challenge::ChallengeState::Archived;
        let card = card(
            &app,
            Words {
                address: addresses::challenge(&challenge.slug),
                title: challenge.title.to_string(),
                edition: challenge.edition,
                summary: challenge.summary,
                archived,
            },
            &phases,
        );
        let place = match card.state {
            "open" => 0,
            "upcoming" => 1,
            _ => 2,
        };
        groups[place].cards.push(card);
    }
    // What ends or begins soonest stands first; of what is over, the latest.
    groups[0].cards.sort_by_key(|card| (card.next.is_none(), card.next));
    groups[1].cards.sort_by_key(|card| (card.next.is_none(), card.next));
    groups[2].cards.sort_by_key(|card| std::cmp::Reverse(card.next));
    let drafts = drafts(&app, &viewer.actor).await?;
    let groups = groups.into_iter().collect();
    page(&FrontPage { chrome: viewer.chrome, groups, drafts, is_empty })
}

/// The reader's own challenges that nobody else sees yet.
async fn drafts(app: &App, actor: &Actor) -> Outcome<Vec<Card>> {
    if actor.user().is_none() {
        return Ok(Vec::new());
    }
    let asked = ListChallenges { organized: true, limit: MOST, ..ListChallenges::default() };
    let listed = list_challenges(app, actor, asked).await?;
    Ok(listed
        .into_iter()
        .filter(|(challenge, _)| challenge.state == domain::challenge::ChallengeState::Draft)
        .map(|(challenge, _)| Card {
            address: addresses::challenge(&challenge.slug),
            title: challenge.title.to_string(),
            edition: challenge.edition,
            summary: challenge.summary,
            phases: Vec::new(),
            next: None,
            state: "draft",
        })
        .collect())
}

struct Words {
    address: String,
    title: String,
    edition: String,
    summary: String,
    archived: bool,
}

fn card(app: &App, words: Words, phases: &[PhaseDetail]) -> Card {
    let now = app.now();
    let windows: Vec<(&PhaseDetail, Window)> = phases
        .iter()
        .map(|detail| (detail, Window::seen(detail.phase.opens_at, detail.phase.closes_at, now)))
        .collect();
    let state = match () {
        () if words.archived => "closed",
        () if windows.iter().any(|(_, window)| window.state == "open") => "open",
        () if windows.is_empty() || windows.iter().any(|(_, window)| window.state == "upcoming") => {
            "upcoming"
        }
        () => "closed",
    };
    let shown = windows.into_iter().filter(|(_, window)| window.state == state || words.archived);
    let (mut next, mut lines) = (None::<Timestamp>, Vec::new());
    for (detail, window) in shown {
        let at = if state == "upcoming" { Some(detail.phase.opens_at) } else { detail.phase.closes_at };
        next = match state {
            "closed" => next.max(at),
            _ => next.into_iter().chain(at).min(),
        };
        lines.push(Line {
            title: detail.phase.title.to_string(),
            leaderboard: (detail.phase.leaderboard_public && state != "upcoming")
                .then(|| format!("{}/phases/{}/leaderboard", words.address, detail.phase.codename)),
            window,
        });
    }
    let Words { address, title, edition, summary, .. } = words;
    Card { address, title, edition, summary, phases: lines, next, state }
}
