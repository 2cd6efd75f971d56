//! Answers that take the same time whatever they find.

use std::time::Duration;

/// Longer than any of these use cases needs on a machine that is not overloaded.
const LEAST: Duration = Duration::from_millis(250);

/// Does the work and answers no sooner than after a fixed time,
/// so that nobody learns from a stopwatch whether an address has an account.
pub(super) async fn in_even_time<T>(work: impl Future<Output = T>) -> T {
    let (outcome, ()) = tokio::join!(work, tokio::time::sleep(LEAST));
    outcome
}
