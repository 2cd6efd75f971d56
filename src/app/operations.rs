//! What operators and their machines ask: is the server ready, how full is the queue.

mod queue;
mod readiness;

pub use queue::{QueueLoad, read_queue_load};
pub use readiness::{Part, Readiness, check_readiness};
