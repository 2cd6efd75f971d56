//! The two databases end with the same tables, columns, nullability and unique keys, and diesel knows them.

use std::collections::{BTreeMap, BTreeSet};

use diesel::sql_types::Text;

use super::*;

/// `table.column` with its type and whether it may be absent.
type Columns = BTreeMap<String, (String, bool)>;

const SQLITE_COLUMNS: &str = "
    SELECT t.name || '.' || c.name || ' ' || lower(c.type)
        || CASE WHEN c.\"notnull\" OR c.pk THEN '' ELSE ' null' END AS line
    FROM pragma_table_list t JOIN pragma_table_info(t.name) c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE '\\_\\_%' ESCAPE '\\'";

const POSTGRES_COLUMNS: &str = "
    SELECT table_name || '.' || column_name || ' ' || replace(data_type, ' ', '_')
        || CASE WHEN is_nullable = 'YES' THEN ' null' ELSE '' END AS line
    FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_%'";

/// What [`StoreError::Conflict`] says for each unique key: columns on SQLite, names on PostgreSQL.
const SQLITE_KEYS: &str = "
    SELECT t.name || '_' || (
            SELECT group_concat(name, '_') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)
        ) || '_key' AS line
    FROM pragma_table_list t JOIN pragma_index_list(t.name) i
    WHERE t.type = 'table' AND i.\"unique\" AND i.origin <> 'pk' AND t.name NOT LIKE '\\_\\_%' ESCAPE '\\'";

const POSTGRES_KEYS: &str = "
    SELECT i.relname::text AS line
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
    WHERE x.indisunique AND NOT x.indisprimary AND t.relnamespace = 'public'::regnamespace
        AND t.relname NOT LIKE '\\_\\_%'";

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(database: &TestDatabase, on_sqlite: &'static str, on_postgres: &'static str) -> BTreeSet<String> {
    test_support::block_on(async {
        let rows: Vec<Line> = open(database)
            .read(move |conn| {
                let sql = if matches!(conn, Conn::Sqlite(_)) { on_sqlite } else { on_postgres };
                Ok::<_, StoreError>(on!(conn, c => diesel::sql_query(sql).load(c))?)
            })
            .await
            .unwrap();
        rows.into_iter().map(|row| row.line).collect()
    })
}

fn columns(database: &TestDatabase) -> Columns {
    let split = |line: String| {
        let mut words = line.split(' ');
        let name = words.next().unwrap().to_owned();
        let kind = words.next().unwrap().to_owned();
        (name, (kind, words.next().is_some()))
    };
    lines(database, SQLITE_COLUMNS, POSTGRES_COLUMNS).into_iter().map(split).collect()
}

/// The columns in `schema/`, read from its text: `name -> Nullable<SqlTime>,` below `teams (id) {`.
fn diesel_columns() -> Columns {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schema");
    let files =
        std::fs::read_dir(folder).unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let text: String = files.collect();
    let mut columns = Columns::new();
    let mut table = String::new();
    for line in text.lines().map(str::trim).filter(|line| !line.ends_with(';')) {
        if let Some((name, rest)) = line.split_once(" (")
            && rest.ends_with(") {")
        {
            name.clone_into(&mut table);
        } else if let Some((name, kind)) = line.trim_end_matches(',').split_once(" -> ") {
            let inner = kind.strip_prefix("Nullable<").map(|kind| kind.trim_end_matches('>'));
            columns.insert(format!("{table}.{name}"), (inner.unwrap_or(kind).to_owned(), inner.is_some()));
        }
    }
    columns
}

fn expected(diesel: &Columns, encodings: &[(&str, &str)]) -> Columns {
    let encode = |kind: &str| {
        let found = encodings.iter().find(|(name, _)| *name == kind);
        found.unwrap_or_else(|| panic!("{kind} is no column type of ours")).1.to_owned()
    };
    diesel.iter().map(|(name, (kind, null))| (name.clone(), (encode(kind), *null))).collect()
}

fn assert_same(found: &Columns, expected: &Columns) {
    let difference: Vec<_> = found
        .iter()
        .filter(|(name, column)| expected.get(*name) != Some(column))
        .map(|column| format!("migrated: {column:?}"))
        .chain(
            expected
                .iter()
                .filter(|(name, column)| found.get(*name) != Some(column))
                .map(|column| format!("schema: {column:?}")),
        )
        .collect();
    assert!(difference.is_empty(), "{difference:#?}");
    assert!(!found.is_empty());
}

#[test]
fn sqlite_has_the_columns_that_diesel_knows() {
    let encodings = [
        ("SqlId", "text"),
        ("SqlTime", "text"),
        ("SqlWord", "text"),
        ("SqlJson", "text"),
        ("Text", "text"),
        ("SmallInt", "integer"),
        ("Integer", "integer"),
        ("BigInt", "integer"),
        ("Bool", "integer"),
        ("Double", "real"),
        ("Binary", "blob"),
    ];
    assert_same(&columns(&TestDatabase::sqlite()), &expected(&diesel_columns(), &encodings));
}

#[test]
fn postgres_has_the_columns_that_diesel_knows() {
    let Some(database) = TestDatabase::postgres() else { return };
    let encodings = [
        ("SqlId", "uuid"),
        ("SqlTime", "timestamp_with_time_zone"),
        ("SqlWord", "text"),
        ("SqlJson", "jsonb"),
        ("Text", "text"),
        ("SmallInt", "smallint"),
        ("Integer", "integer"),
        ("BigInt", "bigint"),
        ("Bool", "boolean"),
        ("Double", "double_precision"),
        ("Binary", "bytea"),
    ];
    assert_same(&columns(&database), &expected(&diesel_columns(), &encodings));
}

#[test]
fn unique_keys_have_the_same_names() {
    let Some(postgres) = TestDatabase::postgres() else { return };
    let sqlite = TestDatabase::sqlite();
    let (here, there) =
        (lines(&sqlite, SQLITE_KEYS, POSTGRES_KEYS), lines(&postgres, SQLITE_KEYS, POSTGRES_KEYS));
    assert_eq!(here, there);
    assert!(!here.is_empty());
}

#[test]
fn migrations_have_the_same_names() {
    let names = |folder: &str| -> BTreeSet<String> {
        let folder = format!("{}/../../migrations/{folder}", env!("CARGO_MANIFEST_DIR"));
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
}
