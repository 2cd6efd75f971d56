//! Links for those who may object without an account.

use domain::event::EventKind;
use domain::{Actor, ContestationLinkId, Scope, Timestamp, Title};
use serde_json::json;
use storage::contestations::{self, Link};
use storage::events;

use crate::App;
use crate::authority::{see_challenge, verified_person};
use crate::context::event;
use crate::failure::{Failure, FieldError, Outcome};
use crate::identity::{OpaqueToken, TokenKind};

/// The most objections that one link lets in.
const MOST_OBJECTIONS: u16 = 100;
/// How long a link works at most.
const MOST_DAYS: u16 = 730;
const DAY_SECONDS: i64 = 86_400;

/// A link that was just made.
#[derive(Debug, Clone)]
pub struct MadeLink {
    /// What is kept of it.
    pub link: Link,
    /// The token, which is told once.
    pub token: OpaqueToken,
}

/// Makes a link that lets in so many objections for so many days; for organizers.
pub async fn make_link(
    app: &App,
    actor: &Actor,
    challenge: &str,
    label: Title,
    objections: u16,
    days: u16,
) -> Outcome<MadeLink> {
    let by = verified_person(actor, Scope::Organize)?.user;
    let mut errors = Vec::new();
    if !(1..=MOST_OBJECTIONS).contains(&objections) {
        errors.push(FieldError::new("objections", format!("must be 1 to {MOST_OBJECTIONS}")));
    }
    if !(1..=MOST_DAYS).contains(&days) {
        errors.push(FieldError::new("days", format!("must be 1 to {MOST_DAYS}")));
    }
    if !errors.is_empty() {
        return Err(Failure::invalid_fields(errors));
    }
    let (now, id) = (app.now(), app.sources.new_id::<ContestationLinkId>());
    let token = OpaqueToken::mint(TokenKind::Contestation, app.sources.entropy.as_ref());
    let digest = token.digest();
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    let link = app
        .db
        .write(move |conn| {
            let managed = see_challenge(conn, &actor, &challenge)?.manage(&actor)?.0;
            let link = Link {
                id,
                challenge_id: managed.id,
                label: label.as_str().to_owned(),
                remaining: i32::from(objections),
                created_at: now,
                expires_at: now.plus_seconds(i64::from(days) * DAY_SECONDS),
                revoked_at: None,
            };
            contestations::insert_link(conn, &link, digest, by)?;
            let payload = [("objections", json!(objections)), ("expires_at", json!(link.expires_at))];
            let subject = format!("contestation_link:{id}");
            let kind = EventKind::ContestationLinkMade;
            events::append(conn, event(&actor, now, kind, subject, Some(managed.id), payload))?;
            Ok::<_, Failure>(link)
        })
        .await?;
    Ok(MadeLink { link, token })
}

/// The links of a challenge, newest first; for organizers.
pub async fn list_links(app: &App, actor: &Actor, challenge: &str) -> Outcome<Vec<Link>> {
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .read(move |conn| {
            let inspected = see_challenge(conn, &actor, &challenge)?.inspect(&actor)?;
            Ok(contestations::links(conn, inspected.id)?)
        })
        .await
}

/// Takes a link back, once; for organizers. What came through it stays.
pub async fn revoke_link(app: &App, actor: &Actor, id: ContestationLinkId) -> Outcome<()> {
    let (actor, now) = (actor.clone(), app.now());
    app.db
        .write(move |conn| {
            let link = contestations::link(conn, id)?.ok_or_else(Failure::not_found)?;
            let seen = see_challenge(conn, &actor, &link.challenge_id.to_string())?;
            if !seen.is_organizer() {
                return Err(Failure::not_found());
            }
            seen.manage(&actor)?;
            if !contestations::revoke(conn, id, now)? {
                return Err(Failure::not_found());
            }
            let subject = format!("contestation_link:{id}");
            let kind = EventKind::ContestationLinkRevoked;
            Ok(events::append(conn, event(&actor, now, kind, subject, Some(link.challenge_id), []))?)
        })
        .await
}

/// Whether a link lets somebody in at a moment.
pub(super) fn works(link: &Link, now: Timestamp) -> bool {
    link.revoked_at.is_none() && now < link.expires_at
}
