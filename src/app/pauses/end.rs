//! Organizers take submissions again.

use domain::event::EventKind;
use domain::{Actor, PauseId, Scope};
use storage::{events, pauses};

use crate::App;
use crate::authority::{person, see_challenge};
use crate::context::event;
use crate::failure::{Failure, Outcome};

/// Ends a pause that lasts; a second time is "not found".
pub async fn end_pause(app: &App, actor: &Actor, challenge: &str, id: PauseId) -> Outcome<()> {
    let by = person(actor, Scope::Organize)?.user;
    let now = app.now();
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .write(move |conn| {
            let managed = see_challenge(conn, &actor, &challenge)?.manage(&actor)?.0;
            if !pauses::end(conn, (managed.id, id), (by, now))? {
                return Err(Failure::not_found());
            }
            let told = event(&actor, now, EventKind::PauseEnded, format!("pause:{id}"), Some(managed.id), []);
            Ok(events::append(conn, told)?)
        })
        .await
}
