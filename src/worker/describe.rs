//! The statistics of boards: replicates from stored evidence, then what follows from all of them together.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use app::leaderboards::estimate::Draws;
use app::leaderboards::statistics::{
    BoardsToDescribe, Measure, REPLICATIONS, Unreplicated, describe_boards, keep_estimates, next_boards,
    unreplicated,
};
use app::{Failure, Outcome};
use domain::{EvaluationId, SplitId};
use ranking::draws::Key;
use sdk::Limits;
use storage::phases::Split;

use crate::Shared;
use crate::ladder::answer_next;

/// Evaluations whose replicates could not be made: they are not tried again before the worker starts anew.
pub(crate) type GivenUp = HashSet<EvaluationId>;

/// Does the next piece of work for boards that have changed, the replicates of one evaluation or the description of a phase's
/// boards; `false` when there is none, so that jobs come first between two.
///
/// One slot at a time does it. Another process may do the same at the same time: the draws are the same, and so is all
/// that follows from them.
pub(crate) async fn describe_next(shared: &Shared) -> Outcome<bool> {
    let Ok(mut given_up) = shared.describing.try_lock() else {
        return Ok(false);
    };
    let Some(boards) = next_boards(&shared.app).await? else {
        return Ok(false);
    };
    if let Some(measure) = &boards.measure {
        if answer_next(shared, &boards, measure).await? {
            return Ok(true);
        }
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
    let keys: Vec<(SplitId, Key)> = splits.iter().map(|split| (split.id, boards.key(split))).collect();
    let deadline = Instant::now() + Duration::from_secs(app.settings.worker.evaluation_seconds);
    let stop = shared.stop.clone();
    let limits = Limits::default().stop_when(move || stop.is_cancelled() || Instant::now() >= deadline);
    let (rule, metrics) = (boards.phase.ranking.0.resampling.clone(), missing.metrics);
    let drawing = move || {
        let draws = Draws { prepared: &prepared, rule: &rule, keys: &keys, replications: REPLICATIONS };
        draws.estimate(&bytes, &metrics, &limits)
    };
    match tokio::task::spawn_blocking(drawing).await.map_err(Failure::internal)? {
        Ok(found) => keep_estimates(app, missing.evaluation, found).await,
        Err(_) if shared.stop.is_cancelled() => Ok(()),
        Err(error) => {
            tracing::warn!(evaluation.id = %missing.evaluation, %error, "no replicates were made");
            given_up.insert(missing.evaluation);
            Ok(())
        }
    }
}
