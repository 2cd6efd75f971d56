//! A quota is never exceeded, whatever is in flight.

use domain::quota::{CONCURRENT, QuotaWindow};
use domain::{SubmissionId, Timestamp};
use test_support::{TestDatabase, both_databases};
use uuid::Uuid;

use super::{PHASE, TEAM, USER, at, furnished, insert};
use crate::quota::{
    Exhausted, Made, commit_slots, entries_of, free_concurrent_slot, refund_slots, take_slots, used_slots,
};
use crate::{Db, StoreError};

both_databases!(
    forty_at_once_get_exactly_ten_slots,
    a_full_window_takes_no_slot_in_another,
    freed_slots_can_be_taken_again,
    the_account_says_what_was_taken_and_given_back,
);

fn window(name: &str, limit: u32) -> QuotaWindow {
    QuotaWindow { name: name.into(), limit, renews_at: None::<Timestamp> }
}

/// What a use case does: an error of its own rolls the transaction back.
enum Refused {
    Exhausted,
    Store(StoreError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

async fn submit(db: &Db, id: u128, windows: Vec<QuotaWindow>) -> Result<SubmissionId, Refused> {
    db.write(move |conn| {
        let id = insert(conn, id)?;
        match take_slots(conn, PHASE, TEAM, id, &windows, Made { by: Some(USER), at: at(0) })? {
            Ok(()) => Ok(id),
            Err(Exhausted(_)) => Err(Refused::Exhausted),
        }
    })
    .await
}

async fn used(db: &Db, name: &'static str) -> usize {
    db.read(move |conn| used_slots(conn, PHASE, TEAM, name)).await.unwrap().len()
}

async fn forty_at_once_get_exactly_ten_slots(database: TestDatabase) {
    let db = furnished(&database).await;
    for round in 0_u128..5 {
        let day: &'static str =
            ["day:1", "day:2", "day:3", "day:4", "day:5"][usize::try_from(round).unwrap()];
        let posts = (0..40).map(|n| {
            let db = db.clone();
            tokio::spawn(async move { submit(&db, 1000 * (round + 1) + n, vec![window(day, 10)]).await })
        });
        let mut accepted = 0;
        for post in posts.collect::<Vec<_>>() {
            match post.await.unwrap() {
                Ok(_) => accepted += 1,
                Err(Refused::Exhausted) => {}
                Err(Refused::Store(error)) => panic!("{error}"),
            }
        }
        assert_eq!(accepted, 10, "round {round}");
        assert_eq!(used(&db, day).await, 10);
    }
}

async fn a_full_window_takes_no_slot_in_another(database: TestDatabase) {
    let db = furnished(&database).await;
    let windows = || vec![window("day:1", 5), window("total", 1)];
    assert!(submit(&db, 1, windows()).await.is_ok());
    assert!(matches!(submit(&db, 2, windows()).await, Err(Refused::Exhausted)));
    assert_eq!((used(&db, "day:1").await, used(&db, "total").await), (1, 1));
}

async fn freed_slots_can_be_taken_again(database: TestDatabase) {
    let db = furnished(&database).await;
    let windows = || vec![window("day:1", 2), window(CONCURRENT, 1)];
    assert!(submit(&db, 1, windows()).await.is_ok());
    assert!(matches!(submit(&db, 2, windows()).await, Err(Refused::Exhausted)));
    let first = SubmissionId(Uuid::from_u128(1));
    db.write(move |conn| free_concurrent_slot(conn, first)).await.unwrap();
    assert!(submit(&db, 3, windows()).await.is_ok());
    let made = Made { by: None, at: at(5) };
    assert_eq!(db.write(move |conn| refund_slots(conn, first, "a reason", made)).await.unwrap(), 1);
    assert_eq!(db.write(move |conn| refund_slots(conn, first, "again", made)).await.unwrap(), 0);
    assert_eq!((used(&db, "day:1").await, used(&db, CONCURRENT).await), (1, 1));
}

async fn the_account_says_what_was_taken_and_given_back(database: TestDatabase) {
    let db = furnished(&database).await;
    let windows = || vec![window("day:1", 5), window("total", 5), window(CONCURRENT, 5)];
    assert!(submit(&db, 1, windows()).await.is_ok());
    assert!(submit(&db, 2, windows()).await.is_ok());
    let (first, second) = (SubmissionId(Uuid::from_u128(1)), SubmissionId(Uuid::from_u128(2)));
    let later = |by| Made { by, at: at(9) };
    db.write(move |conn| commit_slots(conn, first, "scored", later(None))).await.unwrap();
    db.write(move |conn| commit_slots(conn, first, "scored again", later(None))).await.unwrap();
    db.write(move |conn| refund_slots(conn, second, "our fault", later(Some(USER)))).await.unwrap();
    let entries = db.read(|conn| entries_of(conn, PHASE, TEAM)).await.unwrap();
    let lines: Vec<_> = entries
        .iter()
        .map(|entry| (entry.submission, entry.window.as_str(), entry.kind.as_str(), entry.reason.as_str()))
        .collect();
    assert_eq!(
        lines,
        [
            (first, "day:1", "reserve", ""),
            (first, "total", "reserve", ""),
            (second, "day:1", "reserve", ""),
            (second, "total", "reserve", ""),
            (first, "day:1", "commit", "scored"),
            (first, "total", "commit", "scored"),
            (second, "day:1", "refund", "our fault"),
            (second, "total", "refund", "our fault"),
        ]
    );
    assert_eq!((entries[0].made_by, entries[4].made_by, entries[6].made_by), (Some(USER), None, Some(USER)));
    let is_kept = db.write(|conn| super::execute(conn, "UPDATE quota_entries SET reason = 'other'")).await;
    assert!(is_kept.is_err(), "the account is append-only");
}
