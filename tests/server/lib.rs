//! A whole server for tests: a fresh database, a folder of artifacts, a listener on a port of its own,
//! and a worker in the same process.
//!
//! ```text
//! let server = TestServer::start(TestDatabase::sqlite());
//! let stage = Stage::set(&server, json!({}));
//! let sent = stage.contestant.submit(&stage, "a.csv", "id,label\n1,cook\n");
//! ```
#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test that cannot be set up must fail")]

mod client;
mod server;
mod sources;
mod stage;

pub use client::{Answer, Client};
pub use server::{ServerOptions, TestServer};
pub use sources::TestClock;
pub use stage::{ANNOTATIONS, Stage, wait_until_final};
pub use test_support::TestDatabase;

/// Makes each named `fn(&TestServer)` a test on SQLite and a test on PostgreSQL.
#[macro_export]
macro_rules! on_both_databases {
    ($($test:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[test]
            fn $test() {
                super::$test(&$crate::TestServer::start($crate::TestDatabase::sqlite()));
            })+
        }

        mod on_postgres {
            $(#[test]
            fn $test() {
                if let Some(database) = $crate::TestDatabase::postgres() {
                    super::$test(&$crate::TestServer::start(database));
                }
            })+
        }
    };
}
