//! An organizer has a failed or invalid submission evaluated again.

use domain::event::EventKind;
use domain::{Actor, JobId, SubmissionId};
use serde_json::{Map, Value, json};
use storage::jobs::{self, JobKind, NewJob};
use storage::{events, phases, submissions};

use super::accept::SCORE_PRIORITY;
use crate::App;
use crate::authority::see_submission;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};

/// Puts a submission back into the queue; the team's quota is not touched.
pub async fn rerun_submission(app: &App, actor: &Actor, id: SubmissionId) -> Outcome<()> {
    let now = app.now();
    let job: JobId = app.sources.new_id();
    let max_attempts = app.settings.worker.attempts;
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            let (submission, phase) = see_submission(conn, &actor, id)?.review(&actor)?;
            let annotations = phases::annotations_in_force(conn, phase.id)?
                .ok_or_else(|| Failure::new(Code::NoAnnotations, "the phase has no annotations"))?;
            if !submissions::rerun(conn, id)? {
                let detail = format!("a submission that is {} cannot be rerun", submission.state.as_str());
                return Err(Failure::new(Code::SubmissionNotRerunnable, detail));
            }
            let job = NewJob {
                id: job,
                kind: JobKind::Score,
                payload: Value::Object(Map::new()),
                submission: Some(id),
                annotations: Some(annotations.id),
                elsewhere: phase.evaluated_elsewhere(),
                priority: SCORE_PRIORITY,
                max_attempts,
                created_at: now,
            };
            jobs::enqueue(conn, &job)?;
            let payload = [("reruns", json!(submission.reruns + 1))];
            let subject = format!("submission:{id}");
            let kind = EventKind::SubmissionRerun;
            Ok(events::append(conn, event(&actor, now, kind, subject, Some(phase.challenge_id), payload))?)
        })
        .await?;
    app.job_queued.notify_one();
    Ok(())
}
