//! An organizer takes an announcement back. The mails have left; the log keeps that there was one.

use domain::event::EventKind;
use domain::{Actor, AnnouncementId};
use storage::{announcements, events};

use crate::App;
use crate::authority::see_challenge;
use crate::context::event;
use crate::failure::{Failure, Outcome};

/// Takes an announcement of a challenge back; a second time is "not found".
pub async fn withdraw_announcement(
    app: &App,
    actor: &Actor,
    challenge: &str,
    id: AnnouncementId,
) -> Outcome<()> {
    let now = app.now();
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .write(move |conn| {
            let managed = see_challenge(conn, &actor, &challenge)?.manage(&actor)?.0;
            announcements::find(conn, id)?
                .filter(|found| found.challenge_id == managed.id)
                .ok_or_else(Failure::not_found)?;
            if !announcements::withdraw(conn, id, now)? {
                return Err(Failure::not_found());
            }
            let subject = format!("announcement:{id}");
            let withdrawn =
                event(&actor, now, EventKind::AnnouncementWithdrawn, subject, Some(managed.id), []);
            Ok(events::append(conn, withdrawn)?)
        })
        .await
}
