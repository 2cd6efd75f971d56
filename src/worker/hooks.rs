//! Tells webhooks what happened, beside the slots: an address that does not answer keeps no evaluation waiting.

use std::sync::Arc;
use std::time::Duration;

use app::App;
use app::webhooks::{Sender, deliver_next, forget_old_deliveries};

use crate::Shared;

/// How many times less often than for jobs is looked for something to tell.
const LOOKS_PER_POLL: u32 = 4;

/// Works until told to stop.
pub(crate) async fn run(shared: Arc<Shared>) {
    let sender = Sender::new(&shared.app.settings.webhooks);
    let pause = Duration::from_millis(shared.app.settings.worker.poll_milliseconds.max(10)) * LOOKS_PER_POLL;
    while !shared.stop.is_cancelled() {
        match deliver_next(&shared.app, &sender).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(failure) => tracing::warn!(error = ?failure, "a webhook could not be told"),
        }
        tokio::select! {
            () = shared.stop.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Clears away what came of attempts long ago.
pub(crate) async fn sweep(app: &App) {
    match forget_old_deliveries(app).await {
        Ok(0) => {}
        Ok(swept) => tracing::info!(deliveries = swept, "old deliveries were forgotten"),
        Err(failure) => {
            tracing::warn!(error = ?failure, "old deliveries could not be forgotten");
        }
    }
}
