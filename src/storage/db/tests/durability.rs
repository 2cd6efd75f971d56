//! Committed, or not at all, whatever the caller or its neighbours do.

use std::sync::mpsc;

use diesel::sqlite::SqliteConnection;
use futures_util::future::join_all;
use test_support::both_databases;

use super::*;

both_databases!(
    failing_writes_undo_only_themselves,
    a_caller_that_hangs_up_has_written,
    closing_finishes_what_was_begun,
    a_savepoint_takes_back_only_its_own,
);

async fn failing_writes_undo_only_themselves(database: TestDatabase) {
    let db = with_notes(&database).await;
    let writes = (0..60_i64).map(|number| {
        db.write(move |conn| {
            insert(conn, &format!("note {number:02}"), number)?;
            match number % 10 {
                3 => Err(StoreError::NotFound),
                7 => conn.savepoint(|_| -> Result<(), StoreError> { panic!("on purpose") }),
                _ => Ok(()),
            }
        })
    });
    let outcomes = join_all(writes).await;
    for (number, outcome) in outcomes.iter().enumerate() {
        match number % 10 {
            3 => assert!(matches!(outcome, Err(StoreError::NotFound)), "{number}: {outcome:?}"),
            7 => match outcome {
                Err(StoreError::Panicked { message }) => assert_eq!(message, "on purpose"),
                other => panic!("{number}: {other:?}"),
            },
            _ => assert!(outcome.is_ok(), "{number}: {outcome:?}"),
        }
    }
    let kept: Vec<String> =
        (0..60).filter(|n| n % 10 != 3 && n % 10 != 7).map(|n| format!("note {n:02}")).collect();
    assert_eq!(db.read(titles).await.unwrap(), kept);
}

async fn a_caller_that_hangs_up_has_written(database: TestDatabase) {
    let db = with_notes(&database).await;
    let (begun, has_begun) = mpsc::channel();
    let (go, may_go) = mpsc::channel::<()>();
    let writing = {
        let db = db.clone();
        tokio::spawn(async move {
            db.write(move |conn| {
                begun.send(()).unwrap();
                may_go.recv().unwrap();
                insert(conn, "kept", 1)
            })
            .await
        })
    };
    tokio::task::spawn_blocking(move || has_begun.recv().unwrap()).await.unwrap();
    writing.abort();
    assert!(writing.await.unwrap_err().is_cancelled());
    assert_eq!(db.settled(), None, "it is under way, whether or not anybody waits");
    go.send(()).unwrap();
    db.close().await;
    assert!(db.settled().is_some());
    assert_eq!(db.read(titles).await.unwrap(), ["kept"]);
}

async fn closing_finishes_what_was_begun(database: TestDatabase) {
    let db = with_notes(&database).await;
    let (begun, has_begun) = mpsc::channel();
    let (go, may_go) = mpsc::channel::<()>();
    let first = {
        let db = db.clone();
        tokio::spawn(async move {
            db.write(move |conn| {
                begun.send(()).unwrap();
                may_go.recv().unwrap();
                insert(conn, "first", -1)
            })
            .await
        })
    };
    tokio::task::spawn_blocking(move || has_begun.recv().unwrap()).await.unwrap();
    let others: Vec<_> = (0..5_i64)
        .map(|number| {
            let db = db.clone();
            tokio::spawn(
                async move { db.write(move |conn| insert(conn, &format!("{number}"), number)).await },
            )
        })
        .collect();
    while database.is_sqlite() && db.pool().writes_waiting < 5 {
        tokio::task::yield_now().await;
    }
    let closing = {
        let db = db.clone();
        tokio::spawn(async move { db.close().await })
    };
    go.send(()).unwrap();
    first.await.unwrap().unwrap();
    for other in others {
        other.await.unwrap().unwrap();
    }
    closing.await.unwrap();
    if database.is_sqlite() {
        let late = db.write(|conn| insert(conn, "late", 9)).await;
        assert!(matches!(late, Err(StoreError::Unavailable { .. })), "{late:?}");
    }
    drop(db);
    assert_eq!(open(&database).read(titles).await.unwrap(), ["0", "1", "2", "3", "4", "first"]);
}

async fn a_savepoint_takes_back_only_its_own(database: TestDatabase) {
    let db = with_notes(&database).await;
    db.write(|conn| {
        insert(conn, "first", 1)?;
        let again = conn.savepoint(|conn| {
            insert(conn, "inside", 2)?;
            insert(conn, "first", 3)
        });
        assert!(again.unwrap_err().conflicts_on("notes_title_key"));
        insert(conn, "last", 2)
    })
    .await
    .unwrap();
    assert_eq!(db.read(titles).await.unwrap(), ["first", "last"]);
}

/// Each closure looks at the file from outside: while the group runs, nobody's row is there yet.
#[test]
fn sqlite_commits_waiting_writes_together() {
    let database = TestDatabase::sqlite();
    let path = database.url().trim_start_matches("sqlite://").to_owned();
    test_support::block_on(async {
        let db = with_notes(&database).await;
        let (inside, is_inside) = mpsc::channel();
        let (go, may_go) = mpsc::channel::<()>();
        let blocker = {
            let db = db.clone();
            tokio::spawn(async move {
                db.write(move |conn| {
                    inside.send(()).unwrap();
                    may_go.recv().unwrap();
                    insert(conn, "blocker", -1)
                })
                .await
            })
        };
        tokio::task::spawn_blocking(move || is_inside.recv().unwrap()).await.unwrap();
        let writes: Vec<_> = (0..20_i64)
            .map(|number| {
                let (db, path) = (db.clone(), path.clone());
                tokio::spawn(async move {
                    db.write(move |conn| {
                        insert(conn, &format!("{number}"), number)?;
                        let mut outside = SqliteConnection::establish(&path).unwrap();
                        Ok::<_, StoreError>(notes::table.count().get_result::<i64>(&mut outside)?)
                    })
                    .await
                })
            })
            .collect();
        while db.pool().writes_waiting < 20 {
            tokio::task::yield_now().await;
        }
        go.send(()).unwrap();
        blocker.await.unwrap().unwrap();
        for write in writes {
            assert_eq!(write.await.unwrap().unwrap(), 0);
        }
        assert_eq!(db.read(titles).await.unwrap().len(), 21);
    });
}

#[test]
fn sqlite_tells_a_full_disk_and_goes_on_when_there_is_room() {
    let database = TestDatabase::sqlite();
    test_support::block_on(async {
        let db = with_notes(&database).await;
        db.write(|conn| execute(conn, "CREATE TABLE ballast (bytes BLOB NOT NULL)")).await.unwrap();
        let pages = "(SELECT page_count FROM pragma_page_count)";
        let pages: i64 = db
            .read(move |conn| {
                let count = diesel::dsl::sql::<diesel::sql_types::BigInt>(pages);
                Ok::<_, StoreError>(on!(conn, c => diesel::select(count).get_result(c))?)
            })
            .await
            .unwrap();
        let limit =
            move |conn: &mut Conn<'_>| execute(conn, &format!("PRAGMA max_page_count = {}", pages + 4));
        db.write(limit).await.unwrap();
        let heavy = |conn: &mut Conn<'_>| execute(conn, "INSERT INTO ballast VALUES (zeroblob(1000000))");
        let full = db.write(heavy).await.unwrap_err();
        assert!(matches!(full, StoreError::Full), "{full:?}");
        db.write(|conn| execute(conn, "PRAGMA max_page_count = 100000")).await.unwrap();
        db.write(heavy).await.unwrap();
        db.write(|conn| insert(conn, "after", 1)).await.unwrap();
        assert_eq!(db.read(titles).await.unwrap(), ["after"]);
    });
}
