//! The database itself keeps states moving forward and scores unchanged.

use domain::submission::SubmissionState;
use test_support::{TestDatabase, both_databases};

use super::{at, execute, furnished, insert};
use crate::{Db, StoreError, submissions};

both_databases!(the_database_refuses_every_step_that_the_domain_refuses, scores_are_finite_and_stay);

async fn the_database_refuses_every_step_that_the_domain_refuses(database: TestDatabase) {
    let db = furnished(&database).await;
    let mut id = 100;
    for from in SubmissionState::ALL {
        for to in SubmissionState::ALL.into_iter().filter(|to| *to != from) {
            id += 1;
            let stepped = step(&db, id, from, to).await;
            assert_eq!(stepped.is_ok(), from.may_become(to), "{from:?} -> {to:?}: {stepped:?}");
        }
    }
    let submission = db.write(|conn| insert(conn, 1)).await.unwrap();
    let from = [SubmissionState::Queued];
    db.write(move |conn| submissions::advance(conn, submission, &from, SubmissionState::Failed, at(1)))
        .await
        .unwrap();
    assert!(db.write(move |conn| submissions::rerun(conn, submission)).await.unwrap(), "a rerun is refused");
    let again = db.read(move |conn| submissions::find(conn, submission)).await.unwrap().unwrap();
    assert_eq!((again.state, again.reruns, again.finished_at), (SubmissionState::Queued, 1, None));
}

/// Writes a submission that is in a state, and moves it by bare SQL.
async fn step(db: &Db, id: u128, from: SubmissionState, to: SubmissionState) -> Result<(), StoreError> {
    db.write(move |conn| {
        let (id, from, to) = (uuid::Uuid::from_u128(id), from.as_str(), to.as_str());
        execute(
            conn,
            &format!(
                "INSERT INTO submissions (id, phase_id, team_id, submitted_by, state, artifact, size_bytes, file_name,
                   method, attributes, visibility, is_baseline, created_at, received_at, evaluation_id)
                 VALUES ('{id}', '00000000-0000-0000-0000-000000000003', '00000000-0000-0000-0000-000000000004',
                   '00000000-0000-0000-0000-000000000001', '{from}', '{zeros}', 1, 'f', '{{}}', '{{}}', 'public',
                   FALSE, '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z', '{id}');
                 UPDATE submissions SET state = '{to}' WHERE id = '{id}'",
                zeros = "0".repeat(64),
            ),
        )
    })
    .await
}

async fn scores_are_finite_and_stay(database: TestDatabase) {
    let db = furnished(&database).await;
    db.write(|conn| {
        insert(conn, 1)?;
        execute(
            conn,
            "INSERT INTO splits (id, phase_id, codename, visibility, rule, position) VALUES
               ('00000000-0000-0000-0000-000000000006', '00000000-0000-0000-0000-000000000003', 's', 'public',
                '{\"by\":\"all\"}', 0);
             INSERT INTO evaluations (id, submission_id, annotations_id, job_id, evaluator, evaluator_version, mode,
               params, evidence, item_count, worker, started_at, finished_at, framing_id) VALUES
               ('00000000-0000-0000-0000-000000000007', '00000000-0000-0000-0000-000000000001',
                '00000000-0000-0000-0000-000000000005', '00000000-0000-0000-0000-000000000008', 'e', '1', 'strict',
                '{}', '0000000000000000000000000000000000000000000000000000000000000000', 1, 'w',
                '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z', '00000000-0000-0000-0000-000000000008')",
        )
    })
    .await
    .unwrap();
    for (value, undefined, is_taken) in [
        ("0.5", "NULL", true),
        ("NULL", "'one class'", true),
        ("NULL", "NULL", false),
        ("0.5", "'one class'", false),
        ("9e999", "NULL", false),
        ("-9e999", "NULL", false),
    ] {
        let written = db
            .write(move |conn| {
                let metric = format!("{value}{undefined}").replace('\'', "");
                let infinite = matches!(conn, crate::Conn::Pg(_)) && value.contains("e999");
                let value = match (infinite, value.starts_with('-')) {
                    (true, true) => "'-Infinity'",
                    (true, false) => "'Infinity'",
                    (false, _) => value,
                };
                execute(
                    conn,
                    &format!(
                        "INSERT INTO scores (submission_id, metric, split_id, evaluation_id, value, undefined) VALUES
                           ('00000000-0000-0000-0000-000000000001', '{metric}', '00000000-0000-0000-0000-000000000006',
                            '00000000-0000-0000-0000-000000000007', {value}, {undefined})"
                    ),
                )
            })
            .await;
        assert_eq!(written.is_ok(), is_taken, "{value}, {undefined}: {written:?}");
    }
    for change in ["UPDATE scores SET value = 1", "DELETE FROM scores", "UPDATE evaluations SET worker = 'x'"]
    {
        let changed = db.write(move |conn| execute(conn, change)).await;
        assert!(matches!(changed, Err(StoreError::Rejected { .. })), "{change}: {changed:?}");
    }
}
