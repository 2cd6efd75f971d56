//! What was left out, of a dataset or of a phase, and what a framing binds.

use domain::event::EventKind;
use domain::framing::DecisionDraft;
use domain::{Actor, DecisionId, ExclusionId, FramingId, GuidelineId, Invalid};
use serde_json::json;
use storage::datasets::exclusions::{self, Binding, Exclusion, ExclusionDraft, LeftOutOf};
use storage::datasets::guidelines;
use storage::datasets::production::Recording;
use storage::decisions::{self, NewDecision};
use storage::{Conn, events, framings, phases};

use super::find_version;
use super::production::{NewRecord, amounts, counts, record, refuse, texts, version_of};
use crate::App;
use crate::activities::find_taxonomy;
use crate::authority::{person, see_phase};
use crate::context::event;
use crate::decisions::{decision_made, wrong_in as wrong_in_decision};
use crate::failure::{Failure, FieldError, Outcome};
use crate::framing::record::wrong_codes;
use crate::idempotency::{Created, IdempotencyKey, create_once};

/// How it is known that somebody decided.
const DOCUMENTED: &str = "documented_decision";

fn wrong_in(draft: &ExclusionDraft) -> Vec<FieldError> {
    let mut errors = texts(&[("scope", &draft.scope, 0), ("source", &draft.source, 1)]);
    errors.extend(amounts(&[("hours", draft.hours, 1e9)]));
    errors.extend(counts(&[("instances", draft.instances)]));
    errors.extend(wrong_codes(&[
        ("stage", "exclusion.stage", &draft.stage),
        ("reason", "exclusion.reason", &draft.reason),
        ("basis", "exclusion.basis", &draft.basis),
    ]));
    errors
}

/// Puts on record what was left out of a version of a dataset; for who recorded the dataset.
pub async fn record_exclusion_of_dataset(
    app: &App,
    actor: &Actor,
    (dataset, version): (&str, &str),
    draft: ExclusionDraft,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<ExclusionId>> {
    refuse(wrong_in(&draft))?;
    let new = NewRecord {
        dataset: dataset.to_owned(),
        action: "record_exclusion",
        kind: EventKind::ExclusionRecorded,
        subject: "exclusion",
    };
    let version = version.to_owned();
    record(app, actor, new, idempotency, move |conn, dataset, id, recording| {
        let version = version_of(conn, dataset, &version)?;
        exclusions::insert(conn, id, LeftOutOf::Dataset(version.id), &draft, recording)?;
        Ok(vec![
            ("reason", json!(draft.reason)),
            ("basis", json!(draft.basis)),
            ("stage", json!(draft.stage)),
        ])
    })
    .await
}

/// Puts on record what was left out of a phase; for its organizers.
///
/// A documented decision comes with who decided; what only shows by its absence has nobody, and is counted as such.
pub async fn record_exclusion_of_phase(
    app: &App,
    actor: &Actor,
    (challenge, phase): (&str, &str),
    draft: ExclusionDraft,
    decision: Option<DecisionDraft>,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<ExclusionId>> {
    let mut errors = wrong_in(&draft);
    if (draft.basis == DOCUMENTED) != decision.is_some() {
        errors.push(FieldError::new(
            "decision",
            "must be given with the basis documented_decision, and only with it",
        ));
    }
    let (now, id, decided) =
        (app.now(), app.sources.new_id::<ExclusionId>(), app.sources.new_id::<DecisionId>());
    if let Some(decision) = &decision {
        errors.extend(wrong_in_decision(decision, now)?);
    }
    refuse(errors)?;
    let by = person(actor, domain::Scope::Organize)?.user;
    let recording = Recording { by: Some(by), at: now };
    let request = idempotency.map(|key| key.request(actor, "record_exclusion_of_phase"));
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    create_once(app, request, id, now, move |conn| {
        let managed = see_phase(conn, &actor, &challenge, &phase)?.manage(&actor)?;
        let subject = format!("phase:{}", managed.phase.id);
        let told = match &decision {
            Some(draft) => {
                let new = NewDecision {
                    id: decided,
                    challenge: managed.challenge.id,
                    kind: "exclusion",
                    subject: &subject,
                    recorded_by: Some(by),
                    now,
                };
                decisions::insert(conn, &new, draft)?;
                Some(decision_made(&actor, &new, draft))
            }
            None => None,
        };
        let behind = told.as_ref().map(|_| decided);
        exclusions::insert(conn, id, LeftOutOf::Phase(managed.phase.id, behind), &draft, recording)?;
        let challenge = Some(managed.challenge.id);
        let payload = [
            ("phase", json!(managed.phase.id)),
            ("reason", json!(draft.reason)),
            ("basis", json!(draft.basis)),
            ("stage", json!(draft.stage)),
        ];
        let subject = format!("exclusion:{id}");
        let recorded = event(&actor, now, EventKind::ExclusionRecorded, subject, challenge, payload);
        told.into_iter().chain([recorded]).try_for_each(|event| Ok(events::append(conn, event)?))
    })
    .await
}

/// What was left out of a phase, oldest record first; for everybody who sees the phase.
pub async fn list_exclusions_of_phase(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
) -> Outcome<Vec<Exclusion>> {
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    app.db
        .read(move |conn| {
            let seen = see_phase(conn, &actor, &challenge, &phase)?;
            Ok(exclusions::of_phase(conn, seen.phase.id)?)
        })
        .await
}

/// What a framing is to bind: names on record.
#[derive(Debug, Clone, Default)]
pub struct BindingDraft {
    /// The version of a dataset, by id or as `name@version`.
    pub dataset: Option<String>,
    /// What annotators were told.
    pub guideline: Option<GuidelineId>,
    /// The list of activities, by id or as `name@version`.
    pub taxonomy: Option<String>,
}

/// Binds a framing, once, to the versions that it is about; for the organizers of its phase.
pub async fn bind_framing(app: &App, actor: &Actor, id: FramingId, draft: BindingDraft) -> Outcome<Binding> {
    let by = person(actor, domain::Scope::Organize)?.user;
    let recording = Recording { by: Some(by), at: app.now() };
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            let challenge = challenge_of(conn, &actor, id, true)?;
            if exclusions::binding(conn, id)?.is_some() {
                let detail = "this framing is bound already; what changes is the next version of the framing";
                return Err(Failure::new(crate::Code::StateConflict, detail));
            }
            let dataset =
                draft.dataset.as_deref().map(|key| find_version(conn, "dataset", key)).transpose()?;
            let taxonomy =
                draft.taxonomy.as_deref().map(|key| find_taxonomy(conn, "taxonomy", key)).transpose()?;
            if let Some(guideline) = draft.guideline {
                guidelines::find(conn, guideline)?
                    .ok_or_else(|| Invalid::new("guideline", "must be a guideline on record"))?;
            }
            let binding = Binding {
                dataset_version_id: dataset.map(|(_, version)| version.id),
                guideline_id: draft.guideline,
                taxonomy_id: taxonomy.map(|taxonomy| taxonomy.id),
            };
            let Binding { dataset_version_id, guideline_id, taxonomy_id } = binding;
            if dataset_version_id.is_none() && guideline_id.is_none() && taxonomy_id.is_none() {
                return Err(Invalid::new("dataset", "must be given, or guideline, or taxonomy").into());
            }
            exclusions::bind(conn, id, &binding, recording)?;
            let payload = [
                ("dataset_version", json!(dataset_version_id)),
                ("guideline", json!(guideline_id)),
                ("taxonomy", json!(taxonomy_id)),
            ];
            let subject = format!("framing:{id}");
            let told =
                event(&actor, recording.at, EventKind::FramingBound, subject, Some(challenge), payload);
            events::append(conn, told)?;
            Ok(binding)
        })
        .await
}

/// What a framing binds, if anything; for everybody who sees its phase.
pub async fn read_binding(app: &App, actor: &Actor, id: FramingId) -> Outcome<Option<Binding>> {
    let actor = actor.clone();
    app.db
        .read(move |conn| {
            challenge_of(conn, &actor, id, false)?;
            Ok(exclusions::binding(conn, id)?)
        })
        .await
}

/// The challenge of a framing that the actor sees, or may change.
fn challenge_of(
    conn: &mut Conn<'_>,
    actor: &Actor,
    id: FramingId,
    to_change: bool,
) -> Outcome<domain::ChallengeId> {
    let framing = framings::find(conn, id)?.ok_or_else(Failure::not_found)?;
    let phase = phases::find(conn, framing.phase_id)?.ok_or_else(Failure::not_found)?;
    let seen = see_phase(conn, actor, &phase.challenge_id.to_string(), &phase.id.to_string())?;
    if to_change {
        seen.manage(actor)?;
    }
    Ok(phase.challenge_id)
}
