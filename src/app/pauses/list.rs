//! The pauses of a challenge, for everybody who sees it.

use domain::{Actor, PauseId};
use storage::pauses::{self, Pause};

use crate::App;
use crate::authority::see_challenge;
use crate::failure::Outcome;

/// A page of them, newest first.
pub async fn list_pauses(
    app: &App,
    actor: &Actor,
    challenge: &str,
    before: Option<PauseId>,
    limit: u32,
) -> Outcome<Vec<Pause>> {
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .read(move |conn| {
            let seen = see_challenge(conn, &actor, &challenge)?;
            Ok(pauses::list(conn, seen.challenge.id, before, i64::from(limit))?)
        })
        .await
}
