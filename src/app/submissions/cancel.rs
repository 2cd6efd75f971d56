//! A team takes a submission back before it is scored.

use domain::event::EventKind;
use domain::submission::SubmissionState;
use domain::{Actor, SubmissionId};
use storage::quota::{self, Made};
use storage::{events, jobs, submissions};

use crate::App;
use crate::authority::see_submission;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};

/// Cancels a submission that is still uploading, waiting or running; its quota slots are free again.
///
/// A worker that is already at it finds its lease gone and writes nothing.
/// Once an evaluation has begun the slots stay used, because the labels may have been read.
pub async fn cancel_submission(app: &App, actor: &Actor, id: SubmissionId) -> Outcome<()> {
    let now = app.now();
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            let seen = see_submission(conn, &actor, id)?;
            let challenge = seen.phase.challenge_id;
            let before = seen.submission.state;
            seen.team.as_member(&actor)?;
            let made = Made { by: actor.user(), at: now };
            // One step after the other: a worker may begin between them.
            let waiting = [SubmissionState::Uploading, SubmissionState::Queued];
            if submissions::advance(conn, id, &waiting, SubmissionState::Cancelled, now)? {
                quota::refund_slots(conn, id, "cancelled before its evaluation began", made)?;
            } else if submissions::advance(
                conn,
                id,
                &[SubmissionState::Running],
                SubmissionState::Cancelled,
                now,
            )? {
                quota::free_concurrent_slot(conn, id)?;
                quota::commit_slots(conn, id, "cancelled during its evaluation", made)?;
            } else {
                let detail = format!("the submission is already {}", before.as_str());
                return Err(Failure::new(Code::SubmissionNotCancellable, detail));
            }
            jobs::cancel_for(conn, id, now)?;
            let subject = format!("submission:{id}");
            let cancelled = event(&actor, now, EventKind::SubmissionCancelled, subject, Some(challenge), []);
            Ok(events::append(conn, cancelled)?)
        })
        .await
}
