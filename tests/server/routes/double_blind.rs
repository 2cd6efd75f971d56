//! Double-blind entries: until their date no answer to a foreign person holds the name of a team.

use heldout_server_tests::{Client, Stage, TestServer, on_both_databases};
use serde_json::{Value, json};

const RIGHT: &str = "id,label\na,cook\nb,walk\nc,cook\nd,walk\n";
const WORSE: &str = "id,label\na,cook\nb,cook\nc,cook\nd,walk\n";

on_both_databases!(
    no_answer_to_a_foreign_person_holds_a_name_until_the_date,
    names_that_were_shown_cannot_be_hidden,
);

fn set_rules(stage: &Stage, until: Value) -> heldout_server_tests::Answer {
    let headers = [("Content-Type", "application/json")];
    let body = json!({"anonymous_until": until}).to_string();
    stage.organizer.send("PUT", &format!("{}/submission-rules", stage.phase), &headers, body)
}

/// Every address of the API and of the pages that might speak of an entry.
fn everything(stage: &Stage, submission: &str, rival: &str, now: &str) -> Vec<String> {
    let board = format!("{}/leaderboard", stage.phase);
    vec![
        board.clone(),
        format!("{board}?format=csv"),
        format!("{board}?format=markdown"),
        format!("{board}?format=latex"),
        format!("{board}?as_of={now}"),
        format!("{board}?annotations=1"),
        format!("{board}/comparison?first={submission}&second={rival}"),
        format!("{}/measures", stage.phase),
        format!("{}/result", stage.phase),
        "/api/v1/challenges/stage".to_owned(),
        "/api/v1/challenges/stage/teams".to_owned(),
        "/api/v1/challenges/stage/events".to_owned(),
        "/api/v1/challenges/stage/participants".to_owned(),
        format!("{}/submissions", stage.phase),
        "/challenges/stage".to_owned(),
        "/challenges/stage/phases/test/leaderboard".to_owned(),
        format!("{board}/snapshot"),
        format!("{board}/badge.svg?submission={submission}"),
        format!("{board}/movement?since=2026-01-01T00:00:00Z"),
        format!("{board}?class=ensemble:false"),
        "/".to_owned(),
    ]
}

/// Where a client of EvalAI reads the board.
fn evalai_board(client: &Client) -> String {
    let challenges = client.get("/api/challenges/challenge/all/all/all").expect(200);
    let challenge = &challenges["results"][0]["id"];
    let splits = client.get(&format!("/api/challenges/{challenge}/challenge_phase_split")).expect(200);
    let open = splits.as_array().unwrap().iter().find(|split| split["dataset_split_name"] == "open");
    let path = format!("/api/jobs/challenge_phase_split/{}/leaderboard/", open.unwrap()["id"]);
    assert_eq!(client.get(&path).expect(200)["count"], 2, "both entries are read there");
    path
}

fn no_answer_to_a_foreign_person_holds_a_name_until_the_date(server: &TestServer) {
    let attributes = json!([
        {"name": "data", "label": "Data", "type": "choice", "choices": ["none", "public"]},
        {"name": "authors", "label": "Authors", "type": "text"},
    ]);
    let stage = Stage::set(server, json!({"attributes": attributes}));
    set_rules(&stage, json!("2100-01-01T00:00:00Z")).expect(200);
    let author = stage.join(server, "Quagga-Institute");
    let method = "&method_name=Fast%20model&paper_url=https://quagga-institute.example/paper&method_description=By%20the%20Quagga-Institute";
    let answers = "&attributes=%7B%22data%22%3A%22public%22%2C%22authors%22%3A%22Q.%20Quagga-Institute%22%7D";
    let sent = stage.score(&author, &format!("{method}{answers}"), RIGHT);
    let own = stage.score(&stage.contestant, "", WORSE);
    let (theirs, mine) = (sent["id"].as_str().unwrap(), own["id"].as_str().unwrap());
    let holds = |client: &Client, path: &str| {
        let answer = client.get(path);
        assert!(answer.status < 500, "{path}: {}", answer.text());
        answer.text().to_lowercase().contains("quagga")
    };
    let anonymous = server.anonymous();
    let mut paths = everything(&stage, theirs, mine, &server.app.now().to_string());
    paths.push(evalai_board(&anonymous));
    for path in &paths {
        let path = path.as_str();
        for (who, client) in [("a rival", &stage.contestant), ("nobody", &anonymous)] {
            assert!(!holds(client, path), "{path} tells {who} whose an entry is");
        }
    }
    let board = format!("{}/leaderboard", stage.phase);
    let seen = anonymous.get(&board).expect(200);
    assert_eq!(seen["is_anonymous"], true);
    let first = &seen["items"][0];
    assert_eq!(
        (&first["rank"], &first["submission_id"]),
        (&json!(1), &json!(theirs)),
        "ranks stay as they are"
    );
    assert!(first["team"]["name"].as_str().unwrap().starts_with("Anonymous "), "{first:#}");
    assert_ne!(first["team"]["id"], sent["team"]["id"]);
    assert_eq!((&first["method"]["name"], &first["method"]["paper_url"]), (&json!("Fast model"), &json!("")));
    assert_eq!(first["declarations"], json!({"data": "public"}), "what was chosen of a list stays");
    assert_eq!(stage.contestant.get(&board).expect(200)["items"][0]["team"], first["team"]);

    // Organizers know, and so do the members themselves.
    assert!(holds(&stage.organizer, &board) && holds(&stage.organizer, "/api/v1/challenges/stage/teams"));
    assert!(holds(&author, "/api/v1/challenges/stage/teams"));
    let unreadable: Vec<_> = paths.iter().filter(|path| stage.organizer.get(path).status == 404).collect();
    assert!(unreadable.is_empty(), "{unreadable:?} lead nowhere, so nothing was looked at");

    // Organizers unblind; the very next look has the names.
    set_rules(&stage, Value::Null).expect(200);
    let unblinded = anonymous.get(&board).expect(200);
    assert_eq!(unblinded["items"][0]["team"], sent["team"]);
    assert_eq!(unblinded["is_anonymous"], false);
    assert_eq!(unblinded["items"][0]["declarations"]["authors"], "Q. Quagga-Institute");
}

fn names_that_were_shown_cannot_be_hidden(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let soon = server.app.now().plus_seconds(3600).to_string();
    set_rules(&stage, json!(soon)).expect(200);
    stage.score(&stage.contestant, "", RIGHT);
    // Another date is no harm while they are hidden.
    let later = server.app.now().plus_seconds(7200).to_string();
    set_rules(&stage, json!(later)).expect(200);
    let board = format!("{}/leaderboard", stage.phase);
    assert_eq!(server.anonymous().get(&board).expect(200)["is_anonymous"], true);
    server.clock.advance_seconds(7201);
    assert_eq!(stage.contestant.get(&board).expect(200)["items"][0]["team"]["name"], "ada");
    let never = server.app.now().plus_seconds(86_400).to_string();
    assert_eq!(set_rules(&stage, json!(never)).problem(409), "state_conflict");
}
