//! The statistics of boards are of the newest version that anybody described.

use domain::SplitId;
use serde_json::json;
use test_support::{TestDatabase, both_databases};
use uuid::Uuid;

use super::{PHASE, at, execute, furnished};
use crate::types::Json;
use crate::uncertainty::{self, Statistics};
use crate::{Db, phases};

both_databases!(a_changed_board_waits_until_it_is_described, older_statistics_do_not_replace_newer_ones);

const SPLIT: SplitId = SplitId(Uuid::from_u128(7));

async fn with_a_split(database: &TestDatabase) -> Db {
    let db = furnished(database).await;
    let split = "INSERT INTO splits (id, phase_id, codename, visibility, rule, position) VALUES
        ('00000000-0000-0000-0000-000000000007', '00000000-0000-0000-0000-000000000003', 's', 'public',
         '{\"by\": \"all\"}', 0)";
    db.write(move |conn| execute(conn, split)).await.unwrap();
    db
}

async fn describe(db: &Db, version: i64, said: &'static str) -> bool {
    let found = Statistics {
        split_id: SPLIT,
        board_version: version,
        computed_at: at(version),
        statistics: Json(json!({"said": said})),
    };
    db.write(move |conn| uncertainty::store(conn, PHASE, version, std::slice::from_ref(&found)))
        .await
        .unwrap()
}

async fn a_changed_board_waits_until_it_is_described(database: TestDatabase) {
    let db = with_a_split(&database).await;
    assert_eq!(db.read(uncertainty::next_phase).await.unwrap(), None);
    db.write(|conn| phases::touch_boards(conn, PHASE)).await.unwrap();
    assert_eq!(db.read(uncertainty::next_phase).await.unwrap(), Some(PHASE));
    assert!(describe(&db, 1, "first").await);
    assert_eq!(db.read(uncertainty::next_phase).await.unwrap(), None);
    // Changed while it was described: it waits again.
    db.write(|conn| phases::touch_boards(conn, PHASE)).await.unwrap();
    assert!(!describe(&db, 1, "again").await);
    assert_eq!(db.read(uncertainty::next_phase).await.unwrap(), Some(PHASE));
}

async fn older_statistics_do_not_replace_newer_ones(database: TestDatabase) {
    let db = with_a_split(&database).await;
    for _ in 0..3 {
        db.write(|conn| phases::touch_boards(conn, PHASE)).await.unwrap();
    }
    assert!(describe(&db, 3, "new").await);
    assert!(!describe(&db, 2, "old").await);
    let kept = db.read(|conn| uncertainty::of_split(conn, SPLIT)).await.unwrap().unwrap();
    assert_eq!((kept.board_version, kept.computed_at), (3, at(3)));
    assert_eq!(kept.statistics.0, json!({"said": "new"}));
    db.write(|conn| phases::remove_split(conn, SPLIT)).await.unwrap();
    assert_eq!(db.read(|conn| uncertainty::of_split(conn, SPLIT)).await.unwrap(), None);
}
