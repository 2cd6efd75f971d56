//! What the tests of every evaluator have in common.
//!
//! - [`golden`] walks `evaluators/golden.toml` over the golden cases and the real data of the reference implementations;
//! - [`edge`] reads the tables of degenerate inputs;
//! - [`unannotated`] compares what is refused with the truth and without it;
//! - [`manifest`] checks that the documentation is whole and its examples are accepted;
//! - [`mangled`] spoils the examples of the documentation, which are then refused or scored;
//! - [`task`] evaluates small texts, and compares scores under weights with scores of copied items.
//!
//! It panics where a test must fail, and is no dependency of anything that is shipped.
#![deny(missing_docs)]
#![allow(clippy::unwrap_used, clippy::allow_attributes, reason = "a test fails by panicking")]

pub mod edge;
pub mod golden;
pub mod mangled;
pub mod manifest;
mod shared;
pub mod task;
pub mod unannotated;

pub use shared::shared;
