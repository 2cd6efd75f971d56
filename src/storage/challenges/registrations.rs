//! Who takes part in a challenge, and which terms they accepted.

use diesel::prelude::*;
use domain::team::TeamRole;
use domain::{ChallengeId, PersonName, Slug, TeamId, TeamName, TermsId, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{challenges, memberships, registrations, teams, terms, users};
use crate::types::{Column, Sql};

/// A person's registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = registrations)]
pub struct Registration {
    /// The version of the terms that was accepted last.
    pub terms_id: Option<TermsId>,
    /// When the person registered first.
    pub registered_at: Timestamp,
    /// When they accepted.
    pub accepted_at: Option<Timestamp>,
}

/// A registered person with their present team.
#[derive(Debug, Clone)]
pub struct Participant {
    /// Who.
    pub user: UserId,
    /// Their name.
    pub name: PersonName,
    /// When they registered first.
    pub registered_at: Timestamp,
    /// The version of the terms that they accepted last.
    pub accepted_version: Option<i32>,
    /// Their team and their role in it.
    pub team: Option<(TeamId, TeamName, TeamRole)>,
}

/// A person's registration, if they are registered.
pub fn find(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    user: UserId,
) -> Result<Option<Registration>, StoreError> {
    Ok(on!(conn, c => registrations::table
        .find((challenge.sql(), user.sql()))
        .select(Registration::as_select())
        .get_result(c)
        .optional())?)
}

/// Registers a person, or notes that they accepted other terms.
pub fn set(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    user: UserId,
    accepted: Option<TermsId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let terms_id = accepted.map(Column::sql);
    let accepted_at: Option<Sql<Timestamp>> = accepted.map(|_| now.sql());
    on!(conn, c => diesel::insert_into(registrations::table)
        .values((
            registrations::challenge_id.eq(challenge.sql()),
            registrations::user_id.eq(user.sql()),
            registrations::terms_id.eq(terms_id),
            registrations::registered_at.eq(now.sql()),
            registrations::accepted_at.eq(accepted_at),
        ))
        .on_conflict((registrations::challenge_id, registrations::user_id))
        .do_update()
        .set((registrations::terms_id.eq(terms_id), registrations::accepted_at.eq(accepted_at)))
        .execute(c))?;
    Ok(())
}

/// A challenge that a person registered for.
#[derive(Debug, Clone, Queryable)]
pub struct OwnRegistration {
    /// The challenge, by the short name of its address.
    pub challenge: Slug,
    /// When the person registered first.
    pub registered_at: Timestamp,
    /// When they accepted the terms.
    pub accepted_at: Option<Timestamp>,
}

/// The challenges that a person registered for, in that order.
pub fn of_person(conn: &mut Conn<'_>, user: UserId) -> Result<Vec<OwnRegistration>, StoreError> {
    Ok(on!(conn, c => registrations::table
        .inner_join(challenges::table)
        .filter(registrations::user_id.eq(user.sql()))
        .order(registrations::registered_at.asc())
        .select((challenges::slug, registrations::registered_at, registrations::accepted_at))
        .load(c))?)
}

/// How many people are registered.
pub fn count(conn: &mut Conn<'_>, challenge: ChallengeId) -> Result<i64, StoreError> {
    Ok(on!(conn, c => registrations::table
        .filter(registrations::challenge_id.eq(challenge.sql()))
        .count()
        .get_result(c))?)
}

/// A page of the registered people, in the order of their ids.
pub fn participants(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    after: Option<UserId>,
    limit: i64,
) -> Result<Vec<Participant>, StoreError> {
    type Row = (UserId, PersonName, Timestamp, Option<i32>);
    let rows: Vec<Row> = on!(conn, c => {
        let mut query = registrations::table
            .inner_join(users::table)
            .left_join(terms::table)
            .filter(registrations::challenge_id.eq(challenge.sql()))
            .select((users::id, users::name, registrations::registered_at, terms::version.nullable()))
            .into_boxed();
        if let Some(after) = after {
            query = query.filter(registrations::user_id.gt(after.sql()));
        }
        query.order(registrations::user_id.asc()).limit(limit).load(c)
    })?;
    let people: Vec<UserId> = rows.iter().map(|row| row.0).collect();
    let mut teams_of = teams_of(conn, challenge, &people)?;
    Ok(rows
        .into_iter()
        .map(|(user, name, registered_at, accepted_version)| {
            let place = teams_of.iter().position(|(member, _)| *member == user);
            let team = place.map(|place| teams_of.swap_remove(place).1);
            Participant { user, name, registered_at, accepted_version, team }
        })
        .collect())
}

type TeamOfPerson = (UserId, (TeamId, TeamName, TeamRole));

fn teams_of(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    people: &[UserId],
) -> Result<Vec<TeamOfPerson>, StoreError> {
    Ok(on!(conn, c => memberships::table
        .inner_join(teams::table)
        .filter(memberships::challenge_id.eq(challenge.sql()))
        .filter(memberships::left_at.is_null())
        .filter(memberships::user_id.eq_any(people.iter().map(Column::sql)))
        .select((memberships::user_id, (teams::id, teams::name, memberships::role)))
        .load(c))?)
}
