//! How much two rankings agree, and how much a ranking depends on what it was computed from.
//!
//! A ranking that turns over with another metric, another scheme or another mix of scenarios says less than its digits.
//! [`kendall`] and [`mod@footrule`] compare two orders, [`mod@lottery`] tries every subset of the metrics,
//! and [`frame`] asks how much of the test would have to be different before two entries change places.

pub mod footrule;
pub mod frame;
pub mod kendall;
pub mod lottery;
pub mod winners;

pub use footrule::{Footrule, footrule};
pub use frame::{Frame, FrameMargin, Shift};
pub use kendall::{KendallTau, kendall_tau, tau_matrix};
pub use lottery::{Lottery, lottery};
pub use winners::{top_overlap, winner_changes, winners};
