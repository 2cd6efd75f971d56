//! The teams of a challenge, by their names alone.

use domain::{Actor, TeamId};
use storage::teams::{self, Team};

use crate::App;
use crate::authority::see_challenge;
use crate::failure::Outcome;

/// A page of a challenge's teams, in the order in which they were formed; who is in them is not said here.
pub async fn list_teams(
    app: &App,
    actor: &Actor,
    challenge: &str,
    after: Option<TeamId>,
    limit: u32,
) -> Outcome<Vec<Team>> {
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .read(move |conn| {
            let seen = see_challenge(conn, &actor, &challenge)?.challenge;
            Ok(teams::list(conn, seen.id, after, i64::from(limit))?)
        })
        .await
}
