//! Programs, hostile ones among them, really run in every kind of sandbox that this machine has.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

mod another_user;
mod bounds;
mod codabench;
mod environments;
mod evalai;
mod images;
mod stage;
mod support;
mod watched;
