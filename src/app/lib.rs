//! Use cases, one file per verb: an actor asks, authority is checked, one unit of work is done.

pub mod accounts;
pub mod activities;
pub mod announcements;
pub mod authority;
pub mod challenges;
pub mod contestations;
pub mod context;
pub mod datasets;
pub mod decisions;
pub mod evalai;
pub mod failure;
pub mod framing;
pub mod idempotency;
pub mod identity;
pub mod integrity;
pub mod leaderboards;
pub mod mail;
pub mod operations;
pub mod participation;
pub mod pauses;
pub mod phases;
pub mod results;
pub mod scoring;
pub mod settings;
pub mod submissions;
pub mod teams;
pub mod trials;
pub mod verify;
pub mod webhooks;

pub use context::App;
pub use failure::{Code, Failure, FieldError, Outcome};
