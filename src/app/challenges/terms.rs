//! The terms that participants accept: every new text is a new version, and old versions stay readable.

use domain::event::{EventKind, NewEvent};
use domain::{Actor, ChallengeId, Digest, TermsId, Timestamp};
use serde_json::json;
use storage::challenges::terms::{self, Terms};
use storage::{Conn, events};

use crate::App;
use crate::authority::see_challenge;
use crate::context::event;
use crate::failure::Outcome;

/// Every version of a challenge's terms, newest first.
pub async fn list_terms(app: &App, actor: &Actor, challenge: &str) -> Outcome<Vec<Terms>> {
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .read(move |conn| {
            let seen = see_challenge(conn, &actor, &challenge)?;
            Ok(terms::list(conn, seen.challenge.id)?)
        })
        .await
}

/// Writes a version of that text, unless it is the newest version's already.
///
/// An empty text takes the terms back; it is no version where there were none.
pub(super) fn publish_if_changed(
    conn: &mut Conn<'_>,
    id: TermsId,
    challenge: ChallengeId,
    text: &str,
    now: Timestamp,
) -> Outcome<Option<Terms>> {
    let latest = terms::latest(conn, challenge)?;
    let present = latest.as_ref().map_or("", |terms| terms.text.as_str());
    if present == text {
        return Ok(None);
    }
    let published = Terms {
        id,
        challenge_id: challenge,
        version: latest.map_or(0, |terms| terms.version) + 1,
        text: text.to_owned(),
        digest: Digest::of(text.as_bytes()),
        created_at: now,
    };
    terms::insert(conn, &published)?;
    Ok(Some(published))
}

/// Appends the event of a version that was published.
pub(super) fn tell(conn: &mut Conn<'_>, actor: &Actor, published: Option<&Terms>) -> Outcome<()> {
    let Some(terms) = published else { return Ok(()) };
    Ok(events::append(conn, told(actor, terms))?)
}

/// The event of a version that was published.
pub(super) fn told(actor: &Actor, terms: &Terms) -> NewEvent {
    let payload = [("version", json!(terms.version)), ("digest", json!(terms.digest))];
    let subject = format!("terms:{}", terms.id);
    event(actor, terms.created_at, EventKind::TermsPublished, subject, Some(terms.challenge_id), payload)
}
