//! A trial is in one worker's hands, ends, and is given up after its last attempt.

use domain::{Digest, LeaseToken};
use serde_json::json;
use test_support::{TestDatabase, both_databases};
use uuid::Uuid;

use super::{ANNOTATIONS, at, furnished, insert_with_job};
use crate::trials::{self, ENVIRONMENT, LeasedTrial, NewSolution, Trial, TrialEnd};
use crate::{Db, jobs};

both_databases!(
    an_environment_goes_before_what_runs_in_it,
    a_lost_trial_waits_again_and_the_third_loss_is_the_last,
    what_failed_is_asked_for_again_and_what_is_done_stays,
    evaluations_that_were_put_off_begin_when_the_environment_is_there,
);

fn token(n: u128) -> LeaseToken {
    LeaseToken(Uuid::from_u128(n))
}

fn solution(name: &str) -> NewSolution {
    NewSolution { name: name.to_owned(), archive: Digest::of(name.as_bytes()), tasks: vec![1] }
}

async fn asked(database: &TestDatabase) -> Db {
    let db = furnished(database).await;
    db.write(|conn| {
        trials::ask_for_environment(conn, ANNOTATIONS, at(0))?;
        trials::replace_solutions(conn, ANNOTATIONS, &[solution("a"), solution("b")], at(0))
    })
    .await
    .unwrap();
    db
}

async fn lease(db: &Db, n: u128, now: i64) -> Option<LeasedTrial> {
    db.write(move |conn| trials::lease_next(conn, "w", token(n), at(now), at(now + 30))).await.unwrap()
}

async fn end(db: &Db, leased: &LeasedTrial, end: TrialEnd, now: i64) -> bool {
    let leased = leased.clone();
    db.write(move |conn| trials::finish(conn, &leased, &end, at(now), at(now))).await.unwrap()
}

async fn all(db: &Db) -> Vec<Trial> {
    db.read(|conn| trials::of_annotations(conn, ANNOTATIONS)).await.unwrap()
}

fn failed(is_final: bool) -> TrialEnd {
    TrialEnd::Failed { failure: "program_crashed", detail: "it crashed".to_owned(), is_final }
}

async fn an_environment_goes_before_what_runs_in_it(database: TestDatabase) {
    let db = asked(&database).await;
    let mut places = Vec::new();
    for n in 1..=3 {
        let leased = lease(&db, n, 0).await.unwrap();
        places.push(leased.trial.place);
        assert!(end(&db, &leased, TrialEnd::Done(json!({"n": leased.trial.place})), 1).await);
        assert!(!end(&db, &leased, failed(true), 1).await, "the lease is spent");
    }
    assert_eq!((places, lease(&db, 4, 1).await), (vec![ENVIRONMENT, 1, 2], None));
    let found = all(&db).await;
    assert!(found.iter().all(|trial| trial.state == "done" && trial.finished_at == Some(at(1))));
    assert_eq!((found[2].name.as_str(), &found[2].tasks.0[..]), ("b", &[1][..]));
    assert_eq!(found[2].result.as_ref().unwrap().0, json!({"n": 2}));
}

async fn a_lost_trial_waits_again_and_the_third_loss_is_the_last(database: TestDatabase) {
    let db = asked(&database).await;
    let mut now = 0;
    for n in 1..=3 {
        let lost = lease(&db, n, now).await.unwrap();
        assert_eq!((lost.trial.place, lost.trial.attempts), (ENVIRONMENT, n as i32));
        assert!(db.write(move |conn| trials::heartbeat(conn, token(n), at(now + 40))).await.unwrap());
        now += 41;
        // Nobody heard of its worker; the solutions come first, because they have waited longer.
        for other in [10 * n, 10 * n + 1] {
            let next = lease(&db, other, now).await.unwrap();
            assert!(end(&db, &next, TrialEnd::Returned, now).await, "{next:?}");
        }
        assert!(!end(&db, &lost, TrialEnd::Done(json!(1)), now).await, "what is lost writes nothing");
    }
    let found = all(&db).await;
    assert_eq!((found[0].state.as_str(), found[0].failure.as_deref()), ("failed", Some("worker_lost")));
    assert_eq!(
        (found[1].state.as_str(), found[1].attempts),
        ("waiting", 0),
        "what is given back has lost nothing"
    );
}

async fn what_failed_is_asked_for_again_and_what_is_done_stays(database: TestDatabase) {
    let db = asked(&database).await;
    let built = lease(&db, 1, 0).await.unwrap();
    assert!(end(&db, &built, TrialEnd::Done(json!(1)), 0).await);
    let first = lease(&db, 2, 0).await.unwrap();
    assert!(end(&db, &first, failed(true), 0).await);
    let second = lease(&db, 3, 0).await.unwrap();
    assert!(end(&db, &second, failed(false), 9).await);
    assert!(lease(&db, 4, 8).await.is_none(), "another attempt comes later");
    let states = |found: Vec<Trial>| found.into_iter().map(|trial| trial.state).collect::<Vec<_>>();
    assert_eq!(states(all(&db).await), ["done", "failed", "waiting"]);
    assert_eq!(db.write(|conn| trials::again(conn, ANNOTATIONS, at(9))).await.unwrap(), 1);
    assert_eq!(states(all(&db).await), ["done", "waiting", "waiting"]);
    // Other solutions take the place of those before, whoever holds them.
    let held = lease(&db, 5, 9).await.unwrap();
    db.write(|conn| trials::replace_solutions(conn, ANNOTATIONS, &[solution("c")], at(9))).await.unwrap();
    assert!(!end(&db, &held, failed(true), 9).await);
    assert_eq!(states(all(&db).await), ["done", "waiting"]);
}

async fn evaluations_that_were_put_off_begin_when_the_environment_is_there(database: TestDatabase) {
    let db = asked(&database).await;
    db.write(|conn| insert_with_job(conn, 1).map(drop)).await.unwrap();
    let job = db.write(|conn| jobs::lease_next(conn, "w", token(1), at(0), at(30))).await.unwrap().unwrap();
    let ending = jobs::Ending::Returned(at(600));
    let outcome = jobs::AttemptOutcome::Returned;
    assert!(db.write(move |conn| jobs::finish(conn, &job, ending, outcome, None, at(0))).await.unwrap());
    let again = |n| db.write(move |conn| jobs::lease_next(conn, "w", token(n), at(1), at(31)));
    assert!(again(2).await.unwrap().is_none());
    db.write(|conn| trials::hasten_evaluations(conn, ANNOTATIONS, at(1))).await.unwrap();
    assert!(again(3).await.unwrap().is_some());
}
