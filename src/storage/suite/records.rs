//! Records of activities, datasets and objections hold together in the database, whatever the code says.

use test_support::{TestDatabase, both_databases};

use super::{execute, furnished};
use crate::{Db, StoreError};

both_databases!(
    a_mapping_has_determinacy_bounds_and_known_terms,
    shares_are_at_most_the_whole,
    what_nobody_decided_has_no_decision,
    an_objection_is_answered_once_and_a_link_only_loses,
);

const NOW: &str = "'2026-01-01T00:00:00.000000Z'";

fn id(number: u32) -> String {
    format!("'00000000-0000-0000-0000-0000000000{number}'")
}

fn digest() -> String {
    format!("'{}'", "0".repeat(64))
}

/// Two lists, a mapping between them, a dataset with a version, and a profile of it.
async fn stocked(database: &TestDatabase) -> Db {
    let db = furnished(database).await;
    let (mine, theirs, mapping, dataset, version, profile) = (id(41), id(42), id(43), id(44), id(45), id(46));
    let list = |id: &str, name: &str| {
        format!(
            "INSERT INTO taxonomies (id, name, version, title, source, licence, closed, digest, recorded_at) VALUES
               ({id}, '{name}', '1', 'T', 'S', 'not_disclosed', 'no', {}, {NOW});
             INSERT INTO taxonomy_terms (taxonomy_id, code, position, title, origin) VALUES
               ({id}, 'a', 0, 'A', 'planned'), ({id}, 'b', 1, 'B', 'not_disclosed');",
            digest()
        )
    };
    let rest = format!(
        "INSERT INTO mappings (id, from_taxonomy_id, to_taxonomy_id, version, source, digest, recorded_at) VALUES
           ({mapping}, {mine}, {theirs}, '1', 'S', {digest}, {NOW});
         INSERT INTO datasets (id, name, title, conceptualization, licence, source, recorded_at) VALUES
           ({dataset}, 'd', 'D', '', 'not_disclosed', 'S', {NOW});
         INSERT INTO dataset_versions (id, dataset_id, version, change_class, source, recorded_at) VALUES
           ({version}, {dataset}, '1', 'not_disclosed', 'S', {NOW});
         INSERT INTO activity_profiles (id, dataset_version_id, taxonomy_id, unit, method, source, is_public, digest,
           recorded_at) VALUES ({profile}, {version}, {mine}, 'hours', 'counted', 'S', TRUE, {digest}, {NOW});",
        digest = digest()
    );
    let sql = list(&mine, "mine") + &list(&theirs, "theirs") + &rest;
    db.write(move |conn| execute(conn, &sql)).await.unwrap();
    db
}

async fn refused(db: &Db, sql: String) {
    let told = sql.clone();
    let outcome = db.write(move |conn| execute(conn, &sql)).await;
    assert!(matches!(outcome, Err(StoreError::Rejected { .. })), "{told}: {outcome:?}");
}

async fn done(db: &Db, sql: String) {
    db.write(move |conn| execute(conn, &sql)).await.unwrap();
}

async fn a_mapping_has_determinacy_bounds_and_known_terms(database: TestDatabase) {
    let db = stocked(&database).await;
    let term = |code: &str, determinacy: &str| {
        format!(
            "INSERT INTO mapped_terms (mapping_id, from_taxonomy_id, code, position, relation, determinacy) VALUES
               ({}, {}, '{code}', 0, 'closeMatch', {determinacy})",
            id(43),
            id(41)
        )
    };
    refused(&db, term("a", "NULL")).await;
    refused(&db, term("a", "'sure'")).await;
    refused(&db, term("c", "'purpose'")).await;
    done(&db, term("a", "'purpose'")).await;
    let candidate = |code: &str, least: f64, weight: f64, most: f64| {
        format!(
            "INSERT INTO mapping_candidates (mapping_id, code, to_taxonomy_id, to_code, position, weight, least, most)
               VALUES ({}, 'a', {}, '{code}', 0, {weight}, {least}, {most})",
            id(43),
            id(42)
        )
    };
    refused(&db, candidate("a", 0.5, 0.4, 1.0)).await;
    refused(&db, candidate("a", 0.0, 0.4, 1.1)).await;
    refused(&db, candidate("c", 0.0, 0.4, 1.0)).await;
    done(&db, candidate("a", 0.0, 0.4, 1.0)).await;
    for table in ["taxonomies", "taxonomy_terms", "mappings", "mapped_terms", "mapping_candidates"] {
        refused(&db, format!("DELETE FROM {table}")).await;
    }
    refused(&db, "UPDATE taxonomy_terms SET title = 'Z'".to_owned()).await;
}

async fn shares_are_at_most_the_whole(database: TestDatabase) {
    let db = stocked(&database).await;
    let share = |code: &str, share: f64| {
        format!(
            "INSERT INTO activity_shares (profile_id, taxonomy_id, code, share) VALUES ({}, {}, '{code}', {share})",
            id(46),
            id(41)
        )
    };
    done(&db, share("a", 0.7)).await;
    refused(&db, share("b", 0.31)).await;
    done(&db, share("b", 0.3)).await;
    refused(&db, "UPDATE activity_shares SET share = 1".to_owned()).await;
}

async fn what_nobody_decided_has_no_decision(database: TestDatabase) {
    let db = stocked(&database).await;
    let exclusion = |number: u32, basis: &str, decision: &str| {
        format!(
            "INSERT INTO exclusions (id, phase_id, decision_id, stage, reason, basis, scope, source, recorded_at) VALUES
               ({}, '00000000-0000-0000-0000-000000000003', {decision}, 'split', 'budget', '{basis}', '', 'S', {NOW})",
            id(number)
        )
    };
    let decision = "'00000000-0000-0000-0000-000000000007'";
    refused(&db, exclusion(50, "documented_decision", "NULL")).await;
    refused(&db, exclusion(50, "inferred_from_absence", decision)).await;
    done(&db, exclusion(50, "documented_decision", decision)).await;
    done(&db, exclusion(51, "inferred_from_absence", "NULL")).await;
}

async fn an_objection_is_answered_once_and_a_link_only_loses(database: TestDatabase) {
    let db = furnished(&database).await;
    let user = "'00000000-0000-0000-0000-000000000001'";
    let sql = format!(
        "INSERT INTO contestation_links (id, challenge_id, token_hash, label, remaining, created_by, created_at, expires_at)
           VALUES ({link}, '00000000-0000-0000-0000-000000000002', {}, 'L', 2, {user}, {NOW}, '2026-02-01T00:00:00.000000Z');
         INSERT INTO contestations (id, challenge_id, link_id, raised_by_role, ground, body, raised_at) VALUES
           ({objection}, '00000000-0000-0000-0000-000000000002', {link}, 'not_disclosed', 'other', 'It is not so.', {NOW});",
        digest(),
        link = id(60),
        objection = id(61)
    );
    done(&db, sql).await;
    refused(&db, "UPDATE contestation_links SET remaining = 3".to_owned()).await;
    done(&db, "UPDATE contestation_links SET remaining = 1".to_owned()).await;
    refused(&db, "UPDATE contestations SET outcome = 'upheld'".to_owned()).await;
    refused(&db, "UPDATE contestations SET body = 'It is.'".to_owned()).await;
    let answer = format!(
        "UPDATE contestations SET outcome = 'upheld', answer = 'Yes.', answered_by = {user}, answered_at = {NOW}"
    );
    done(&db, answer.clone()).await;
    refused(&db, answer).await;
}
