//! What organizers announce: read by everybody who sees the challenge, mailed to whom they name, taken back but never changed.

use heldout_server_tests::{Stage, TestServer, on_both_databases};
use serde_json::{Value, json};

on_both_databases!(what_is_announced_is_read_mailed_and_taken_back, what_cannot_be_announced_is_refused);

const PLACE: &str = "/api/v1/challenges/stage/announcements";

fn recipients(stage: &Stage, audience: &str) -> Value {
    let found = stage.organizer.get(&format!("{PLACE}/recipients?audience={audience}")).expect(200);
    found["recipients"].clone()
}

fn what_is_announced_is_read_mailed_and_taken_back(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let eve = stage.join(server, "eve");
    stage.submit(&eve, "", "id,label\na,cook\nb,cook\nc,cook\nd,walk\n").expect(201);
    let audiences = ["nobody", "participants", "captains", "without_submission"];
    let counts = audiences.map(|audience| recipients(&stage, audience));
    assert_eq!(counts, [0, 2, 2, 1].map(Value::from));

    let body = json!({
        "title": "Two videos were cut",
        "body": "They showed **faces**. See the <new> version & submit again.",
        "audience": "without_submission",
    });
    let headers = [("Idempotency-Key", "once"), ("Content-Type", "application/json")];
    let posted = stage.organizer.send("POST", PLACE, &headers, body.to_string()).expect(201);
    let again = stage.organizer.send("POST", PLACE, &headers, body.to_string()).expect(200);
    assert_eq!(posted["id"], again["id"]);
    stage.organizer.post(PLACE, &json!({"title": "Welcome", "body": "To the kitchen."})).expect(201);

    let anonymous = server.anonymous();
    let read = anonymous.get(PLACE).expect(200);
    let titles: Vec<&Value> = read["items"].as_array().unwrap().iter().map(|one| &one["title"]).collect();
    assert_eq!(titles, ["Welcome", "Two videos were cut"]);
    let first = anonymous.get(&format!("{PLACE}?limit=1")).expect(200);
    let next = first["next"].as_str().unwrap();
    assert_eq!(
        anonymous.get(&format!("{PLACE}?limit=1&cursor={next}")).expect(200)["items"][0]["id"],
        posted["id"]
    );

    let mails: Vec<String> = server.mails_about("An announcement of a challenge", 1);
    assert!(mails[0].contains("ada@example.org") && mails[0].contains("Two videos were cut"), "{mails:?}");

    let page = anonymous.get("/challenges/stage").text();
    assert!(page.contains("They showed <strong>faces</strong>. See the &lt;new&gt; version"), "{page}");
    let feed = anonymous.get("/challenges/stage/announcements.atom").text();
    assert!(feed.contains("&lt;strong&gt;faces") || feed.contains("&#60;strong&#62;faces"), "{feed}");
    let calendar = anonymous.get("/challenges/stage/calendar.ics").text();
    assert!(
        calendar.contains("SUMMARY:Stage: Test opens\r\n")
            && calendar.contains("DTSTART:20260101T000000Z\r\n"),
        "{calendar}"
    );

    let one = format!("{PLACE}/{}", posted["id"].as_str().unwrap());
    stage.organizer.send("DELETE", &one, &[], "").expect(204);
    assert_eq!(stage.organizer.send("DELETE", &one, &[], "").problem(404), "not_found");
    assert_eq!(anonymous.get(PLACE).expect(200)["items"].as_array().unwrap().len(), 1);
    let events = stage.organizer.get("/api/v1/challenges/stage/events?limit=200").expect(200);
    let kinds: Vec<&str> =
        events["items"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "announcement.posted").count(), 2);
    assert!(kinds.contains(&"announcement.withdrawn"));
}

fn what_cannot_be_announced_is_refused(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    for (body, field) in [
        (json!({"title": "", "body": "x"}), "title"),
        (json!({"title": "T", "body": " "}), "body"),
        (json!({"title": "T", "body": "x".repeat(20_001)}), "body"),
        (json!({"title": "T", "body": "x", "audience": "everybody"}), "audience"),
    ] {
        let refused = stage.organizer.post(PLACE, &body).expect(422);
        assert_eq!(
            (&refused["code"], &refused["errors"][0]["field"]),
            (&json!("invalid_field"), &json!(field))
        );
    }
    let unknown = stage.organizer.get(&format!("{PLACE}/recipients?audience=x"));
    assert_eq!(unknown.problem(422), "invalid_field");
    // Another challenge's announcement is nobody's here.
    let posted = stage.organizer.post(PLACE, &json!({"title": "T", "body": "x"})).expect(201);
    stage.organizer.post("/api/v1/challenges", &json!({"slug": "other", "title": "Other"})).expect(201);
    let elsewhere = format!("/api/v1/challenges/other/announcements/{}", posted["id"].as_str().unwrap());
    assert_eq!(stage.organizer.send("DELETE", &elsewhere, &[], "").problem(404), "not_found");
}
