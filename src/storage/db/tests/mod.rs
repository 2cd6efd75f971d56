//! What every caller of [`Db`] relies on, on both databases.

mod columns;
mod durability;
mod errors;
mod isolation;
mod schema;
mod schema_twins;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use test_support::TestDatabase;

use super::{Conn, DatabaseConfig, Db, on};
use crate::StoreError;

diesel::table! {
    notes (title) {
        title -> Text,
        shelf -> BigInt,
        place -> BigInt,
    }
}

fn open(database: &TestDatabase) -> Db {
    Db::open(&DatabaseConfig::new(database.url()).unwrap()).unwrap()
}

/// A database with a small table that is no part of the real schema.
async fn with_notes(database: &TestDatabase) -> Db {
    let db = open(database);
    db.write(|conn| {
        execute(
            conn,
            "CREATE TABLE notes (
                title TEXT NOT NULL CONSTRAINT notes_title_key PRIMARY KEY,
                shelf BIGINT NOT NULL CONSTRAINT notes_shelf_check CHECK (shelf >= 0),
                place BIGINT NOT NULL,
                UNIQUE (shelf, place))",
        )
    })
    .await
    .unwrap();
    db
}

fn execute(conn: &mut Conn<'_>, sql: &str) -> Result<(), StoreError> {
    Ok(on!(conn, c => c.batch_execute(sql))?)
}

fn insert(conn: &mut Conn<'_>, title: &str, place: i64) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(notes::table)
        .values((notes::title.eq(title), notes::shelf.eq(0), notes::place.eq(place)))
        .execute(c))?;
    Ok(())
}

fn titles(conn: &mut Conn<'_>) -> Result<Vec<String>, StoreError> {
    Ok(on!(conn, c => notes::table.select(notes::title).order(notes::title).load(c))?)
}
