//! Owners close a challenge for good.

use domain::Actor;
use domain::challenge::ChallengeState;
use domain::event::EventKind;
use storage::challenges::{self, Challenge};
use storage::events;

use super::own_locked;
use crate::App;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};

/// Archives a published challenge; an archived one stays so.
///
/// A draft is not archived: everyone would see it, and nobody has taken part in it.
pub async fn archive_challenge(app: &App, actor: &Actor, challenge: &str) -> Outcome<Challenge> {
    let now = app.now();
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .write(move |conn| {
            let found = own_locked(conn, &actor, &challenge)?;
            match found.state {
                ChallengeState::Archived => return Ok(found),
                ChallengeState::Draft => {
                    return Err(Failure::new(Code::StateConflict, "a draft cannot be archived"));
                }
                ChallengeState::Published => {}
            }
            challenges::advance(conn, found.id, ChallengeState::Published, ChallengeState::Archived, now)?;
            let archived = challenges::find(conn, found.id)?.ok_or_else(Failure::not_found)?;
            let subject = format!("challenge:{}", found.id);
            let told = event(&actor, now, EventKind::ChallengeArchived, subject, Some(found.id), []);
            events::append(conn, told)?;
            Ok(archived)
        })
        .await
}
