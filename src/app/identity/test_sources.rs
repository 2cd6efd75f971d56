//! A clock that stands still and bytes that count, for tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use domain::{Clock, Entropy, Sources, Timestamp};

/// Fills every request with the next number.
#[derive(Default)]
pub(crate) struct Counting(AtomicU8);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0.fetch_add(1, Ordering::Relaxed));
    }
}

struct Still(Timestamp);

impl Clock for Still {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// Sources at that moment.
pub(crate) fn at(moment: Timestamp) -> Sources {
    Sources { clock: Arc::new(Still(moment)), entropy: Arc::new(Counting::default()) }
}
