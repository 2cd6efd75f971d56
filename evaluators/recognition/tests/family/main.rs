//! The evaluators of the family from the outside: what they accept, refuse and score.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod documentation;
mod hand;
mod kitchens;
mod procedures;
mod refusals;
mod support;
mod weights;
