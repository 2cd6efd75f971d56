//! The rules of entry, for organizers; and one's own registration.

use domain::entry::EntryRules;
use domain::{Actor, Scope};
use storage::challenges::entry;
use storage::challenges::registrations::{self, Registration};

use crate::App;
use crate::authority::{person, see_challenge};
use crate::failure::{Code, Failure, Outcome};

/// Who sees the challenge and may enter it, with the lists; for organizers.
pub async fn read_entry_rules(app: &App, actor: &Actor, challenge: &str) -> Outcome<EntryRules> {
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .read(move |conn| {
            let inspected = see_challenge(conn, &actor, &challenge)?.inspect(&actor)?;
            Ok(entry::rules(conn, &inspected)?)
        })
        .await
}

/// Where the actor's own registration stands, and why.
pub async fn read_own_registration(app: &App, actor: &Actor, challenge: &str) -> Outcome<Registration> {
    let user = person(actor, Scope::Read)?.user;
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .read(move |conn| {
            let seen = see_challenge(conn, &actor, &challenge)?.challenge;
            registrations::find(conn, seen.id, user)?.ok_or_else(|| {
                Failure::new(Code::NotRegistered, "you have not registered for this challenge")
            })
        })
        .await
}
