//! How full the queue is and how long its jobs have been there.

use domain::Timestamp;
use storage::jobs;

use crate::App;
use crate::failure::Outcome;

/// The queue as it is measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QueueLoad {
    /// Jobs that wait.
    pub waiting: i64,
    /// Jobs in workers' hands.
    pub leased: i64,
    /// Jobs that were given up.
    pub dead: i64,
    /// How long the job that has waited longest has waited; 0 when none waits.
    pub oldest_waiting_seconds: f64,
    /// How long the job that has been in a worker's hands longest has been there; 0 when none is.
    pub oldest_lease_seconds: f64,
}

/// Reads the queue; for the operator, so no actor is asked.
pub async fn read_queue_load(app: &App) -> Outcome<QueueLoad> {
    let now = app.now();
    let age = move |since: Option<Timestamp>| since.map_or(0.0, |since| now.seconds_since(since).max(0.0));
    app.db
        .read(move |conn| {
            let depth = jobs::depth(conn)?;
            Ok(QueueLoad {
                waiting: depth.waiting,
                leased: depth.leased,
                dead: depth.dead,
                oldest_waiting_seconds: age(depth.oldest_waiting),
                oldest_lease_seconds: age(depth.oldest_lease),
            })
        })
        .await
}
