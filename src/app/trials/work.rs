//! What workers do with trials: lease one, keep the lease, load what it needs, record how it ended.

use domain::event::EventKind;
use domain::{Actor, AnnotationsId, LeaseToken};
use serde_json::json;
use storage::events;
use storage::phases::{self, Annotations, Phase, Split};
use storage::trials::{self, LeasedTrial, Trial, TrialEnd};

use crate::App;
use crate::context::event;
use crate::failure::{Failure, Outcome};

/// How long after a failure a trial is tried again, in seconds for every attempt that was made.
const PAUSE: i64 = 5;

/// Everything that a trial needs, read in one go.
#[derive(Debug, Clone)]
pub struct TrialOrder {
    /// What is tried.
    pub trial: Trial,
    /// Under which limits.
    pub phase: Phase,
    /// Which program, on what.
    pub annotations: Annotations,
    /// Which sets of items get scores.
    pub splits: Vec<Split>,
}

/// Takes the next trial; an idle worker only reads.
pub async fn lease_trial(app: &App, worker: &str) -> Outcome<Option<LeasedTrial>> {
    let now = app.now();
    if !app.db.read(move |conn| trials::has_work(conn, now).map_err(Failure::from)).await? {
        return Ok(None);
    }
    let token: LeaseToken = app.sources.new_id();
    let expires_at = now.plus_seconds(i64::from(app.settings.worker.lease_seconds));
    let worker = worker.to_owned();
    app.db.write(move |conn| Ok(trials::lease_next(conn, &worker, token, now, expires_at)?)).await
}

/// Holds on to a lease; `false` when it is held no longer.
pub async fn hold_trial(app: &App, token: LeaseToken) -> Outcome<bool> {
    let expires_at = app.now().plus_seconds(i64::from(app.settings.worker.lease_seconds));
    app.db.write(move |conn| Ok(trials::heartbeat(conn, token, expires_at)?)).await
}

/// Loads what a trial needs.
pub async fn load_trial(app: &App, leased: &LeasedTrial) -> Outcome<TrialOrder> {
    let trial = leased.trial.clone();
    app.db
        .read(move |conn| {
            let annotations =
                phases::annotations(conn, trial.annotations_id)?.ok_or_else(Failure::not_found)?;
            let phase = phases::find(conn, annotations.phase_id)?.ok_or_else(Failure::not_found)?;
            let splits = phases::splits_of(conn, phase.id)?;
            Ok(TrialOrder { trial, phase, annotations, splits })
        })
        .await
}

/// The environment of a version's program, as far as it is known.
pub async fn environment_of(app: &App, version: AnnotationsId) -> Outcome<Option<Trial>> {
    app.db.read(move |conn| Ok(trials::environment_of(conn, version)?)).await
}

/// Records how a trial ended; `false` when the lease was lost meanwhile and nothing was written.
pub async fn record_trial(app: &App, leased: &LeasedTrial, end: TrialEnd) -> Outcome<bool> {
    let now = app.now();
    let leased = leased.clone();
    let again_at = match end {
        TrialEnd::Returned => now,
        _ => now.plus_seconds(PAUSE * i64::from(leased.trial.attempts)),
    };
    app.db
        .write(move |conn| {
            if !trials::finish(conn, &leased, &end, again_at, now)? {
                return Ok(false);
            }
            let version = leased.trial.annotations_id;
            let is_last = leased.trial.attempts >= leased.trial.max_attempts;
            let (state, failure) = match &end {
                TrialEnd::Done(_) => ("done", None),
                TrialEnd::Failed { failure, is_final, .. } if *is_final || is_last => {
                    ("failed", Some(*failure))
                }
                _ => return Ok(true),
            };
            if leased.trial.place == trials::ENVIRONMENT {
                trials::hasten_evaluations(conn, version, now)?;
            }
            let annotations = phases::annotations(conn, version)?.ok_or_else(Failure::not_found)?;
            let phase = phases::find(conn, annotations.phase_id)?.ok_or_else(Failure::not_found)?;
            let payload = [
                ("annotations", json!(version)),
                ("place", json!(leased.trial.place)),
                ("state", json!(state)),
                ("failure", json!(failure)),
            ];
            let subject = format!("phase:{}", phase.id);
            let challenge = Some(phase.challenge_id);
            let told = event(&Actor::System, now, EventKind::TrialEnded, subject, challenge, payload);
            Ok(events::append(conn, told)?).map(|()| true)
        })
        .await
}
