//! Two boards beside each other: what moved, and why.

use heldout_server_tests::{Stage, TestServer, on_both_databases, wait_until_final};
use serde_json::{Value, json};

const RIGHT: &str = "id,label\na,cook\nb,walk\nc,cook\nd,walk\n";
const FIRST_WRONG: &str = "id,label\na,walk\nb,walk\nc,cook\nd,walk\n";
const ITEMS: &str = "item,group,part\na,v1,open\nb,v1,open\nc,v2,closed\nd,v2,closed\n";

on_both_databases!(
    other_annotations_turn_a_board_and_it_says_so,
    what_changed_in_a_guideline_stands_beside_the_scores,
    what_happened_since_a_moment_is_told_team_by_team,
);

fn movement(stage: &Stage, query: &str) -> Value {
    stage.contestant.get(&format!("{}/leaderboard/movement?{query}", stage.phase)).expect(200)
}

fn row<'a>(found: &'a Value, team: &str) -> &'a Value {
    found["items"].as_array().unwrap().iter().find(|row| row["team"]["name"] == team).unwrap()
}

/// The correction says that the first item was walking after all; two submissions are scored anew.
fn correct(stage: &Stage) {
    let corrected =
        [("main", Some("truth.csv"), FIRST_WRONG.as_bytes()), ("items", Some("items.csv"), ITEMS.as_bytes())];
    stage.organizer.post_form(&format!("{}/annotations", stage.phase), &[], &corrected).expect(201);
    stage.organizer.post(&format!("{}/rescore", stage.phase), &json!({})).expect(202);
    let is_rescored = || {
        let found = stage.organizer.get(&format!("{}/leaderboard?annotations=2", stage.phase)).expect(200);
        found["items"].as_array().unwrap().len() == 2
    };
    while !is_rescored() {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

fn what_changed_in_a_guideline_stands_beside_the_scores(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let Stage { organizer, contestant, phase } = &stage;
    let figure = |query: &str| contestant.get(&format!("{phase}/figures/guideline-and-score?{query}"));
    assert_eq!(figure("").problem(422), "invalid_field", "there is one version");
    let dataset = json!({"name": "days", "title": "Days", "source": "A paper"});
    organizer.post("/api/v1/datasets", &dataset).expect(201);
    let bind = |start: &str| {
        let clauses = json!([{"code": "start", "kind": "definition", "body": start}]);
        let guideline = json!({"name": "Labels", "source": "A manual", "clauses": clauses});
        let made = organizer.post("/api/v1/datasets/days/guidelines", &guideline).expect(201);
        let framing = organizer.get(phase).expect(200)["framing"]["id"].clone();
        let path = format!("/api/v1/framings/{}/binding", framing.as_str().unwrap());
        organizer.post(&path, &json!({"guideline": made["id"]})).expect(200);
    };
    bind("At the first touch.");
    let rival = stage.join(server, "eve");
    stage.score(contestant, "", RIGHT);
    stage.score(&rival, "", FIRST_WRONG);
    let mut framing = organizer.get(&format!("{phase}/framing-proposal")).expect(200);
    framing["stated_goal"] = json!("What hands begin.");
    organizer.patch(phase, &json!({"framing": framing})).expect(200);
    bind("Before the first touch.");
    correct(&stage);
    let csv = figure("format=csv").text();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(
        lines[..2],
        ["part,of,before,after,change", "clause,start,At the first touch.,Before the first touch.,",]
    );
    assert!(lines[2].starts_with("score,eve,0.5") && lines[3].starts_with("score,ada,1.0"), "{csv}");
    let drawn = figure("");
    assert_eq!((drawn.status, drawn.header("content-type")), (200, "image/svg+xml"));
    assert!(drawn.text().contains("Clauses that changed: start."));
    assert_eq!(figure("from_annotations=2&to_annotations=2").problem(422), "invalid_field");
    assert_eq!(figure("from_annotations=2&to_annotations=9").problem(422), "invalid_field");
}

fn other_annotations_turn_a_board_and_it_says_so(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let rival = stage.join(server, "eve");
    let right = stage.score(&stage.contestant, "", RIGHT);
    let wrong = stage.score(&rival, "", FIRST_WRONG);
    correct(&stage);
    let found = movement(&stage, "from_annotations=1&to_annotations=2");
    assert_eq!(
        (&found["before"]["annotations_version"], &found["after"]["annotations_version"]),
        (&json!(1), &json!(2))
    );
    let (fell, rose) = (row(&found, "ada"), row(&found, "eve"));
    assert_eq!(
        (&fell["before"]["rank"], &fell["after"]["rank"], &fell["rose"]),
        (&json!(1), &json!(2), &json!(-1))
    );
    assert_eq!(
        (&rose["before"]["rank"], &rose["after"]["rank"], &rose["rose"]),
        (&json!(2), &json!(1), &json!(1))
    );
    assert_eq!((&fell["change"], &rose["change"]), (&json!(-0.5), &json!(0.5)), "one of two items each");
    assert_eq!(fell["because"], json!(["other_annotations"]));
    assert_eq!(fell["before"]["submission_id"], right["id"]);
    assert_eq!(rose["after"]["submission_id"], wrong["id"]);
    assert_eq!(found["items"][0]["team"]["name"], "eve", "in the order of the board after");
    let path = format!("{}/leaderboard/movement", stage.phase);
    assert_eq!(stage.contestant.get(&path).problem(422), "invalid_field");
    assert_eq!(stage.contestant.get(&format!("{path}?from_annotations=9")).problem(422), "invalid_field");
    let mixed = format!("{path}?from_annotations=1&since=2026-01-01T00:00:00Z");
    assert_eq!(stage.contestant.get(&mixed).problem(422), "invalid_field");
}

fn what_happened_since_a_moment_is_told_team_by_team(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let rival = stage.join(server, "eve");
    let third = stage.join(server, "zoe");
    stage.score(&stage.contestant, "", FIRST_WRONG);
    let gone = stage.score(&third, "", "id,label\na,walk\nb,cook\nc,cook\nd,walk\n");
    server.clock.advance_seconds(60);
    let then = server.app.now().to_string();
    server.clock.advance_seconds(60);
    let sent = stage.submit(&rival, "", RIGHT).expect(201);
    wait_until_final(&rival, sent["id"].as_str().unwrap());
    let path = format!("/api/v1/submissions/{}/withdraw", gone["id"].as_str().unwrap());
    third.post(&path, &json!({"reason": "a mistake"})).expect(200);
    let found = movement(&stage, &format!("since={then}"));
    let (entered, stayed, left) = (row(&found, "eve"), row(&found, "ada"), row(&found, "zoe"));
    assert_eq!(
        (&entered["because"], &entered["before"], &entered["rose"]),
        (&json!(["entered"]), &Value::Null, &Value::Null)
    );
    assert_eq!(
        (&stayed["because"], &stayed["rose"], &stayed["change"]),
        (&json!(["others_moved"]), &json!(-1), &json!(0.0))
    );
    assert_eq!((&left["because"], &left["after"]), (&json!(["left"]), &Value::Null));
    assert_eq!(found["before"]["as_of"], then.as_str());
}
