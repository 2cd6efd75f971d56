//! No phase takes submissions without a framing, and no evaluation is without one.

use test_support::{TestDatabase, both_databases};

use super::{execute, furnished};
use crate::{Db, StoreError};

both_databases!(
    a_phase_without_a_framing_takes_no_submission,
    an_evaluation_carries_a_framing_of_its_own_phase,
    a_phase_that_had_opened_before_goes_on_without,
    framings_and_decisions_are_written_once,
);

const OTHER_PHASE: &str = "
INSERT INTO phases (id, challenge_id, codename, title, description, position, evaluator, params, mode, opens_at,
  upload_bytes, limit_seconds, limit_memory_mib, ranking, final_choice, attributes, leaderboard_public, split_salt,
  created_at, updated_at, opened_unframed) SELECT '00000000-0000-0000-0000-000000000009', challenge_id, 'other', title,
  description, 1, evaluator, params, mode, opens_at, upload_bytes, limit_seconds, limit_memory_mib, ranking,
  final_choice, attributes, leaderboard_public, split_salt, created_at, updated_at, OPENED_UNFRAMED FROM phases
";

fn submit(phase: &str) -> String {
    format!(
        "INSERT INTO submissions (id, phase_id, team_id, submitted_by, state, artifact, size_bytes, file_name, method,
           attributes, visibility, is_baseline, created_at, received_at) VALUES
         ('00000000-0000-0000-0000-000000000020', '00000000-0000-0000-0000-00000000000{phase}',
          '00000000-0000-0000-0000-000000000004', '00000000-0000-0000-0000-000000000001', 'running',
          '{}', 1, 'f', '{{}}', '{{}}', 'public', FALSE, '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z')",
        "0".repeat(64)
    )
}

fn evaluate(framing: &str) -> String {
    format!(
        "INSERT INTO evaluations (id, submission_id, annotations_id, job_id, evaluator, evaluator_version, mode, params,
           evidence, item_count, worker, started_at, finished_at, framing_id) VALUES
         ('00000000-0000-0000-0000-000000000030', '00000000-0000-0000-0000-000000000020',
          '00000000-0000-0000-0000-000000000005', '00000000-0000-0000-0000-000000000031', 'e', '1', 'strict', '{{}}',
          '{}', 1, 'w', '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z', {framing})",
        "0".repeat(64)
    )
}

const FRAMING: &str = "'00000000-0000-0000-0000-000000000008'";

async fn refused(db: &Db, sql: String) -> String {
    match db.write(move |conn| execute(conn, &sql)).await {
        Err(StoreError::Rejected { rule: Some(rule) }) => rule,
        other => panic!("{other:?}"),
    }
}

async fn done(db: &Db, sql: String) {
    db.write(move |conn| execute(conn, &sql)).await.unwrap();
}

async fn a_phase_without_a_framing_takes_no_submission(database: TestDatabase) {
    let db = furnished(&database).await;
    done(&db, OTHER_PHASE.replace("OPENED_UNFRAMED", "FALSE")).await;
    assert_eq!(refused(&db, submit("9")).await, "the phase has no framing");
    done(&db, submit("3")).await;
}

async fn an_evaluation_carries_a_framing_of_its_own_phase(database: TestDatabase) {
    let db = furnished(&database).await;
    done(&db, submit("3")).await;
    let rule = "an evaluation carries a framing of its phase";
    assert_eq!(refused(&db, evaluate("NULL")).await, rule);
    done(&db, evaluate(FRAMING)).await;
}

async fn a_phase_that_had_opened_before_goes_on_without(database: TestDatabase) {
    let db = furnished(&database).await;
    done(&db, OTHER_PHASE.replace("OPENED_UNFRAMED", "TRUE")).await;
    done(&db, submit("9")).await;
    assert_eq!(refused(&db, evaluate(FRAMING)).await, "an evaluation carries a framing of its phase");
    done(&db, evaluate("NULL")).await;
}

async fn framings_and_decisions_are_written_once(database: TestDatabase) {
    let db = furnished(&database).await;
    for (table, change) in [("framings", "unit = 'point'"), ("decisions", "rationale = 'x'")] {
        assert_eq!(
            refused(&db, format!("UPDATE {table} SET {change}")).await,
            format!("{table} is append-only")
        );
        assert_eq!(refused(&db, format!("DELETE FROM {table}")).await, format!("{table} is append-only"));
    }
    let wrong = "INSERT INTO framing_unscoreable (framing_id, reason) VALUES
        ('00000000-0000-0000-0000-000000000008', 'too_blue')";
    refused(&db, wrong.to_owned()).await;
}
