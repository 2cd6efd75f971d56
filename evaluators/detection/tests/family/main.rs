//! The evaluators of the family on small worlds: formats, refusals, degenerate cases, weights, and other opinions.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod documentation;
mod edges;
mod open_images;
mod refusals;
mod second_opinion;
mod weights;
mod world;
