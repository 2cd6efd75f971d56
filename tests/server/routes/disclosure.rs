//! What teams declare, boards per class, and what organizers remark on a row.

use heldout_server_tests::{Stage, TestServer, on_both_databases};
use serde_json::{Value, json};

const RIGHT: &str = "id,label\na,cook\nb,walk\nc,cook\nd,walk\n";
const WORSE: &str = "id,label\na,cook\nb,cook\nc,cook\nd,walk\n";

on_both_databases!(
    a_board_per_class_has_the_best_of_each_team_in_it,
    remarks_stand_on_the_row_and_every_one_stays,
);

fn declaration(supervision: &str, extra_data: &str) -> Value {
    json!({
        "supervision": supervision, "pretraining": "public", "extra_data": extra_data,
        "ensemble": false, "human_in_the_loop": false,
    })
}

fn path(submission: &Value, what: &str) -> String {
    format!("/api/v1/submissions/{}/{what}", submission["id"].as_str().unwrap())
}

fn put(client: &heldout_server_tests::Client, path: &str, body: &Value) -> heldout_server_tests::Answer {
    client.send("PUT", path, &[("Content-Type", "application/json")], body.to_string())
}

fn a_board_per_class_has_the_best_of_each_team_in_it(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let rival = stage.join(server, "eve");
    let best = stage.score(&stage.contestant, "", RIGHT);
    let modest = stage.score(&stage.contestant, "", WORSE);
    let theirs = stage.score(&rival, "", WORSE);
    put(&stage.contestant, &path(&best, "declaration"), &declaration("full", "private")).expect(200);
    put(&stage.contestant, &path(&modest, "declaration"), &declaration("zero_shot", "none")).expect(200);
    let read = |class: &str| {
        let board = stage.contestant.get(&format!("{}/leaderboard?class={class}", stage.phase)).expect(200);
        let rows = board["items"].as_array().unwrap().clone();
        rows.iter()
            .map(|row| (row["submission_id"].clone(), row["rank"].as_u64().unwrap()))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        read("supervision:zero_shot"),
        [(modest["id"].clone(), 1)],
        "not the team's best, its best in the class"
    );
    assert_eq!(read("supervision:full,extra_data:none"), []);
    assert_eq!(read("pretraining:public"), [(best["id"].clone(), 1)], "who declares nothing is in no class");
    put(&rival, &path(&theirs, "declaration"), &declaration("weak", "none")).expect(200);
    assert_eq!(read("pretraining:public"), [(best["id"].clone(), 1), (theirs["id"].clone(), 2)]);
    let whole = stage.contestant.get(&format!("{}/leaderboard", stage.phase)).expect(200);
    assert_eq!(whole["items"][0]["declaration"], declaration("full", "private"));

    let board = format!("{}/leaderboard?class=supervision:some", stage.phase);
    assert_eq!(stage.contestant.get(&board).expect(422)["errors"][0]["field"], "class");
    let mut unknown = declaration("full", "none");
    unknown["supervision"] = json!("lots");
    assert_eq!(put(&rival, &path(&theirs, "declaration"), &unknown).status, 422);
    assert_eq!(
        put(&rival, &path(&best, "declaration"), &declaration("full", "none")).problem(404),
        "not_found"
    );
    let events = stage.organizer.get("/api/v1/challenges/stage/events?limit=200").text();
    assert!(events.contains("submission.declared"), "{events}");
}

fn remarks_stand_on_the_row_and_every_one_stays(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let sent = stage.score(&stage.contestant, "", RIGHT);
    let remarks = path(&sent, "remarks");
    let remark = |kind: &str, text: &str, withdraws: Value| {
        let mut body = json!({"kind": kind, "text": text});
        if !withdraws.is_null() {
            body["withdraws"] = withdraws;
        }
        stage.organizer.post(&remarks, &body)
    };
    let row = || {
        let board = server.anonymous().get(&format!("{}/leaderboard", stage.phase)).expect(200);
        (board["items"][0]["is_verified"].clone(), board["items"][0]["notes"].clone())
    };
    assert_eq!(row(), (json!(false), json!([])));
    let noted = remark("note", "Trained on last year's test set.", Value::Null).expect(201);
    remark("verified", "We ran the code.", Value::Null).expect(201);
    assert_eq!(row(), (json!(true), json!(["Trained on last year's test set."])));
    assert_eq!(remark("verified", "Again.", Value::Null).problem(409), "state_conflict");
    let note = noted["items"][0]["id"].clone();
    remark("note_withdrawn", "It was another team.", note.clone()).expect(201);
    assert_eq!(remark("note_withdrawn", "Again.", note).problem(409), "state_conflict");
    remark("unverified", "The seed was chosen.", Value::Null).expect(201);
    assert_eq!(row(), (json!(false), json!([])));
    assert_eq!(remark("note", " ", Value::Null).problem(422), "invalid_field");
    assert_eq!(remark("praise", "Well done.", Value::Null).problem(422), "invalid_field");
    let trace = stage.contestant.get(&remarks).expect(200);
    let kinds: Vec<&str> =
        trace["items"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["note", "verified", "note_withdrawn", "unverified"]);
    assert_eq!(
        stage.contestant.post(&remarks, &json!({"kind": "note", "text": "x"})).problem(403),
        "forbidden"
    );
    let rival = stage.join(server, "eve");
    assert_eq!(rival.get(&remarks).problem(404), "not_found");
}
