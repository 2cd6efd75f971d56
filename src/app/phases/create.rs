//! Organizers open a new phase of a challenge.

use domain::event::EventKind;
use domain::phase::PhaseDraft;
use domain::{Actor, PhaseId, SplitId};
use serde_json::json;
use storage::events;
use storage::phases::{self, NewPhase};

use super::rules;
use crate::App;
use crate::authority::see_challenge;
use crate::challenges::{manage_locked, not_archived, taken};
use crate::context::event;
use crate::failure::Outcome;
use crate::framing::record::{self, Recording};
use crate::idempotency::{Created, IdempotencyKey, create_once};

/// Makes a phase with its splits, behind the phases that are there.
pub async fn create_phase(
    app: &App,
    actor: &Actor,
    challenge: &str,
    draft: PhaseDraft,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<PhaseId>> {
    let (asking, key) = (actor.clone(), challenge.to_owned());
    // What an evaluator accepts is nobody's business who may not make a phase here.
    let challenge = app.db.read(move |conn| see_challenge(conn, &asking, &key)?.manage(&asking)).await?.0.id;
    let draft = draft.check()?;
    rules::check(&app.evaluators, &draft)?;
    if let Some(framing) = &draft.framing {
        record::check(framing, app.now())?;
    }

    let (now, id) = (app.now(), app.sources.new_id::<PhaseId>());
    let recording = Recording::new(app, challenge, id, actor, now);
    let split_ids: Vec<SplitId> = draft.splits.iter().map(|_| app.sources.new_id()).collect();
    let split_salt = hex::encode(app.sources.random::<32>());
    let request = idempotency.map(|key| key.request(actor, &format!("create_phase:{challenge}")));
    let actor = actor.clone();
    create_once(app, request, id, now, move |conn| {
        let managed = manage_locked(conn, &actor, &challenge.to_string())?;
        not_archived(&managed)?;
        let position = phases::list(conn, challenge)?.last().map_or(0, |last| last.position + 1);
        let new = NewPhase { id, challenge, position, split_salt: split_salt.clone(), created_at: now };
        phases::insert(conn, &new, &draft)
            .map_err(|error| taken(error, "phases_challenge_id_codename_key", "codename"))?;
        for ((split, split_id), position) in draft.splits.iter().zip(&split_ids).zip(0..) {
            phases::insert_split(conn, *split_id, id, split, position)?;
        }
        let splits: Vec<_> = draft.splits.iter().map(|split| &split.codename).collect();
        let payload = [
            ("codename", json!(draft.codename)),
            ("evaluator", json!(draft.evaluator)),
            ("mode", json!(draft.mode)),
            ("opens_at", json!(draft.opens_at)),
            ("closes_at", json!(draft.closes_at)),
            ("splits", json!(splits)),
        ];
        let told =
            event(&actor, now, EventKind::PhaseCreated, format!("phase:{id}"), Some(challenge), payload);
        let framed = match &draft.framing {
            Some(framing) => recording.write(conn, "task_create", &draft, framing, None)?.to_vec(),
            None => Vec::new(),
        };
        std::iter::once(told).chain(framed).try_for_each(|told| Ok(events::append(conn, told)?))
    })
    .await
}
