//! The teams of a challenge, by their names alone.

use domain::{Actor, TeamId};
use storage::submission_rules;
use storage::teams::{self, Team};

use crate::App;
use crate::authority::see_challenge;
use crate::failure::Outcome;

/// A page of a challenge's teams, in the order in which they were formed; who is in them is not said here.
///
/// While entries of the challenge are anonymous, everybody but organizers is told of their own team only.
pub async fn list_teams(
    app: &App,
    actor: &Actor,
    challenge: &str,
    after: Option<TeamId>,
    limit: u32,
) -> Outcome<Vec<Team>> {
    let now = app.now();
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .read(move |conn| {
            let seen = see_challenge(conn, &actor, &challenge)?;
            let (is_organizer, seen) = (seen.is_organizer(), seen.challenge);
            let until = submission_rules::challenge_anonymous_until(conn, seen.id)?;
            if !is_organizer && until.is_some_and(|until| now < until) {
                let own = match actor.user() {
                    Some(user) => teams::of_person(conn, seen.id, user)?,
                    None => None,
                };
                let own = own.map(|(team, _)| team).filter(|team| after.is_none_or(|after| team.id > after));
                return Ok(own.into_iter().collect());
            }
            Ok(teams::list(conn, seen.id, after, i64::from(limit))?)
        })
        .await
}
