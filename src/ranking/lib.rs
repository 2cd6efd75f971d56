//! Pure statistics over scores.
//!
//! [`order`] puts entries in order by a ranking rule and gives them ranks.
//! There is no I/O here, and nothing knows of databases or HTTP: an entry is its scores and the moment it was received.

pub mod order;

pub use order::{Entry, Key, Order};
pub mod draws;
pub mod level;
pub mod resampling;
