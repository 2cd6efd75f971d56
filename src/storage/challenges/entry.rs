//! Who is expected at a challenge: guests by their addresses, and mail domains.

use std::collections::BTreeSet;

use diesel::prelude::*;
use domain::entry::{EntryRules, MailDomain};
use domain::{ChallengeId, Timestamp, UserId};

use super::{Challenge, registrations};
use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{challenges, entry_domains, entry_guests};
use crate::teams::invitations::proven_address;
use crate::types::Column;

const WELCOME: &str = "welcome";
const BLOCKED: &str = "blocked";

/// Everything that organizers say of who may enter.
pub fn rules(conn: &mut Conn<'_>, challenge: &Challenge) -> Result<EntryRules, StoreError> {
    let guests: Vec<String> = on!(conn, c => entry_guests::table
        .filter(entry_guests::challenge_id.eq(challenge.id.sql()))
        .select(entry_guests::email_key)
        .load(c))?;
    Ok(EntryRules {
        openness: challenge.openness,
        admission: challenge.admission,
        entries_close_at: challenge.entries_close_at,
        teams_freeze_at: challenge.teams_freeze_at,
        guests: guests.into_iter().collect(),
        welcome: domains(conn, challenge.id, WELCOME)?,
        blocked: domains(conn, challenge.id, BLOCKED)?,
    })
}

fn domains(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    effect: &str,
) -> Result<BTreeSet<MailDomain>, StoreError> {
    let found: Vec<MailDomain> = on!(conn, c => entry_domains::table
        .filter(entry_domains::challenge_id.eq(challenge.sql()))
        .filter(entry_domains::effect.eq(effect))
        .select(entry_domains::mail_domain)
        .load(c))?;
    Ok(found.into_iter().collect())
}

/// Replaces all of them.
pub fn set(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    rules: &EntryRules,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(challenges::table.find(challenge.sql()))
        .set((
            challenges::openness.eq(rules.openness.sql()),
            challenges::admission.eq(rules.admission.sql()),
            challenges::entries_close_at.eq(rules.entries_close_at.map(Column::sql)),
            challenges::teams_freeze_at.eq(rules.teams_freeze_at.map(Column::sql)),
            challenges::updated_at.eq(now.sql()),
        ))
        .execute(c))?;
    on!(conn, c => diesel::delete(
        entry_guests::table.filter(entry_guests::challenge_id.eq(challenge.sql()))).execute(c))?;
    on!(conn, c => diesel::delete(
        entry_domains::table.filter(entry_domains::challenge_id.eq(challenge.sql()))).execute(c))?;
    for address in &rules.guests {
        on!(conn, c => diesel::insert_into(entry_guests::table)
            .values((entry_guests::challenge_id.eq(challenge.sql()), entry_guests::email_key.eq(address)))
            .execute(c))?;
    }
    let effects = [(&rules.welcome, WELCOME), (&rules.blocked, BLOCKED)];
    for (domain, effect) in
        effects.into_iter().flat_map(|(all, effect)| all.iter().map(move |one| (one, effect)))
    {
        on!(conn, c => diesel::insert_into(entry_domains::table)
            .values((
                entry_domains::challenge_id.eq(challenge.sql()),
                entry_domains::mail_domain.eq(domain.clone().sql()),
                entry_domains::effect.eq(effect),
            ))
            .execute(c))?;
    }
    Ok(())
}

/// Whether a person sees a private challenge: registered there, or expected by their proven address.
pub fn is_expected(conn: &mut Conn<'_>, challenge: &Challenge, user: UserId) -> Result<bool, StoreError> {
    if registrations::find(conn, challenge.id, user)?.is_some() {
        return Ok(true);
    }
    let Some(address) = proven_address(conn, user)? else { return Ok(false) };
    Ok(rules(conn, challenge)?.expects(&address))
}
