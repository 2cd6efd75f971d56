//! Limits on what reading and evaluating a file may use.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use crate::fault::{Code, Fault, Faults};

/// What reading and evaluating one file may use.
///
/// The SDK never looks at a clock: whoever runs an evaluation says through [`Limits::stop_when`] when it is over.
#[derive(Clone)]
pub struct Limits {
    /// The largest file, in bytes.
    pub bytes: u64,
    /// How deeply arrays and objects may be nested.
    pub depth: usize,
    /// The longest list, object or table.
    pub records: u64,
    stop: Option<Arc<dyn Fn() -> bool + Send + Sync>>,
}

/// The evaluation was told to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the evaluation ran out of time")]
pub struct Stopped;

impl From<Stopped> for Faults {
    fn from(_: Stopped) -> Self {
        Faults::one(Fault::whole(
            Code::Timeout,
            "evaluating this file took longer than the phase allows",
            "a file that is evaluated in time",
            "one that is not",
        ))
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 2 << 30, depth: 64, records: 50_000_000, stop: None }
    }
}

impl Limits {
    /// The same limits; long loops end when `stop` says so.
    #[must_use]
    pub fn stop_when(mut self, stop: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.stop = Some(Arc::new(stop));
        self
    }

    /// The same limits with a wall-clock deadline, read from a clock that is passed in.
    #[must_use]
    pub fn until(self, deadline: Instant, clock: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        self.stop_when(move || clock() >= deadline)
    }

    /// Fails when the evaluation was told to stop; to be called now and then in long loops.
    pub fn check(&self) -> Result<(), Stopped> {
        match &self.stop {
            Some(stop) if stop() => Err(Stopped),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limits")
            .field("bytes", &self.bytes)
            .field("depth", &self.depth)
            .field("records", &self.records)
            .finish_non_exhaustive()
    }
}
