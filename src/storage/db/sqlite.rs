//! SQLite: many readers on snapshots, one writer, in write-ahead mode.

use std::path::Path;

use diesel::connection::{Connection, SimpleConnection};
use diesel::r2d2::{CustomizeConnection, Error as PoolError};
use diesel::sql_types::Text;
use diesel::sqlite::SqliteConnection;
use diesel::{QueryResult, RunQueryDsl};

use super::conn::Abort;
use super::lane::Lane;
use super::writer::Writer;
use super::{Conn, DatabaseConfig, PoolNumbers, migrations};
use crate::StoreError;

pub(super) struct Sqlite {
    readers: Lane<SqliteConnection>,
    writer: Writer,
}

impl Sqlite {
    pub(super) fn open(path: &Path, config: &DatabaseConfig) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| StoreError::Unavailable {
                reason: format!("cannot create the folder {}: {error}", folder.display()),
            })?;
        }
        let Some(path) = path.to_str() else {
            return Err(StoreError::BadAddress { reason: "the path is not UTF-8".into() });
        };
        let mut conn = open_writer(path)?;
        migrations::migrate_sqlite(&mut conn)?;
        // Checking out a reader costs no query: a file does not hang up.
        let test_on_check_out = false;
        let readers = Lane::open(path, config, test_on_check_out, Reader)?;
        let writer = Writer::start(path, conn)?;
        Ok(Self { readers, writer })
    }

    pub(super) async fn read<T, E>(
        &self,
        work: impl FnOnce(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let transaction = |c: &mut SqliteConnection| {
            c.transaction(|c| work(&mut Conn::Sqlite(c)).map_err(Abort::Caller)).map_err(Abort::into_caller)
        };
        self.readers.run(transaction).await
    }

    pub(super) async fn write<T, E>(
        &self,
        work: impl FnMut(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.writer.write(work).await
    }

    pub(super) fn pool(&self) -> PoolNumbers {
        PoolNumbers {
            in_use: self.readers.in_use(),
            idle: self.readers.idle(),
            writes_waiting: self.writer.waiting(),
        }
    }

    pub(super) async fn close(&self) {
        self.readers.quiet().await;
        self.writer.close().await;
    }
}

/// Opens the connection that writes.
///
/// `synchronous = FULL` syncs the log at every commit: committed is on the disk.
/// The log is folded into the file every 1000 pages and cut back to 64 MiB when a long reader made it grow.
pub(super) fn open_writer(path: &str) -> Result<SqliteConnection, StoreError> {
    let mut conn = SqliteConnection::establish(path)
        .map_err(|error| StoreError::Unavailable { reason: format!("cannot open {path}: {error}") })?;
    conn.batch_execute(
        "PRAGMA busy_timeout = 10000; \
         PRAGMA journal_mode = WAL; \
         PRAGMA synchronous = FULL; \
         PRAGMA foreign_keys = ON; \
         PRAGMA wal_autocheckpoint = 1000; \
         PRAGMA journal_size_limit = 67108864; \
         PRAGMA trusted_schema = OFF",
    )?;
    let mode = journal_mode(&mut conn)?;
    if mode != "wal" {
        let reason = format!("{path} is on a file system without write-ahead mode (it offers {mode})");
        return Err(StoreError::Unavailable { reason });
    }
    Ok(conn)
}

fn journal_mode(conn: &mut SqliteConnection) -> QueryResult<String> {
    diesel::select(diesel::dsl::sql::<Text>("(SELECT journal_mode FROM pragma_journal_mode)"))
        .get_result(conn)
}

/// What every reading connection begins with.
#[derive(Debug)]
struct Reader;

impl CustomizeConnection<SqliteConnection, PoolError> for Reader {
    fn on_acquire(&self, conn: &mut SqliteConnection) -> Result<(), PoolError> {
        conn.batch_execute(
            "PRAGMA busy_timeout = 10000; \
             PRAGMA query_only = ON; \
             PRAGMA trusted_schema = OFF",
        )
        .map_err(PoolError::QueryError)
    }
}
