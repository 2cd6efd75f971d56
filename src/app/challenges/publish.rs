//! Organizers show a challenge to everyone.

use domain::Actor;
use domain::challenge::ChallengeState;
use domain::event::EventKind;
use storage::challenges::{self, Challenge};
use storage::events;

use super::{manage_locked, not_archived};
use crate::App;
use crate::context::event;
use crate::failure::{Failure, Outcome};

/// Publishes a draft; a challenge that is published already stays so.
pub async fn publish_challenge(app: &App, actor: &Actor, challenge: &str) -> Outcome<Challenge> {
    let now = app.now();
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .write(move |conn| {
            let found = manage_locked(conn, &actor, &challenge)?;
            not_archived(&found)?;
            if !challenges::advance(conn, found.id, ChallengeState::Draft, ChallengeState::Published, now)? {
                return Ok(found);
            }
            let published = challenges::find(conn, found.id)?.ok_or_else(Failure::not_found)?;
            let subject = format!("challenge:{}", found.id);
            let told = event(&actor, now, EventKind::ChallengePublished, subject, Some(found.id), []);
            events::append(conn, told)?;
            Ok(published)
        })
        .await
}
