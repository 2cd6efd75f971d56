//! What clients of EvalAI know things by: small numbers, and teams before and across challenges.

mod numbers;
mod teams;

pub use numbers::{entity_of, mint, numbers_of};
pub use teams::{EvalaiTeam, NewEvalaiTeam, enter, entries_of, find, follow, insert, made_by, made_teams};
