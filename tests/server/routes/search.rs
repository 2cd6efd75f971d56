//! Challenges are found by what tells them apart, counted by the same, and cloned into the next edition.

use heldout_server_tests::{Stage, TestServer, on_both_databases};
use serde_json::{Value, json};

on_both_databases!(a_search_answers_with_lists_tables_and_counts, a_clone_is_a_draft_of_ones_own);

const LIST: &str = "/api/v1/challenges";

fn a_search_answers_with_lists_tables_and_counts(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let change = json!({"tags": ["Kitchen Work", "audio", "kitchen_work"], "title": "=1+1"});
    let changed = stage.organizer.patch("/api/v1/challenges/stage", &change).expect(200);
    assert_eq!(changed["tags"], json!(["audio", "kitchen-work"]));
    let plain = json!({"slug": "plain", "title": "Plain", "tags": ["audio"]});
    assert_eq!(stage.organizer.post(LIST, &plain).expect(201)["tags"], json!(["audio"]));
    stage.organizer.post("/api/v1/challenges/plain/publish", &json!({})).expect(200);

    let anonymous = server.anonymous();
    let slugs = |query: &str| -> Vec<Value> {
        let found = anonymous.get(&format!("{LIST}?{query}")).expect(200);
        found["items"].as_array().unwrap().iter().map(|one| one["slug"].clone()).collect()
    };
    assert_eq!(slugs("tag=audio"), ["plain", "stage"]);
    assert_eq!(slugs("tag=AUDIO,kitchen%20work"), ["stage"]);
    assert_eq!(slugs("evaluator=classification_label"), ["stage"]);
    assert_eq!(slugs("state=upcoming&admission=open"), ["plain"]);
    assert!(slugs("tag=nothing").is_empty());

    let first = anonymous.get(&format!("{LIST}?tag=audio&limit=1")).expect(200);
    let rest = format!("tag=audio&limit=1&cursor={}", first["next"].as_str().unwrap());
    assert_eq!(slugs(&rest), ["stage"]);
    assert_eq!(first["items"][0]["standing"], "upcoming");

    let counts = anonymous.get("/api/v1/challenge-facets?tag=audio&state=open").expect(200);
    assert_eq!(counts["total"], 1);
    assert_eq!(counts["state"], json!([{"value": "open", "count": 1}, {"value": "upcoming", "count": 1}]));
    assert_eq!(counts["tag"], json!([{"value": "audio", "count": 1}, {"value": "kitchen-work", "count": 1}]));

    let table = anonymous.get(&format!("{LIST}?tag=audio&format=csv"));
    assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
    let text = table.text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(lines[0].starts_with("id,slug,title,"), "{text}");
    assert!(lines[2].contains(",stage,'=1+1,") && lines[2].contains(",audio kitchen-work,"), "{text}");

    for wrong in ["tag=a;b", "openness=half", "admission=none", "series=No", "limit=0", "family=x"] {
        let status = anonymous.get(&format!("{LIST}?{wrong}")).status;
        assert!(status == 422 || status == 400, "{wrong}: {status}");
    }
    stage.organizer.patch("/api/v1/challenges/stage", &json!({"tags": ["<b>"]})).expect(422);
    let many: Vec<String> = (0..13).map(|number| format!("t{number}")).collect();
    stage.organizer.patch("/api/v1/challenges/stage", &json!({"tags": many})).expect(422);
}

fn a_clone_is_a_draft_of_ones_own(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let place = "/api/v1/challenges/stage/clone";
    let wanted = json!({"slug": "next", "edition": "2027", "shift_days": 365, "annotations": true});
    stage.contestant.post(place, &wanted).expect(403);
    let made = stage.organizer.post(place, &wanted).expect(201);
    assert_eq!((&made["state"], &made["role"]), (&json!("draft"), &json!("owner")));
    server.anonymous().get("/api/v1/challenges/next").expect(404);

    let phase = stage.organizer.get("/api/v1/challenges/next/phases/test").expect(200);
    assert_eq!(phase["opens_at"], "2027-01-01T00:00:00.000000Z");
    let tables = |challenge: &str| {
        let exported = stage.organizer.get(&format!("/api/v1/challenges/{challenge}/export")).expect(200);
        exported["phases"][0]["annotations"].clone()
    };
    assert_eq!(tables("next"), tables("stage"));
    assert_eq!(tables("next").as_array().unwrap().len(), 2);
    let people = stage.organizer.get("/api/v1/challenges/next/participants").expect(200);
    assert_eq!(people["items"], json!([]));

    stage.organizer.post(place, &wanted).expect(409);
    let far = json!({"slug": "far", "shift_days": 4000});
    stage.organizer.post(place, &far).expect(422);
    stage.organizer.get("/api/v1/challenges/far").expect(404);
}
