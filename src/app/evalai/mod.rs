//! What clients of EvalAI need beside the other use cases: small numbers, and teams before and across challenges.
//!
//! Nothing here decides what somebody may see or do with a challenge: numbers lead to ids,
//! and the use cases of those ids decide.

pub mod challenges;
pub mod numbers;
pub mod participate;
pub mod teams;
