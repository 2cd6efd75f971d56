//! A job runs at least once and has its effect exactly once.

use domain::{JobId, LeaseToken, SubmissionId};
use test_support::{TestDatabase, both_databases};
use uuid::Uuid;

use super::{ANNOTATIONS, at, furnished, insert_with_job};
use crate::jobs::{self, AttemptOutcome, Ending, LeasedJob};
use crate::{Db, StoreError};

both_databases!(
    many_workers_never_lease_the_same_job,
    a_lost_lease_writes_nothing,
    the_third_lost_attempt_is_the_last,
    a_returned_job_has_lost_no_attempt,
    a_submission_has_one_live_job_per_annotations,
    a_cancelled_job_is_out_of_its_workers_hands,
);

fn token(n: u128) -> LeaseToken {
    LeaseToken(Uuid::from_u128(n))
}

async fn lease(db: &Db, n: u128, now: i64) -> Option<LeasedJob> {
    db.write(move |conn| jobs::lease_next(conn, "w", token(n), at(now), at(now + 30))).await.unwrap()
}

async fn finish(db: &Db, job: &LeasedJob, ending: Ending, outcome: AttemptOutcome, now: i64) -> bool {
    let job = job.clone();
    db.write(move |conn| jobs::finish(conn, &job, ending, outcome, None, at(now))).await.unwrap()
}

async fn take_back(db: &Db, now: i64) -> Vec<bool> {
    let lost = db.write(move |conn| jobs::take_back_expired(conn, at(now))).await.unwrap();
    lost.into_iter().map(|lost| lost.again).collect()
}

async fn many_workers_never_lease_the_same_job(database: TestDatabase) {
    let db = furnished(&database).await;
    db.write(|conn| (1..=30).try_for_each(|n| insert_with_job(conn, n).map(drop))).await.unwrap();
    let workers: Vec<_> = (0_u128..8)
        .map(|worker| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut leased = Vec::new();
                while let Some(job) = lease(&db, 1000 * (worker + 1) + leased.len() as u128, 0).await {
                    leased.push(job.id);
                }
                leased
            })
        })
        .collect();
    let mut all = Vec::new();
    for worker in workers {
        all.extend(worker.await.unwrap());
    }
    // On PostgreSQL a worker may find every waiting job locked by others and go; whoever is left takes the rest.
    while let Some(job) = lease(&db, 9000 + all.len() as u128, 0).await {
        all.push(job.id);
    }
    all.sort_unstable();
    assert_eq!(all, (1..=30).map(|n| JobId(Uuid::from_u128(n))).collect::<Vec<_>>());
}

async fn a_lost_lease_writes_nothing(database: TestDatabase) {
    let db = furnished(&database).await;
    db.write(|conn| insert_with_job(conn, 1)).await.unwrap();
    let slow = lease(&db, 1, 0).await.unwrap();
    assert!(lease(&db, 2, 10).await.is_none(), "a held job is leased again");
    assert_eq!(take_back(&db, 31).await, [true]);
    let quick = lease(&db, 2, 31).await.unwrap();
    assert_eq!((slow.id, quick.attempt), (quick.id, 2));
    assert!(!finish(&db, &slow, Ending::Done, AttemptOutcome::Scored, 32).await, "a lost lease still counts");
    assert!(finish(&db, &quick, Ending::Done, AttemptOutcome::Scored, 33).await);
    assert!(!finish(&db, &quick, Ending::Done, AttemptOutcome::Scored, 34).await, "a lease counts twice");
    let attempts = db.read(|conn| jobs::attempts_of(conn, SubmissionId(Uuid::from_u128(1)))).await.unwrap();
    let outcomes: Vec<_> = attempts.iter().map(|attempt| attempt.outcome.as_deref()).collect();
    assert_eq!(outcomes, [Some("lost"), Some("scored")]);
}

async fn the_third_lost_attempt_is_the_last(database: TestDatabase) {
    let db = furnished(&database).await;
    db.write(|conn| insert_with_job(conn, 1)).await.unwrap();
    for (attempt, again) in [(1_u32, true), (2, true), (3, false)] {
        let now = i64::from(attempt) * 100;
        let job = lease(&db, u128::from(attempt), now).await.unwrap();
        assert_eq!(job.attempt, attempt);
        let renewed = db.write(move |conn| jobs::heartbeat(conn, &[job.token], at(now + 60))).await.unwrap();
        assert_eq!(renewed, 1);
        assert!(take_back(&db, now + 31).await.is_empty(), "a heartbeat does not hold the lease");
        assert_eq!(take_back(&db, now + 61).await, [again]);
    }
    assert!(lease(&db, 9, 1000).await.is_none());
    assert_eq!(db.read(jobs::depth).await.unwrap().dead, 1);
}

async fn a_returned_job_has_lost_no_attempt(database: TestDatabase) {
    let db = furnished(&database).await;
    db.write(|conn| insert_with_job(conn, 1)).await.unwrap();
    for n in 1..=5_u32 {
        let job = lease(&db, u128::from(n), 0).await.unwrap();
        assert_eq!(job.max_attempts - job.attempt, 2, "a return costs an attempt");
        assert!(finish(&db, &job, Ending::Returned(at(0)), AttemptOutcome::Returned, 1).await);
    }
}

async fn a_submission_has_one_live_job_per_annotations(database: TestDatabase) {
    let db = furnished(&database).await;
    db.write(|conn| insert_with_job(conn, 1)).await.unwrap();
    let again = db
        .write(|conn| {
            let new = jobs::NewJob {
                id: JobId(Uuid::from_u128(2)),
                kind: jobs::JobKind::Score,
                payload: serde_json::json!({}),
                submission: Some(SubmissionId(Uuid::from_u128(1))),
                annotations: Some(ANNOTATIONS),
                elsewhere: None,
                priority: 1,
                max_attempts: 3,
                created_at: at(0),
            };
            jobs::enqueue(conn, &new)
        })
        .await;
    let Err(error) = again else { panic!("a second live job was taken") };
    assert!(error.conflicts_on("jobs_submission_id_annotations_id_key"), "{error}");
}

async fn a_cancelled_job_is_out_of_its_workers_hands(database: TestDatabase) {
    let db = furnished(&database).await;
    db.write(|conn| insert_with_job(conn, 1)).await.unwrap();
    let job = lease(&db, 1, 0).await.unwrap();
    db.write(|conn| jobs::cancel_for(conn, SubmissionId(Uuid::from_u128(1)), at(1))).await.unwrap();
    assert!(!finish(&db, &job, Ending::Done, AttemptOutcome::Scored, 2).await);
    let held: Result<bool, StoreError> = db.write(move |conn| jobs::holds_lease(conn, &job)).await;
    assert!(!held.unwrap());
    assert!(lease(&db, 2, 3).await.is_none());
}
