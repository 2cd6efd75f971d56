//! A challenge and its teams as they were at a moment.

use heldout_server_tests::{Client, Stage, TestServer, on_both_databases};
use serde_json::{Value, json};

on_both_databases!(what_was_true_then_is_told_then);

const HOUR: i64 = 3600;

fn what_was_true_then_is_told_then(server: &TestServer) {
    let stage = Stage::set(server, json!({"closes_at": "2030-01-01T00:00:00Z"}));
    let Stage { organizer, contestant, phase } = &stage;
    let visitor = server.anonymous();
    let now = || server.app.now().to_string();
    let challenge = "/api/v1/challenges/stage";
    let then = |client: &Client, at: &str| client.get(&format!("{challenge}/as-of?at={at}"));
    server.clock.advance_seconds(HOUR);
    let first = now();
    server.clock.advance_seconds(HOUR);
    organizer.patch(challenge, &json!({"terms": "Be kind."})).expect(200);
    let moved = json!({"closes_at": "2031-01-01T00:00:00Z", "reason": "Exams."});
    organizer.patch(phase, &moved).expect(200);
    let mut framing = organizer.get(&format!("{phase}/framing-proposal")).expect(200);
    framing["stated_goal"] = json!("Something else.");
    organizer.patch(phase, &json!({"framing": framing})).expect(200);
    let team = contestant.get(&format!("{challenge}/teams")).expect(200)["items"][0].clone();
    let named = format!("/api/v1/teams/{}", team["id"].as_str().unwrap());
    contestant.patch(&named, &json!({"name": "The Later Ones"})).expect(200);
    let second = now();
    server.clock.advance_seconds(HOUR);
    organizer.post(&format!("{challenge}/archive"), &json!({})).expect(200);

    let was = then(&visitor, &first).expect(200);
    let is = then(&visitor, &second).expect(200);
    assert_eq!((&was["state"], &was["terms"]), (&json!("published"), &Value::Null));
    assert_eq!((&is["state"], &is["terms"]["version"]), (&json!("published"), &json!(1)));
    let dates = |found: &Value| found["phases"][0]["closes_at"].clone();
    assert_eq!(dates(&was), "2030-01-01T00:00:00.000000Z");
    assert_eq!(dates(&is), "2031-01-01T00:00:00.000000Z");
    let framing = |found: &Value| found["phases"][0]["framing"]["version"].clone();
    assert_eq!((framing(&was), framing(&is)), (json!(1), json!(2)));
    assert_eq!(was["phases"][0]["annotations"]["version"], 1);
    assert_eq!((&was["phases"][0]["window"], &is["phases"][0]["window"]), (&json!("open"), &json!("open")));
    assert_eq!(then(&visitor, &now()).expect(200)["state"], "archived");

    let names = |at: &str| visitor.get(&format!("{challenge}/teams?as_of={at}")).expect(200)["items"].clone();
    assert_eq!(names(&first)[0]["name"], team["name"]);
    assert_eq!(names(&second)[0]["name"], "The Later Ones");
    assert_eq!(names("2020-01-01T00:00:00Z"), json!([]));

    assert_eq!(then(&visitor, "2020-01-01T00:00:00Z").problem(404), "not_found");
    for (path, field) in [
        (format!("{challenge}/as-of?at=2999-01-01T00:00:00Z"), "at"),
        (format!("{challenge}/as-of?at=yesterday"), "at"),
        (format!("{challenge}/teams?as_of=2999-01-01T00:00:00Z"), "as_of"),
    ] {
        assert_eq!(visitor.get(&path).expect(422)["errors"][0]["field"], field, "{path}");
    }
}
