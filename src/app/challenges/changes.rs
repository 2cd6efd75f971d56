//! What organizers did to a challenge since it was published, in summary, for everybody who sees it.
//!
//! The log has it all, for organizers; here is what participants rely on: rules, dates, annotations, scores, decisions.
//! Of decisions about people and teams only that they were made.

use domain::event::{Event, EventKind};
use domain::{Actor, Timestamp};
use serde_json::{Map, Value};
use storage::events;

use crate::App;
use crate::authority::see_challenge;
use crate::failure::Outcome;

/// The kinds that are told, and what is told of them.
const TOLD: [(EventKind, &[&str]); 19] = [
    (EventKind::ChallengeUpdated, &["fields"]),
    (EventKind::ChallengeArchived, &[]),
    (EventKind::ChallengeImported, &[]),
    (EventKind::EntryRulesChanged, &["openness", "admission", "entries_close_at", "teams_freeze_at"]),
    (EventKind::TermsPublished, &["version", "digest"]),
    (EventKind::PhaseCreated, &["codename", "opens_at", "closes_at"]),
    (EventKind::PhaseUpdated, &["fields", "opens_at", "closes_at", "reason", "annotations_version"]),
    (EventKind::FramingChanged, &["version"]),
    (EventKind::AnnotationsUploaded, &["version", "digest", "items"]),
    (EventKind::RescoreRequested, &[]),
    (EventKind::ResultRequested, &[]),
    (EventKind::ResultPublished, &["version", "digest"]),
    (EventKind::PauseBegun, &["phase", "reason"]),
    (EventKind::PauseEnded, &[]),
    (EventKind::SubmissionRerun, &[]),
    (EventKind::BaselineMarked, &[]),
    (EventKind::RegistrationDecided, &["to"]),
    (EventKind::FlagDecided, &["decision"]),
    (EventKind::SubmissionReinstated, &[]),
];

/// One act.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Its place in the log of the whole server.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: EventKind,
    /// What it was done to (`phase:<id>`); absent for people, teams and their submissions.
    pub subject: Option<String>,
    /// More about it.
    pub details: Map<String, Value>,
}

/// A page of them, newest first; those before a place of the log.
pub async fn list_changes(
    app: &App,
    actor: &Actor,
    challenge: &str,
    before: Option<i64>,
    limit: u32,
) -> Outcome<Vec<Change>> {
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .read(move |conn| {
            let seen = see_challenge(conn, &actor, &challenge)?.challenge;
            // What was done to a draft was nobody's business but its organizers'.
            let Some(published_at) = seen.published_at else { return Ok(Vec::new()) };
            let kinds: Vec<EventKind> = TOLD.iter().map(|(kind, _)| *kind).collect();
            let before = before.unwrap_or(i64::MAX);
            let found = events::of_kinds(conn, seen.id, &kinds, (published_at, before), i64::from(limit))?;
            Ok(found.into_iter().map(tell).collect())
        })
        .await
}

fn tell(event: Event) -> Change {
    let (seq, event) = (event.seq, event.event);
    let told = TOLD.iter().find(|(kind, _)| *kind == event.kind).map_or(&[][..], |(_, keys)| keys);
    let is_about_somebody =
        ["user:", "team:", "submission:", "flag:"].iter().any(|about| event.subject.starts_with(about));
    let mut payload = event.payload;
    payload.retain(|key, value| told.contains(&key.as_str()) && !value.is_null());
    Change {
        seq,
        at: event.at,
        kind: event.kind,
        subject: (!is_about_somebody).then_some(event.subject),
        details: payload,
    }
}
