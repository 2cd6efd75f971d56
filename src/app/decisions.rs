//! Decisions: who decided what in a challenge, on what authority and why.
//!
//! A decision is written once. The log says that it was made, by whom as a role, and never in words.

use domain::event::{EventKind, NewEvent};
use domain::framing::{DecisionDraft, Party};
use domain::{Actor, DecisionId, Scope, Timestamp};
use serde_json::json;
pub use storage::decisions::Decision;
use storage::decisions::{self, NewDecision};
use storage::events;

use crate::App;
use crate::authority::{person, see_challenge, see_phase};
use crate::challenges::manage_locked;
use crate::context::event;
use crate::failure::{Failure, FieldError, Outcome};
use crate::framing::record::wrong_codes;
use crate::idempotency::{Created, IdempotencyKey, create_once};

/// What was decided.
#[derive(Debug, Clone)]
pub struct Decided {
    /// What kind of decision it is (`decision.kind`).
    pub kind: String,
    /// The codename or id of the phase that it is about; otherwise it is about the challenge.
    pub phase: Option<String>,
    /// Who decided, and why.
    pub draft: DecisionDraft,
}

/// A decision with who had which part in it.
#[derive(Debug, Clone)]
pub struct DecisionDetail {
    /// What is stored of it.
    pub decision: Decision,
    /// Who else had a part in it, or none.
    pub parties: Vec<Party>,
}

/// Puts a decision on record; for who may change the challenge.
pub async fn record_decision(
    app: &App,
    actor: &Actor,
    challenge: &str,
    decided: Decided,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<DecisionId>> {
    let by = person(actor, Scope::Organize)?.user;
    let (now, id) = (app.now(), app.sources.new_id::<DecisionId>());
    check(&decided, now)?;
    let request = idempotency.map(|key| key.request(actor, "record_decision"));
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    create_once(app, request, id, now, move |conn| {
        let managed = manage_locked(conn, &actor, &challenge)?;
        let subject = match &decided.phase {
            Some(phase) => format!("phase:{}", see_phase(conn, &actor, &challenge, phase)?.phase.id),
            None => format!("challenge:{}", managed.id),
        };
        let (kind, subject) = (decided.kind.as_str(), subject.as_str());
        let new = NewDecision { id, challenge: managed.id, kind, subject, recorded_by: Some(by), now };
        decisions::insert(conn, &new, &decided.draft)?;
        Ok(events::append(conn, decision_made(&actor, &new, &decided.draft))?)
    })
    .await
}

/// A page of the decisions of a challenge, oldest record first; for everybody who sees the challenge.
pub async fn list_decisions(
    app: &App,
    actor: &Actor,
    challenge: &str,
    after: Option<DecisionId>,
    limit: u32,
) -> Outcome<Vec<DecisionDetail>> {
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .read(move |conn| {
            let seen = see_challenge(conn, &actor, &challenge)?;
            let found = decisions::list(conn, seen.challenge.id, after, i64::from(limit))?;
            let detail = found.into_iter().map(|decision| {
                let parties = decisions::parties_of(conn, decision.id)?.into_iter().collect();
                Ok(DecisionDetail { decision, parties })
            });
            detail.collect()
        })
        .await
}

/// The event that tells of a decision.
pub(crate) fn decision_made(actor: &Actor, new: &NewDecision<'_>, draft: &DecisionDraft) -> NewEvent {
    let payload = [
        ("kind", json!(new.kind)),
        ("subject", json!(new.subject)),
        ("decider_role", json!(draft.decider_role)),
        ("authority_basis", json!(draft.authority_basis)),
        ("rationale", json!(draft.rationale_code)),
    ];
    let subject = format!("decision:{}", new.id);
    event(actor, new.now, EventKind::DecisionMade, subject, Some(new.challenge), payload)
}

/// What is wrong with what is said about a decision; fields are named from `decision` on.
pub(crate) fn wrong_in(draft: &DecisionDraft, now: Timestamp) -> Outcome<Vec<FieldError>> {
    draft.check().map_err(|invalid| invalid.inside("decision"))?;
    let mut errors = wrong_codes(&draft.codes());
    if draft.decided_at.is_some_and(|at| at > now) {
        errors.push(FieldError::new("decided_at", "must not be later than now"));
    }
    for error in &mut errors {
        error.field.insert_str(0, "decision.");
    }
    Ok(errors)
}

fn check(decided: &Decided, now: Timestamp) -> Outcome<()> {
    let mut errors = wrong_codes(&[("kind", "decision.kind", &decided.kind)]);
    errors.extend(wrong_in(&decided.draft, now)?);
    if errors.is_empty() { Ok(()) } else { Err(Failure::invalid_fields(errors)) }
}
