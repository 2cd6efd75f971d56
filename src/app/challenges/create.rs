//! Somebody begins a challenge: a draft that only they see, and they are its owner.

use domain::challenge::ChallengeDraft;
use domain::event::{EventKind, NewEvent};
use domain::{Actor, ChallengeId, ChallengeRole, Scope, TermsId, Timestamp, UserId};
use serde_json::json;
use storage::{Conn, challenges, events};

use super::{series, taken, terms};
use crate::App;
use crate::authority::verified_person;
use crate::context::event;
use crate::failure::Outcome;
use crate::idempotency::{Created, IdempotencyKey, create_once};

/// Makes a draft with the actor as its owner.
pub async fn create_challenge(
    app: &App,
    actor: &Actor,
    draft: ChallengeDraft,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<ChallengeId>> {
    let owner = verified_person(actor, Scope::Organize)?.user;
    let draft = draft.check()?;
    let now = app.now();
    let made = ChallengeRecord::new(app, owner, draft);
    let id = made.id;
    let request = idempotency.map(|key| key.request(actor, "create_challenge"));
    let actor = actor.clone();
    create_once(app, request, id, now, move |conn| {
        let told = made.write(conn, &actor, now, None)?;
        told.into_iter().try_for_each(|told| Ok(events::append(conn, told)?))
    })
    .await
}

/// A challenge with the ids of all that belongs to it, before it is written: writing may be tried twice.
#[derive(Clone)]
pub(super) struct ChallengeRecord {
    /// The id of the challenge.
    pub(super) id: ChallengeId,
    terms_id: TermsId,
    owner: UserId,
    draft: ChallengeDraft,
}

impl ChallengeRecord {
    /// The record of a draft that was checked.
    pub(super) fn new(app: &App, owner: UserId, draft: ChallengeDraft) -> Self {
        Self { id: app.sources.new_id(), terms_id: app.sources.new_id(), owner, draft }
    }

    /// Writes the draft with its owner, tags and terms; the events that the caller appends last.
    pub(super) fn write(
        &self,
        conn: &mut Conn<'_>,
        actor: &Actor,
        now: Timestamp,
        cloned_from: Option<ChallengeId>,
    ) -> Outcome<Vec<NewEvent>> {
        let Self { id, terms_id, owner, draft } = self;
        let series = series::find_for_edition(conn, actor, draft.series.as_ref())?;
        challenges::insert(conn, *id, draft, series, now)
            .map_err(|error| taken(error, "challenges_slug_key", "slug"))?;
        challenges::tags::set(conn, *id, &draft.tags)?;
        challenges::organizers::set(conn, *id, *owner, ChallengeRole::Owner, now)?;
        let terms = terms::publish_if_changed(conn, *terms_id, *id, &draft.terms, now)?;

        let mut payload =
            vec![("slug", json!(draft.slug)), ("series", json!(series)), ("owner", json!(owner))];
        payload.extend(cloned_from.map(|source| ("cloned_from", json!(source))));
        let subject = format!("challenge:{id}");
        let mut told = vec![event(actor, now, EventKind::ChallengeCreated, subject, Some(*id), payload)];
        told.extend(terms.map(|terms| terms::told(actor, &terms)));
        Ok(told)
    }
}
