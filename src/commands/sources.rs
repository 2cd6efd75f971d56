//! The clock and the entropy of the machine: the only place that asks for them.

use std::sync::Arc;

use domain::{Clock, Entropy, Sources, Timestamp};

/// The clock of the machine.
struct SystemClock;

/// The random bytes of the operating system.
struct SystemEntropy;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is given")]
    fn now(&self) -> Timestamp {
        Timestamp::new(jiff::Timestamp::now())
    }
}

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "this is the entropy that everything else is given")]
    fn fill(&self, bytes: &mut [u8]) {
        // Without random bytes no secret can be made and no request answered.
        getrandom::fill(bytes).expect("the operating system has random bytes");
    }
}

/// The sources of a real process.
pub fn system() -> Sources {
    Sources { clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy) }
}
