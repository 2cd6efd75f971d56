//! Teams and their names over time; members, invitations and mergers have files of their own.

pub mod invitations;
mod members;
pub mod mergers;

use diesel::prelude::*;
use domain::{ChallengeId, TeamId, TeamName, Timestamp};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{team_names, teams};
use crate::types::Column;

pub use members::{Member, change_role, join, leave, members_of, of_person, role_in};

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

/// A name that a team had or has.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = team_names)]
pub struct PastName {
    /// The name.
    pub name: TeamName,
    /// Since when.
    pub since: Timestamp,
}

/// The team of this id.
pub fn find(conn: &mut Conn<'_>, id: TeamId) -> Result<Option<Team>, StoreError> {
    Ok(on!(conn, c => teams::table.find(id.sql()).select(Team::as_select()).get_result(c).optional())?)
}

/// The team of a challenge whose name looks like this one.
pub fn find_named(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    name: &TeamName,
) -> Result<Option<Team>, StoreError> {
    Ok(on!(conn, c => teams::table
        .filter(teams::challenge_id.eq(challenge.sql()))
        .filter(teams::name_skeleton.eq(name.skeleton()))
        .select(Team::as_select())
        .get_result(c)
        .optional())?)
}

/// Holds the team's row until the transaction ends, so that what is counted for it stays true.
///
/// It is the weaker of PostgreSQL's two locks for writing: rows that refer to the team lock it too, for sharing,
/// and two transactions that each had inserted such a row would wait for one another at the stronger one.
pub fn lock(conn: &mut Conn<'_>, team: TeamId) -> Result<(), StoreError> {
    if let Conn::Pg(c) = conn {
        teams::table.find(team.sql()).select(teams::id).for_no_key_update().first::<TeamId>(&mut **c)?;
    }
    Ok(())
}

/// Writes a team, still without members.
///
/// A name that looks like another team's of the challenge hits `teams_challenge_id_name_skeleton_key`.
pub fn insert(conn: &mut Conn<'_>, team: &Team) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(teams::table)
        .values((
            teams::id.eq(team.id.sql()),
            teams::challenge_id.eq(team.challenge_id.sql()),
            teams::name.eq((&team.name).sql()),
            teams::name_skeleton.eq(team.name.skeleton()),
            teams::created_at.eq(team.created_at.sql()),
        ))
        .execute(c))?;
    note_name(conn, team.id, &team.name, team.created_at)
}

/// Gives a team another name; the old one stays in its history.
pub fn rename(conn: &mut Conn<'_>, id: TeamId, name: &TeamName, now: Timestamp) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(teams::table.find(id.sql()))
        .set((teams::name.eq(name.sql()), teams::name_skeleton.eq(name.skeleton())))
        .execute(c))?;
    note_name(conn, id, name, now)
}

fn note_name(conn: &mut Conn<'_>, id: TeamId, name: &TeamName, now: Timestamp) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(team_names::table)
        .values((
            team_names::team_id.eq(id.sql()),
            team_names::name.eq(name.sql()),
            team_names::since.eq(now.sql()),
        ))
        .on_conflict((team_names::team_id, team_names::since))
        .do_update()
        .set(team_names::name.eq(name.sql()))
        .execute(c))?;
    Ok(())
}

/// The names that a team had, oldest first; the last is the present one.
pub fn names_of(conn: &mut Conn<'_>, id: TeamId) -> Result<Vec<PastName>, StoreError> {
    Ok(on!(conn, c => team_names::table
        .filter(team_names::team_id.eq(id.sql()))
        .order(team_names::since.asc())
        .select(PastName::as_select())
        .load(c))?)
}

/// A page of the teams that a challenge had at a moment, in the order in which they were formed.
pub fn list(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    as_of: Timestamp,
    after: Option<TeamId>,
    limit: i64,
) -> Result<Vec<Team>, StoreError> {
    let ended = mergers::ended_by(conn, challenge, as_of)?;
    Ok(on!(conn, c => {
        let mut query = teams::table
            .filter(teams::challenge_id.eq(challenge.sql()))
            .filter(teams::created_at.le(as_of.sql()))
            .filter(teams::id.ne_all(ended.iter().map(Column::sql)))
            .select(Team::as_select())
            .into_boxed();
        if let Some(after) = after {
            query = query.filter(teams::id.gt(after.sql()));
        }
        query.order(teams::id.asc()).limit(limit).load(c)
    })?)
}
