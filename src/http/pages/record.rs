//! The record of a challenge: what happened to it, when, and how that is known; and who decided what.

use std::cmp::Reverse;
use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use app::App;
use app::challenges::changes::{Change, list_changes};
use app::challenges::detail::read_challenge;
use app::challenges::history::list_history;
use app::challenges::records::HistoryEntry;
use app::decisions::{DecisionDetail, list_decisions};
use app::framing::label_of;
use app::phases::list_phases;
use askama::Template;
use serde_json::Value;

use super::addresses;
use super::chrome::{Chrome, Identity, page};
use super::format::Moment;
use super::viewer::Viewer;
use crate::problem::Problem;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/challenges/{challenge}/timeline", web::get().to(show_timeline))
        .route("/challenges/{challenge}/decisions", web::get().to(show_decisions));
}

/// How many entries a page shows; the API has them all.
const SHOWN: u32 = 500;

#[derive(Template)]
#[template(path = "timeline.html")]
struct TimelinePage {
    chrome: Chrome,
    title: String,
    address: String,
    entries: Vec<EntryView>,
}

#[derive(Template)]
#[template(path = "decisions.html")]
struct DecisionsPage {
    chrome: Chrome,
    title: String,
    address: String,
    decisions: Vec<DecisionView>,
}

/// Something that happened.
struct EntryView {
    /// The day, or the month or year where no more is known; sorts by time.
    day: String,
    what: String,
    about: String,
    details: Vec<String>,
    /// Where it is known from, where the server did not see it.
    source: Option<String>,
}

struct DecisionView {
    kind: String,
    about: String,
    decider: String,
    authority: String,
    why: String,
    words: String,
    alternatives: Vec<String>,
    parties: Vec<String>,
    decided: Moment,
    recorded: Moment,
}

/// What things are called that the log names by id.
struct Named(HashMap<String, String>);

impl Named {
    async fn read(app: &App, viewer: &Viewer, challenge: &str) -> Result<Self, Problem> {
        let phases = list_phases(app, &viewer.actor, challenge).await?;
        let names =
            phases.into_iter().map(|one| (format!("phase:{}", one.phase.id), one.phase.title.to_string()));
        Ok(Self(names.collect()))
    }

    fn of(&self, subject: &str) -> String {
        match self.0.get(subject) {
            Some(name) => name.clone(),
            None => subject.split_once(':').map_or("", |(kind, _)| kind).replace('_', " "),
        }
    }
}

async fn show_timeline(
    app: web::Data<App>,
    viewer: Viewer,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let detail = read_challenge(&app, &viewer.actor, &challenge).await?;
    let key = detail.challenge.id.to_string();
    let named = Named::read(&app, &viewer, &key).await?;
    let seen = list_changes(&app, &viewer.actor, &key, None, SHOWN).await?;
    let told = list_history(&app, &viewer.actor, &key, None, SHOWN).await?;
    let mut entries: Vec<EntryView> = seen
        .into_iter()
        .map(|change| EntryView::seen(change, &named))
        .chain(told.into_iter().map(EntryView::told))
        .collect();
    // Of what is known by its month only, the day comes first: `2020-05` stands before `2020-05-01`.
    entries.sort_by(|one, other| Reverse(&one.day).cmp(&Reverse(&other.day)));
    page(&TimelinePage {
        chrome: viewer.chrome,
        title: detail.challenge.title.to_string(),
        address: addresses::challenge(&detail.challenge.slug),
        entries,
    })
}

async fn show_decisions(
    app: web::Data<App>,
    viewer: Viewer,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let detail = read_challenge(&app, &viewer.actor, &challenge).await?;
    let key = detail.challenge.id.to_string();
    let named = Named::read(&app, &viewer, &key).await?;
    let found = list_decisions(&app, &viewer.actor, &key, None, SHOWN).await?;
    page(&DecisionsPage {
        chrome: viewer.chrome,
        title: detail.challenge.title.to_string(),
        address: addresses::challenge(&detail.challenge.slug),
        decisions: found.into_iter().rev().map(|one| DecisionView::new(&app, one, &named)).collect(),
    })
}

impl EntryView {
    fn seen(change: Change, named: &Named) -> Self {
        let details = change.details.iter().map(|(name, value)| {
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Array(parts) => {
                    let parts = parts
                        .iter()
                        .map(|part| part.as_str().map_or_else(|| part.to_string(), str::to_owned));
                    parts.collect::<Vec<_>>().join(", ")
                }
                other => other.to_string(),
            };
            format!("{}: {text}", name.replace('_', " "))
        });
        Self {
            day: change.at.utc_date().to_string(),
            what: label_of("event.type", change.kind.as_str()).replace('.', " "),
            about: change.subject.as_deref().map(|subject| named.of(subject)).unwrap_or_default(),
            details: details.collect(),
            source: None,
        }
    }

    fn told(entry: HistoryEntry) -> Self {
        let known = match entry.exact_to.as_str() {
            "year" => 4,
            "month" => 7,
            _ => 10,
        };
        Self {
            day: entry.happened_on.chars().take(known).collect(),
            what: label_of("event.type", &entry.event_type),
            about: String::new(),
            details: Some(entry.words).filter(|words| !words.is_empty()).into_iter().collect(),
            source: Some(entry.source),
        }
    }
}

impl DecisionView {
    fn new(app: &App, detail: DecisionDetail, named: &Named) -> Self {
        let DecisionDetail { decision, parties } = detail;
        let parties = parties.iter().map(|party| {
            format!(
                "{}: {}",
                label_of("chain_role", &party.role),
                label_of("involvement", &party.involvement)
            )
        });
        Self {
            kind: label_of("decision.kind", &decision.kind),
            about: named.of(&decision.subject),
            decider: label_of("chain_role", &decision.decider_role),
            authority: label_of("authority_basis", &decision.authority_basis),
            why: label_of("rationale", &decision.rationale_code),
            words: decision.rationale,
            alternatives: decision.alternatives.0,
            parties: parties.collect(),
            decided: Moment::new(app, decision.decided_at),
            recorded: Moment::new(app, decision.recorded_at),
        }
    }
}
