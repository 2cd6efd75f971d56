//! The clock and the entropy of a test server.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::{Clock, Entropy, Timestamp};

/// The clock of the machine, which a test can put forward.
#[derive(Debug, Clone, Default)]
pub struct TestClock {
    ahead_micros: Arc<AtomicI64>,
}

impl TestClock {
    /// Puts the clock forward.
    pub fn advance_seconds(&self, seconds: i64) {
        self.ahead_micros.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    #[expect(clippy::disallowed_methods, reason = "the server under test lives in the present")]
    fn now(&self) -> Timestamp {
        let now = jiff::Timestamp::now().as_microsecond() + self.ahead_micros.load(Ordering::SeqCst);
        Timestamp::from_micros(now).unwrap()
    }
}

/// The entropy of the machine.
pub(crate) struct TestEntropy;

impl Entropy for TestEntropy {
    #[expect(clippy::disallowed_methods, reason = "tests that run beside each other need different ids")]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).unwrap();
    }
}
