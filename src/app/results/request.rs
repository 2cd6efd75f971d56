//! An organizer asks for the result of a phase.

use domain::event::EventKind;
use domain::phase::WindowState;
use domain::{Actor, Scope};
use serde_json::json;
use storage::{boards, evaluations, events, phases, results, submission_rules, submissions};

use crate::App;
use crate::authority::{person, see_phase};
use crate::context::event;
use crate::failure::{Code, Failure, FieldError, Outcome};

/// The longest reason.
const LONGEST_REASON: usize = 2_000;

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct RequestResult {
    /// Why there is another version; may be empty for the first.
    pub reason: String,
    /// Whether the secret of the splits is published with it, so that anybody can repeat the draws.
    pub retire_splits: bool,
}

/// Asks for the next version of a phase's result; which one that is.
///
/// The phase must be closed, nothing may wait to be scored, and all that counts must be scored on the annotations in force.
pub async fn request_result(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    asked: RequestResult,
) -> Outcome<i32> {
    if asked.reason.len() > LONGEST_REASON {
        return Err(Failure::invalid_fields(vec![FieldError::new(
            "reason",
            "must be at most 2000 bytes long",
        )]));
    }
    let now = app.now();
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    let version = app
        .db
        .write(move |conn| {
            let managed = see_phase(conn, &actor, &challenge, &phase)?.manage(&actor)?;
            let user = person(&actor, Scope::Organize)?.user;
            let phase = managed.phase;
            phases::lock(conn, phase.id)?;
            let conflict = |detail: &str| Err(Failure::new(Code::StateConflict, detail));
            if phase.window_at(now) != WindowState::Closed {
                return conflict("the result is worked out when the phase is closed");
            }
            if submission_rules::of_phase(conn, phase.id)?.is_anonymous_at(now) {
                return conflict(
                    "the result names the teams, and the entries of the phase are still anonymous",
                );
            }
            let Some(annotations) = phases::annotations_in_force(conn, phase.id)? else {
                return Err(Failure::new(Code::NoAnnotations, "the phase has no annotations"));
            };
            if submissions::is_any_unfinished(conn, phase.id)? {
                return conflict("submissions of the phase are still waiting to be scored");
            }
            let on_them = evaluations::newest_on(conn, phase.id, annotations.id)?;
            for team in boards::teams_with_scores(conn, phase.id)? {
                let candidates = boards::candidates(conn, phase.id, team, None)?;
                let is_scored = |one: &boards::Candidate| {
                    on_them.binary_search_by_key(&one.submission, |(submission, _)| *submission).is_ok()
                };
                if !candidates.iter().all(is_scored) {
                    return conflict(
                        "submissions are scored on older annotations: have the phase rescored first",
                    );
                }
            }
            let past = results::of_phase(conn, phase.id)?;
            if past.first().is_some_and(|last| last.record.is_none() && last.failure.is_none()) {
                return conflict("the result is being worked out");
            }
            let version = past.first().map_or(1, |last| last.version + 1);
            if version > 1 && asked.reason.trim().is_empty() {
                let detail = "must say why there is another version";
                return Err(Failure::invalid_fields(vec![FieldError::new("reason", detail)]));
            }
            results::request(conn, phase.id, version, user, &asked.reason, asked.retire_splits, now)?;
            let payload = [("version", json!(version)), ("retires_splits", json!(asked.retire_splits))];
            let subject = format!("phase:{}", phase.id);
            let kind = EventKind::ResultRequested;
            events::append(conn, event(&actor, now, kind, subject, Some(phase.challenge_id), payload))?;
            Ok(version)
        })
        .await?;
    app.job_queued.notify_waiters();
    Ok(version)
}
