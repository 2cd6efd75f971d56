//! A team changes what it says about a submission.

use domain::event::EventKind;
use domain::split::Visibility;
use domain::submission::{Method, check_attributes};
use domain::{Actor, SubmissionId};
use serde_json::{Map, Value, json};
use storage::{events, submissions};

use crate::App;
use crate::authority::see_submission;
use crate::context::event;
use crate::failure::Outcome;
use crate::leaderboards::standings::refresh_team;

/// What changes; absent parts stay as they are.
#[derive(Debug, Clone, Default)]
pub struct Description {
    /// The method.
    pub method: Option<Method>,
    /// The answers to the organizers' questions.
    pub attributes: Option<Map<String, Value>>,
    /// Whether it may stand on the leaderboard.
    pub visibility: Option<Visibility>,
}

/// Changes the description of a submission.
pub async fn describe_submission(
    app: &App,
    actor: &Actor,
    id: SubmissionId,
    change: Description,
) -> Outcome<()> {
    let now = app.now();
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            let seen = see_submission(conn, &actor, id)?;
            let (submission, phase) = (seen.submission, seen.phase);
            seen.team.as_member(&actor)?;
            let method = change.method.clone().unwrap_or(submission.method.0).check()?;
            let attributes = change.attributes.clone().unwrap_or(submission.attributes.0);
            check_attributes(&phase.attributes.0, &attributes)?;
            let visibility = change.visibility.unwrap_or(submission.visibility);
            submissions::describe(conn, id, &method, &attributes, visibility)?;
            refresh_team(conn, &phase, submission.team_id)?;
            let (kind, payload) = if visibility == submission.visibility {
                (EventKind::MethodUpdated, json!(null))
            } else {
                (EventKind::SubmissionVisibilityChanged, json!(visibility))
            };
            let subject = format!("submission:{id}");
            let described =
                event(&actor, now, kind, subject, Some(phase.challenge_id), [("visibility", payload)]);
            Ok(events::append(conn, described)?)
        })
        .await
}
