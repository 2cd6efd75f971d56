//! The statistics of boards: replicates from stored evidence, then what follows from all of them together.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::leaderboards::statistics::{
    BoardsToDescribe, Estimated, LEVEL, Measure, REPLICATIONS, Unreplicated, describe_boards, keep_estimates,
    next_boards, unreplicated,
};
use app::phases::prepare::PreparedPhase;
use app::{Failure, Outcome};
use domain::{EvaluationId, SplitId};
use ranking::contributions::few_items_interval;
use ranking::draws::Key;
use ranking::replicates::replicates;
use ranking::resampling::{Resampling, ResamplingError};
use sdk::{Evidence, Limits};
use storage::phases::Split;

use crate::Shared;

/// Evaluations whose replicates could not be made: they are not tried again before the worker starts anew.
pub(crate) type GivenUp = HashSet<EvaluationId>;

/// Does the next piece of work for boards that have changed, the replicates of one evaluation or the description of a phase's
/// boards; `false` when there is none, so that jobs come first between two.
///
/// One slot at a time does it. Another process may do the same at the same time: the draws are the same, and so is all
/// that follows from them.
pub(crate) async fn describe_next(shared: &Shared) -> Outcome<bool> {
    let Ok(mut given_up) = shared.describing.try_lock() else { return Ok(false) };
    let Some(boards) = next_boards(&shared.app).await? else { return Ok(false) };
    if let Some(measure) = &boards.measure {
        let missing = unreplicated(&shared.app, &boards, measure).await?;
        if let Some(next) = missing.into_iter().find(|one| !given_up.contains(&one.evaluation)) {
            replicate(shared, &boards, measure, next, &mut given_up).await?;
            return Ok(true);
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
    given_up: &mut GivenUp,
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
        Ok(found) => keep_estimates(app, &measure.metric, missing.evaluation, found).await,
        Err(_) if shared.stop.is_cancelled() => Ok(()),
        Err(error) => {
            tracing::warn!(evaluation.id = %missing.evaluation, error, "no replicates were made");
            given_up.insert(missing.evaluation);
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
    fn run(self) -> Result<Vec<Estimated>, String> {
        let evidence = Evidence::from_bytes(&self.bytes).map_err(|error| error.to_string())?;
        let Some(place) = evidence.metrics().iter().position(|metric| metric.name == self.metric) else {
            return Err(format!("the evidence has no {}", self.metric));
        };
        let mut found = Vec::with_capacity(self.keys.len());
        for ((split, key), mask) in self.keys.iter().zip(&self.prepared.masks) {
            let units = match Resampling::of_items(&self.prepared.items, &mask.to_vec(), None) {
                Ok(units) => units,
                Err(ResamplingError::Empty) => {
                    found.push(Estimated { split: *split, replicates: None, few_items: None });
                    continue;
                }
                Err(error) => return Err(error.to_string()),
            };
            let all = replicates(&evidence, &units, *key, REPLICATIONS, &self.limits)
                .map_err(|error| error.to_string())?;
            found.push(Estimated {
                split: *split,
                replicates: all.into_iter().nth(place).flatten(),
                few_items: few_items_interval(&evidence, place, &units, LEVEL),
            });
        }
        Ok(found)
    }
}
