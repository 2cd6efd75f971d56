//! An organizer tells something to the people of a challenge.

use domain::announcement::AnnouncementDraft;
use domain::event::EventKind;
use domain::{Actor, AnnouncementId, EmailAddress, JobId, Scope};
use serde_json::json;
use storage::{announcements, events};

use crate::App;
use crate::authority::{see_challenge, verified_person};
use crate::context::event;
use crate::failure::{Failure, Outcome};
use crate::idempotency::{Created, IdempotencyKey, create_once};
use crate::mail;

/// Posts an announcement and queues its mails, all or nothing.
///
/// Whoever registers in the same moment may get none; they find it on the page of the challenge.
pub async fn post_announcement(
    app: &App,
    actor: &Actor,
    challenge: &str,
    draft: AnnouncementDraft,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<AnnouncementId>> {
    let by = verified_person(actor, Scope::Organize)?.user;
    let (now, id) = (app.now(), app.sources.new_id::<AnnouncementId>());
    let request = idempotency.map(|key| key.request(actor, "post_announcement"));
    let site = app.settings.server.public_url.clone();
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    let audience = draft.audience;
    let (asking, place) = (actor.clone(), challenge.clone());
    let recipients = app
        .db
        .read(move |conn| {
            let managed = see_challenge(conn, &asking, &place)?.manage(&asking)?.0;
            Ok::<_, Failure>(announcements::addresses(conn, managed.id, audience)?)
        })
        .await?;
    let mails: Vec<(JobId, EmailAddress)> =
        recipients.into_iter().map(|address| (app.sources.new_id(), address)).collect();
    let created = create_once(app, request, id, now, move |conn| {
        let managed = see_challenge(conn, &actor, &challenge)?.manage(&actor)?.0;
        let count = u32::try_from(mails.len()).unwrap_or(u32::MAX);
        announcements::insert(conn, (id, managed.id), &draft, count, (by, now))?;
        for (job, to) in &mails {
            let mail = mail::announcement(&site, to.clone(), &managed, &draft);
            mail::enqueue(conn, *job, &mail, now)?;
        }
        let payload = [("audience", json!(audience)), ("recipients", json!(count))];
        let subject = format!("announcement:{id}");
        let posted = event(&actor, now, EventKind::AnnouncementPosted, subject, Some(managed.id), payload);
        Ok(events::append(conn, posted)?)
    })
    .await?;
    app.job_queued.notify_one();
    Ok(created)
}
