//! An organizer has every scored submission of a phase evaluated on the annotations in force.

use domain::event::EventKind;
use domain::{Actor, JobId};
use serde_json::{Map, Value, json};
use storage::jobs::{self, JobKind, NewJob};
use storage::{events, phases, submissions};

use super::accept::RESCORE_PRIORITY;
use crate::App;
use crate::authority::see_phase;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};

/// Queues the new evaluations; how many.
///
/// The old evaluations stay, and the leaderboard can be read on any version of the annotations.
pub async fn rescore_phase(app: &App, actor: &Actor, challenge: &str, phase: &str) -> Outcome<usize> {
    let now = app.now();
    let sources = app.sources.clone();
    let max_attempts = app.settings.worker.attempts;
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    let queued = app
        .db
        .write(move |conn| {
            let managed = see_phase(conn, &actor, &challenge, &phase)?.manage(&actor)?;
            let annotations = phases::annotations_in_force(conn, managed.phase.id)?
                .ok_or_else(|| Failure::new(Code::NoAnnotations, "the phase has no annotations"))?;
            let mut queued = 0;
            for submission in submissions::scored_in(conn, managed.phase.id)? {
                if jobs::is_live(conn, submission, annotations.id)? {
                    continue;
                }
                let job = NewJob {
                    id: sources.new_id::<JobId>(),
                    kind: JobKind::Score,
                    payload: Value::Object(Map::new()),
                    submission: Some(submission),
                    annotations: Some(annotations.id),
                    elsewhere: managed.phase.evaluated_elsewhere(),
                    priority: RESCORE_PRIORITY,
                    max_attempts,
                    created_at: now,
                };
                jobs::enqueue(conn, &job)?;
                queued += 1;
            }
            let payload =
                [("annotations_version", json!(annotations.version)), ("submissions", json!(queued))];
            let subject = format!("phase:{}", managed.phase.id);
            let kind = EventKind::RescoreRequested;
            let requested = event(&actor, now, kind, subject, Some(managed.challenge.id), payload);
            events::append(conn, requested)?;
            Ok::<_, Failure>(queued)
        })
        .await?;
    app.job_queued.notify_waiters();
    Ok(queued)
}
