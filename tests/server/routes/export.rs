//! The export: what an outside checker gets.

use std::collections::BTreeMap;

use heldout_server_tests::{Client, Stage, TestServer, on_both_databases};
use serde_json::{Value, json};

on_both_databases!(the_export_tells_what_the_board_was_made_of);

fn lines(client: &Client, kind: &str) -> Vec<Value> {
    let answer = client.get(&format!("/api/v1/admin/export?kind={kind}"));
    assert_eq!(
        (answer.status, answer.header("Content-Type")),
        (200, "application/x-ndjson"),
        "{}",
        answer.text()
    );
    answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn the_export_tells_what_the_board_was_made_of(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let files =
        ["id,label\na,cook\nb,walk\nc,cook\nd,walk\n", "id,label\na,cook\nb,cook\nc,cook\nd,walk\n", "no"];
    let sent: Vec<Value> = files.iter().map(|file| stage.score(&stage.contestant, "", file)).collect();
    let administrator = server.administrator();

    let submissions = lines(&administrator, "submissions");
    assert_eq!(submissions.len(), 3);
    for (line, sent) in submissions.iter().zip(&sent) {
        for field in ["id", "state", "digest", "received_at", "phase_id", "challenge_id"] {
            assert_eq!(line[field], sent[field], "{field}");
        }
        assert_eq!((&line["actor"], &line["team_id"]), (&sent["submitted_by"], &sent["team"]["id"]));
    }

    // Exactly one score per metric, split and evaluation; the best of them is what the board shows.
    let mut best: BTreeMap<String, f64> = BTreeMap::new();
    let mut seen = std::collections::BTreeSet::new();
    for line in lines(&administrator, "scores") {
        let key = [&line["evaluation_id"], &line["split"], &line["metric"]].map(Value::to_string).join(" ");
        assert!(seen.insert(key.clone()), "{key}");
        assert!(line["value"].is_f64() != line["undefined"].is_string(), "{line}");
        if line["metric"] == "accuracy" && line["counts"] == true {
            let value = line["value"].as_f64().unwrap();
            let kept = best.entry(line["split"].as_str().unwrap().to_owned()).or_insert(value);
            *kept = kept.max(value);
        }
    }
    let board = stage.organizer.get(&format!("{}/leaderboard?split=all", stage.phase)).expect(200);
    assert_eq!(board["items"][0]["scores"]["accuracy"].as_f64(), best.get("all").copied());

    let outcomes: Vec<Value> =
        lines(&administrator, "attempts").iter().map(|line| line["outcome"].clone()).collect();
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "scored").count(), 2, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "invalid").count(), 1, "{outcomes:?}");

    let path = "/api/v1/admin/export?kind=scores";
    assert_eq!(stage.organizer.get(path).problem(403), "forbidden");
    assert_eq!(server.anonymous().get(path).problem(401), "not_signed_in");
    assert_eq!(administrator.get("/api/v1/admin/export?kind=secrets").problem(422), "invalid_field");
}
