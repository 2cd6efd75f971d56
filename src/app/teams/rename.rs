//! A captain gives the team another name; the old ones stay in its history.

use domain::event::EventKind;
use domain::{Actor, TeamId, TeamName};
use storage::{boards, events, teams};

use super::{captained, name_taken, running_challenge};
use crate::App;
use crate::context::event;
use crate::failure::Outcome;

/// Renames a team; where the name is the same, nothing happens.
pub async fn rename_team(app: &App, actor: &Actor, id: TeamId, name: TeamName) -> Outcome<()> {
    let now = app.now();
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            let team = captained(conn, &actor, id)?;
            running_challenge(conn, &team)?;
            if team.name == name {
                return Ok(());
            }
            teams::rename(conn, id, &name, now).map_err(name_taken)?;
            boards::touch_all(conn, team.challenge_id)?;
            let challenge = Some(team.challenge_id);
            let told = event(&actor, now, EventKind::TeamRenamed, format!("team:{id}"), challenge, []);
            Ok(events::append(conn, told)?)
        })
        .await
}
