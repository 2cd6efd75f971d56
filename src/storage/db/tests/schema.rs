//! Starting: migrations, newer schemas, several processes at a time.

use test_support::both_databases;

use super::*;

both_databases!(a_newer_schema_is_refused, processes_may_start_together, a_second_start_changes_nothing);

async fn a_newer_schema_is_refused(database: TestDatabase) {
    let db = open(&database);
    db.write(|conn| {
        execute(conn, "INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231235959')")
    })
    .await
    .unwrap();
    drop(db);
    match Db::open(&DatabaseConfig::new(database.url()).unwrap()) {
        Err(error @ StoreError::NewerSchema { .. }) => {
            assert!(error.to_string().contains("29991231235959"), "{error}");
        }
        other => panic!("{other:?}"),
    }
}

async fn processes_may_start_together(database: TestDatabase) {
    let config = DatabaseConfig { connections: 1, ..DatabaseConfig::new(database.url()).unwrap() };
    let starts: Vec<_> = (0..6)
        .map(|_| {
            let config = config.clone();
            tokio::task::spawn_blocking(move || Db::open(&config))
        })
        .collect();
    for start in starts {
        start.await.unwrap().unwrap();
    }
}

async fn a_second_start_changes_nothing(database: TestDatabase) {
    let db = with_notes(&database).await;
    db.write(|conn| insert(conn, "kept", 1)).await.unwrap();
    drop(db);
    assert_eq!(open(&database).read(titles).await.unwrap(), ["kept"]);
}
