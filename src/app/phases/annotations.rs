//! The versions of a phase's annotations; for organizers, and never their content.

use domain::Actor;
use storage::phases::{self, Annotations};

use crate::App;
use crate::authority::see_phase;
use crate::failure::Outcome;

/// Every version, oldest first; the last is in force.
pub async fn list_annotations(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
) -> Outcome<Vec<Annotations>> {
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    app.db
        .read(move |conn| {
            let inspected = see_phase(conn, &actor, &challenge, &phase)?.inspect(&actor)?;
            Ok(phases::annotations_versions(conn, inspected.id)?)
        })
        .await
}
