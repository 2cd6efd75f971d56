//! One fresh database per test, and one test for both databases.

use std::future::Future;

use crate::Postgres;

/// An empty database that is removed with this value.
#[derive(Debug)]
pub struct TestDatabase {
    url: String,
    home: Home,
}

#[derive(Debug)]
enum Home {
    Sqlite { _folder: tempfile::TempDir },
    Postgres { server: &'static Postgres, name: String },
}

impl TestDatabase {
    /// A SQLite file in a folder of its own.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        Self { url, home: Home::Sqlite { _folder: folder } }
    }

    /// A database of the shared PostgreSQL server; `None`, said aloud, when there is no server.
    pub fn postgres() -> Option<Self> {
        let server = Postgres::shared()?;
        let (name, url) = server.create_database();
        Some(Self { url, home: Home::Postgres { server, name } })
    }

    /// Its address, as the configuration takes it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether it is SQLite.
    pub fn is_sqlite(&self) -> bool {
        matches!(self.home, Home::Sqlite { .. })
    }

    /// Runs SQL past the program under test, as an intruder or another version of it would (PostgreSQL only).
    pub fn psql(&self, sql: &str) -> String {
        match &self.home {
            Home::Postgres { server, .. } => server.run(&self.url, sql),
            Home::Sqlite { .. } => panic!("psql was called for a SQLite database"),
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Home::Postgres { server, name } = &self.home {
            server.drop_database(name);
        }
    }
}

/// Runs a test's future on a runtime of its own with two threads.
pub fn block_on<F: Future>(test: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(test)
}

/// Makes each named `async fn(TestDatabase)` a test on SQLite and a test on PostgreSQL.
///
/// ```text
/// both_databases!(a_team_is_found_by_its_name, a_name_is_taken_once);
///
/// async fn a_team_is_found_by_its_name(database: TestDatabase) { .. }
/// ```
#[macro_export]
macro_rules! both_databases {
    ($($test:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[test]
            fn $test() {
                $crate::block_on(super::$test($crate::TestDatabase::sqlite()));
            })+
        }

        mod on_postgres {
            $(#[test]
            fn $test() {
                if let Some(database) = $crate::TestDatabase::postgres() {
                    $crate::block_on(super::$test(database));
                }
            })+
        }
    };
}
