//! The real parts that tests run against: PostgreSQL, an S3-compatible server, shared data.
//!
//! Nothing here is a stand-in.
//! What a machine does not have is skipped, and the skip is said aloud on the standard error stream,
//! past the test runner's capture; with `HELDOUT_REQUIRE_POSTGRES=1` or `CI=true` it is a failure instead.
//!
//! This crate knows no other crate of the workspace, so that all of them can use it in their tests.
#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test that cannot be set up must fail")]

mod database;
mod images;
mod postgres;
mod prometheus;
mod python;
mod s3;
mod shared;
mod skip;

pub use database::{TestDatabase, block_on};
pub use images::Engine;
pub use postgres::Postgres;
pub use prometheus::promtool;
pub use python::{evalai, python};
pub use s3::S3Server;
pub use shared::shared_folder;
pub use skip::skipped;

/// A framing in as few words as one takes: the member `framing` of a phase, as JSON.
///
/// A phase takes submissions only when it has one.
/// A test that makes a phase adds `"framing": framing` to what it sends, or `framing: Some(framing)` to a `PhaseDraft`,
/// with this text read by serde; the server records the decision as that of whoever makes the phase.
pub const FRAMING: &str = r#"{
    "unit": "clip", "label_source": "closed_list", "perspective": "third_party_annotator",
    "stated_goal": "Try the server."
}"#;
