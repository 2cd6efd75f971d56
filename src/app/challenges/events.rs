//! The event log of a challenge; for organizers.

use domain::Actor;
use domain::event::Event;
use storage::events;

use crate::App;
use crate::authority::see_challenge;
use crate::failure::Outcome;

/// A page of what happened in a challenge, oldest first, behind place `after` of the whole log.
pub async fn list_events(
    app: &App,
    actor: &Actor,
    challenge: &str,
    after: i64,
    limit: u32,
) -> Outcome<Vec<Event>> {
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .read(move |conn| {
            let inspected = see_challenge(conn, &actor, &challenge)?.inspect(&actor)?;
            Ok(events::page(conn, Some(inspected.id), after, i64::from(limit))?)
        })
        .await
}
