//! Somebody asks for the data of a challenge, and an organizer answers: who was let in, who was not, and how long it took.

use domain::event::EventKind;
use domain::{AccessRequestId, Actor, Invalid, Scope, Timestamp, Title};
use storage::events;
use storage::participation::access::{self, AccessRequest, Answer};

use crate::App;
use crate::accounts::Country;
use crate::authority::{see_challenge, verified_person};
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::idempotency::{Created, IdempotencyKey, create_once};

/// Asks for the data; one request of a person waits at a time. Of a request that was sent before, what became of it is told.
pub async fn request_access(
    app: &App,
    actor: &Actor,
    challenge: &str,
    licence_version: Title,
    country: Option<Country>,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<AccessRequest>> {
    let user = verified_person(actor, Scope::Submit)?.user;
    let (now, id) = (app.now(), app.sources.new_id::<AccessRequestId>());
    let request = idempotency.map(|key| key.request(actor, &format!("request_access:{challenge}")));
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    let made = create_once(app, request, id, now, move |conn| {
        let seen = see_challenge(conn, &actor, &challenge)?.challenge;
        let new = AccessRequest {
            id,
            challenge_id: seen.id,
            user_id: user,
            country: country.as_ref().map(|country| country.as_str().to_owned()),
            licence_version: licence_version.as_str().to_owned(),
            requested_at: now,
            decision: None,
            refusal_reason: None,
            decided_by: None,
            decided_at: None,
            expires_at: None,
        };
        if !access::insert(conn, &new)? {
            return Err(Failure::new(Code::StateConflict, "your last request is not answered yet"));
        }
        let subject = format!("access_request:{id}");
        let told = event(&actor, now, EventKind::AccessRequested, subject, Some(seen.id), []);
        Ok(events::append(conn, told)?)
    })
    .await?;
    let found = made.into_inner();
    let found = app.db.read(move |conn| Ok::<_, Failure>(access::find(conn, found)?)).await?;
    let found = found.ok_or_else(Failure::not_found)?;
    Ok(made.map(|_| found))
}

/// Grants or refuses a request, once: `refusal` says why it is refused, and none grants it; for organizers.
pub async fn answer_access(
    app: &App,
    actor: &Actor,
    id: AccessRequestId,
    refusal: Option<Title>,
    expires_at: Option<Timestamp>,
) -> Outcome<AccessRequest> {
    let (actor, now) = (actor.clone(), app.now());
    let by = crate::authority::person(&actor, Scope::Organize)?.user;
    if expires_at.is_some_and(|end| end <= now) || expires_at.is_some() && refusal.is_some() {
        return Err(Invalid::new("expires_at", "must be a moment to come, of access that is granted").into());
    }
    app.db
        .write(move |conn| {
            let request = access::find(conn, id)?.ok_or_else(Failure::not_found)?;
            let seen = see_challenge(conn, &actor, &request.challenge_id.to_string())?;
            if !seen.is_organizer() {
                return Err(Failure::not_found());
            }
            seen.manage(&actor)?;
            let refusal_reason = refusal.as_ref().map(|reason| reason.as_str().to_owned());
            let kind = if refusal.is_some() { EventKind::AccessRefused } else { EventKind::AccessGranted };
            if !access::answer(conn, id, &Answer { refusal_reason, expires_at, by, at: now })? {
                return Err(Failure::new(Code::StateConflict, "the request was answered before"));
            }
            let subject = format!("access_request:{id}");
            events::append(conn, event(&actor, now, kind, subject, Some(request.challenge_id), []))?;
            access::find(conn, id)?.ok_or_else(Failure::not_found)
        })
        .await
}

/// A page of the requests of a challenge, oldest first; for organizers.
pub async fn list_access_requests(
    app: &App,
    actor: &Actor,
    challenge: &str,
    after: Option<AccessRequestId>,
    limit: u32,
) -> Outcome<Vec<AccessRequest>> {
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .read(move |conn| {
            let inspected = see_challenge(conn, &actor, &challenge)?.inspect(&actor)?;
            Ok(access::page(conn, inspected.id, after, i64::from(limit))?)
        })
        .await
}
