//! Somebody begins a challenge: a draft that only they see, and they are its owner.

use domain::challenge::ChallengeDraft;
use domain::event::EventKind;
use domain::{Actor, ChallengeId, ChallengeRole, Scope};
use serde_json::json;
use storage::{challenges, events};

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
    let (now, id, terms_id) = (app.now(), app.sources.new_id::<ChallengeId>(), app.sources.new_id());
    let request = idempotency.map(|key| key.request(actor, "create_challenge"));
    let actor = actor.clone();
    create_once(app, request, id, now, move |conn| {
        let series = series::find_for_edition(conn, &actor, draft.series.as_ref())?;
        challenges::insert(conn, id, &draft, series, now)
            .map_err(|error| taken(error, "challenges_slug_key", "slug"))?;
        challenges::organizers::set(conn, id, owner, ChallengeRole::Owner, now)?;
        let terms = terms::publish_if_changed(conn, terms_id, id, &draft.terms, now)?;

        let payload = [("slug", json!(draft.slug)), ("series", json!(series)), ("owner", json!(owner))];
        let subject = format!("challenge:{id}");
        events::append(conn, event(&actor, now, EventKind::ChallengeCreated, subject, Some(id), payload))?;
        terms::tell(conn, &actor, terms.as_ref())
    })
    .await
}
