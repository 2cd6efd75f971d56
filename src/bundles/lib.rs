//! Challenge bundles: a whole challenge as one document.
//!
//! [`native`] is our own form, `challenge.toml` with files beside it:
//! what `challenge apply` reads and the export of a challenge writes.
//! Reading names every fault with the path of its key, so that an organizer mends all of them at once.

mod fields;
pub mod native;

pub use fields::{BundleFaults, KeyFault};
pub use native::{AnnotationsFile, ChallengeBundle, PhaseEntry};
