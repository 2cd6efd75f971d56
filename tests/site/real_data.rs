//! Real annotations and a real submission, from upload to leaderboard, on both databases.

use serde_json::{Value, json};
use test_support::{S3Server, TestDatabase, both_databases, shared_folder};

use crate::site::{Part, Site, open_phase, read};

both_databases!(epic_kitchens_detection, a_small_twin_of_our_own, the_twin_with_its_artifacts_in_a_bucket,);

/// EPIC-KITCHENS-100 validation segments, held out, and a submission with known values.
async fn epic_kitchens_detection(database: TestDatabase) {
    let Some(shared) = shared_folder() else { return };
    let folder = shared.join("data/real/epic100_c2");
    let annotations = read(&folder.join("annotations.csv"));
    let submission = read(&folder.join("submission.json"));
    let expected: Value = serde_json::from_slice(&read(&folder.join("expected.json"))).unwrap();
    let site = Site::start(database);
    let found = score(&site, &annotations, &submission);
    for (metric, value) in expected["metrics"].as_object().unwrap() {
        let (expected, found) = (value.as_f64().unwrap(), found["scores"][metric].as_f64().unwrap());
        assert!((expected - found).abs() <= 1e-9, "{metric}: expected {expected}, found {found}");
    }
    assert_same_bits_offline(&site, &annotations, &submission, &found);
}

/// Two kitchens, three segments: one found exactly, one half, one missed; and a label that does not exist.
async fn a_small_twin_of_our_own(database: TestDatabase) {
    check_twin(&Site::start(database));
}

/// The same with submissions, evidence and annotations in a bucket, under a prefix.
async fn the_twin_with_its_artifacts_in_a_bucket(database: TestDatabase) {
    let store = S3Server::start();
    let site = Site::prepare(database, 1)
        .with("HELDOUT_ARTIFACTS__STORE", "s3")
        .with("HELDOUT_ARTIFACTS__S3__ENDPOINT", store.endpoint())
        .with("HELDOUT_ARTIFACTS__S3__REGION", S3Server::REGION)
        .with("HELDOUT_ARTIFACTS__S3__BUCKET", S3Server::BUCKET)
        .with("HELDOUT_ARTIFACTS__S3__PREFIX", "site/")
        .with("HELDOUT_ARTIFACTS__S3__ACCESS_KEY_ID", S3Server::ACCESS_KEY)
        .with("HELDOUT_ARTIFACTS__S3__SECRET_ACCESS_KEY_FILE", "bucket.key");
    std::fs::write(site.path("bucket.key"), S3Server::SECRET_KEY).unwrap();
    site.start_server();
    site.wait_until_ready();
    check_twin(&site);
    assert!(!site.path("heldout-data/artifacts").exists(), "nothing is kept beside the bucket");
    let kept = std::fs::read_dir(store.bucket_folder().join("site")).unwrap().count();
    assert!(kept > 0, "everything is kept under the prefix");
}

fn check_twin(site: &Site) {
    let annotations = "\
narration_id,participant_id,video_id,start_timestamp,stop_timestamp,verb_class,noun_class
K1_1_0,K1,K1_1,00:00:01.00,00:00:03.00,0,2
K1_1_1,K1,K1_1,00:00:10.00,00:00:14.00,1,5
K2_1_0,K2,K2_1,00:01:00.00,00:01:08.00,0,2
";
    let submission = json!({
        "version": "0.2", "challenge": "action_detection", "sls_pt": 1, "sls_tl": 1, "sls_td": 1,
        "results": {
            "K1_1": [
                {"verb": 0, "noun": 2, "action": "0,2", "score": 0.9, "segment": [1.0, 3.0]},
                {"verb": 7, "noun": 9, "action": "7,9", "score": 0.8, "segment": [1.0, 3.0]},
            ],
            "K2_1": [{"verb": 0, "noun": 2, "action": "0,2", "score": 0.7, "segment": [60.0, 64.0]}],
        },
    })
    .to_string();
    let found = score(site, annotations.as_bytes(), submission.as_bytes());
    // Of two verbs one has both segments found up to tIoU 0.5, the other none.
    for metric in ["verb_map_at_01", "verb_map_at_05", "verb_map_avg", "action_map_at_01", "noun_map_avg"] {
        assert_eq!(found["scores"][metric].as_f64(), Some(50.0), "{metric}: {found}");
    }
    assert_same_bits_offline(site, annotations.as_bytes(), submission.as_bytes(), &found);
}

/// Posts through HTTP and reads the entry back from the leaderboard.
fn score(site: &Site, annotations: &[u8], submission: &[u8]) -> Value {
    let organizer = site.person("organizer@example.org", "member");
    let contestant = site.person("contestant@example.org", "member");
    let phase = open_phase("epic_c2");
    let tables: [Part<'_>; 1] = [("main", "annotations.csv", annotations)];
    let phase = site.challenge(&organizer, "kitchens", &phase, &tables);
    site.enter(&contestant, "kitchens", "Atlas");
    let accepted = site.submit(&contestant, &phase, "submission.json", submission, Some("one")).unwrap();
    assert_eq!(accepted.status, 201, "{accepted:?}");
    let finished = site.finished(&contestant, accepted.body["id"].as_str().unwrap());
    assert_eq!(finished["state"], "scored", "{finished}");
    let board = site.get("", &format!("/api/v1/{phase}/leaderboard"));
    assert_eq!(board.status, 200, "{board:?}");
    let entry = board.body["items"][0].clone();
    assert_eq!((&entry["rank"], &entry["team"]["name"]), (&json!(1), &json!("Atlas")));
    entry
}

/// `heldout evaluate` on the same files gives the same bits.
fn assert_same_bits_offline(site: &Site, annotations: &[u8], submission: &[u8], entry: &Value) {
    std::fs::write(site.path("a.csv"), annotations).unwrap();
    std::fs::write(site.path("s.json"), submission).unwrap();
    let arguments =
        ["evaluate", "epic_c2", "--annotations", "a.csv", "--submission", "s.json", "--format", "json"];
    let offline: Value = serde_json::from_str(&site.run(&arguments)).unwrap();
    for (metric, value) in entry["scores"].as_object().unwrap() {
        let bits = |value: &Value| value.as_f64().map(f64::to_bits);
        assert_eq!(bits(value), bits(&offline["metrics"][metric]), "{metric}");
    }
}
