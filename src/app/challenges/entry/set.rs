//! Organizers say who sees a challenge and may enter it.

use domain::entry::EntryRules;
use domain::event::{EventKind, NewEvent};
use domain::{Actor, ChallengeId, Timestamp};
use serde_json::json;
use storage::challenges::entry;
use storage::events;

use super::super::{manage_locked, not_archived};
use crate::App;
use crate::context::event;
use crate::failure::Outcome;

/// Replaces the rules; where nothing differs, nothing happens.
///
/// They hold for those who come from now on: whoever is registered stays so.
pub async fn set_entry_rules(app: &App, actor: &Actor, challenge: &str, rules: EntryRules) -> Outcome<()> {
    let rules = rules.check()?;
    let now = app.now();
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .write(move |conn| {
            let managed = manage_locked(conn, &actor, &challenge)?;
            not_archived(&managed)?;
            if entry::rules(conn, &managed)? == rules {
                return Ok(());
            }
            entry::set(conn, managed.id, &rules, now)?;
            Ok(events::append(conn, rules_told(&actor, managed.id, &rules, now))?)
        })
        .await
}

/// The event of rules that were set.
pub(in crate::challenges) fn rules_told(
    actor: &Actor,
    challenge: ChallengeId,
    rules: &EntryRules,
    now: Timestamp,
) -> NewEvent {
    // Addresses are personal, so the log has only how many there are.
    let payload = [
        ("openness", json!(rules.openness)),
        ("admission", json!(rules.admission)),
        ("entries_close_at", json!(rules.entries_close_at)),
        ("teams_freeze_at", json!(rules.teams_freeze_at)),
        ("guests", json!(rules.guests.len())),
        ("welcome_domains", json!(rules.welcome)),
        ("blocked_domains", json!(rules.blocked)),
    ];
    let subject = format!("challenge:{challenge}");
    event(actor, now, EventKind::EntryRulesChanged, subject, Some(challenge), payload)
}
