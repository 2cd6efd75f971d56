//! Organizers ask again for what failed: a package may be there now that was not.

use domain::Actor;
use domain::event::EventKind;
use serde_json::json;
use storage::{events, phases, trials};

use crate::App;
use crate::authority::see_phase;
use crate::challenges::not_archived;
use crate::context::event;
use crate::failure::Outcome;

/// Asks for everything of the program in force that failed; how many trials that are.
pub async fn repeat_trials(app: &App, actor: &Actor, challenge: &str, phase: &str) -> Outcome<usize> {
    let now = app.now();
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    app.db
        .write(move |conn| {
            let managed = see_phase(conn, &actor, &challenge, &phase)?.manage(&actor)?;
            not_archived(&managed.challenge)?;
            let Some(version) = phases::annotations_in_force(conn, managed.phase.id)? else { return Ok(0) };
            let count = trials::again(conn, version.id, now)?;
            if count > 0 {
                let payload = [("annotations", json!(version.id)), ("trials", json!(count))];
                let subject = format!("phase:{}", managed.phase.id);
                let challenge = Some(managed.challenge.id);
                let told = event(&actor, now, EventKind::TrialsRepeated, subject, challenge, payload);
                events::append(conn, told)?;
            }
            Ok(count)
        })
        .await
}
