//! The event log is one chain, whoever writes at the same time.

use domain::Timestamp;
use domain::event::{EventKind, NewEvent};
use serde_json::{Map, json};
use test_support::{TestDatabase, both_databases};

use super::{at, execute, furnished};
use crate::{StoreError, events};

both_databases!(concurrent_writers_make_one_chain, the_log_cannot_be_rewritten);

fn event(at: Timestamp, n: i64) -> NewEvent {
    NewEvent {
        at,
        actor: "system".into(),
        kind: EventKind::SubmissionScored,
        subject: format!("submission:{n}"),
        challenge: None,
        payload: Map::from_iter([("n".to_owned(), json!(n)), ("text".to_owned(), json!("ü\u{1}\"\\"))]),
    }
}

async fn concurrent_writers_make_one_chain(database: TestDatabase) {
    let db = furnished(&database).await;
    let writers: Vec<_> = (0..20)
        .map(|n| {
            let db = db.clone();
            tokio::spawn(async move { db.write(move |conn| events::append(conn, event(at(n), n))).await })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap().unwrap();
    }
    assert_eq!(db.read(events::verify).await.unwrap(), Ok(20));
    let page = db.read(|conn| events::page(conn, None, 5, 3)).await.unwrap();
    assert_eq!(page.iter().map(|event| event.seq).collect::<Vec<_>>(), [6, 7, 8]);
}

async fn the_log_cannot_be_rewritten(database: TestDatabase) {
    let db = furnished(&database).await;
    for n in 0..3 {
        db.write(move |conn| events::append(conn, event(at(n), n))).await.unwrap();
    }
    for change in ["UPDATE events SET actor = 'x'", "DELETE FROM events WHERE seq = 3"] {
        let changed = db.write(move |conn| execute(conn, change)).await;
        assert!(matches!(changed, Err(StoreError::Rejected { .. })), "{change}: {changed:?}");
    }
    let drop = if database.url().starts_with("sqlite") {
        "DROP TRIGGER events_are_not_updated; UPDATE events SET payload = '{}' WHERE seq = 2"
    } else {
        "DROP TRIGGER events_are_append_only ON events; UPDATE events SET payload = '{}' WHERE seq = 2"
    };
    db.write(move |conn| execute(conn, drop)).await.unwrap();
    assert_eq!(db.read(events::verify).await.unwrap(), Err(2), "a forged event is not found");
}
