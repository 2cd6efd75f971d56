//! The database: open it once, then `read` and `write` with closures.
//!
//! Each closure is one transaction and runs to its end on a blocking thread:
//! a caller that hangs up cannot leave half of it behind.
//!
//! | | PostgreSQL | SQLite |
//! |---|---|---|
//! | `read` | `READ ONLY`, `REPEATABLE READ` | a snapshot on a `query_only` connection |
//! | `write` | `READ COMMITTED`, tried again after a deadlock | the one writer thread, which commits waiting closures together |
//!
//! On both, what `write` has answered is committed and synced to disk.

mod address;
mod backup;
mod conn;
mod lane;
mod ledger;
mod migrations;
mod postgres;
mod sqlite;
#[cfg(test)]
mod tests;
mod writer;

use std::sync::Arc;
use std::time::Duration;

pub use self::address::DatabaseAddress;
pub use self::backup::copy_sqlite;
pub use self::conn::Conn;
pub(crate) use self::conn::on;
use self::ledger::Ledger;
use self::postgres::Postgres;
use self::sqlite::Sqlite;
use crate::StoreError;

/// How to reach the database.
#[derive(Debug, Clone)]
pub struct DatabaseConfig {
    /// Where it is.
    pub address: DatabaseAddress,
    /// The most connections to PostgreSQL, or readers of SQLite, at a time.
    pub connections: u32,
    /// How long a request waits for one of them before it is told that the database is unavailable.
    pub patience: Duration,
}

impl DatabaseConfig {
    /// The database at `url`, with the usual limits.
    pub fn new(url: &str) -> Result<Self, StoreError> {
        let address = DatabaseAddress::parse(url)?;
        Ok(Self { address, connections: 8, patience: Duration::from_secs(10) })
    }
}

/// How busy the connections are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolNumbers {
    /// Connections inside a transaction.
    pub in_use: usize,
    /// Open connections that wait for work.
    pub idle: usize,
    /// Writes that wait for SQLite's writer; always 0 on PostgreSQL.
    pub writes_waiting: usize,
}

/// A handle to the open database; clones share it.
#[derive(Clone)]
pub struct Db {
    engine: Arc<Engine>,
    ledger: Ledger,
}

enum Engine {
    Postgres(Postgres),
    Sqlite(Sqlite),
}

impl Db {
    /// Connects, applies pending migrations and refuses a schema that it does not know.
    ///
    /// Blocks: called once, before the process serves anybody.
    pub fn open(config: &DatabaseConfig) -> Result<Self, StoreError> {
        let engine = match &config.address {
            DatabaseAddress::Postgres(url) => Engine::Postgres(Postgres::open(url, config)?),
            DatabaseAddress::Sqlite(path) => Engine::Sqlite(Sqlite::open(path, config)?),
        };
        Ok(Self { engine: Arc::new(engine), ledger: Ledger::default() })
    }

    /// Runs `work` on one consistent snapshot; whatever it tries to write is refused.
    pub async fn read<T, E>(
        &self,
        work: impl FnOnce(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match self.engine.as_ref() {
            Engine::Postgres(postgres) => postgres.read(work).await,
            Engine::Sqlite(sqlite) => sqlite.read(work).await,
        }
    }

    /// Runs `work` as one transaction: all of it is committed and synced when this returns `Ok`, none of it otherwise.
    ///
    /// An error of the caller's own type rolls back as well.
    /// The closure **may run more than once** (PostgreSQL undoes one of two transactions that wait for each other),
    /// so it takes its ids and its time from outside and changes nothing but the database.
    /// Once it has begun, it ends: dropping the future loses the answer, not the write.
    pub async fn write<T, E>(
        &self,
        mut work: impl FnMut(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let writing = self.ledger.begin();
        let work = move |conn: &mut Conn<'_>| {
            let _under_way = &writing;
            work(conn)
        };
        match self.engine.as_ref() {
            Engine::Postgres(postgres) => postgres.write(work).await,
            Engine::Sqlite(sqlite) => sqlite.write(work).await,
        }
    }

    /// How many writes this process has made, as long as none is under way; other processes are not counted.
    ///
    /// A write is under way from before its closure runs until after its commit, and has ended before it is answered.
    /// So what was read between two equal answers is what the database still holds, as far as this process goes.
    pub fn settled(&self) -> Option<u64> {
        self.ledger.settled()
    }

    /// Asks the database for a sign of life.
    pub async fn ping(&self) -> Result<(), StoreError> {
        use diesel::RunQueryDsl;
        self.read(|conn| {
            on!(conn, c => diesel::sql_query("SELECT 1").execute(c))?;
            Ok(())
        })
        .await
    }

    /// How busy the connections are at this moment.
    pub fn pool(&self) -> PoolNumbers {
        match self.engine.as_ref() {
            Engine::Postgres(postgres) => postgres.pool(),
            Engine::Sqlite(sqlite) => sqlite.pool(),
        }
    }

    /// Finishes every write that was begun and, on SQLite, folds the log into the database file.
    ///
    /// Later writes on SQLite are refused as unavailable.
    pub async fn close(&self) {
        match self.engine.as_ref() {
            Engine::Postgres(postgres) => postgres.close().await,
            Engine::Sqlite(sqlite) => sqlite.close().await,
        }
    }
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.engine.as_ref() {
            Engine::Postgres(_) => "Db(PostgreSQL)",
            Engine::Sqlite(_) => "Db(SQLite)",
        })
    }
}
