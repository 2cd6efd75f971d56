//! Leaderboards to cite: signed files, badges, tables for papers.

use app::identity::{NotVerified, SignedFile};
use heldout_server_tests::{Stage, TestServer, on_both_databases};
use serde_json::{Value, json};

const RIGHT: &str = "id,label\na,cook\nb,walk\nc,cook\nd,walk\n";
const WORSE: &str = "id,label\na,cook\nb,cook\nc,cook\nd,walk\n";

on_both_databases!(
    a_signed_board_verifies_and_holds_only_what_everybody_sees,
    a_badge_and_tables_say_what_the_board_says,
);

fn a_signed_board_verifies_and_holds_only_what_everybody_sees(server: &TestServer) {
    let stage = Stage::set(server, json!({"ranking": {"release": {"policy": "rounded", "decimals": 1}}}));
    let rival = stage.join(server, "eve");
    stage.score(&stage.contestant, "", RIGHT);
    let between = server.app.now().to_string();
    server.clock.advance_seconds(60);
    stage.score(&rival, "", WORSE);
    let path = format!("{}/leaderboard/snapshot", stage.phase);
    // Also for an organizer: nothing that only organizers see is ever signed.
    let answer = stage.organizer.get(&path);
    let file = SignedFile::verify(&answer.body, None).unwrap();
    let board = server.anonymous().get(&format!("{}/leaderboard", stage.phase)).expect(200);
    let entries = file.record["entries"].as_array().unwrap();
    let names = |items: &[Value]| items.iter().map(|item| item["team"]["name"].clone()).collect::<Vec<_>>();
    assert_eq!(names(entries), names(board["items"].as_array().unwrap()));
    assert_eq!(entries[1]["scores"], board["items"][1]["scores"]);
    assert_eq!(
        (&file.record["split"], &file.record["release"]["policy"]),
        (&json!("open"), &json!("rounded"))
    );

    let keys = server.anonymous().get("/.well-known/jwks.json").expect(200);
    let kid = file.key_id();
    assert!(
        keys["keys"].as_array().unwrap().iter().any(|key| key["kid"] == kid && key["x"] == file.key["x"])
    );
    assert!(SignedFile::verify(&answer.body, Some(kid)).is_ok());
    let changed = answer.text().replace("\"eve\"", "\"ada\"");
    assert_ne!(changed, answer.text());
    assert_eq!(SignedFile::verify(changed.as_bytes(), None), Err(NotVerified::Changed));

    let past = stage.organizer.get(&format!("{path}?as_of={between}"));
    let past = SignedFile::verify(&past.body, Some(kid)).unwrap();
    assert_eq!(past.record["entries"].as_array().unwrap().len(), 1, "what stood then");
    assert_eq!(past.record["as_of"], between.as_str());

    stage.organizer.patch(&stage.phase, &json!({"leaderboard_public": false})).expect(200);
    assert_eq!(stage.organizer.get(&path).problem(404), "not_found");
}

fn a_badge_and_tables_say_what_the_board_says(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let rival = server.person("eve");
    rival.post("/api/v1/challenges/stage/registration", &json!({}));
    rival.post("/api/v1/challenges/stage/teams", &json!({"name": "50% & sons_"})).expect(201);
    let first = stage.score(&stage.contestant, "&method_name=Ours%7C1", RIGHT);
    let second = stage.score(&rival, "", WORSE);
    let board = format!("{}/leaderboard", stage.phase);
    let badge = |query: String| server.anonymous().get(&format!("{board}/badge.svg?{query}"));
    let of_first = badge(format!("submission={}", first["id"].as_str().unwrap()));
    assert_eq!(of_first.header("Content-Type"), "image/svg+xml");
    assert!(of_first.text().contains("rank 1 of 2"), "{}", of_first.text());
    let of_second = badge(format!("team={}", second["team"]["id"].as_str().unwrap()));
    assert!(of_second.text().contains("rank 2 of 2"), "{}", of_second.text());
    assert_eq!(badge("submission=00000000-0000-7000-8000-000000000000".into()).problem(404), "not_found");
    assert_eq!(badge(String::new()).problem(404), "not_found");

    let markdown = server.anonymous().get(&format!("{board}?format=markdown")).text();
    let lines: Vec<&str> = markdown.lines().collect();
    assert!(lines[0].starts_with("| Rank | Team | Method |") && lines[1].starts_with("|--:|---|---|--:|"));
    assert!(lines[2].contains("| ada | Ours\\|1 |"), "{markdown}");
    let latex = server.anonymous().get(&format!("{board}?format=latex")).text();
    assert!(latex.contains("50\\% \\& sons\\_ & "), "{latex}");
    assert!(latex.starts_with("\\begin{tabular}{rll") && latex.ends_with("\\end{tabular}\n"), "{latex}");
}
