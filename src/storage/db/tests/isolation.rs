//! What transactions see of each other.

use std::sync::mpsc;
use std::sync::{Arc, Barrier};

use test_support::both_databases;

use super::*;

both_databases!(
    a_read_is_one_snapshot,
    a_read_cannot_write,
    busy_connections_are_counted,
    a_write_is_under_way_until_it_is_committed
);

async fn a_read_is_one_snapshot(database: TestDatabase) {
    let db = with_notes(&database).await;
    let (looked, has_looked) = mpsc::channel();
    let (go, may_go) = mpsc::channel::<()>();
    let reading = {
        let db = db.clone();
        tokio::spawn(async move {
            db.read(move |conn| {
                let before = titles(conn)?;
                looked.send(()).unwrap();
                may_go.recv().unwrap();
                Ok::<_, StoreError>((before, titles(conn)?))
            })
            .await
        })
    };
    tokio::task::spawn_blocking(move || has_looked.recv().unwrap()).await.unwrap();
    db.write(|conn| insert(conn, "meanwhile", 1)).await.unwrap();
    go.send(()).unwrap();
    let (before, after) = reading.await.unwrap().unwrap();
    assert!(before.is_empty() && after.is_empty(), "{before:?} {after:?}");
    assert_eq!(db.read(titles).await.unwrap(), ["meanwhile"]);
}

async fn a_read_cannot_write(database: TestDatabase) {
    let db = with_notes(&database).await;
    let refusal = db.read(|conn| insert(conn, "sneaked in", 1)).await.unwrap_err();
    assert!(matches!(refusal, StoreError::Other(_)), "{refusal:?}");
    assert!(db.read(titles).await.unwrap().is_empty());
    db.ping().await.unwrap();
}

async fn busy_connections_are_counted(database: TestDatabase) {
    let db = with_notes(&database).await;
    let (inside, is_inside) = mpsc::channel();
    let (go, may_go) = mpsc::channel::<()>();
    let reading = {
        let db = db.clone();
        tokio::spawn(async move {
            db.read(move |_| {
                inside.send(()).unwrap();
                may_go.recv().unwrap();
                Ok::<_, StoreError>(())
            })
            .await
        })
    };
    tokio::task::spawn_blocking(move || is_inside.recv().unwrap()).await.unwrap();
    assert_eq!(db.pool().in_use, 1);
    go.send(()).unwrap();
    reading.await.unwrap().unwrap();
    assert_eq!(db.pool().in_use, 0);
}

async fn a_write_is_under_way_until_it_is_committed(database: TestDatabase) {
    let db = with_notes(&database).await;
    let before = db.settled().unwrap();
    let seen_inside = {
        let inside = db.clone();
        db.write(move |_| Ok::<_, StoreError>(inside.settled())).await.unwrap()
    };
    assert_eq!(seen_inside, None);
    assert_eq!(db.settled(), Some(before + 1));
    db.write(|_| Err::<(), _>(StoreError::Unavailable { reason: "for a test".into() })).await.unwrap_err();
    assert_eq!(db.settled(), Some(before + 2), "a write that failed has ended too");
}

/// Two transactions take two rows in opposite order; PostgreSQL undoes one, which then runs again.
#[test]
fn postgres_repeats_the_victim_of_a_deadlock() {
    let Some(database) = TestDatabase::postgres() else { return };
    test_support::block_on(async {
        let db = with_notes(&database).await;
        db.write(|conn| {
            insert(conn, "a", 1)?;
            insert(conn, "b", 2)
        })
        .await
        .unwrap();
        let both_hold_one = Arc::new(Barrier::new(2));
        let climb = |first: &'static str, second: &'static str| {
            let (db, both_hold_one) = (db.clone(), Arc::clone(&both_hold_one));
            let mut runs = 0;
            tokio::spawn(async move {
                db.write(move |conn| {
                    runs += 1;
                    raise(conn, first)?;
                    if runs == 1 {
                        both_hold_one.wait();
                    }
                    raise(conn, second)?;
                    Ok::<_, StoreError>(runs)
                })
                .await
            })
        };
        let (up, down) = (climb("a", "b"), climb("b", "a"));
        let runs = up.await.unwrap().unwrap() + down.await.unwrap().unwrap();
        assert_eq!(runs, 3);
        let shelves: Vec<i64> = db
            .read(|conn| Ok::<_, StoreError>(on!(conn, c => notes::table.select(notes::shelf).load(c))?))
            .await
            .unwrap();
        assert_eq!(shelves, [2, 2]);
    });
}

fn raise(conn: &mut Conn<'_>, title: &str) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(notes::table.find(title)).set(notes::shelf.eq(notes::shelf + 1)).execute(c))?;
    Ok(())
}
