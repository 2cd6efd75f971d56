//! The statistics of boards: replicates from stored evidence, then what follows from all of them together.

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::leaderboards::statistics::{
    BoardsToDescribe, Measure, REPLICATIONS, Unreplicated, describe_boards, keep_replicates, next_boards,
    unreplicated,
};
use app::phases::prepare::PreparedPhase;
use app::{Failure, Outcome};
use domain::SplitId;
use ranking::draws::Key;
use ranking::replicates::{Replicates, replicates};
use ranking::resampling::Resampling;
use sdk::{Evidence, Limits};
use storage::phases::Split;

use crate::Shared;

/// Describes the boards of one phase that have changed; `false` when all are described as they are.
///
/// One slot at a time does it. Another process may do the same at the same time: the draws are the same, and so is all
/// that follows from them.
pub(crate) async fn describe_next(shared: &Shared) -> Outcome<bool> {
    let Ok(_alone) = shared.describing.try_lock() else { return Ok(false) };
    let Some(boards) = next_boards(&shared.app).await? else { return Ok(false) };
    if let Some(measure) = &boards.measure {
        for missing in unreplicated(&shared.app, &boards, measure).await? {
            replicate(shared, &boards, measure, missing).await?;
            if shared.stop.is_cancelled() {
                // Whoever works next goes on with what is missing.
                return Ok(false);
            }
        }
    }
    describe_boards(&shared.app, boards).await?;
    Ok(true)
}

/// Makes the replicates of one evaluation on every split; where that fails, its uncertainty is not estimated.
async fn replicate(
    shared: &Shared,
    boards: &BoardsToDescribe,
    measure: &Measure,
    missing: Unreplicated,
) -> Outcome<()> {
    let app = &shared.app;
    let splits: Vec<Split> = boards.splits.iter().map(|(split, _)| split.clone()).collect();
    let prepared = shared.prepared.get(app, &boards.phase, &measure.annotations, &splits).await?;
    let bytes = app.artifacts.read(missing.evidence, u64::MAX).await?;
    let keys = splits.iter().map(|split| (split.id, boards.key(split))).collect();
    let deadline = Instant::now() + Duration::from_secs(app.settings.worker.evaluation_seconds);
    let stop = shared.stop.clone();
    let draw = Draw {
        prepared,
        bytes,
        metric: measure.metric.clone(),
        keys,
        limits: Limits::default().stop_when(move || stop.is_cancelled() || Instant::now() >= deadline),
    };
    match tokio::task::spawn_blocking(move || draw.run()).await.map_err(Failure::internal)? {
        Ok(found) => keep_replicates(app, &measure.metric, missing.evaluation, found).await,
        Err(_) if shared.stop.is_cancelled() => Ok(()),
        Err(error) => {
            tracing::warn!(evaluation.id = %missing.evaluation, error, "no replicates were made");
            Ok(())
        }
    }
}

/// What runs on a thread of its own.
struct Draw {
    prepared: Arc<PreparedPhase>,
    bytes: bytes::Bytes,
    metric: String,
    keys: Vec<(SplitId, Key)>,
    limits: Limits,
}

impl Draw {
    fn run(self) -> Result<Vec<(SplitId, Replicates)>, String> {
        let evidence = Evidence::from_bytes(&self.bytes).map_err(|error| error.to_string())?;
        let Some(place) = evidence.metrics().iter().position(|metric| metric.name == self.metric) else {
            return Err(format!("the evidence has no {}", self.metric));
        };
        let items = &self.prepared.items;
        let groups: Vec<u32> =
            (0..items.len()).map(|item| u32::try_from(items.group(item)).unwrap_or(u32::MAX)).collect();
        let mut found = Vec::with_capacity(self.keys.len());
        for ((split, key), mask) in self.keys.iter().zip(&self.prepared.masks) {
            let weights = mask.to_vec();
            let resampling = Resampling::new(&weights, &groups, None).map_err(|error| error.to_string())?;
            let all = replicates(&evidence, &resampling, *key, REPLICATIONS, &self.limits)
                .map_err(|error| error.to_string())?;
            if let Some(Some(of_metric)) = all.into_iter().nth(place) {
                found.push((*split, of_metric));
            }
        }
        Ok(found)
    }
}
