//! Teams, their members over time, and invitations.

use diesel::prelude::*;
use domain::team::TeamRole;
use domain::{ChallengeId, TeamId, TeamName, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{memberships, teams};
use crate::types::Column;

/// A team as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = teams)]
pub struct Team {
    /// Its id.
    pub id: TeamId,
    /// The challenge it takes part in.
    pub challenge_id: ChallengeId,
    /// Its present name.
    pub name: TeamName,
    /// When it was formed.
    pub created_at: Timestamp,
}

/// The team of this id.
pub fn find(conn: &mut Conn<'_>, id: TeamId) -> Result<Option<Team>, StoreError> {
    Ok(on!(conn, c => teams::table.find(id.sql()).select(Team::as_select()).first(c).optional())?)
}

/// The team that a person belongs to in a challenge, and their role in it.
pub fn of_person(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    user: UserId,
) -> Result<Option<(Team, TeamRole)>, StoreError> {
    Ok(on!(conn, c => memberships::table
        .inner_join(teams::table)
        .filter(memberships::challenge_id.eq(challenge.sql()))
        .filter(memberships::user_id.eq(user.sql()))
        .filter(memberships::left_at.is_null())
        .select((Team::as_select(), memberships::role))
        .first(c)
        .optional())?)
}

/// A person's present role in a team.
pub fn role_in(conn: &mut Conn<'_>, team: TeamId, user: UserId) -> Result<Option<TeamRole>, StoreError> {
    Ok(on!(conn, c => memberships::table
        .filter(memberships::team_id.eq(team.sql()))
        .filter(memberships::user_id.eq(user.sql()))
        .filter(memberships::left_at.is_null())
        .select(memberships::role)
        .first(c)
        .optional())?)
}

/// Holds the team's row until the transaction ends, so that what is counted for it stays true.
pub fn lock(conn: &mut Conn<'_>, team: TeamId) -> Result<(), StoreError> {
    if let Conn::Pg(c) = conn {
        teams::table.find(team.sql()).select(teams::id).for_update().first::<TeamId>(&mut **c)?;
    }
    Ok(())
}
