//! The family's evaluators on small files: documentation, refusals, cases worked by hand, properties.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod documentation;
mod egotracks;
mod mot;
mod persons;
mod support;
mod vq2d;
mod vq3d;
mod weights;
