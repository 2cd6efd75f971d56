//! An organizer marks a submission as a baseline.

use domain::event::EventKind;
use domain::{Actor, SubmissionId};
use serde_json::json;
use storage::{events, phases, submissions};

use crate::App;
use crate::authority::see_submission;
use crate::context::event;
use crate::failure::Outcome;

/// Marks a submission as a baseline, or no longer.
pub async fn mark_baseline(app: &App, actor: &Actor, id: SubmissionId, is_baseline: bool) -> Outcome<()> {
    let now = app.now();
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            let (_, phase) = see_submission(conn, &actor, id)?.manage(&actor)?;
            submissions::set_baseline(conn, id, is_baseline)?;
            phases::touch_boards(conn, phase.id)?;
            let subject = format!("submission:{id}");
            let payload = [("is_baseline", json!(is_baseline))];
            let kind = EventKind::BaselineMarked;
            let marked = event(&actor, now, kind, subject, Some(phase.challenge_id), payload);
            Ok(events::append(conn, marked)?)
        })
        .await
}
