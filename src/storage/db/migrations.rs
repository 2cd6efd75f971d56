//! The embedded migrations of both databases: all pending ones in one transaction, one process at a time.

use diesel::connection::{Connection, SimpleConnection};
use diesel::migration::Migration;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::StoreError;
use crate::error::Cause;

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// Any number, as long as every version of this program takes the same one.
const ADVISORY_LOCK: i64 = 0x6865_6c64_6f75_7400;

/// Brings a PostgreSQL database to the schema of this version.
///
/// Processes that start together wait for one another on an advisory lock;
/// a process that dies leaves nothing behind, because it never committed.
pub(crate) fn migrate_postgres(conn: &mut PgConnection) -> Result<(), StoreError> {
    conn.transaction(|c| {
        c.batch_execute(&format!("SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))?;
        apply(c, POSTGRES)
    })
    .map_err(Failure::into_store)
}

/// Brings a SQLite database to the schema of this version.
///
/// Foreign keys are off while tables are rebuilt, as SQLite's own procedure asks, and checked before the commit.
pub(crate) fn migrate_sqlite(conn: &mut SqliteConnection) -> Result<(), StoreError> {
    conn.batch_execute("PRAGMA foreign_keys = OFF")?;
    conn.immediate_transaction(|c| {
        apply(c, SQLITE)?;
        let broken: i64 = diesel::select(diesel::dsl::sql::<diesel::sql_types::BigInt>(
            "(SELECT count(*) FROM pragma_foreign_key_check)",
        ))
        .get_result(c)?;
        if broken == 0 { Ok(()) } else { Err(Failure::BrokenReferences(broken)) }
    })
    .map_err(Failure::into_store)?;
    conn.batch_execute("PRAGMA foreign_keys = ON")?;
    Ok(())
}

fn apply<DB, C>(conn: &mut C, source: EmbeddedMigrations) -> Result<(), Failure>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
    EmbeddedMigrations: diesel::migration::MigrationSource<DB>,
{
    let known: Vec<Box<dyn Migration<DB>>> =
        diesel::migration::MigrationSource::migrations(&source).map_err(Failure::Migration)?;
    let known: Vec<String> = known.iter().map(|migration| migration.name().version().to_string()).collect();
    let applied = conn.applied_migrations().map_err(Failure::Migration)?;
    let mut unknown: Vec<String> = applied.iter().map(ToString::to_string).collect();
    unknown.retain(|version| !known.contains(version));
    if !unknown.is_empty() {
        unknown.sort();
        return Err(Failure::NewerSchema(unknown));
    }
    for version in conn.run_pending_migrations(source).map_err(Failure::Migration)? {
        tracing::info!(migration.version = %version, "migration applied");
    }
    Ok(())
}

enum Failure {
    Database(diesel::result::Error),
    Migration(Box<dyn std::error::Error + Send + Sync>),
    NewerSchema(Vec<String>),
    BrokenReferences(i64),
}

impl From<diesel::result::Error> for Failure {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error)
    }
}

impl Failure {
    fn into_store(self) -> StoreError {
        match self {
            Self::Database(error) => error.into(),
            Self::Migration(error) => match error.downcast::<diesel::result::Error>() {
                Ok(error) => (*error).into(),
                Err(error) => StoreError::Other(Cause::from(error)),
            },
            Self::NewerSchema(unknown) => StoreError::NewerSchema { unknown },
            Self::BrokenReferences(count) => StoreError::Rejected {
                rule: Some(format!("{count} foreign keys point nowhere after the migrations")),
            },
        }
    }
}
