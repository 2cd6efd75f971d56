//! Organizers open a new phase of a challenge.

use domain::event::{EventKind, NewEvent};
use domain::phase::PhaseDraft;
use domain::{Actor, ChallengeId, PhaseId, SplitId, Timestamp};
use serde_json::json;
use storage::phases::{self, NewPhase};
use storage::{Conn, events};

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

    let now = app.now();
    let salt = fresh_salt(app);
    let made = PhaseRecord::new(app, actor, challenge, draft, salt, now);
    let id = made.id();
    let request = idempotency.map(|key| key.request(actor, &format!("create_phase:{challenge}")));
    let actor = actor.clone();
    create_once(app, request, id, now, move |conn| {
        let managed = manage_locked(conn, &actor, &challenge.to_string())?;
        not_archived(&managed)?;
        let position = phases::list(conn, challenge)?.last().map_or(0, |last| last.position + 1);
        let told = made.write(conn, position)?;
        told.into_iter().try_for_each(|told| Ok(events::append(conn, told)?))
    })
    .await
}

/// A secret for the hash splits of a phase.
pub(crate) fn fresh_salt(app: &App) -> String {
    hex::encode(app.sources.random::<32>())
}

/// A phase with the ids of all that belongs to it, before it is written: writing may be tried twice.
#[derive(Clone)]
pub(crate) struct PhaseRecord {
    draft: PhaseDraft,
    split_ids: Vec<SplitId>,
    split_salt: String,
    recording: Recording,
}

impl PhaseRecord {
    /// The record of a draft that was checked.
    pub(crate) fn new(
        app: &App,
        actor: &Actor,
        challenge: ChallengeId,
        draft: PhaseDraft,
        split_salt: String,
        now: Timestamp,
    ) -> Self {
        let recording = Recording::new(app, challenge, app.sources.new_id(), actor, now);
        let split_ids = draft.splits.iter().map(|_| app.sources.new_id()).collect();
        Self { draft, split_ids, split_salt, recording }
    }

    /// The id of the phase.
    pub(crate) fn id(&self) -> PhaseId {
        self.recording.phase
    }

    /// Writes the phase, its splits and its framing; the events that the caller appends last.
    pub(crate) fn write(&self, conn: &mut Conn<'_>, position: i32) -> Outcome<Vec<NewEvent>> {
        let (draft, Recording { challenge, phase: id, actor, now, .. }) = (&self.draft, &self.recording);
        let split_salt = self.split_salt.clone();
        let new = NewPhase { id: *id, challenge: *challenge, position, split_salt, created_at: *now };
        phases::insert(conn, &new, draft)
            .map_err(|error| taken(error, "phases_challenge_id_codename_key", "codename"))?;
        for ((split, split_id), position) in draft.splits.iter().zip(&self.split_ids).zip(0..) {
            phases::insert_split(conn, *split_id, *id, split, position)?;
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
        let subject = format!("phase:{id}");
        let mut told = vec![event(actor, *now, EventKind::PhaseCreated, subject, Some(*challenge), payload)];
        if let Some(framing) = &draft.framing {
            told.extend(self.recording.write(conn, "task_create", draft, framing, None)?);
        }
        Ok(told)
    }
}
