//! Results of phases: worked out when somebody asked for them and no job waits.

use std::time::{Duration, Instant};

use app::Outcome;
use app::results::{fail_result, next_result, publish_result, work_out};
use sdk::Limits;

use crate::Shared;

/// How much longer than one evaluation a whole result may take.
const PATIENCE: u32 = 20;

/// Works the next result out and publishes it; `false` when nobody waits for one.
///
/// One slot at a time does it. What cannot be worked out is told to the organizers, who may ask again.
pub(crate) async fn publish_next(shared: &Shared) -> Outcome<bool> {
    let Ok(_alone) = shared.publishing.try_lock() else { return Ok(false) };
    let app = &shared.app;
    let Some(waiting) = next_result(app).await? else { return Ok(false) };
    let prepared = shared.prepared.get(app, &waiting.phase, &waiting.annotations, &waiting.splits).await?;
    let deadline = Instant::now() + Duration::from_secs(app.settings.worker.evaluation_seconds) * PATIENCE;
    let stop = shared.stop.clone();
    let limits = Limits::default().stop_when(move || stop.is_cancelled() || Instant::now() >= deadline);
    match work_out(app, &waiting, prepared, &limits).await {
        Ok(record) => publish_result(app, &waiting, record).await?,
        // Whoever works next begins anew.
        Err(_) if shared.stop.is_cancelled() => return Ok(false),
        Err(failure) => {
            tracing::error!(phase.id = %waiting.phase.id, error = ?failure, "a result could not be worked out");
            fail_result(app, &waiting, failure.to_string()).await?;
        }
    }
    Ok(true)
}
