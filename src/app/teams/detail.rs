//! One team, for those who are in it and for the organizers.

use domain::team::TeamRole;
use domain::{Actor, TeamId};
use storage::teams::invitations::{self, Invitation};
use storage::teams::{self, Member, PastName, Team};

use crate::App;
use crate::authority::see_team;
use crate::failure::Outcome;

/// A team with its history.
#[derive(Debug, Clone)]
pub struct TeamDetail {
    /// The team.
    pub team: Team,
    /// The reader's role in it.
    pub role: Option<TeamRole>,
    /// Everybody who is or was in it, in the order of joining.
    pub members: Vec<Member>,
    /// Its names, oldest first.
    pub names: Vec<PastName>,
    /// Open invitations; for the members.
    pub invitations: Vec<Invitation>,
}

/// Reads a team.
pub async fn read_team(app: &App, actor: &Actor, id: TeamId) -> Outcome<TeamDetail> {
    let now = app.now();
    let actor = actor.clone();
    app.db
        .read(move |conn| {
            let seen = see_team(conn, &actor, id)?;
            let invitations = match seen.role {
                Some(_) => invitations::open_of_team(conn, id, now)?,
                None => Vec::new(),
            };
            Ok(TeamDetail {
                members: teams::members_of(conn, id)?,
                names: teams::names_of(conn, id)?,
                role: seen.role,
                team: seen.team,
                invitations,
            })
        })
        .await
}
