//! Two teams become one: the captain of the one proposes it, the captain of the other accepts.
//!
//! The team that proposes ends: its members, its submissions in phases that are not over, and what it used of their quotas go to
//! the other. What a phase that is over has decided stays with the team that sent it.

pub mod answer;
pub mod list;
pub mod propose;
mod rules;

/// What the use cases of this area give back, for shells that do not know the storage.
pub mod records {
    pub use storage::teams::mergers::Merger;
}
