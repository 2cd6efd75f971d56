//! Every column type in one small table: written with `.sql()`, read as domain values.

use domain::submission::SubmissionState;
use domain::{Digest, TeamId, TeamName, Timestamp};
use serde_json::json;
use test_support::both_databases;
use uuid::Uuid;

use super::*;
use crate::types::{Column, Json, Sql};

both_databases!(every_type_comes_back_as_it_went, times_sort_and_compare, a_struct_is_inserted_and_listed);

mod tables {
    diesel::table! {
        use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable};
        use crate::types::{SqlId, SqlJson, SqlTime, SqlWord};

        shelves (id) {
            id -> SqlId,
            name -> SqlWord,
            state -> SqlWord,
            digest -> Nullable<SqlWord>,
            made_at -> SqlTime,
            gone_at -> Nullable<SqlTime>,
            owner -> Nullable<SqlId>,
            facts -> SqlJson,
            width -> Double,
            count -> BigInt,
            open -> Bool,
            bytes -> Binary,
        }
    }
}
use tables::shelves;

/// Reading: domain types as they are.
#[derive(Debug, PartialEq, Queryable, Selectable)]
#[diesel(table_name = shelves)]
struct Shelf {
    id: TeamId,
    name: TeamName,
    state: SubmissionState,
    digest: Option<Digest>,
    made_at: Timestamp,
    gone_at: Option<Timestamp>,
    owner: Option<TeamId>,
    facts: Json<serde_json::Value>,
    width: f64,
    count: i64,
    open: bool,
    bytes: Vec<u8>,
}

/// Writing by struct: `Sql` around what comes from the domain.
#[derive(Insertable)]
#[diesel(table_name = shelves)]
struct NewShelf<'a> {
    id: Sql<TeamId>,
    name: Sql<&'a TeamName>,
    state: Sql<SubmissionState>,
    made_at: Sql<Timestamp>,
    owner: Option<Sql<TeamId>>,
    facts: Json<serde_json::Value>,
    width: f64,
    count: i64,
    open: bool,
    bytes: &'a [u8],
}

async fn with_shelves(database: &TestDatabase) -> Db {
    let db = open(database);
    db.write(|conn| {
        let sql = match conn {
            Conn::Pg(_) => {
                "CREATE TABLE shelves (id uuid PRIMARY KEY, name text NOT NULL, state text NOT NULL, digest text,
                    made_at timestamptz NOT NULL, gone_at timestamptz, owner uuid, facts jsonb NOT NULL,
                    width double precision NOT NULL, count bigint NOT NULL, open boolean NOT NULL, bytes bytea NOT NULL)"
            }
            Conn::Sqlite(_) => {
                "CREATE TABLE shelves (id TEXT PRIMARY KEY, name TEXT NOT NULL, state TEXT NOT NULL, digest TEXT,
                    made_at TEXT NOT NULL, gone_at TEXT, owner TEXT, facts TEXT NOT NULL CHECK (json_valid(facts)),
                    width REAL NOT NULL, count INTEGER NOT NULL, open INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT"
            }
        };
        execute(conn, sql)
    })
    .await
    .unwrap();
    db
}

fn id(number: u128) -> TeamId {
    TeamId(Uuid::from_u128(number))
}

fn moment(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn insert_shelf(conn: &mut Conn<'_>, number: u128, made_at: Timestamp) -> Result<(), StoreError> {
    let name = TeamName::parse(&format!("shelf {number}")).unwrap();
    let shelf = NewShelf {
        id: id(number).sql(),
        name: (&name).sql(),
        state: SubmissionState::Queued.sql(),
        made_at: made_at.sql(),
        owner: None,
        facts: Json(json!({})),
        width: 0.0,
        count: 0,
        open: false,
        bytes: &[],
    };
    on!(conn, c => diesel::insert_into(shelves::table).values(&shelf).execute(c))?;
    Ok(())
}

async fn every_type_comes_back_as_it_went(database: TestDatabase) {
    let db = with_shelves(&database).await;
    let shelf = || Shelf {
        id: id(u128::MAX),
        name: TeamName::parse("Zoë’s shelf").unwrap(),
        state: SubmissionState::Scored,
        digest: Some(Digest::of(b"abc")),
        made_at: moment("1969-12-31T23:59:59.999999Z"),
        gone_at: Some(moment("9999-12-30T22:00:00Z")),
        owner: Some(id(7)),
        facts: Json(json!({"a": [1, 2.5, null, "ü"], "b": {"c": true}, "small": 1e-7})),
        width: 0.1 + 0.2,
        count: i64::MIN,
        open: true,
        bytes: vec![0, 255, 10],
    };
    db.write(move |conn| {
        let shelf = shelf();
        on!(conn, c => diesel::insert_into(shelves::table)
            .values((
                shelves::id.eq(shelf.id.sql()),
                shelves::name.eq((&shelf.name).sql()),
                shelves::state.eq(shelf.state.sql()),
                shelves::digest.eq(shelf.digest.map(Column::sql)),
                shelves::made_at.eq(shelf.made_at.sql()),
                shelves::gone_at.eq(shelf.gone_at.map(Column::sql)),
                shelves::owner.eq(shelf.owner.map(Column::sql)),
                shelves::facts.eq(&shelf.facts),
                shelves::width.eq(shelf.width),
                shelves::count.eq(shelf.count),
                shelves::open.eq(shelf.open),
                shelves::bytes.eq(&shelf.bytes),
            ))
            .execute(c))?;
        Ok::<_, StoreError>(())
    })
    .await
    .unwrap();
    let read: Shelf = db
        .read(|conn| {
            Ok::<_, StoreError>(on!(conn, c => shelves::table
                .find(id(u128::MAX).sql())
                .filter(shelves::owner.eq(id(7).sql()))
                .select(Shelf::as_select())
                .first(c))?)
        })
        .await
        .unwrap();
    assert_eq!(read, shelf());
    assert_eq!(read.width.to_bits(), shelf().width.to_bits());
}

async fn times_sort_and_compare(database: TestDatabase) {
    let db = with_shelves(&database).await;
    let noon = moment("2026-11-22T12:00:00Z");
    let instants = [noon.plus_seconds(1), noon, Timestamp::from_micros(noon.as_micros() - 1).unwrap()];
    db.write(move |conn| {
        instants.iter().zip(0_u128..).try_for_each(|(instant, number)| insert_shelf(conn, number, *instant))
    })
    .await
    .unwrap();
    let (sorted, early): (Vec<Timestamp>, Vec<TeamId>) = db
        .read(move |conn| {
            let sorted =
                on!(conn, c => shelves::table.select(shelves::made_at).order(shelves::made_at).load(c))?;
            let early = on!(conn, c => shelves::table
                .filter(shelves::made_at.lt(noon.sql()))
                .select(shelves::id)
                .load(c))?;
            Ok::<_, StoreError>((sorted, early))
        })
        .await
        .unwrap();
    assert_eq!(sorted, [instants[2], instants[1], instants[0]]);
    assert_eq!(early, [id(2)]);
}

async fn a_struct_is_inserted_and_listed(database: TestDatabase) {
    let db = with_shelves(&database).await;
    let now = moment("2026-11-22T12:00:00Z");
    db.write(move |conn| (1..=3).try_for_each(|number| insert_shelf(conn, number, now))).await.unwrap();
    let wanted = [id(1), id(3), id(9)];
    let found: Vec<TeamId> = db
        .read(move |conn| {
            Ok::<_, StoreError>(on!(conn, c => shelves::table
                .filter(shelves::id.eq_any(wanted.iter().map(Column::sql)))
                .order(shelves::id)
                .select(shelves::id)
                .load(c))?)
        })
        .await
        .unwrap();
    assert_eq!(found, [id(1), id(3)]);
}
