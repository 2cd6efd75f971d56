//! Destroying what leads to a person. Their id stays where it was, so that teams keep their size and the event log its chain.

use diesel::prelude::*;
use domain::challenge::ChallengeState;
use domain::team::TeamRole;
use domain::{
    ChallengeId, ChallengeRole, EmailAddress, PersonName, SiteRole, TeamId, TeamName, Timestamp, Title,
    UserId,
};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{
    access_requests, affiliations, api_tokens, challenges, email_tokens, entry_guests, export_people,
    invitations, memberships, organizers, people, registrations, sessions, spent_tokens, teams, users,
};
use crate::types::{Column, Sql};

/// What was destroyed, for the receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erased {
    /// Affiliations.
    pub affiliations: usize,
    /// Exports whose holders must delete a pseudonym.
    pub exports: usize,
    /// Teams that the person was in and left.
    pub teams_left: usize,
}

/// Erases an account's person: name, address, password, ORCID iD, affiliations, sessions, tokens, invitations, and the secret that
/// their pseudonyms are made with.
pub fn erase(conn: &mut Conn<'_>, user: UserId, now: Timestamp) -> Result<Erased, StoreError> {
    let email_key: String =
        on!(conn, c => users::table.find(user.sql()).select(users::email_key).get_result(c))?;
    let exports = on!(conn, c => diesel::update(export_people::table
            .filter(export_people::user_id.eq(user.sql()))
            .filter(export_people::withdrawn_at.is_null()))
        .set(export_people::withdrawn_at.eq(Some(now.sql())))
        .execute(c))?;
    on!(conn, c => diesel::update(export_people::table.filter(export_people::user_id.eq(user.sql())))
        .set(export_people::user_id.eq(None::<Sql<UserId>>))
        .execute(c))?;
    let affiliations = on!(conn, c => diesel::delete(
        affiliations::table.filter(affiliations::user_id.eq(user.sql()))).execute(c))?;
    on!(conn, c => diesel::update(access_requests::table.filter(access_requests::user_id.eq(user.sql())))
        .set(access_requests::country.eq(None::<String>))
        .execute(c))?;
    let teams_left = on!(conn, c => diesel::update(memberships::table
            .filter(memberships::user_id.eq(user.sql()))
            .filter(memberships::left_at.is_null()))
        .set(memberships::left_at.eq(Some(now.sql())))
        .execute(c))?;
    on!(conn, c => diesel::delete(spent_tokens::table.filter(spent_tokens::session_id.eq_any(
        sessions::table.filter(sessions::user_id.eq(user.sql())).select(sessions::id)))).execute(c))?;
    on!(conn, c => diesel::delete(sessions::table.filter(sessions::user_id.eq(user.sql()))).execute(c))?;
    on!(conn, c => diesel::delete(api_tokens::table.filter(api_tokens::user_id.eq(user.sql()))).execute(c))?;
    on!(conn, c => diesel::delete(email_tokens::table.filter(email_tokens::user_id.eq(user.sql()))).execute(c))?;
    on!(conn, c => diesel::delete(invitations::table.filter(invitations::email_key.eq(&email_key))).execute(c))?;
    forget_registrations(conn, user, &email_key)?;
    on!(conn, c => diesel::insert_into(people::table)
        .values((people::user_id.eq(user.sql()), people::erased_at.eq(Some(now.sql()))))
        .on_conflict(people::user_id)
        .do_update()
        .set((
            people::orcid.eq(None::<String>),
            people::secret.eq(None::<Vec<u8>>),
            people::erased_at.eq(Some(now.sql())),
        ))
        .execute(c))?;
    forget_account(conn, user, now)?;
    Ok(Erased { affiliations, exports, teams_left })
}

/// Takes the address from lists of guests, and the words from decisions about registrations; that they were made stays.
fn forget_registrations(conn: &mut Conn<'_>, user: UserId, email_key: &str) -> Result<(), StoreError> {
    const ERASED: &str = "erased";
    on!(conn, c => diesel::delete(entry_guests::table.filter(entry_guests::email_key.eq(email_key))).execute(c))?;
    let own = || registrations::table.filter(registrations::user_id.eq(user.sql()));
    on!(conn, c => diesel::update(own().filter(registrations::reason.ne("")))
        .set(registrations::reason.eq(ERASED))
        .execute(c))?;
    on!(conn, c => diesel::update(own().filter(registrations::appeal.is_not_null()))
        .set(registrations::appeal.eq(Some(ERASED)))
        .execute(c))?;
    Ok(())
}

/// Overwrites the account: nobody can sign in to it, and its address is free again.
fn forget_account(conn: &mut Conn<'_>, user: UserId, now: Timestamp) -> Result<(), StoreError> {
    // A domain that no mail reaches (RFC 2606).
    let address = EmailAddress::parse(&format!("{user}@erased.invalid")).map_err(StoreError::other)?;
    let name = PersonName::parse("Erased person").map_err(StoreError::other)?;
    on!(conn, c => diesel::update(users::table.find(user.sql()))
        .set((
            users::email.eq((&address).sql()),
            users::email_key.eq(address.key()),
            users::name.eq((&name).sql()),
            users::password_hash.eq(None::<String>),
            users::email_verified_at.eq(None::<Sql<Timestamp>>),
            users::site_role.eq(SiteRole::Member.sql()),
            users::epoch.eq(users::epoch + 1),
            users::disabled_at.eq(Some(now.sql())),
        ))
        .execute(c))?;
    Ok(())
}

/// What only this person does, so that somebody has to take over before they go.
pub fn duties(conn: &mut Conn<'_>, user: UserId) -> Result<Vec<String>, StoreError> {
    let mut bound = Vec::new();
    let captain_of: Vec<(TeamId, TeamName)> = on!(conn, c => memberships::table
        .inner_join(teams::table)
        .filter(memberships::user_id.eq(user.sql()))
        .filter(memberships::left_at.is_null())
        .filter(memberships::role.eq(TeamRole::Captain.sql()))
        .select((teams::id, teams::name))
        .load(c))?;
    for (team, name) in captain_of {
        let present: i64 = on!(conn, c => memberships::table
            .filter(memberships::team_id.eq(team.sql()))
            .filter(memberships::left_at.is_null())
            .count()
            .get_result(c))?;
        if present > 1 {
            bound.push(format!("the captaincy of the team {}", name.as_str()));
        }
    }
    let owned: Vec<(ChallengeId, Title)> = on!(conn, c => organizers::table
        .inner_join(challenges::table)
        .filter(organizers::user_id.eq(user.sql()))
        .filter(organizers::role.eq(ChallengeRole::Owner.sql()))
        .filter(challenges::state.ne(ChallengeState::Archived.sql()))
        .select((challenges::id, challenges::title))
        .load(c))?;
    for (challenge, title) in owned {
        let owners: i64 = on!(conn, c => organizers::table
            .filter(organizers::challenge_id.eq(challenge.sql()))
            .filter(organizers::role.eq(ChallengeRole::Owner.sql()))
            .count()
            .get_result(c))?;
        if owners == 1 {
            bound.push(format!("the ownership of the challenge {}", title.as_str()));
        }
    }
    Ok(bound)
}
