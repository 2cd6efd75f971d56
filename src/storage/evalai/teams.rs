//! Teams that people made with a client of EvalAI, and as what they take part in challenges.

use diesel::prelude::*;
use domain::evalai::TeamPurpose;
use domain::{ChallengeId, EvalaiTeamId, TeamId, TeamName, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{evalai_entries, evalai_teams};
use crate::types::Column;

/// A team as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = evalai_teams)]
pub struct EvalaiTeam {
    /// Its id.
    pub id: EvalaiTeamId,
    /// Who made it.
    pub owner_id: UserId,
    /// What it is for.
    pub purpose: TeamPurpose,
    /// Its name.
    pub name: TeamName,
    /// Where it presents itself; empty for nowhere.
    pub url: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A team before it exists.
#[derive(Debug, Clone)]
pub struct NewEvalaiTeam {
    /// Its id.
    pub id: EvalaiTeamId,
    /// Who makes it.
    pub owner: UserId,
    /// What it is for.
    pub purpose: TeamPurpose,
    /// Its name.
    pub name: TeamName,
    /// Where it presents itself; empty for nowhere.
    pub url: String,
    /// When it is made.
    pub created_at: Timestamp,
}

/// Writes a team.
///
/// A name that looks like another of the owner's hits `evalai_teams_owner_id_purpose_name_skeleton_key`.
pub fn insert(conn: &mut Conn<'_>, new: &NewEvalaiTeam) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(evalai_teams::table)
        .values((
            evalai_teams::id.eq(new.id.sql()),
            evalai_teams::owner_id.eq(new.owner.sql()),
            evalai_teams::purpose.eq(new.purpose.sql()),
            evalai_teams::name.eq((&new.name).sql()),
            evalai_teams::name_skeleton.eq(new.name.skeleton()),
            evalai_teams::url.eq(&new.url),
            evalai_teams::created_at.eq(new.created_at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// The team of this id.
pub fn find(conn: &mut Conn<'_>, id: EvalaiTeamId) -> Result<Option<EvalaiTeam>, StoreError> {
    Ok(on!(conn, c => evalai_teams::table
        .find(id.sql())
        .select(EvalaiTeam::as_select())
        .get_result(c)
        .optional())?)
}

/// The teams that a person made for a purpose, oldest first.
pub fn made_by(
    conn: &mut Conn<'_>,
    owner: UserId,
    purpose: TeamPurpose,
) -> Result<Vec<EvalaiTeam>, StoreError> {
    Ok(on!(conn, c => evalai_teams::table
        .filter(evalai_teams::owner_id.eq(owner.sql()))
        .filter(evalai_teams::purpose.eq(purpose.sql()))
        .order(evalai_teams::id.asc())
        .select(EvalaiTeam::as_select())
        .load(c))?)
}

/// Notes as which team of a challenge a team takes part there.
pub fn enter(
    conn: &mut Conn<'_>,
    id: EvalaiTeamId,
    challenge: ChallengeId,
    team: TeamId,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(evalai_entries::table)
        .values((
            evalai_entries::evalai_team_id.eq(id.sql()),
            evalai_entries::challenge_id.eq(challenge.sql()),
            evalai_entries::team_id.eq(team.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// Lets a team take part as the one that its own went into, unless another team takes part as that already.
pub fn follow(conn: &mut Conn<'_>, from: TeamId, into: TeamId) -> Result<(), StoreError> {
    let taken: i64 = on!(conn, c => evalai_entries::table
        .filter(evalai_entries::team_id.eq(into.sql()))
        .count()
        .get_result(c))?;
    if taken == 0 {
        on!(conn, c => diesel::update(evalai_entries::table.filter(evalai_entries::team_id.eq(from.sql())))
            .set(evalai_entries::team_id.eq(into.sql()))
            .execute(c))?;
    }
    Ok(())
}

/// Where a team takes part, and as what.
pub fn entries_of(conn: &mut Conn<'_>, id: EvalaiTeamId) -> Result<Vec<(ChallengeId, TeamId)>, StoreError> {
    Ok(on!(conn, c => evalai_entries::table
        .filter(evalai_entries::evalai_team_id.eq(id.sql()))
        .order(evalai_entries::team_id.asc())
        .select((evalai_entries::challenge_id, evalai_entries::team_id))
        .load(c))?)
}

/// The teams of challenges that came of what a person made, so that they are not named twice.
pub fn made_teams(conn: &mut Conn<'_>, owner: UserId) -> Result<Vec<TeamId>, StoreError> {
    Ok(on!(conn, c => evalai_entries::table
        .inner_join(evalai_teams::table)
        .filter(evalai_teams::owner_id.eq(owner.sql()))
        .select(evalai_entries::team_id)
        .load(c))?)
}
