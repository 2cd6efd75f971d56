//! A worker publishes what it has worked out.

use domain::event::EventKind;
use domain::{Actor, Digest};
use serde_json::json;
use storage::events;
use storage::phases::{self, Annotations, Phase, Split};
use storage::results::{self, PhaseResult, Published};

use crate::App;
use crate::context::event;
use crate::failure::{Failure, Outcome};

/// A result that waits to be worked out.
#[derive(Debug, Clone)]
pub struct WaitingResult {
    /// What was asked for.
    pub request: PhaseResult,
    /// The phase.
    pub phase: Phase,
    /// Its splits.
    pub splits: Vec<Split>,
    /// The annotations in force.
    pub annotations: Annotations,
}

/// The result that has waited longest.
pub async fn next_result(app: &App) -> Outcome<Option<WaitingResult>> {
    app.db
        .read(|conn| {
            let Some(request) = results::next_waiting(conn)? else { return Ok(None) };
            let phase = phases::find(conn, request.phase_id)?.ok_or_else(Failure::not_found)?;
            let splits = phases::splits_of(conn, phase.id)?;
            let annotations = phases::annotations_in_force(conn, phase.id)?.ok_or_else(Failure::not_found)?;
            Ok(Some(WaitingResult { request, phase, splits, annotations }))
        })
        .await
}

/// Signs and publishes a record; from then on nothing of the phase is withheld.
pub async fn publish_result(app: &App, waiting: &WaitingResult, record: String) -> Outcome<()> {
    let now = app.now();
    let digest = Digest::of(record.as_bytes());
    let published = Published { digest, signature: app.records.sign(digest)?, record, at: now };
    let (phase, version, challenge) = (waiting.phase.id, waiting.request.version, waiting.phase.challenge_id);
    app.db
        .write(move |conn| {
            if !results::publish(conn, phase, version, &published)? {
                // Another worker was faster; what it worked out is the same.
                return Ok(());
            }
            phases::set_published(conn, phase, now)?;
            let payload = [("version", json!(version)), ("digest", json!(published.digest))];
            let subject = format!("phase:{phase}");
            let kind = EventKind::ResultPublished;
            events::append(conn, event(&Actor::System, now, kind, subject, Some(challenge), payload))?;
            Ok(())
        })
        .await
}

/// Notes for the organizers why a result could not be worked out.
pub async fn fail_result(app: &App, waiting: &WaitingResult, why: String) -> Outcome<()> {
    let (phase, version) = (waiting.phase.id, waiting.request.version);
    app.db.write(move |conn| Ok(results::fail(conn, phase, version, &why)?)).await
}
