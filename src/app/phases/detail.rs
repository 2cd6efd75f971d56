//! Phases, as their readers see them.

use domain::Actor;
use domain::metric::MetricSpec;
use domain::phase::WindowState;
use registry::Registry;
use storage::Conn;
use storage::framings::{self, Framing};
use storage::phases::{self, Phase, Split};

use super::rules;
use crate::App;
use crate::authority::{see_challenge, see_phase};
use crate::failure::Outcome;

/// A phase with what belongs to it.
#[derive(Debug, Clone)]
pub struct PhaseDetail {
    /// The phase.
    pub phase: Phase,
    /// Its splits, in their order.
    pub splits: Vec<Split>,
    /// What is measured: on the annotations in force, or by the evaluator's own word where there are none.
    pub metrics: Vec<MetricSpec>,
    /// The version of the annotations in force.
    pub annotations_version: Option<i32>,
    /// How it frames what it counts, as is in force.
    pub framing: Option<Framing>,
    /// Where it stands in time.
    pub window: WindowState,
}

/// The phases of a challenge, in their order.
pub async fn list_phases(app: &App, actor: &Actor, challenge: &str) -> Outcome<Vec<PhaseDetail>> {
    let (now, evaluators) = (app.now(), app.evaluators.clone());
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .read(move |conn| {
            let seen = see_challenge(conn, &actor, &challenge)?;
            let all = phases::list(conn, seen.challenge.id)?;
            all.into_iter().map(|phase| detail(conn, &evaluators, phase, now)).collect()
        })
        .await
}

/// One phase, by its id or codename.
pub async fn read_phase(app: &App, actor: &Actor, challenge: &str, phase: &str) -> Outcome<PhaseDetail> {
    let (now, evaluators) = (app.now(), app.evaluators.clone());
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    app.db
        .read(move |conn| {
            let seen = see_phase(conn, &actor, &challenge, &phase)?;
            detail(conn, &evaluators, seen.phase, now)
        })
        .await
}

fn detail(
    conn: &mut Conn<'_>,
    evaluators: &Registry,
    phase: Phase,
    now: domain::Timestamp,
) -> Outcome<PhaseDetail> {
    let in_force = phases::annotations_in_force(conn, phase.id)?;
    let annotations_version = in_force.as_ref().map(|annotations| annotations.version);
    let metrics = match in_force {
        Some(annotations) => annotations.metrics.0,
        None => evaluators
            .get(&phase.evaluator)
            .map_or_else(Vec::new, |evaluator| rules::metric_specs(&evaluator.manifest().metrics)),
    };
    Ok(PhaseDetail {
        splits: phases::splits_of(conn, phase.id)?,
        window: phase.window_at(now),
        metrics,
        annotations_version,
        framing: framings::in_force(conn, phase.id)?,
        phase,
    })
}
