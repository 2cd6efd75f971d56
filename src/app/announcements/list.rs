//! The announcements of a challenge, for everybody who sees it.

use domain::{Actor, AnnouncementId};
use storage::announcements::{self, Announcement};

use crate::App;
use crate::authority::see_challenge;
use crate::failure::Outcome;

/// A page of the announcements that stand, newest first.
pub async fn list_announcements(
    app: &App,
    actor: &Actor,
    challenge: &str,
    before: Option<AnnouncementId>,
    limit: u32,
) -> Outcome<Vec<Announcement>> {
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .read(move |conn| {
            let seen = see_challenge(conn, &actor, &challenge)?;
            Ok(announcements::list(conn, seen.challenge.id, before, i64::from(limit))?)
        })
        .await
}
