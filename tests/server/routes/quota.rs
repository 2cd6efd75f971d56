//! The account of a quota, what organizers give back, and which files a phase takes.

use heldout_server_tests::{ServerOptions, Stage, TestDatabase, TestServer, on_both_databases};
use serde_json::{Value, json};

const RIGHT: &str = "id,label\na,cook\nb,walk\nc,cook\nd,walk\n";

on_both_databases!(
    every_slot_is_accounted_for,
    an_organizer_gives_a_slot_back_once_and_says_why,
    a_week_is_a_window_of_its_own,
    a_quota_is_not_lowered_below_what_is_used,
    only_files_of_the_named_types_are_taken,
);

fn lines(stage: &Stage, query: &str) -> Vec<Value> {
    let page = stage.contestant.get(&format!("{}/quota/statement{query}", stage.phase)).expect(200);
    page["items"].as_array().unwrap().clone()
}

fn told(lines: &[Value]) -> Vec<(&str, &str, u64, &str)> {
    let text = |value: &'static str| value;
    lines
        .iter()
        .map(|line| {
            (
                line[text("window")].as_str().unwrap(),
                line["kind"].as_str().unwrap(),
                line["used"].as_u64().unwrap(),
                line["reason"].as_str().unwrap(),
            )
        })
        .collect()
}

fn every_slot_is_accounted_for(server: &TestServer) {
    let stage = Stage::set(server, json!({"quota": {"total": 3, "concurrent": 2}}));
    stage.score(&stage.contestant, "", RIGHT);
    stage.score(&stage.contestant, "", "id,label\n");
    let found = lines(&stage, "");
    assert_eq!(
        told(&found),
        [
            ("total", "reserve", 1, ""),
            ("total", "commit", 1, "scored"),
            ("total", "reserve", 2, ""),
            ("total", "refund", 1, "the file is invalid"),
        ]
    );
    let me = stage.contestant.get("/api/v1/me").expect(200)["id"].clone();
    assert_eq!((&found[0]["made_by"], &found[1]["made_by"]), (&me, &Value::Null));
    assert_eq!(lines(&stage, "?window=day"), [] as [Value; 0]);
    assert_eq!(lines(&stage, "?limit=1&cursor=3")[0]["kind"], "refund");
    let page = stage.contestant.get(&format!("{}/quota/statement?limit=3", stage.phase)).expect(200);
    assert_eq!(page["next"], "3");
    let csv = stage.contestant.get(&format!("{}/quota/statement?format=csv", stage.phase)).text();
    assert_eq!(csv.lines().count(), 5);
    assert!(csv.starts_with("at,window,kind,used,submission_id,"), "{csv}");

    let team = stage.contestant.get(&format!("{}/submissions", stage.phase)).expect(200);
    let team = team["items"][0]["team"]["id"].as_str().unwrap().to_owned();
    let of_team = format!("{}/quota/statement?team={team}", stage.phase);
    assert_eq!(stage.organizer.get(&of_team).expect(200)["items"], json!(found));
    let rival = stage.join(server, "eve");
    assert_eq!(rival.get(&of_team).problem(404), "not_found");
}

fn an_organizer_gives_a_slot_back_once_and_says_why(server: &TestServer) {
    let stage = Stage::set(server, json!({"quota": {"total": 1}}));
    let scored = stage.score(&stage.contestant, "", RIGHT);
    assert_eq!(stage.submit(&stage.contestant, "", RIGHT).problem(429), "quota_exceeded");
    let path = format!("/api/v1/submissions/{}/refund", scored["id"].as_str().unwrap());
    let reason = json!({"reason": "the annotations of the first hour were wrong"});
    assert_eq!(stage.contestant.post(&path, &reason).problem(403), "forbidden");
    assert_eq!(stage.organizer.post(&path, &json!({"reason": " "})).problem(422), "invalid_field");
    assert_eq!(stage.organizer.post(&path, &reason).expect(200)["state"], "scored");
    assert_eq!(stage.organizer.post(&path, &reason).problem(409), "state_conflict");
    let found = lines(&stage, "");
    assert_eq!(
        told(&found).last().unwrap(),
        &("total", "refund", 0, "the annotations of the first hour were wrong")
    );
    stage.score(&stage.contestant, "", RIGHT);
    let events = stage.organizer.get("/api/v1/challenges/stage/events?limit=200").text();
    assert!(events.contains("quota.refunded"), "{events}");
    assert!(!events.contains("first hour"), "words of people are not in the event log");
}

fn a_week_is_a_window_of_its_own(server: &TestServer) {
    let stage = Stage::set(server, json!({"quota": {"per_week": 1}}));
    stage.score(&stage.contestant, "", RIGHT);
    let refused = stage.submit(&stage.contestant, "", RIGHT).expect(429);
    assert!(refused["detail"].as_str().unwrap().contains("of this week (UTC) are used"), "{refused}");
    let quota = stage.contestant.get(&format!("{}/quota", stage.phase)).expect(200);
    assert_eq!((&quota["items"][0]["window"], &quota["items"][0]["used"]), (&json!("week"), &json!(1)));
    let phase = stage.organizer.get(&stage.phase).expect(200);
    assert_eq!(phase["quota"]["per_week"], 1);
    server.clock.advance_seconds(7 * 86_400);
    stage.score(&stage.contestant, "", RIGHT);
}

fn only_files_of_the_named_types_are_taken(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let rules = format!("{}/submission-rules", stage.phase);
    assert_eq!(stage.contestant.get(&rules).expect(200), json!({"file_types": [], "anonymous_until": null}));
    let put = |body: Value| {
        let headers = [("Content-Type", "application/json")];
        stage.organizer.send("PUT", &rules, &headers, body.to_string())
    };
    assert_eq!(put(json!({"file_types": [".json"]})).problem(422), "invalid_field");
    put(json!({"file_types": ["json"]})).expect(200);
    let refused = stage.submit(&stage.contestant, "", RIGHT).expect(422);
    assert_eq!(refused["errors"][0], json!({"field": "file_name", "detail": "must end with .json"}));
    let check = stage.contestant.send(
        "POST",
        &format!("{}/submissions/check?file_name=a.csv", stage.phase),
        &[],
        RIGHT,
    );
    assert_eq!(check.problem(422), "invalid_field");
    put(json!({"file_types": ["csv", "json"]})).expect(200);
    stage.score(&stage.contestant, "", RIGHT);
}

#[test]
fn whoever_waits_is_told_for_how_long() {
    let server = TestServer::start(TestDatabase::sqlite());
    let stage = Stage::set(&server, json!({}));
    let sent = stage.submit(&stage.contestant, "", RIGHT).expect(201);
    // Nothing was evaluated before: nobody can say.
    assert_eq!(sent["expected_wait_seconds"], Value::Null);
    let id = sent["id"].as_str().unwrap();
    heldout_server_tests::wait_until_final(&stage.contestant, id);
    let options = ServerOptions { has_worker: false, ..Default::default() };
    let idle = TestServer::start_with(TestDatabase::sqlite(), options);
    let stage = Stage::set(&idle, json!({}));
    let waiting = stage.submit(&stage.contestant, "", RIGHT).expect(201);
    assert_eq!((&waiting["queue_position"], &waiting["expected_wait_seconds"]), (&json!(0), &Value::Null));
}

fn a_quota_is_not_lowered_below_what_is_used(server: &TestServer) {
    let stage = Stage::set(server, json!({"quota": {"total": 5, "concurrent": 3}}));
    stage.score(&stage.contestant, "", RIGHT);
    stage.score(&stage.contestant, "", RIGHT);
    let lower = |total: u32| {
        let quota = json!({"quota": {"total": total, "concurrent": 1}});
        stage.organizer.patch(&stage.phase, &quota)
    };
    let problem = lower(1).expect(422);
    assert_eq!(problem["errors"][0]["field"], "quota.total");
    assert!(problem["errors"][0]["detail"].as_str().unwrap().contains("below 2"), "{problem}");
    assert_eq!(stage.organizer.get(&stage.phase).expect(200)["quota"]["total"], 5);
    lower(2).expect(200);
}
