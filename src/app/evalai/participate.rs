//! Somebody takes part in a challenge with a team: registration, acceptance of the terms and the team in one step.

use domain::{Actor, ChallengeId, MembershipId, Scope, TeamId};
use storage::{challenges::registrations, challenges::terms, evalai, teams};
use uuid::Uuid;

use super::teams::{OwnTeam, own_participant_team};
use crate::App;
use crate::authority::{see_challenge, verified_person};
use crate::challenges::register::register_in;
use crate::failure::{Code, Failure, Outcome};
use crate::teams::form::form_in;

/// Takes part in a challenge; the client has shown the terms in force and asked whether they are accepted.
///
/// With a team that was made for challenges to come, or one of another challenge, a team of the same name is formed here.
/// With the team that the actor is in already, changed terms are accepted; where nothing changes, that is a conflict.
pub async fn participate(app: &App, actor: &Actor, challenge: ChallengeId, team: Uuid) -> Outcome<()> {
    let now = app.now();
    let (id, membership): (TeamId, MembershipId) = (app.sources.new_id(), app.sources.new_id());
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            let seen = see_challenge(conn, &actor, &challenge.to_string())?.challenge;
            let user = verified_person(&actor, Scope::Submit)?.user;
            let team = own_participant_team(conn, user, team)?;
            if let Some((present, _)) = teams::of_person(conn, challenge, user)? {
                let is_the_same = match &team {
                    OwnTeam::Made(made) => {
                        evalai::entries_of(conn, made.id)?.contains(&(challenge, present.id))
                    }
                    OwnTeam::OfChallenge(own) => own.id == present.id,
                };
                let accepted = registrations::find(conn, challenge, user)?.map(|found| found.terms_id);
                let in_force = terms::in_force(conn, challenge)?.map(|found| found.id);
                if is_the_same && accepted != Some(in_force) {
                    register_in(conn, &actor, &seen, now, |_| Ok(()))?;
                    return Ok(());
                }
                let detail = if is_the_same {
                    "Team already exists"
                } else {
                    "You are in another team of this challenge already"
                };
                return Err(Failure::new(Code::AlreadyInTeam, detail));
            }
            register_in(conn, &actor, &seen, now, |_| Ok(()))?;
            let name = match &team {
                OwnTeam::Made(made) => made.name.clone(),
                OwnTeam::OfChallenge(own) => own.name.clone(),
            };
            form_in(conn, &actor, &seen, (id, membership), name, now)?;
            if let OwnTeam::Made(made) = &team {
                // Somebody who left the team that came of it before takes part with a team that only shares the name.
                if !evalai::entries_of(conn, made.id)?.iter().any(|(entered, _)| *entered == challenge) {
                    evalai::enter(conn, made.id, challenge, id)?;
                }
            }
            Ok(())
        })
        .await
}
