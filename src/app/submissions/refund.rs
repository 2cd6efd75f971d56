//! An organizer gives a team back what a submission has taken of its quota.

use domain::entry::statement;
use domain::event::EventKind;
use domain::{Actor, SubmissionId};
use serde_json::json;
use storage::events;
use storage::quota::{self, Made};

use crate::App;
use crate::authority::see_submission;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};

/// Gives the slots of a submission back, for a reason that the team reads in its account. Its scores stay as they are.
pub async fn refund_submission(app: &App, actor: &Actor, id: SubmissionId, reason: &str) -> Outcome<()> {
    let reason = statement("reason", reason)?;
    let now = app.now();
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            let (submission, phase) = see_submission(conn, &actor, id)?.manage(&actor)?;
            if !submission.state.is_final() {
                let detail = "a submission that is not at its end yet keeps its place in the quota";
                return Err(Failure::new(Code::StateConflict, detail));
            }
            let windows = quota::refund_slots(conn, id, &reason, Made { by: actor.user(), at: now })?;
            if windows == 0 {
                let detail = "the submission counts in no window of the quota, or was given back already";
                return Err(Failure::new(Code::StateConflict, detail));
            }
            let payload = [("windows", json!(windows)), ("team", json!(submission.team_id))];
            let subject = format!("submission:{id}");
            let kind = EventKind::QuotaRefunded;
            Ok(events::append(conn, event(&actor, now, kind, subject, Some(phase.challenge_id), payload))?)
        })
        .await
}
