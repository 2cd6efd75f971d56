//! Members leave, or the captain removes them; their stay is kept in the record.

use domain::event::EventKind;
use domain::team::TeamRole;
use domain::{Actor, Scope, TeamId, UserId};
use serde_json::json;
use storage::teams::invitations;
use storage::{events, teams};

use super::about_member;
use crate::App;
use crate::authority::{person, see_team};
use crate::failure::{Code, Failure, Outcome};

/// Ends the stay of `member`: of the actor themselves, or of somebody else when the actor is the captain.
///
/// A captain hands the team over before leaving, unless nobody else is in it.
/// A team without members stays with its submissions, and its open invitations end.
pub async fn leave_team(app: &App, actor: &Actor, id: TeamId, member: UserId) -> Outcome<()> {
    let (now, actor) = (app.now(), actor.clone());
    app.db
        .write(move |conn| {
            see_team(conn, &actor, id)?;
            teams::lock(conn, id)?;
            let seen = see_team(conn, &actor, id)?;
            let user = person(&actor, Scope::Submit)?.user;
            let is_captain = seen.role == Some(TeamRole::Captain);
            let team = if member == user { seen.as_member(&actor)? } else { seen.as_captain(&actor)? };
            let members = teams::members_of(conn, id)?;
            let others = members.iter().filter(|one| one.left_at.is_none() && one.user != member).count();
            if member == user && is_captain && others > 0 {
                let detail = "make somebody else the captain first";
                return Err(Failure::new(Code::StateConflict, detail));
            }
            if !teams::leave(conn, id, member, now)? {
                return Err(Failure::not_found());
            }
            if others == 0 {
                invitations::end_all(conn, id, now)?;
            }
            let more = [("removed", json!(member != user))];
            events::append(conn, about_member(&actor, now, EventKind::MemberLeft, &team, member, more))?;
            Ok(())
        })
        .await
}
