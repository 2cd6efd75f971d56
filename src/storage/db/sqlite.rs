//! SQLite: many readers on snapshots, one writer, in write-ahead mode.

use std::path::Path;
use std::time::Duration;

use diesel::connection::{Connection, SimpleConnection};
use diesel::r2d2::{CustomizeConnection, Error as PoolError};
use diesel::result::Error as DieselError;
use diesel::sql_types::Text;
use diesel::sqlite::SqliteConnection;
use diesel::{QueryResult, RunQueryDsl};

use super::conn::Abort;
use super::lane::Lane;
use super::writer::Writer;
use super::{Conn, DatabaseConfig, PoolNumbers, migrations};
use crate::StoreError;

/// What SQLite says of a file that another process holds.
const LOCKED: &str = "database is locked";
/// As long as the busy timeout, all together.
const LOOKS_AT_A_LOCKED_FILE: u32 = 200;
const PAUSE_BETWEEN_LOOKS: Duration = Duration::from_millis(50);

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
    conn.batch_execute("PRAGMA busy_timeout = 10000")?;
    enter_write_ahead_mode(&mut conn)?;
    conn.batch_execute(
        "PRAGMA synchronous = FULL; \
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

/// Switches the file to write-ahead mode, once and for all that open it later.
///
/// The switch needs the file for itself for a moment, and SQLite does not wait for that whatever its busy timeout is:
/// of processes that start together on a new file, all but one find it locked, and look again.
fn enter_write_ahead_mode(conn: &mut SqliteConnection) -> QueryResult<()> {
    let mut looks = 1;
    loop {
        match conn.batch_execute("PRAGMA journal_mode = WAL") {
            Err(DieselError::DatabaseError(_, reason))
                if reason.message() == LOCKED && looks < LOOKS_AT_A_LOCKED_FILE =>
            {
                std::thread::sleep(PAUSE_BETWEEN_LOOKS);
                looks += 1;
            }
            switched => return switched,
        }
    }
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
