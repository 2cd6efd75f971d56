//! Flags are raised once at a time, decided once, appealed once and answered once.

use domain::integrity::{AppealOutcome, Consequence, FlagDecision, FlagKind, Statement};
use domain::{FlagId, SubmissionId, TeamId};
use serde_json::json;
use test_support::{TestDatabase, both_databases};
use uuid::Uuid;

use super::{PHASE, TEAM, USER, at, execute, furnished, insert};
use crate::integrity::{self, Decision, Filter, NewFlag};
use crate::{Db, StoreError};

both_databases!(
    of_two_equal_flags_one_waits,
    a_flag_is_decided_once_and_kept,
    a_team_appeals_once_and_is_answered_once,
    only_a_flag_that_is_upheld_has_consequences,
);

const OTHER: TeamId = TeamId(Uuid::from_u128(2));
const FLAG: FlagId = FlagId(Uuid::from_u128(100));

fn flag(id: u128, kind: FlagKind, submission: SubmissionId) -> NewFlag {
    let is_between_teams = matches!(kind, FlagKind::ExactDuplicate | FlagKind::NearDuplicate);
    NewFlag {
        id: FlagId(Uuid::from_u128(id)),
        phase: PHASE,
        kind,
        teams: (TEAM, is_between_teams.then_some(OTHER)),
        evidence: json!({"measure": "blocks", "items": 7}),
        submissions: vec![submission],
    }
}

/// A flag between two teams.
async fn flagged(database: &TestDatabase) -> (Db, SubmissionId) {
    let db = furnished(database).await;
    let team = "INSERT INTO teams (id, challenge_id, name, name_skeleton, created_at) VALUES
        ('00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000002', 'O', 'o',
         '2026-01-01T00:00:00.000000Z')";
    db.write(move |conn| execute(conn, team)).await.unwrap();
    let submission = db.write(|conn| insert(conn, 50)).await.unwrap();
    db.write(move |conn| integrity::raise(conn, &flag(100, FlagKind::NearDuplicate, submission), at(0)))
        .await
        .unwrap();
    (db, submission)
}

fn decision(decision: FlagDecision) -> Decision {
    Decision { decision, reason: Statement::parse("a reason").unwrap(), by: USER, at: at(1) }
}

async fn settle(db: &Db, kind: FlagDecision) -> bool {
    db.write(move |conn| integrity::settle(conn, FLAG, &decision(kind))).await.unwrap()
}

fn refused(outcome: Result<(), StoreError>, rule: &str) {
    let error = outcome.unwrap_err();
    assert!(error.to_string().contains(rule), "{error}");
}

/// Raises a flag, having asked whether one like it waits.
async fn again(
    db: &Db,
    id: u128,
    kind: FlagKind,
    submission: SubmissionId,
) -> (bool, Result<(), StoreError>) {
    let new = flag(id, kind, submission);
    let asked = new.clone();
    let is_waiting = db.read(move |conn| integrity::is_waiting(conn, &asked)).await.unwrap();
    (is_waiting, db.write(move |conn| integrity::raise(conn, &new, at(0))).await)
}

async fn of_two_equal_flags_one_waits(database: TestDatabase) {
    let (db, submission) = flagged(&database).await;
    let (is_waiting, raised) = again(&db, 101, FlagKind::NearDuplicate, submission).await;
    let key = "flags_phase_id_kind_first_team_id_second_team_id_key";
    assert!(is_waiting && raised.unwrap_err().conflicts_on(key));
    let (is_waiting, raised) = again(&db, 102, FlagKind::ExactDuplicate, submission).await;
    assert!(!is_waiting && raised.is_ok());
    let (is_waiting, raised) = again(&db, 103, FlagKind::SmallChanges, submission).await;
    assert!(!is_waiting && raised.is_ok());
    let (is_waiting, raised) = again(&db, 104, FlagKind::SmallChanges, submission).await;
    assert!(is_waiting && raised.unwrap_err().conflicts_on("flags_phase_id_kind_first_team_id_key"));
}

async fn a_flag_is_decided_once_and_kept(database: TestDatabase) {
    let (db, submission) = flagged(&database).await;
    let waiting = Filter { is_waiting: true, before: None };
    assert_eq!(db.read(move |conn| integrity::list(conn, PHASE, waiting, 9)).await.unwrap().len(), 1);
    assert!(settle(&db, FlagDecision::Dismissed).await);
    assert!(!settle(&db, FlagDecision::Upheld).await);
    assert_eq!(db.read(move |conn| integrity::list(conn, PHASE, waiting, 9)).await.unwrap(), []);
    let found = db.read(|conn| integrity::find(conn, FLAG)).await.unwrap().unwrap();
    assert_eq!((found.first_team_id, found.second_team_id), (OTHER, Some(TEAM)), "in the order of their ids");
    assert_eq!((found.decision, found.decided_at), (Some(FlagDecision::Dismissed), Some(at(1))));
    for sql in ["UPDATE flags SET decision = 'upheld'", "UPDATE flags SET reason = 'another'"] {
        refused(db.write(move |conn| execute(conn, sql)).await, "a flag is decided once");
    }
    for table in ["flags", "flag_teams", "flag_submissions"] {
        let outcome = db.write(move |conn| execute(conn, &format!("DELETE FROM {table}"))).await;
        refused(outcome, &format!("{table} is append-only"));
    }
    // What was decided may be seen again.
    let again = flag(101, FlagKind::NearDuplicate, submission);
    db.write(move |conn| integrity::raise(conn, &again, at(2))).await.unwrap();
}

async fn a_team_appeals_once_and_is_answered_once(database: TestDatabase) {
    let (db, _) = flagged(&database).await;
    let text = || Statement::parse("we share code").unwrap();
    let appeal = || db.write(move |conn| integrity::appeal(conn, FLAG, TEAM, &text(), (USER, at(2))));
    let answer = || {
        let said = AppealOutcome::Reversed;
        db.write(move |conn| integrity::answer(conn, FLAG, TEAM, (said, &text()), (USER, at(3))))
    };
    assert!(appeal().await.is_err(), "nothing was decided yet");
    assert!(settle(&db, FlagDecision::Upheld).await);
    db.write(|conn| integrity::rule(conn, FLAG, TEAM, Consequence::Disqualified)).await.unwrap();
    let disqualified = || db.read(|conn| integrity::disqualified(conn, PHASE));
    assert_eq!(disqualified().await.unwrap(), [TEAM]);
    assert!(!answer().await.unwrap(), "nobody has appealed yet");
    assert!(appeal().await.unwrap());
    assert!(!appeal().await.unwrap());
    assert!(answer().await.unwrap());
    assert!(!answer().await.unwrap());
    assert_eq!(disqualified().await.unwrap(), []);
    for sql in [
        "UPDATE flag_teams SET appeal = 'another' WHERE appeal IS NOT NULL",
        "UPDATE flag_teams SET answer = 'another' WHERE answer IS NOT NULL",
        "UPDATE flag_teams SET consequence = 'none' WHERE appeal IS NOT NULL",
    ] {
        refused(db.write(move |conn| execute(conn, sql)).await, "a team appeals once and is answered once");
    }
    let rulings = db.read(|conn| integrity::rulings_of(conn, FLAG)).await.unwrap();
    assert_eq!(rulings[1].consequence, Some(Consequence::Disqualified));
    assert_eq!(rulings[1].consequence_now(), Some(Consequence::None));
}

async fn only_a_flag_that_is_upheld_has_consequences(database: TestDatabase) {
    let (db, _) = flagged(&database).await;
    let rule = || db.write(|conn| integrity::rule(conn, FLAG, TEAM, Consequence::Withdrawn));
    refused(rule().await, "only a flag that is upheld has consequences");
    assert!(settle(&db, FlagDecision::Dismissed).await);
    refused(rule().await, "only a flag that is upheld has consequences");
}
