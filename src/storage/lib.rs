//! Storage: the database and the artifacts.
//!
//! The only crate that knows diesel.
//! [`Db`] runs closures as transactions on SQLite and PostgreSQL alike; queries live in one file per aggregate,
//! take a [`Conn`] and give domain values: rows never leave the crate.

pub mod accounts;
pub mod activities;
pub mod annotation_uploads;
pub mod announcements;
pub mod answers;
pub mod blobs;
pub mod boards;
pub mod challenges;
pub mod contestations;
pub mod datasets;
mod db;
pub mod decisions;
pub mod declarations;
pub mod environments;
mod error;
pub mod evalai;
pub mod evaluations;
pub mod events;
pub mod framing_measures;
pub mod framings;
pub mod history;
pub mod idempotency;
pub mod imports;
pub mod integrity;
pub mod jobs;
pub mod participation;
pub mod pauses;
pub mod phases;
pub mod quota;
pub mod releases;
pub mod remarks;
pub mod results;
mod schema;
pub mod submission_rules;
pub mod submissions;
#[cfg(test)]
mod suite;
pub mod teams;
pub mod trials;
pub mod types;
pub mod uncertainty;
pub mod uploads;
pub mod webhooks;

pub use blobs::{Blob, BlobConfig, BlobError, BlobReader, BlobStream, BlobWriter, Blobs};
pub use db::{Conn, DatabaseAddress, DatabaseConfig, Db, PoolNumbers, copy_sqlite};
pub use error::{Cause, StoreError};
