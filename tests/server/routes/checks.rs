//! Files that are checked without being submitted.

use heldout_server_tests::{ServerOptions, Stage, TestDatabase, TestServer, on_both_databases};
use serde_json::{Value, json};

const RIGHT: &str = "id,label\na,cook\nb,walk\nc,cook\nd,walk\n";
const WRONG: &str = "id,label\na,cook\nb,walk\nz,cook\n";

on_both_databases!(
    a_check_finds_what_a_submission_finds_and_leaves_nothing,
    a_check_is_for_those_who_may_submit_now,
    no_label_changes_what_is_found,
);

fn check(stage: &Stage, file: &str) -> Value {
    let path = format!("{}/submissions/check?file_name=a.csv", stage.phase);
    stage.contestant.send("POST", &path, &[], file).expect(200)
}

fn a_check_finds_what_a_submission_finds_and_leaves_nothing(server: &TestServer) {
    let stage = Stage::set(server, json!({"quota": {"total": 1}}));
    for file in [WRONG, "", "id,label\na,cook\na,cook\n", "{\"a\": 1"] {
        let checked = check(&stage, file);
        let sent = stage.score(&stage.contestant, "", file);
        assert_eq!(sent["state"], "invalid", "{sent:#}");
        assert_eq!(checked["is_valid"], false);
        assert_eq!((&checked["fault_count"], &checked["faults"]), (&sent["fault_count"], &sent["faults"]));
    }
    let found = check(&stage, RIGHT);
    assert_eq!((&found["is_valid"], &found["faults"]), (&json!(true), &json!([])));
    assert_eq!(found["sha256"], domain::Digest::of(RIGHT.as_bytes()).to_string());
    let quota = stage.contestant.get(&format!("{}/quota", stage.phase)).expect(200);
    assert_eq!(quota["items"][0]["used"], 0);
    let listed = stage.contestant.get(&format!("{}/submissions", stage.phase)).expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 4, "the four that were submitted");

    // When the quota is used up one may still check.
    stage.score(&stage.contestant, "", RIGHT);
    assert_eq!(stage.submit(&stage.contestant, "", RIGHT).problem(429), "quota_exceeded");
    assert_eq!(check(&stage, RIGHT)["is_valid"], true);
}

fn a_check_is_for_those_who_may_submit_now(server: &TestServer) {
    let stage = Stage::set(server, json!({"limits": {"upload_bytes": 100, "seconds": 60, "memory_mib": 64}}));
    let path = format!("{}/submissions/check", stage.phase);
    let over = stage.contestant.send("POST", &path, &[], "x".repeat(101));
    assert_eq!(over.problem(413), "payload_too_large");
    assert_eq!(server.person("nobody").send("POST", &path, &[], RIGHT).problem(403), "not_registered");
    let archived = stage.organizer.post("/api/v1/challenges/stage/archive", &json!({}));
    assert_eq!(archived.status, 200, "{}", archived.text());
    assert_eq!(stage.contestant.send("POST", &path, &[], RIGHT).problem(409), "phase_closed");
}

/// The answer about a file is the same whatever the truth says.
fn no_label_changes_what_is_found(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let before: Vec<Value> = [RIGHT, WRONG].iter().map(|file| check(&stage, file)).collect();
    let other = "id,label\na,walk\nb,cook\nc,walk\nd,cook\n";
    let items = "item,group,part\na,v1,open\nb,v1,open\nc,v2,closed\nd,v2,closed\n";
    let tables =
        [("main", Some("truth.csv"), other.as_bytes()), ("items", Some("items.csv"), items.as_bytes())];
    let uploaded = stage.organizer.post_form(&format!("{}/annotations", stage.phase), &[], &tables);
    assert_eq!(uploaded.status, 201, "{}", uploaded.text());
    for (file, before) in [RIGHT, WRONG].iter().zip(before) {
        let after = check(&stage, file);
        assert_eq!(after["annotations_version"], 2);
        assert_eq!((&after["faults"], &after["is_valid"]), (&before["faults"], &before["is_valid"]));
    }
}

#[test]
fn checks_have_a_limit_of_their_own() {
    let options =
        ServerOptions { settings: |settings| settings.limits.check_per_minute = 2, ..Default::default() };
    let server = TestServer::start_with(TestDatabase::sqlite(), options);
    let stage = Stage::set(&server, json!({}));
    let path = format!("{}/submissions/check", stage.phase);
    for _ in 0..2 {
        check(&stage, RIGHT);
    }
    let refused = stage.contestant.send("POST", &path, &[], RIGHT);
    assert!(refused.header("Retry-After").parse::<u64>().unwrap() > 0);
    assert_eq!(refused.problem(429), "rate_limited");
    stage.score(&stage.contestant, "", RIGHT);
}
