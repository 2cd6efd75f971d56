//! Organizers take the list of participants away as a file: names and affiliations only of those who consent to that.

use domain::entry::RegistrationState;
use domain::event::EventKind;
use domain::{Actor, ConsentPurpose, UserId};
use serde_json::json;
use storage::accounts::{Affiliation, affiliations};
use storage::challenges::registrations::{self, Participant};
use storage::events;
use storage::participation::consents;

use crate::App;
use crate::authority::see_challenge;
use crate::context::event;
use crate::failure::{Failure, Outcome};

/// Every participant of a challenge as CSV; who does not consent to `public_name` is "not disclosed".
///
/// The file says nothing of consents to research: nobody can tell from it who gave any.
pub async fn export_participants(app: &App, actor: &Actor, challenge: &str) -> Outcome<Vec<u8>> {
    let (actor, challenge, now) = (actor.clone(), challenge.to_owned(), app.now());
    app.db
        .write(move |conn| {
            let seen = see_challenge(conn, &actor, &challenge)?;
            seen.clone().inspect(&actor)?;
            let challenge = seen.challenge.id;
            let everybody = registrations::participants(
                conn,
                challenge,
                RegistrationState::Admitted,
                None,
                i64::from(i32::MAX),
            )?;
            let users: Vec<UserId> = everybody.iter().map(|participant| participant.user).collect();
            let named = consents::who_consents(conn, &users, ConsentPurpose::PublicName)?;
            let mut stated = affiliations::of_people(conn, &named)?;
            let today = now.utc_date();
            stated.retain(|one| one.starts_on <= today && one.ends_on.is_none_or(|end| end >= today));
            let file = write(&everybody, &named, &stated)?;
            let payload = [("participants", json!(everybody.len())), ("named", json!(named.len()))];
            let subject = format!("challenge:{challenge}");
            let told = event(&actor, now, EventKind::ParticipantsExported, subject, Some(challenge), payload);
            events::append(conn, told)?;
            Ok(file)
        })
        .await
}

fn write(everybody: &[Participant], named: &[UserId], stated: &[Affiliation]) -> Outcome<Vec<u8>> {
    const NOT_DISCLOSED: &str = "not disclosed";
    let mut table = csv::Writer::from_writer(Vec::new());
    let heads = ["name", "registered_at", "team", "role", "organizations", "countries"];
    table.write_record(heads).map_err(Failure::internal)?;
    for participant in everybody {
        let is_named = named.binary_search(&participant.user).is_ok();
        let of = || stated.iter().filter(|one| one.user_id == participant.user);
        let joined =
            |parts: Vec<&str>| if parts.is_empty() { NOT_DISCLOSED.to_owned() } else { parts.join("; ") };
        let (team, role) = match &participant.team {
            Some((_, name, role)) => (name.as_str(), role.as_str()),
            None => ("", ""),
        };
        let name = if is_named { participant.name.as_str() } else { NOT_DISCLOSED };
        let row = [
            safe(name),
            participant.registered_at.to_string(),
            safe(team),
            role.to_owned(),
            safe(&joined(of().map(|one| one.organization.as_str()).collect())),
            joined(of().filter_map(|one| one.country.as_deref()).collect()),
        ];
        table.write_record(row).map_err(Failure::internal)?;
    }
    table.into_inner().map_err(Failure::internal)
}

/// A text that no spreadsheet takes for a formula.
fn safe(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
