//! Lists of submissions: a team's own, or all of a phase for its organizers.

use domain::submission::SubmissionState;
use domain::{Actor, Scope, SubmissionId, TeamId};
use storage::submissions::{self, Filter};

use super::read::{SubmissionDetail, detail};
use crate::App;
use crate::authority::{SeenSubmission, own_team, person, see_phase, see_team};
use crate::failure::Outcome;

/// Which submissions are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct ListSubmissions {
    /// Only those of this team; organizers only, others see their own.
    pub team: Option<TeamId>,
    /// Only those in this state.
    pub state: Option<SubmissionState>,
    /// Only those older than this one.
    pub before: Option<SubmissionId>,
    /// At most so many.
    pub limit: u32,
}

/// A page of submissions, newest first.
pub async fn list_submissions(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    asked: ListSubmissions,
) -> Outcome<Vec<SubmissionDetail>> {
    let now = app.now();
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    app.db
        .read(move |conn| {
            let seen = see_phase(conn, &actor, &challenge, &phase)?;
            let reader = person(&actor, Scope::Read)?;
            let team = if seen.challenge.is_organizer() {
                asked.team
            } else {
                Some(own_team(conn, reader.user, seen.phase.challenge_id)?.0.id)
            };
            let filter = Filter { team, state: asked.state, before: asked.before };
            let rows = submissions::list(conn, seen.phase.id, filter, i64::from(asked.limit))?;
            let mut details = Vec::with_capacity(rows.len());
            for submission in rows {
                let team = see_team(conn, &actor, submission.team_id)?;
                let seen = SeenSubmission { submission, phase: seen.phase.clone(), team };
                details.push(detail(conn, seen, now)?);
            }
            Ok(details)
        })
        .await
}
