//! What workers do with the queue: lease a job, keep the lease, load what it needs, record how it ended.
//!
//! Workers are the system: they have no actor of their own, and what proves their right to write is the lease.

pub mod finish;
pub mod lease;
pub mod load;
pub mod remote;

pub use finish::{Scored, put_off, record_failure, record_faults, record_mail, record_scores, return_job};
pub use lease::{LONGEST_WAIT, heartbeat, lease_job};
pub use load::{ScoreOrder, load_order};
