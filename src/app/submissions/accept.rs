//! The moment a submission is accepted: one transaction takes the slots, queues the job and writes the event.

use domain::event::EventKind;
use domain::quota::QuotaWindow;
use domain::{Actor, JobId, SubmissionId, Timestamp};
use serde_json::{Map, Value, json};
use storage::jobs::{self, JobKind, NewJob};
use storage::phases::{self, Phase};
use storage::quota::{self, Exhausted, Made};
use storage::submissions::Received;
use storage::{Conn, events, teams};

use crate::context::event;
use crate::failure::{Code, Failure, Outcome};

/// New submissions run before evaluations that are repeated.
pub(crate) const SCORE_PRIORITY: i32 = 10;
pub(crate) const RESCORE_PRIORITY: i32 = 20;

/// What is accepted, once its row is written and queued.
pub(crate) struct Acceptance<'a> {
    pub(crate) actor: &'a Actor,
    pub(crate) phase: &'a Phase,
    pub(crate) team: domain::TeamId,
    pub(crate) submission: SubmissionId,
    pub(crate) received: Received,
    pub(crate) job: JobId,
    pub(crate) max_attempts: u32,
}

/// Takes the quota slots and queues the evaluation of a submission whose row is already there.
///
/// A team without a free slot gets an error, and the caller's transaction undoes the row.
pub(crate) fn accept(conn: &mut Conn<'_>, acceptance: &Acceptance<'_>) -> Outcome<()> {
    let Acceptance { phase, received, .. } = acceptance;
    let annotations = phases::annotations_in_force(conn, phase.id)?.ok_or_else(|| {
        Failure::new(Code::NoAnnotations, "the organizers have not uploaded annotations yet")
    })?;
    teams::lock(conn, acceptance.team)?;
    // Who leaves while this transaction waited has taken along what was used until then, and not this submission.
    let is_member = match acceptance.actor.user() {
        Some(user) => teams::role_in(conn, acceptance.team, user)?.is_some(),
        None => true,
    };
    if !is_member {
        return Err(Failure::new(Code::NotInTeam, "you have left the team in the meantime"));
    }
    let windows = phase.quota().windows(received.at);
    let made = Made { by: acceptance.actor.user(), at: received.at };
    quota::take_slots(conn, phase.id, acceptance.team, acceptance.submission, &windows, made)?
        .map_err(|Exhausted(window)| exhausted(&window, received.at))?;
    jobs::enqueue(
        conn,
        &NewJob {
            id: acceptance.job,
            kind: JobKind::Score,
            payload: Value::Object(Map::new()),
            submission: Some(acceptance.submission),
            annotations: Some(annotations.id),
            elsewhere: phase.evaluated_elsewhere(),
            priority: SCORE_PRIORITY,
            max_attempts: acceptance.max_attempts,
            created_at: received.at,
        },
    )?;
    let payload = [
        ("phase", json!(phase.id)),
        ("team", json!(acceptance.team)),
        ("artifact", json!(received.artifact)),
        ("size_bytes", json!(received.size_bytes)),
    ];
    let subject = format!("submission:{}", acceptance.submission);
    let accepted = event(
        acceptance.actor,
        received.at,
        EventKind::SubmissionAccepted,
        subject,
        Some(phase.challenge_id),
        payload,
    );
    events::append(conn, accepted)?;
    Ok(())
}

/// A refusal that says when the slot is free again.
pub(crate) fn exhausted(window: &QuotaWindow, now: Timestamp) -> Failure {
    if window.name == domain::quota::CONCURRENT {
        let detail =
            format!("{} submissions of the team already wait or run; wait for one to end", window.limit);
        return Failure::new(Code::TooManyPending, detail);
    }
    let span = match window.name.split(':').next() {
        Some("day") => "today (UTC)",
        Some("week") => "this week (UTC)",
        Some("month") => "this month (UTC)",
        _ => "this phase",
    };
    match window.renews_at {
        Some(renews_at) => {
            let wait = std::time::Duration::from_secs_f64(renews_at.seconds_since(now).max(1.0).ceil());
            let detail =
                format!("the team's {} submissions of {span} are used; more from {renews_at}", window.limit);
            Failure::new(Code::QuotaExceeded, detail).retry_after(wait)
        }
        None => {
            let detail = format!("the team's {} submissions of {span} are used", window.limit);
            Failure::new(Code::QuotaExceeded, detail)
        }
    }
}
