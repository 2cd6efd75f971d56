//! How many writes this process has begun and how many have ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The two counts; clones share them.
#[derive(Clone, Default)]
pub(super) struct Ledger {
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    begun: AtomicU64,
    ended: AtomicU64,
}

impl Ledger {
    /// Counts a write as begun now, and as ended when what is returned is dropped.
    pub(super) fn begin(&self) -> Writing {
        self.counts.begun.fetch_add(1, Ordering::SeqCst);
        Writing { counts: Arc::clone(&self.counts) }
    }

    /// How many writes there have been, unless one is under way.
    ///
    /// The ended ones are counted first: a write that begins between the two looks is seen as under way.
    pub(super) fn settled(&self) -> Option<u64> {
        let ended = self.counts.ended.load(Ordering::SeqCst);
        let begun = self.counts.begun.load(Ordering::SeqCst);
        (begun == ended).then_some(ended)
    }
}

/// A write that has begun. Travels with the closure, so that it ends with it, whether or not anybody still waits.
pub(super) struct Writing {
    counts: Arc<Counts>,
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.counts.ended.fetch_add(1, Ordering::SeqCst);
    }
}
