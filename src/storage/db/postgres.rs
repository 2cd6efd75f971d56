//! PostgreSQL: one pool for readers and writers.

use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use diesel::connection::{Connection, InstrumentationEvent, SimpleConnection};
use diesel::pg::PgConnection;
use diesel::r2d2::{CustomizeConnection, Error as PoolError};

use super::conn::Abort;
use super::lane::Lane;
use super::{Conn, DatabaseConfig, PoolNumbers, migrations};
use crate::StoreError;
use crate::error::is_worth_another_try;

/// How often a transaction runs before its deadlock or serialization failure is told to the caller.
const ATTEMPTS: u32 = 5;

pub(super) struct Postgres {
    lane: Lane<PgConnection>,
}

impl Postgres {
    pub(super) fn open(url: &str, config: &DatabaseConfig) -> Result<Self, StoreError> {
        let mut conn = PgConnection::establish(url)
            .map_err(|error| StoreError::Unavailable { reason: error.to_string().trim_end().to_owned() })?;
        migrations::migrate_postgres(&mut conn)?;
        drop(conn);
        // A connection that the server closed while it was idle is found out before work is given to it.
        let test_on_check_out = true;
        Ok(Self { lane: Lane::open(url, config, test_on_check_out, Session)? })
    }

    pub(super) async fn read<T, E>(
        &self,
        work: impl FnOnce(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let transaction = |c: &mut PgConnection| {
            c.build_transaction()
                .read_only()
                .repeatable_read()
                .run(|c| work(&mut Conn::Pg(c)).map_err(Abort::Caller))
                .map_err(Abort::into_caller)
        };
        self.lane.run(transaction).await
    }

    pub(super) async fn write<T, E>(
        &self,
        mut work: impl FnMut(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.lane.run(move |c| write_until_undisturbed(c, &mut work)).await
    }

    pub(super) fn pool(&self) -> PoolNumbers {
        PoolNumbers { in_use: self.lane.in_use(), idle: self.lane.idle(), writes_waiting: 0 }
    }

    pub(super) async fn close(&self) {
        self.lane.quiet().await;
    }
}

fn write_until_undisturbed<T, E: From<StoreError>>(
    conn: &mut PgConnection,
    work: &mut impl FnMut(&mut Conn<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let mut attempt = 1;
    loop {
        UNDONE_BY_OTHERS.set(false);
        let outcome = conn
            .build_transaction()
            .read_write()
            .read_committed()
            .run(|c| work(&mut Conn::Pg(c)).map_err(Abort::Caller));
        let abort = match outcome {
            Ok(value) => return Ok(value),
            Err(abort) => abort,
        };
        let undone =
            UNDONE_BY_OTHERS.get() || matches!(&abort, Abort::Database(error) if is_worth_another_try(error));
        if !undone || attempt == ATTEMPTS {
            return Err(abort.into_caller());
        }
        std::thread::sleep(pause_after(attempt));
        attempt += 1;
    }
}

/// Longer after every attempt, and different for the transactions that met each other.
fn pause_after(attempt: u32) -> Duration {
    let longest = 10_u64 << attempt;
    Duration::from_millis(RandomState::new().hash_one(attempt) % longest)
}

thread_local! {
    /// Whether a query on this thread failed only because of concurrent transactions.
    ///
    /// A closure answers with its caller's error type, in which the database's reason may be gone:
    /// the connection notes it here while the query fails.
    static UNDONE_BY_OTHERS: Cell<bool> = const { Cell::new(false) };
}

fn note_failures(event: InstrumentationEvent<'_>) {
    if let InstrumentationEvent::FinishQuery { error: Some(error), .. } = event
        && is_worth_another_try(error)
    {
        UNDONE_BY_OTHERS.set(true);
    }
}

/// What every connection begins with.
#[derive(Debug)]
struct Session;

impl CustomizeConnection<PgConnection, PoolError> for Session {
    fn on_acquire(&self, conn: &mut PgConnection) -> Result<(), PoolError> {
        conn.set_instrumentation(note_failures);
        conn.batch_execute(
            "SET application_name = 'heldout'; \
             SET lock_timeout = '10s'; \
             SET idle_in_transaction_session_timeout = '60s'",
        )
        .map_err(PoolError::QueryError)
    }
}
