//! Who takes part in a challenge, and which terms they accepted.

use diesel::prelude::*;
use domain::entry::RegistrationState;
use domain::team::TeamRole;
use domain::{ChallengeId, PersonName, Slug, TeamId, TeamName, TermsId, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{challenges, memberships, registrations, teams, terms, users};
use crate::types::{Column, Sql};

/// A person's registration.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = registrations)]
pub struct Registration {
    /// The version of the terms that was accepted last.
    pub terms_id: Option<TermsId>,
    /// When the person registered first.
    pub registered_at: Timestamp,
    /// When they accepted.
    pub accepted_at: Option<Timestamp>,
    /// Where it stands.
    pub state: RegistrationState,
    /// When an organizer decided that.
    pub decided_at: Option<Timestamp>,
    /// Why, in the organizer's words; empty where nothing was said.
    pub reason: String,
    /// What the person says to it.
    pub appeal: Option<String>,
    /// When they said it.
    pub appealed_at: Option<Timestamp>,
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
    /// Where the registration stands.
    pub state: RegistrationState,
    /// What they say to a decision about it.
    pub appeal: Option<String>,
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
///
/// The state is that of a registration which is begun, or begun anew; what was decided before is then forgotten.
pub fn set(
    conn: &mut Conn<'_>,
    (challenge, user): (ChallengeId, UserId),
    accepted: Option<TermsId>,
    state: RegistrationState,
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
            registrations::state.eq(state.sql()),
        ))
        .on_conflict((registrations::challenge_id, registrations::user_id))
        .do_update()
        .set((
            registrations::terms_id.eq(terms_id),
            registrations::accepted_at.eq(accepted_at),
            registrations::state.eq(state.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// Writes what an organizer decided about a registration; an appeal against an earlier decision is answered by it.
pub fn decide(
    conn: &mut Conn<'_>,
    (challenge, user): (ChallengeId, UserId),
    state: RegistrationState,
    reason: &str,
    (by, now): (UserId, Timestamp),
) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(registrations::table.find((challenge.sql(), user.sql())))
        .set((
            registrations::state.eq(state.sql()),
            registrations::reason.eq(reason),
            registrations::decided_by.eq(Some(by.sql())),
            registrations::decided_at.eq(Some(now.sql())),
            registrations::appeal.eq(None::<String>),
            registrations::appealed_at.eq(None::<Sql<Timestamp>>),
        ))
        .execute(c))?;
    Ok(())
}

/// Keeps what a person says to a decision about their registration.
pub fn appeal(
    conn: &mut Conn<'_>,
    (challenge, user): (ChallengeId, UserId),
    text: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(registrations::table.find((challenge.sql(), user.sql())))
        .set((registrations::appeal.eq(Some(text)), registrations::appealed_at.eq(Some(now.sql()))))
        .execute(c))?;
    Ok(())
}

/// Ends a registration at the person's wish.
pub fn withdraw(conn: &mut Conn<'_>, challenge: ChallengeId, user: UserId) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(registrations::table.find((challenge.sql(), user.sql())))
        .set(registrations::state.eq(RegistrationState::Withdrawn.sql()))
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

/// How many people take part.
pub fn count(conn: &mut Conn<'_>, challenge: ChallengeId) -> Result<i64, StoreError> {
    Ok(on!(conn, c => registrations::table
        .filter(registrations::challenge_id.eq(challenge.sql()))
        .filter(registrations::state.eq(RegistrationState::Admitted.sql()))
        .count()
        .get_result(c))?)
}

/// A page of the people whose registration stands so, in the order of their ids.
pub fn participants(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    state: RegistrationState,
    after: Option<UserId>,
    limit: i64,
) -> Result<Vec<Participant>, StoreError> {
    type Row = (UserId, PersonName, Timestamp, Option<i32>, Option<String>);
    let rows: Vec<Row> = on!(conn, c => {
        let mut query = registrations::table
            .inner_join(users::table)
            .left_join(terms::table)
            .filter(registrations::challenge_id.eq(challenge.sql()))
            .filter(registrations::state.eq(state.sql()))
            .select((
                users::id,
                users::name,
                registrations::registered_at,
                terms::version.nullable(),
                registrations::appeal,
            ))
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
        .map(|(user, name, registered_at, accepted_version, appeal)| {
            let place = teams_of.iter().position(|(member, _)| *member == user);
            let team = place.map(|place| teams_of.swap_remove(place).1);
            Participant { user, name, registered_at, accepted_version, state, appeal, team }
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
