//! Who takes part; for organizers.

use domain::entry::RegistrationState;
use domain::{Actor, UserId};
use storage::challenges::registrations::{self, Participant};

use crate::App;
use crate::authority::see_challenge;
use crate::failure::Outcome;

/// A page of the people whose registration stands so, with their teams, in the order of their accounts.
pub async fn list_participants(
    app: &App,
    actor: &Actor,
    challenge: &str,
    state: RegistrationState,
    after: Option<UserId>,
    limit: u32,
) -> Outcome<Vec<Participant>> {
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .read(move |conn| {
            let inspected = see_challenge(conn, &actor, &challenge)?.inspect(&actor)?;
            Ok(registrations::participants(conn, inspected.id, state, after, i64::from(limit))?)
        })
        .await
}
