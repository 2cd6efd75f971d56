//! How many people an announcement would be sent to, before it is.

use domain::Actor;
use domain::announcement::Audience;
use storage::announcements;

use crate::App;
use crate::authority::see_challenge;
use crate::failure::Outcome;

/// The number of proven addresses of an audience as it is now; for organizers.
pub async fn count_recipients(
    app: &App,
    actor: &Actor,
    challenge: &str,
    audience: Audience,
) -> Outcome<usize> {
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .read(move |conn| {
            let inspected = see_challenge(conn, &actor, &challenge)?.inspect(&actor)?;
            Ok(announcements::addresses(conn, inspected.id, audience)?.len())
        })
        .await
}
