//! The teams of a challenge, by their names alone.

use domain::{Actor, Invalid, TeamId, Timestamp};
use storage::teams::{self, Team};
use storage::{Conn, submission_rules};

use crate::App;
use crate::authority::see_challenge;
use crate::failure::Outcome;

/// A page of a challenge's teams, in the order in which they were formed; who is in them is not said here.
///
/// While entries of the challenge are anonymous, everybody but organizers is told of their own team only.
/// As of a moment: those that were formed by then and had not gone into others, by the names that they had.
pub async fn list_teams(
    app: &App,
    actor: &Actor,
    challenge: &str,
    as_of: Option<Timestamp>,
    after: Option<TeamId>,
    limit: u32,
) -> Outcome<Vec<Team>> {
    let now = app.now();
    if as_of.is_some_and(|as_of| as_of > now) {
        return Err(Invalid::new("as_of", "must not be later than now").into());
    }
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
                return as_they_were(conn, own.into_iter().collect(), as_of);
            }
            let listed = teams::list(conn, seen.id, as_of.unwrap_or(now), after, i64::from(limit))?;
            as_they_were(conn, listed, as_of)
        })
        .await
}

/// The teams that were there, by their names of then.
fn as_they_were(conn: &mut Conn<'_>, found: Vec<Team>, as_of: Option<Timestamp>) -> Outcome<Vec<Team>> {
    let Some(as_of) = as_of else { return Ok(found) };
    let mut were = Vec::with_capacity(found.len());
    for team in found.into_iter().filter(|team| team.created_at <= as_of) {
        let name = teams::names_of(conn, team.id)?.into_iter().rfind(|name| name.since <= as_of);
        were.push(Team { name: name.map_or(team.name, |name| name.name), ..team });
    }
    Ok(were)
}
