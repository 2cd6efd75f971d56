//! A challenge as it was at a moment: where it stood, what was in force, and when its phases opened and closed as everybody
//! then read it.
//!
//! Versions carry the moment of their making, and the log carries the dates that were changed; nothing else is kept for this.

use domain::challenge::ChallengeState;
use domain::event::{Event, EventKind};
use domain::phase::{WindowState, window_at};
use domain::{Actor, Codename, Digest, FramingId, Invalid, Timestamp};
use serde_json::Value;
use storage::challenges::terms;
use storage::phases::{self, Phase};
use storage::{Conn, events, framings};

use crate::App;
use crate::authority::see_challenge;
use crate::failure::{Failure, Outcome};

/// A challenge at a moment.
#[derive(Debug, Clone)]
pub struct ChallengeAsOf {
    /// The moment.
    pub at: Timestamp,
    /// Where it stood.
    pub state: ChallengeState,
    /// The version of the terms that was in force, with the digest of its text.
    pub terms: Option<(i32, Digest)>,
    /// Its phases that were there.
    pub phases: Vec<PhaseAsOf>,
}

/// A phase at a moment.
#[derive(Debug, Clone)]
pub struct PhaseAsOf {
    /// What it is called in addresses.
    pub codename: Codename,
    /// When it was to open.
    pub opens_at: Timestamp,
    /// When it was to close.
    pub closes_at: Option<Timestamp>,
    /// Whether it took submissions.
    pub window: WindowState,
    /// The framing that was in force, with its version.
    pub framing: Option<(FramingId, i32)>,
    /// The version of the held-out annotations that was in force, with one name for its content.
    pub annotations: Option<(i32, Digest)>,
}

/// More changes of dates than a challenge can have seen.
const MOST_EVENTS: i64 = 100_000;

/// Reads a challenge as it was; for everybody who sees it, from its publication on, and for who runs it from its making on.
pub async fn read_challenge_as_of(
    app: &App,
    actor: &Actor,
    challenge: &str,
    at: Timestamp,
) -> Outcome<ChallengeAsOf> {
    if at > app.now() {
        return Err(Invalid::new("at", "must not be later than now").into());
    }
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .read(move |conn| {
            let seen = see_challenge(conn, &actor, &challenge)?;
            let is_organizer = seen.is_organizer();
            let found = seen.challenge;
            let was_public = found.published_at.is_some_and(|published_at| published_at <= at);
            if found.created_at > at || !(was_public || is_organizer) {
                return Err(Failure::not_found());
            }
            let kinds = [EventKind::PhaseCreated, EventKind::PhaseUpdated, EventKind::ChallengeArchived];
            let log = events::of_kinds(conn, found.id, &kinds, (found.created_at, i64::MAX), MOST_EVENTS)?;
            let log: Vec<Event> = log.into_iter().filter(|event| event.event.at <= at).collect();
            let was_archived = log.iter().any(|event| event.event.kind == EventKind::ChallengeArchived);
            let in_force = terms::list(conn, found.id)?.into_iter().find(|version| version.created_at <= at);
            let phases = phases::list(conn, found.id)?.into_iter().filter(|phase| phase.created_at <= at);
            let phases = phases.map(|phase| phase_as_of(conn, &phase, &log, at)).collect::<Outcome<_>>()?;
            Ok(ChallengeAsOf {
                at,
                state: match (was_archived, was_public) {
                    (true, _) => ChallengeState::Archived,
                    (false, true) => ChallengeState::Published,
                    (false, false) => ChallengeState::Draft,
                },
                terms: in_force
                    .filter(|version| !version.text.is_empty())
                    .map(|one| (one.version, one.digest)),
                phases,
            })
        })
        .await
}

fn phase_as_of(conn: &mut Conn<'_>, phase: &Phase, log: &[Event], at: Timestamp) -> Outcome<PhaseAsOf> {
    let subject = format!("phase:{}", phase.id);
    // The log is newest first; every change of a phase tells both dates.
    let dates = log.iter().find(|event| event.event.subject == subject).map(|event| &event.event.payload);
    let date = |name: &str| dates.and_then(|payload| payload.get(name)).and_then(Value::as_str);
    let parse = |text: &str| Timestamp::parse(text).map_err(Failure::internal);
    let opens_at = date("opens_at").map(parse).transpose()?.unwrap_or(phase.opens_at);
    let closes_at = match dates {
        Some(_) => date("closes_at").map(parse).transpose()?,
        None => phase.closes_at,
    };
    let framing = framings::versions(conn, phase.id)?.into_iter().rfind(|version| version.created_at <= at);
    let annotations =
        phases::annotations_versions(conn, phase.id)?.into_iter().rfind(|version| version.created_at <= at);
    Ok(PhaseAsOf {
        codename: phase.codename.clone(),
        window: window_at(opens_at, closes_at, at),
        opens_at,
        closes_at,
        framing: framing.map(|version| (version.id, version.version)),
        annotations: annotations.map(|version| (version.version, version.digest)),
    })
}
