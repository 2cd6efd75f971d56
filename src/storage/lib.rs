//! Storage: the database and the artifacts.
//!
//! The only crate that knows diesel.
//! [`Db`] runs closures as transactions on SQLite and PostgreSQL alike; queries live in one file per aggregate,
//! take a [`Conn`] and give domain values: rows never leave the crate.

mod db;
mod error;
mod schema;
pub mod types;

pub use db::{Conn, DatabaseAddress, DatabaseConfig, Db, PoolNumbers};
pub use error::{Cause, StoreError};
