//! A captain chooses the team's final submission.

use domain::event::EventKind;
use domain::phase::{FinalChoice, WindowState};
use domain::submission::SubmissionState;
use domain::{Actor, SubmissionId};
use storage::{events, submissions};

use crate::App;
use crate::authority::hold_submission;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::leaderboards::standings::refresh_team;

/// Makes a scored submission one of those that count, while the phase is open; the oldest choice makes room.
pub async fn choose_submission(app: &App, actor: &Actor, id: SubmissionId) -> Outcome<()> {
    let now = app.now();
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            let seen = hold_submission(conn, &actor, id)?;
            let (submission, phase) = (seen.submission, seen.phase);
            seen.team.as_captain(&actor)?;
            if phase.final_choice != FinalChoice::Chosen {
                return Err(Failure::new(
                    Code::StateConflict,
                    "in this phase the final submission is not chosen",
                ));
            }
            if phase.window_at(now) == WindowState::Closed {
                return Err(Failure::new(Code::PhaseClosed, "the choice was open until the phase closed"));
            }
            if submission.state != SubmissionState::Scored || submission.withdrawn_at.is_some() {
                return Err(Failure::new(Code::StateConflict, "only a scored submission can be chosen"));
            }
            let most = phase.ranking.0.final_choices.get();
            submissions::choose(conn, phase.id, submission.team_id, id, most, now)?;
            refresh_team(conn, &phase, submission.team_id)?;
            let subject = format!("submission:{id}");
            let chosen = event(&actor, now, EventKind::FinalChosen, subject, Some(phase.challenge_id), []);
            Ok(events::append(conn, chosen)?)
        })
        .await
}
