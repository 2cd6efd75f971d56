//! A captain hands the team over to another member.

use domain::event::EventKind;
use domain::team::TeamRole;
use domain::{Actor, TeamId, UserId};
use storage::{events, teams};

use super::{about_member, captained};
use crate::App;
use crate::failure::{Failure, FieldError, Outcome};

/// Makes `successor` the captain and the actor a member.
pub async fn hand_over(app: &App, actor: &Actor, id: TeamId, successor: UserId) -> Outcome<()> {
    let (now, actor) = (app.now(), actor.clone());
    app.db
        .write(move |conn| {
            let team = captained(conn, &actor, id)?;
            if actor.user() == Some(successor) {
                return Ok(());
            }
            if let Some(captain) = actor.user() {
                teams::change_role(conn, id, captain, TeamRole::Member)?;
            }
            if !teams::change_role(conn, id, successor, TeamRole::Captain)? {
                let error = FieldError::new("user", "must be a member of the team");
                return Err(Failure::invalid_fields(vec![error]));
            }
            events::append(conn, about_member(&actor, now, EventKind::CaptainChanged, &team, successor, []))?;
            Ok(())
        })
        .await
}
