//! Works the record of a result out: from stored scores and evidence to text.

use std::sync::Arc;

use domain::SplitId;
use domain::event::canonical_json;
use ranking::Order;
use ranking::level::Replications;
use ranking::ruled_board;
use sdk::Limits;
use storage::challenges::{self, Challenge};

use super::WaitingResult;
use super::compose::{Final, compose};
use super::inputs::{FinalEntry, entries};
use crate::App;
use crate::failure::{Failure, Outcome};
use crate::leaderboards::estimate::Draws;
use crate::leaderboards::statistics::{Estimated, bootstrap_key};
use crate::phases::prepare::PreparedPhase;

/// How many replicates a result is worked out with.
pub(super) const REPLICATIONS: Replications = Replications::FINAL;

/// What an entry's scores are uncertain by, split by split.
pub(super) struct Drawn(Vec<Estimated>);

impl Drawn {
    /// A metric on one split.
    pub(super) fn on(&self, split: SplitId, metric: &str) -> Option<&Estimated> {
        self.0.iter().find(|found| found.split == split && found.metric == metric)
    }
}

/// The record of a result as canonical JSON: the same text whenever it is worked out from the same rows and artifacts.
pub async fn work_out(
    app: &App,
    waiting: &WaitingResult,
    prepared: Arc<PreparedPhase>,
    limits: &Limits,
) -> Outcome<String> {
    let order = Order::new(&waiting.phase.ranking.0, &waiting.annotations.metrics.0);
    let asked = waiting.clone();
    let (challenge, entries) = app
        .db
        .read(move |conn| {
            let found = challenges::find(conn, asked.phase.challenge_id)?.ok_or_else(Failure::not_found)?;
            Ok::<_, Failure>((found, entries(conn, &asked, &order)?))
        })
        .await?;
    record_of(app, waiting, challenge, entries, prepared, limits).await
}

/// The record of these entries.
pub(super) async fn record_of(
    app: &App,
    waiting: &WaitingResult,
    challenge: Challenge,
    entries: Vec<FinalEntry>,
    prepared: Arc<PreparedPhase>,
    limits: &Limits,
) -> Outcome<String> {
    let order = Order::new(&waiting.phase.ranking.0, &waiting.annotations.metrics.0);
    let measured = ruled_board::measured(&waiting.phase.ranking.0, &waiting.annotations.metrics.0);
    let metrics: Vec<String> = measured.into_iter().map(|metric| metric.name.clone()).collect();
    let mut drawn = Vec::with_capacity(entries.len());
    for entry in &entries {
        drawn.push(draw(app, waiting, &prepared, entry, &metrics, limits).await?);
    }
    let composed = Final { challenge, waiting: waiting.clone(), order, entries, drawn };
    // Rank sets of hundreds of entries take a while.
    let record =
        tokio::task::spawn_blocking(move || compose(&composed)).await.map_err(Failure::internal)??;
    Ok(canonical_json(&record))
}

/// Draws the replicates of an entry from its stored evidence.
async fn draw(
    app: &App,
    waiting: &WaitingResult,
    prepared: &Arc<PreparedPhase>,
    entry: &FinalEntry,
    metrics: &[String],
    limits: &Limits,
) -> Outcome<Drawn> {
    let bytes = app.artifacts.read(entry.evaluation.evidence, u64::MAX).await?;
    let keys: Vec<_> =
        waiting.splits.iter().map(|split| (split.id, bootstrap_key(&waiting.phase, split))).collect();
    let rule = waiting.phase.ranking.0.resampling.clone();
    let (prepared, metrics, limits) = (Arc::clone(prepared), metrics.to_vec(), limits.clone());
    let work = move || {
        let draws = Draws { prepared: &prepared, rule: &rule, keys: &keys, replications: REPLICATIONS };
        draws.estimate(&bytes, &metrics, &limits)
    };
    let found = tokio::task::spawn_blocking(work).await.map_err(Failure::internal)?;
    Ok(Drawn(found.map_err(Failure::internal)?))
}
