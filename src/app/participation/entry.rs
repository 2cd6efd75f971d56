//! A team says how it came to the challenge. It is never shown as such: it is counted, with the consent of who answered.

use domain::event::EventKind;
use domain::{Actor, Invalid, TeamId};
use jiff::civil::Date;
use serde_json::json;
use storage::events;
use storage::participation::entries::{self, Entry};

use super::codes::{code, code_or_undisclosed};
use crate::App;
use crate::authority::{person, see_team};
use crate::context::event;
use crate::failure::Outcome;

/// What a team says; what is absent is undisclosed.
#[derive(Debug, Clone, Default)]
pub struct DescribeEntry {
    /// A code of `organizer_relation`.
    pub organizer_relation: Option<String>,
    /// A code of `uptake.discovered_via`.
    pub discovered_via: Option<String>,
    /// A code of `method_origin`.
    pub method_origin: Option<String>,
    /// A code of `compute_band`.
    pub compute_band: Option<String>,
    /// Since when it has worked on such a method.
    pub related_work_since: Option<Date>,
    /// Codes of `uptake.reason`, the most important first.
    pub reasons: Vec<String>,
}

/// Keeps what the captain says of the team's entry, in place of what was said before.
pub async fn describe_entry(app: &App, actor: &Actor, team: TeamId, input: DescribeEntry) -> Outcome<Entry> {
    let now = app.now();
    let by = person(actor, domain::Scope::Submit)?.user;
    let coded = |field: &str, vocabulary: &str, given: &Option<String>| {
        code_or_undisclosed(field, vocabulary, given.as_deref())
    };
    let mut reasons = Vec::with_capacity(input.reasons.len());
    for (place, reason) in input.reasons.iter().enumerate() {
        let reason = code(&format!("reasons[{place}]"), "uptake.reason", reason)?;
        if reasons.contains(&reason) {
            return Err(Invalid::new(format!("reasons[{place}]"), "must be given once").into());
        }
        reasons.push(reason);
    }
    if input.related_work_since.is_some_and(|day| day > now.utc_date() || day.year() < 1900) {
        return Err(Invalid::new("related_work_since", "must be a day since 1900 that has come").into());
    }
    let entry = Entry {
        team,
        organizer_relation: coded("organizer_relation", "organizer_relation", &input.organizer_relation)?,
        discovered_via: coded("discovered_via", "uptake.discovered_via", &input.discovered_via)?,
        method_origin: coded("method_origin", "method_origin", &input.method_origin)?,
        compute_band: coded("compute_band", "compute_band", &input.compute_band)?,
        related_work_since: input.related_work_since.map(|day| day.to_string()),
        reasons,
        answered_by: by,
        answered_at: now,
    };
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            let team = see_team(conn, &actor, entry.team)?.as_captain(&actor)?;
            storage::teams::lock(conn, team.id)?;
            entries::set(conn, &entry)?;
            let payload = [("reasons", json!(entry.reasons.len()))];
            let subject = format!("team:{}", team.id);
            let told =
                event(&actor, now, EventKind::EntryDescribed, subject, Some(team.challenge_id), payload);
            events::append(conn, told)?;
            Ok(entry.clone())
        })
        .await
}
