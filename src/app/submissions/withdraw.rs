//! A team withdraws a submission: it leaves the leaderboard, and a tombstone with its reason stays.

use domain::event::EventKind;
use domain::{Actor, Invalid, SubmissionId};
use storage::{events, submissions};

use crate::App;
use crate::authority::see_submission;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::leaderboards::standings::refresh_team;

/// Withdraws a submission that has reached its end.
pub async fn withdraw_submission(app: &App, actor: &Actor, id: SubmissionId, reason: &str) -> Outcome<()> {
    let reason = reason.trim().to_owned();
    if reason.is_empty() || reason.len() > 2_000 {
        return Err(Invalid::new("reason", "must have 1 to 2000 bytes").into());
    }
    let now = app.now();
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            let seen = see_submission(conn, &actor, id)?;
            let (submission, phase) = (seen.submission, seen.phase);
            seen.team.as_member(&actor)?;
            if !submission.state.is_final() {
                return Err(Failure::new(
                    Code::StateConflict,
                    "cancel a submission that is not finished yet",
                ));
            }
            if !submissions::withdraw(conn, id, &reason, now)? {
                return Err(Failure::new(Code::StateConflict, "the submission is already withdrawn"));
            }
            refresh_team(conn, &phase, submission.team_id)?;
            let subject = format!("submission:{id}");
            let kind = EventKind::SubmissionWithdrawn;
            let withdrawn = event(&actor, now, kind, subject, Some(phase.challenge_id), []);
            Ok(events::append(conn, withdrawn)?)
        })
        .await
}
