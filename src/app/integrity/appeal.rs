//! A team appeals against a flag that was upheld, once.

use domain::event::EventKind;
use domain::integrity::{FlagDecision, Statement};
use domain::{Actor, FlagId, Scope, TeamId};
use serde_json::json;
use storage::{events, integrity, phases};

use super::read::{TeamFlag, own_part};
use crate::App;
use crate::authority::{person, see_team};
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};

/// Writes the appeal of a member's team; a flag that was not upheld does not exist for it.
pub async fn appeal_flag(
    app: &App,
    actor: &Actor,
    team: TeamId,
    id: FlagId,
    text: Statement,
) -> Outcome<TeamFlag> {
    let now = app.now();
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            let own = see_team(conn, &actor, team)?.as_member(&actor)?;
            let by = person(&actor, Scope::Submit)?.user;
            let flag = integrity::find(conn, id)?
                .filter(|flag| flag.decision == Some(FlagDecision::Upheld))
                .filter(|flag| flag.first_team_id == team || flag.second_team_id == Some(team))
                .ok_or_else(Failure::not_found)?;
            let phase = phases::find(conn, flag.phase_id)?.ok_or_else(Failure::not_found)?;
            if phase.challenge_id != own.challenge_id {
                return Err(Failure::not_found());
            }
            if !integrity::appeal(conn, id, team, &text, (by, now))? {
                return Err(Failure::new(
                    Code::StateConflict,
                    "the team has appealed before; it can do so once",
                ));
            }
            let subject = format!("flag:{id}");
            let payload = [("team", json!(team))];
            let challenge = Some(phase.challenge_id);
            events::append(conn, event(&actor, now, EventKind::FlagAppealed, subject, challenge, payload))?;
            own_part(conn, flag, team)
        })
        .await
}
