//! One open transaction on either database, and the macro that writes a query once for both.

use diesel::connection::Connection;
use diesel::pg::PgConnection;
use diesel::sqlite::SqliteConnection;

use crate::StoreError;

/// The connection inside a `read` or `write` closure.
///
/// A query is written once with `on!` and is type-checked against both databases:
/// what one of them cannot do does not compile, and is then an explicit `match`.
pub enum Conn<'a> {
    /// PostgreSQL.
    Pg(&'a mut PgConnection),
    /// SQLite.
    Sqlite(&'a mut SqliteConnection),
}

/// Runs one diesel expression on whichever database the connection is.
///
/// ```text
/// on!(conn, c => teams::table.find(id.sql()).select(TeamRow::as_select()).get_result(c).optional())
/// ```
///
/// A row with a unique key is asked for with `get_result`, not `first`: that binds a `LIMIT`, and SQLite prepares a
/// statement anew whenever a limit is bound, which costs more than the look-up itself.
macro_rules! on {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::db::Conn::Pg($c) => {
                let $c = &mut **$c;
                $body
            }
            $crate::db::Conn::Sqlite($c) => {
                let $c = &mut **$c;
                $body
            }
        }
    };
}
pub(crate) use on;

impl Conn<'_> {
    /// Runs `attempt` so that its failure undoes only what it did itself.
    ///
    /// PostgreSQL refuses every further query of a transaction once one has failed;
    /// an insert whose conflict is an expected answer belongs in here.
    pub fn savepoint<T, E>(&mut self, attempt: impl FnOnce(&mut Conn<'_>) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        let outcome = match self {
            Self::Pg(c) => c.transaction(|c| attempt(&mut Conn::Pg(c)).map_err(Abort::Caller)),
            Self::Sqlite(c) => c.transaction(|c| attempt(&mut Conn::Sqlite(c)).map_err(Abort::Caller)),
        };
        outcome.map_err(Abort::into_caller)
    }
}

/// Why a transaction was not committed: its closure said so, or the database did.
pub(crate) enum Abort<E> {
    Caller(E),
    Database(diesel::result::Error),
}

impl<E> From<diesel::result::Error> for Abort<E> {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error)
    }
}

impl<E: From<StoreError>> Abort<E> {
    pub(crate) fn into_caller(self) -> E {
        match self {
            Self::Caller(error) => error,
            Self::Database(error) => StoreError::from(error).into(),
        }
    }
}
