//! Who belongs to which team, and since when; those who left stay in the record.

use diesel::prelude::*;
use domain::team::TeamRole;
use domain::{ChallengeId, MembershipId, PersonName, TeamId, Timestamp, UserId};

use super::Team;
use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{memberships, teams, users};
use crate::types::Column;

/// One stay of a person in a team.
#[derive(Debug, Clone, Queryable)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// Their name.
    pub name: PersonName,
    /// What they may do, or did.
    pub role: TeamRole,
    /// Since when.
    pub joined_at: Timestamp,
    /// Until when; absent for present members.
    pub left_at: Option<Timestamp>,
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
        .get_result(c)
        .optional())?)
}

/// A person's present role in a team.
pub fn role_in(conn: &mut Conn<'_>, team: TeamId, user: UserId) -> Result<Option<TeamRole>, StoreError> {
    Ok(on!(conn, c => memberships::table
        .filter(memberships::team_id.eq(team.sql()))
        .filter(memberships::user_id.eq(user.sql()))
        .filter(memberships::left_at.is_null())
        .select(memberships::role)
        .get_result(c)
        .optional())?)
}

/// Everybody who belongs or belonged to a team, in the order of joining.
pub fn members_of(conn: &mut Conn<'_>, team: TeamId) -> Result<Vec<Member>, StoreError> {
    Ok(on!(conn, c => memberships::table
        .inner_join(users::table)
        .filter(memberships::team_id.eq(team.sql()))
        .order((memberships::joined_at.asc(), memberships::id.asc()))
        .select((users::id, users::name, memberships::role, memberships::joined_at, memberships::left_at))
        .load(c))?)
}

/// Makes a person a member.
///
/// One who belongs to a team of the challenge already hits `memberships_challenge_id_user_id_key`;
/// a second captain hits `memberships_team_id_key`.
pub fn join(
    conn: &mut Conn<'_>,
    id: MembershipId,
    team: &Team,
    user: UserId,
    role: TeamRole,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(memberships::table)
        .values((
            memberships::id.eq(id.sql()),
            memberships::team_id.eq(team.id.sql()),
            memberships::challenge_id.eq(team.challenge_id.sql()),
            memberships::user_id.eq(user.sql()),
            memberships::role.eq(role.sql()),
            memberships::joined_at.eq(now.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// Ends a person's stay in a team; whether they belonged to it.
pub fn leave(conn: &mut Conn<'_>, team: TeamId, user: UserId, now: Timestamp) -> Result<bool, StoreError> {
    let changed = on!(conn, c => diesel::update(memberships::table
            .filter(memberships::team_id.eq(team.sql()))
            .filter(memberships::user_id.eq(user.sql()))
            .filter(memberships::left_at.is_null()))
        .set(memberships::left_at.eq(Some(now.sql())))
        .execute(c))?;
    Ok(changed == 1)
}

/// Gives a present member another role; whether they belong to the team.
pub fn change_role(
    conn: &mut Conn<'_>,
    team: TeamId,
    user: UserId,
    role: TeamRole,
) -> Result<bool, StoreError> {
    let changed = on!(conn, c => diesel::update(memberships::table
            .filter(memberships::team_id.eq(team.sql()))
            .filter(memberships::user_id.eq(user.sql()))
            .filter(memberships::left_at.is_null()))
        .set(memberships::role.eq(role.sql()))
        .execute(c))?;
    Ok(changed == 1)
}
