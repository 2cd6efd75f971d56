//! Two teams become one: what goes along, what stays, and what keeps them apart.

use heldout_server_tests::{Client, Stage, TestServer, on_both_databases};
use serde_json::{Value, json};

on_both_databases!(
    what_a_team_has_goes_along,
    together_they_have_one_quota,
    a_merger_is_answered_once_by_the_other_captain,
    what_is_over_stays_as_it_was,
    a_ladder_is_not_joined_to_another,
);

const RIGHT: &str = "id,label\na,cook\nb,walk\nc,cook\nd,walk\n";
const HALF: &str = "id,label\na,cook\nb,cook\nc,cook\nd,cook\n";
const HOUR: i64 = 3600;

fn team_of(client: &Client) -> String {
    let me = client.get("/api/v1/me").expect(200);
    me["teams"][0]["id"].as_str().unwrap().to_owned()
}

fn propose(from: &Client, into: &Client) -> String {
    let path = format!("/api/v1/teams/{}/mergers", team_of(from));
    from.post(&path, &json!({"into": team_of(into)})).expect(201)["id"].as_str().unwrap().to_owned()
}

fn mergers(client: &Client) -> Value {
    client.get(&format!("/api/v1/teams/{}/mergers", team_of(client))).expect(200)["items"].clone()
}

/// Whose entries are on the board, with the submissions that stand.
fn standing(stage: &Stage, query: &str) -> Vec<(String, String)> {
    let board = stage.organizer.get(&format!("{}/leaderboard{query}", stage.phase)).expect(200);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let entry = |row: &Value| (text(&row["team"]["name"]), text(&row["submission_id"]));
    board["items"].as_array().unwrap().iter().map(entry).collect()
}

fn used(client: &Client, stage: &Stage) -> Value {
    let quota = client.get(&format!("{}/quota", stage.phase)).expect(200);
    let windows = quota["items"].as_array().unwrap();
    windows.iter().find(|window| window["window"] == "total").unwrap()["used"].clone()
}

fn what_a_team_has_goes_along(server: &TestServer) {
    let stage = Stage::set(server, json!({"quota": {"total": 5}}));
    let (ada, eve) = (&stage.contestant, stage.join(server, "eve"));
    stage.score(ada, "", HALF);
    let best = stage.score(&eve, "", RIGHT)["id"].as_str().unwrap().to_owned();
    let (ended, team) = (team_of(&eve), team_of(ada));
    assert_eq!(standing(&stage, "").len(), 2);
    server.clock.advance_seconds(HOUR);
    let before = server.app.now().to_string();
    server.clock.advance_seconds(HOUR);

    let merger = propose(&eve, ada);
    assert_eq!(mergers(ada)[0]["hindrances"], json!([]));
    assert_eq!(server.mails_about("A team would like to join yours", 1).len(), 1);
    let one = ada.post(&format!("/api/v1/mergers/{merger}/accept"), &json!({})).expect(200);
    assert_eq!(one["members"].as_array().unwrap().len(), 2);
    assert_eq!((one["role"].as_str(), one["id"].as_str()), (Some("captain"), Some(team.as_str())));

    assert_eq!(standing(&stage, ""), [("ada".to_owned(), best.clone())], "the better one stands");
    let mut were = standing(&stage, &format!("?as_of={before}"));
    were.sort();
    assert_eq!(were.iter().map(|one| one.0.as_str()).collect::<Vec<_>>(), ["ada", "eve"]);
    assert_eq!((used(ada, &stage), used(&eve, &stage)), (json!(2), json!(2)));
    let statement = ada.get(&format!("{}/quota/statement", stage.phase)).expect(200);
    assert_eq!(statement["items"].as_array().unwrap().len(), 4, "{statement}");
    ada.get(&format!("/api/v1/submissions/{best}")).expect(200);
    assert_eq!(stage.score(&eve, "", HALF)["team"]["id"], team.as_str());
    assert_eq!(used(ada, &stage), 3);

    let teams = |query: &str| {
        let found = ada.get(&format!("/api/v1/challenges/stage/teams{query}")).expect(200);
        found["items"].as_array().unwrap().len()
    };
    assert_eq!((teams(""), teams(&format!("?as_of={before}"))), (1, 2));
    let gone = ada.get(&format!("/api/v1/teams/{ended}")).expect(200);
    assert_eq!((&gone["members"], gone["past_members"].as_array().unwrap().len()), (&json!([]), 1));
    let invited = ada.post(&format!("/api/v1/teams/{ended}/invitations"), &json!({"email": "x@example.org"}));
    assert_eq!(invited.problem(409), "state_conflict");
    let events = stage.organizer.get("/api/v1/challenges/stage/events?limit=200").text();
    for kind in ["team.merger_proposed", "team.merged", "team.member_left", "team.member_joined"] {
        assert!(events.contains(kind), "{kind}");
    }
}

fn together_they_have_one_quota(server: &TestServer) {
    let stage = Stage::set(server, json!({"quota": {"total": 3}}));
    let (ada, eve) = (&stage.contestant, stage.join(server, "eve"));
    stage.score(ada, "", HALF);
    stage.score(&eve, "", RIGHT);
    let merger = propose(&eve, ada);
    stage.score(ada, "", HALF);
    stage.score(&eve, "", HALF);
    let found = mergers(ada);
    assert_eq!(found[0]["hindrances"][0]["code"], "merger_over_quota", "{found}");
    let before = standing(&stage, "");
    let accepted = ada.post(&format!("/api/v1/mergers/{merger}/accept"), &json!({}));
    assert_eq!(accepted.problem(409), "merger_over_quota");
    assert_eq!((standing(&stage, ""), used(ada, &stage), used(&eve, &stage)), (before, json!(2), json!(2)));
    assert_ne!(team_of(&eve), team_of(ada));

    // What an organizer gives back makes room, and it is answered still.
    let own = eve.get(&format!("{}/submissions", stage.phase)).expect(200)["items"][0]["id"].clone();
    let reason = json!({"reason": "the file was fine"});
    let refund = format!("/api/v1/submissions/{}/refund", own.as_str().unwrap());
    stage.organizer.post(&refund, &reason).expect(200);
    ada.post(&format!("/api/v1/mergers/{merger}/accept"), &json!({})).expect(200);
    assert_eq!(used(ada, &stage), 3);
    assert_eq!(stage.submit(&eve, "", RIGHT).problem(429), "quota_exceeded");
}

fn a_merger_is_answered_once_by_the_other_captain(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let (ada, eve, bob) = (&stage.contestant, stage.join(server, "eve"), stage.join(server, "bob"));
    let path = format!("/api/v1/teams/{}/mergers", team_of(&eve));
    for nobody in [team_of(&eve), "00000000-0000-7000-8000-000000000000".to_owned()] {
        assert_eq!(eve.post(&path, &json!({"into": nobody})).problem(422), "invalid_field");
    }
    let merger = propose(&eve, ada);
    let place = format!("/api/v1/mergers/{merger}");
    let answer = |client: &Client, answer: &str| client.post(&format!("{place}/{answer}"), &json!({}));
    assert_eq!(eve.post(&path, &json!({"into": team_of(&bob)})).problem(409), "state_conflict");
    assert_eq!(answer(&eve, "accept").problem(403), "forbidden");
    assert_eq!(answer(&bob, "accept").problem(404), "not_found");
    assert_eq!(ada.send("DELETE", &place, &[], "").problem(403), "forbidden");
    assert_eq!(answer(ada, "decline").status, 204);
    assert_eq!(answer(ada, "accept").problem(409), "state_conflict");
    assert_eq!(eve.send("DELETE", &place, &[], "").problem(409), "state_conflict");
    assert_eq!(mergers(&eve)[0]["answer"], "declined");

    let again = propose(&eve, &bob);
    assert_eq!(eve.send("DELETE", &format!("/api/v1/mergers/{again}"), &[], "").status, 204);

    // Whoever waits for a team that goes into another waits for nobody.
    let waiting = propose(&bob, &eve);
    let last = propose(&eve, ada);
    ada.post(&format!("/api/v1/mergers/{last}/accept"), &json!({})).expect(200);
    assert_eq!(mergers(&bob)[0]["answer"], "withdrawn");
    assert_eq!(
        ada.post(&format!("/api/v1/mergers/{waiting}/accept"), &json!({})).problem(409),
        "state_conflict"
    );

    // Two are as many as a team may have, and then none joins any more.
    stage.organizer.patch("/api/v1/challenges/stage", &json!({"team_max_size": 2})).expect(200);
    let to_ada = json!({"into": team_of(ada)});
    let of_bob = format!("/api/v1/teams/{}/mergers", team_of(&bob));
    assert_eq!(bob.post(&of_bob, &to_ada).problem(409), "team_full");
    let mut entry = stage.organizer.get("/api/v1/challenges/stage/entry").expect(200);
    entry["teams_freeze_at"] = json!("2026-01-01T00:00:00Z");
    stage
        .organizer
        .send(
            "PUT",
            "/api/v1/challenges/stage/entry",
            &[("content-type", "application/json")],
            entry.to_string(),
        )
        .expect(200);
    assert_eq!(bob.post(&of_bob, &to_ada).problem(409), "teams_frozen");
}

fn what_is_over_stays_as_it_was(server: &TestServer) {
    let closes_at = (server.app.now().plus_seconds(HOUR)).to_string();
    let stage = Stage::set(server, json!({"closes_at": closes_at, "quota": {"total": 1}}));
    let (ada, eve) = (&stage.contestant, stage.join(server, "eve"));
    stage.score(ada, "", HALF);
    let sent = stage.score(&eve, "", RIGHT)["id"].as_str().unwrap().to_owned();
    let ended = team_of(&eve);
    server.clock.advance_seconds(2 * HOUR);
    let before = standing(&stage, "");
    assert_eq!(before.len(), 2);
    let merger = propose(&eve, ada);
    ada.post(&format!("/api/v1/mergers/{merger}/accept"), &json!({})).expect(200);
    assert_eq!(standing(&stage, ""), before, "what was decided is decided");
    // It is looked after by those whom its team went to.
    let seen = ada.get(&format!("/api/v1/submissions/{sent}")).expect(200);
    assert_eq!(seen["team"]["id"], ended.as_str());
}

fn a_ladder_is_not_joined_to_another(server: &TestServer) {
    let ranking = json!({"primary": "accuracy", "release": {"policy": "ladder_fixed", "steps": 10}});
    let stage = Stage::set(server, json!({"ranking": ranking}));
    let (ada, eve) = (&stage.contestant, stage.join(server, "eve"));
    stage.score(&eve, "", RIGHT);
    let begun = std::time::Instant::now();
    while standing(&stage, "").is_empty() {
        assert!(begun.elapsed() < std::time::Duration::from_secs(60), "no answer of the ladder");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let path = format!("/api/v1/teams/{}/mergers", team_of(&eve));
    assert_eq!(eve.post(&path, &json!({"into": team_of(ada)})).problem(409), "state_conflict");
    let merger = propose(ada, &eve);
    eve.post(&format!("/api/v1/mergers/{merger}/accept"), &json!({})).expect(200);
    assert_eq!(standing(&stage, "").len(), 1);
}
