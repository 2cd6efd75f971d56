//! Teams that go into others: what goes along, and whose it was before.

use domain::quota::QuotaWindow;
use domain::{MergerId, SubmissionId, TeamId};
use test_support::{TestDatabase, both_databases};
use uuid::Uuid;

use super::{PHASE, TEAM, USER, at, execute, furnished, insert};
use crate::quota::{self, Made};
use crate::teams::mergers::{self, MergerAnswer, ONE_AT_A_TIME};
use crate::{Db, StoreError};

both_databases!(
    submissions_and_slots_go_along_and_are_known_for_whose_they_were,
    choices_are_taken_over_where_there_are_none,
    a_merger_is_answered_once_and_kept,
);

const SECOND: TeamId = TeamId(Uuid::from_u128(14));
const THIRD: TeamId = TeamId(Uuid::from_u128(15));

/// Three teams of one challenge.
async fn three_teams(database: &TestDatabase) -> Db {
    let db = furnished(database).await;
    for (id, name) in [(14, "u"), (15, "v")] {
        let sql = format!(
            "INSERT INTO teams (id, challenge_id, name, name_skeleton, created_at) VALUES
             ('{}', '00000000-0000-0000-0000-000000000002', '{name}', '{name}', '2026-01-01T00:00:00.000000Z')",
            Uuid::from_u128(id)
        );
        db.write(move |conn| execute(conn, &sql)).await.unwrap();
    }
    db
}

/// A submission of a team with a slot of the whole phase.
async fn submit(db: &Db, id: u128, team: TeamId) -> SubmissionId {
    db.write(move |conn| {
        let submission = insert(conn, id)?;
        let of_team = format!("UPDATE submissions SET team_id = '{team}' WHERE id = '{submission}'");
        execute(conn, &of_team)?;
        let window = [QuotaWindow { name: "total".into(), limit: 9, renews_at: None }];
        let made = Made { by: Some(USER), at: at(0) };
        let taken = quota::take_slots(conn, PHASE, team, submission, &window, made)?;
        assert!(taken.is_ok());
        Ok::<_, StoreError>(submission)
    })
    .await
    .unwrap()
}

/// Makes two teams one, so many seconds after noon.
async fn merge(db: &Db, id: u128, from: TeamId, into: TeamId, second: i64) {
    let id = MergerId(Uuid::from_u128(id));
    db.write(move |conn| {
        mergers::insert(conn, id, (from, into), USER, at(second))?;
        assert!(mergers::answer(conn, id, MergerAnswer::Accepted, USER, at(second))?);
        let merger = mergers::find(conn, id)?.unwrap();
        mergers::hand_over(conn, &merger, PHASE)?;
        quota::hand_over(conn, PHASE, from, into)
    })
    .await
    .unwrap();
}

async fn used(db: &Db, team: TeamId) -> Vec<u32> {
    let mut slots = db.read(move |conn| quota::used_slots(conn, PHASE, team, "total")).await.unwrap();
    slots.sort_unstable();
    slots
}

async fn submissions_and_slots_go_along_and_are_known_for_whose_they_were(database: TestDatabase) {
    let db = three_teams(&database).await;
    let first = submit(&db, 21, TEAM).await;
    let second = submit(&db, 22, SECOND).await;
    submit(&db, 23, SECOND).await;
    let third = submit(&db, 24, THIRD).await;
    let both = [TEAM, SECOND];
    let together =
        db.read(move |conn| quota::count_used_together(conn, PHASE, &both, "total")).await.unwrap();
    assert_eq!(together, 3);
    merge(&db, 31, TEAM, SECOND, 10).await;
    merge(&db, 32, SECOND, THIRD, 20).await;
    assert_eq!((used(&db, TEAM).await, used(&db, SECOND).await), (vec![], vec![]));
    assert_eq!(used(&db, THIRD).await, [0, 1, 2, 3]);
    assert_eq!(db.read(|conn| quota::entries_of(conn, PHASE, THIRD)).await.unwrap().len(), 4);
    let gone = db.read(|conn| mergers::gone_into(conn, TEAM)).await.unwrap();
    assert_eq!(gone, Some(THIRD), "the last of them");
    let moves = db.read(|conn| mergers::moves_in(conn, PHASE)).await.unwrap();
    let at_moments = |submission| [5, 10, 15, 25].map(|second| moves.team_at(submission, THIRD, at(second)));
    assert_eq!(at_moments(first), [TEAM, SECOND, SECOND, THIRD]);
    assert_eq!(at_moments(second), [SECOND, SECOND, SECOND, THIRD]);
    assert_eq!(at_moments(third), [THIRD; 4]);
    assert_eq!([first, second, third].map(|one| moves.sender(one, THIRD)), [TEAM, SECOND, THIRD]);
    let challenge = domain::ChallengeId(Uuid::from_u128(2));
    for (second, ended) in [(9, 0), (10, 1), (20, 2)] {
        let found = db.read(move |conn| mergers::ended_by(conn, challenge, at(second))).await.unwrap();
        assert_eq!(found.len(), ended, "at {second}");
    }
}

async fn choices_are_taken_over_where_there_are_none(database: TestDatabase) {
    let db = three_teams(&database).await;
    let own = submit(&db, 21, TEAM).await;
    let theirs = submit(&db, 22, SECOND).await;
    let choose = async |id: SubmissionId, team| {
        db.write(move |conn| crate::submissions::choose(conn, PHASE, team, id, 1, at(1))).await.unwrap();
    };
    let is_chosen = async |id| {
        let found = db.read(move |conn| crate::submissions::find(conn, id)).await.unwrap();
        found.unwrap().chosen_at.is_some()
    };
    choose(own, TEAM).await;
    merge(&db, 31, TEAM, SECOND, 10).await;
    assert!(is_chosen(own).await && !is_chosen(theirs).await);
    let last = submit(&db, 23, THIRD).await;
    choose(last, THIRD).await;
    merge(&db, 32, SECOND, THIRD, 20).await;
    assert!(is_chosen(last).await && !is_chosen(own).await);
}

async fn a_merger_is_answered_once_and_kept(database: TestDatabase) {
    let db = three_teams(&database).await;
    submit(&db, 21, TEAM).await;
    let id = MergerId(Uuid::from_u128(31));
    let propose = async |id: u128, into| {
        let id = MergerId(Uuid::from_u128(id));
        db.write(move |conn| mergers::insert(conn, id, (TEAM, into), USER, at(1))).await
    };
    propose(31, SECOND).await.unwrap();
    assert!(propose(32, THIRD).await.unwrap_err().conflicts_on(ONE_AT_A_TIME));
    let answer =
        async |answer| db.write(move |conn| mergers::answer(conn, id, answer, USER, at(2))).await.unwrap();
    assert!(answer(MergerAnswer::Declined).await);
    assert!(!answer(MergerAnswer::Accepted).await);
    merge(&db, 33, TEAM, THIRD, 5).await;
    assert!(propose(34, SECOND).await.unwrap_err().conflicts_on(ONE_AT_A_TIME));
    let joined = format!(
        "INSERT INTO memberships (id, team_id, challenge_id, user_id, role, joined_at) VALUES ('{}', '{TEAM}',
         '00000000-0000-0000-0000-000000000002', '{USER}', 'member', '2026-06-01T00:00:00.000000Z')",
        Uuid::from_u128(41)
    );
    for (sql, rule) in [
        ("UPDATE team_mergers SET answer = 'accepted'", "a merger is answered once"),
        ("DELETE FROM team_mergers", "team_mergers is append-only"),
        ("DELETE FROM merged_submissions", "merged_submissions is append-only"),
        (joined.as_str(), "nobody joins a team that went into another"),
    ] {
        let sql = sql.to_owned();
        let refused = db.write(move |conn| execute(conn, &sql)).await.unwrap_err().to_string();
        assert!(refused.contains(rule), "{rule}: {refused}");
    }
}
