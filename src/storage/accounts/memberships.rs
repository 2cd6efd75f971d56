//! The teams that a person is in, across challenges.

use diesel::prelude::*;
use domain::team::TeamRole;
use domain::{ChallengeId, Slug, TeamId, TeamName, Timestamp, Title, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{challenges, memberships, teams};
use crate::types::Column;

/// A present membership, with what it takes to show it.
#[derive(Debug, Clone, Queryable)]
pub struct OwnTeam {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub name: TeamName,
    /// The person's role in it.
    pub role: TeamRole,
    /// The challenge it takes part in.
    pub challenge: ChallengeId,
    /// That challenge's part of the address.
    pub challenge_slug: Slug,
    /// That challenge's heading.
    pub challenge_title: Title,
}

/// A stay of a person in a team, over or not.
#[derive(Debug, Clone, Queryable)]
pub struct Stay {
    /// The team.
    pub team: TeamId,
    /// Its present name.
    pub name: TeamName,
    /// The challenge it takes part in.
    pub challenge: Slug,
    /// Since when.
    pub joined_at: Timestamp,
    /// Until when; absent while it lasts.
    pub left_at: Option<Timestamp>,
}

/// Every stay of a person in a team, in the order in which they began.
pub fn stays_of(conn: &mut Conn<'_>, user: UserId) -> Result<Vec<Stay>, StoreError> {
    Ok(on!(conn, c => memberships::table
        .inner_join(teams::table)
        .inner_join(challenges::table)
        .filter(memberships::user_id.eq(user.sql()))
        .order((memberships::joined_at.asc(), memberships::id.asc()))
        .select((teams::id, teams::name, challenges::slug, memberships::joined_at, memberships::left_at))
        .load(c))?)
}

/// The teams that a person is in now, newest first.
pub fn of_person(conn: &mut Conn<'_>, user: UserId) -> Result<Vec<OwnTeam>, StoreError> {
    Ok(on!(conn, c => memberships::table
        .inner_join(teams::table)
        .inner_join(challenges::table)
        .filter(memberships::user_id.eq(user.sql()))
        .filter(memberships::left_at.is_null())
        .order(memberships::id.desc())
        .select((teams::id, teams::name, memberships::role, challenges::id, challenges::slug, challenges::title))
        .load(c))?)
}
