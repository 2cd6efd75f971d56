//! Copies and probing: seen by the worker, shown to organizers, decided by them, told to the teams.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use heldout_server_tests::{Client, Stage, TestServer, on_both_databases};
use serde_json::{Value, json};
use storage::integrity;

on_both_databases!(
    the_same_predictions_are_flagged_to_organizers_alone,
    a_decision_is_told_appealed_and_answered_once,
    what_cannot_be_decided_is_refused,
    the_same_mistakes_are_flagged_and_others_are_not,
    a_climber_is_flagged_once,
    prizes_are_reported_with_all_that_is_known,
);

const ADA: &str = "id,label\na,cook\nb,cook\nc,cook\nd,walk\n";
/// The same in another order, and with blanks.
const COPY: &str = "label,id\r\nwalk,d\r\n cook ,a\r\ncook,c\r\ncook,b\r\n";

/// Waits until everything that was scored was compared.
fn wait_until_examined(server: &TestServer) {
    let begun = Instant::now();
    loop {
        let due = server.block_on(server.app.db.read(|conn| integrity::due(conn, 1))).unwrap();
        if due.is_empty() {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "still {due:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn flags(server: &TestServer, stage: &Stage, query: &str) -> Vec<Value> {
    wait_until_examined(server);
    let page = stage.organizer.get(&format!("{}/flags{query}", stage.phase)).expect(200);
    page["items"].as_array().unwrap().clone()
}

fn team_of(client: &Client) -> String {
    text(&client.get("/api/v1/challenges/stage").expect(200)["team"]["id"])
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn board(stage: &Stage, client: &Client) -> Vec<String> {
    let page = client.get(&format!("{}/leaderboard", stage.phase)).expect(200);
    page["items"].as_array().unwrap().iter().map(|row| text(&row["team"]["name"])).collect()
}

fn kinds_of_events(stage: &Stage) -> Vec<String> {
    let page = stage.organizer.get("/api/v1/challenges/stage/events?limit=200").expect(200);
    page["items"].as_array().unwrap().iter().map(|event| text(&event["kind"])).collect()
}

fn the_same_predictions_are_flagged_to_organizers_alone(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let eve = stage.join(server, "eve");
    let first = stage.score(&stage.contestant, "", ADA);
    assert_eq!(flags(server, &stage, ""), Vec::<Value>::new());
    let second = stage.score(&eve, "", COPY);
    let found = flags(server, &stage, "?waiting=true");
    assert_eq!(found.len(), 1, "{found:?}");
    let flag = &found[0];
    assert_eq!((&flag["kind"], &flag["decision"]), (&json!("exact_duplicate"), &Value::Null));
    assert_eq!(flag["evidence"]["measure"], "same_predictions");
    assert_eq!(flag["evidence"]["same_file"], false);
    let about: Vec<&Value> = flag["submissions"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
    assert_eq!(about, [&first["id"], &second["id"]]);
    assert_eq!(flag["teams"].as_array().unwrap().len(), 2);

    // Nothing follows from it, and nobody else is told.
    assert_eq!(board(&stage, &server.anonymous()), ["ada", "eve"]);
    let path = format!("/api/v1/flags/{}", text(&flag["id"]));
    for outsider in [&stage.contestant, &eve] {
        assert_eq!(outsider.get(&path).problem(404), "not_found");
        assert_eq!(outsider.get(&format!("{}/flags", stage.phase)).problem(403), "forbidden");
        let own = outsider.get(&format!("/api/v1/teams/{}/flags", team_of(outsider))).expect(200);
        assert_eq!(own["items"], json!([]));
    }
    assert_eq!(server.anonymous().get(&path).status, 401);
    assert_eq!(stage.organizer.get(&path).expect(200)["id"], flag["id"]);
    assert!(kinds_of_events(&stage).contains(&"flag.raised".to_owned()));

    // What waits is not raised again by more of the same.
    stage.score(&eve, "", ADA);
    assert_eq!(flags(server, &stage, "").len(), 1);
}

fn a_decision_is_told_appealed_and_answered_once(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let eve = stage.join(server, "eve");
    let bob = stage.join(server, "bob");
    stage.score(&stage.contestant, "", ADA);
    let sent = stage.score(&eve, "", COPY);
    let flag = text(&flags(server, &stage, "")[0]["id"]);
    let (ada_team, eve_team, bob_team) = (team_of(&stage.contestant), team_of(&eve), team_of(&bob));
    let appeal = |client: &Client, team: &str| {
        client.post(&format!("/api/v1/teams/{team}/flags/{flag}/appeal"), &json!({"text": "It is ours."}))
    };
    assert_eq!(appeal(&eve, &eve_team).problem(404), "not_found", "not upheld yet");

    let decision = json!({"decision": "upheld", "reason": "The same file.", "consequences": {eve_team.as_str(): "withdrawn"}});
    let decided = stage.organizer.post(&format!("/api/v1/flags/{flag}/decision"), &decision).expect(200);
    assert_eq!(decided["decision"]["reason"], "The same file.");
    assert_eq!(board(&stage, &server.anonymous()), ["ada"]);
    let submission = format!("/api/v1/submissions/{}", text(&sent["id"]));
    assert_eq!(eve.get(&submission).expect(200)["withdrawn"]["reason"], "The same file.");

    // Each team is told its own part and nothing of the other's.
    for (client, team, other, consequence) in
        [(&eve, &eve_team, &ada_team, "withdrawn"), (&stage.contestant, &ada_team, &eve_team, "none")]
    {
        let told = client.get(&format!("/api/v1/teams/{team}/flags")).expect(200);
        let own = &told["items"][0];
        assert_eq!((&own["consequence"], &own["reason"]), (&json!(consequence), &json!("The same file.")));
        assert_eq!(own["submissions"].as_array().unwrap().len(), 1);
        assert!(!told.to_string().contains(other) && own.get("evidence").is_none());
    }
    assert_eq!(bob.get(&format!("/api/v1/teams/{eve_team}/flags")).problem(404), "not_found");
    assert_eq!(appeal(&bob, &eve_team).problem(404), "not_found");
    assert_eq!(appeal(&bob, &bob_team).problem(404), "not_found");
    assert_eq!(appeal(&stage.organizer, &eve_team).problem(403), "forbidden");

    assert_eq!(appeal(&eve, &eve_team).expect(200)["appeal"]["text"], "It is ours.");
    assert_eq!(appeal(&eve, &eve_team).problem(409), "state_conflict");
    assert_eq!(flags(server, &stage, "?waiting=true").len(), 1, "an appeal waits for its answer");
    let answer = |team: &str, outcome: &str| {
        let body = json!({"team": team, "outcome": outcome, "answer": "We looked again."});
        stage.organizer.post(&format!("/api/v1/flags/{flag}/answer"), &body)
    };
    assert_eq!(
        answer(&ada_team, "reversed").problem(409),
        "state_conflict",
        "who has not appealed is not answered"
    );
    assert_eq!(answer(&bob_team, "reversed").problem(404), "not_found");
    answer(&eve_team, "reversed").expect(200);
    assert_eq!(answer(&eve_team, "confirmed").problem(409), "state_conflict");
    assert_eq!(flags(server, &stage, "?waiting=true"), Vec::<Value>::new());
    assert_eq!(eve.get(&submission).expect(200)["withdrawn"], Value::Null);
    assert_eq!(board(&stage, &server.anonymous()), ["ada", "eve"]);

    let kinds = kinds_of_events(&stage);
    let told: Vec<&str> = kinds
        .iter()
        .map(String::as_str)
        .filter(|kind| {
            kind.starts_with("flag.") || kind.ends_with("withdrawn") || kind.ends_with("reinstated")
        })
        .collect();
    let wanted = [
        "flag.raised",
        "submission.withdrawn",
        "flag.decided",
        "flag.appealed",
        "submission.reinstated",
        "flag.appeal_answered",
    ];
    assert_eq!(told, wanted);
    let verified = server.block_on(app::verify::verify(&server.app, false, &|_, _| {})).unwrap();
    assert_eq!(verified.findings, Vec::<String>::new());
}

fn what_cannot_be_decided_is_refused(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let eve = stage.join(server, "eve");
    let bob = stage.join(server, "bob");
    stage.score(&stage.contestant, "", ADA);
    stage.score(&eve, "", ADA);
    let flag = text(&flags(server, &stage, "")[0]["id"]);
    assert_eq!(flags(server, &stage, "")[0]["evidence"]["same_file"], true);
    let path = format!("/api/v1/flags/{flag}/decision");
    let (eve_team, bob_team) = (team_of(&eve), team_of(&bob));
    for wrong in [
        json!({"decision": "upheld"}),
        json!({"decision": "upheld", "reason": " "}),
        json!({"decision": "perhaps", "reason": "x"}),
        json!({"decision": "upheld", "reason": "x", "consequences": {eve_team.as_str(): "jailed"}}),
        json!({"decision": "upheld", "reason": "x", "consequences": {bob_team.as_str(): "none"}}),
        json!({"decision": "dismissed", "reason": "x", "consequences": {eve_team.as_str(): "none"}}),
        json!({"decision": "upheld", "reason": "x".repeat(4001)}),
        json!({"decision": "upheld", "reason": "x", "colour": "red"}),
    ] {
        assert_eq!(stage.organizer.post(&path, &wrong).status, 422, "{wrong}");
    }
    let dismissal = json!({"decision": "dismissed", "reason": "They share code."});
    assert_eq!(eve.post(&path, &dismissal).problem(404), "not_found");
    stage.organizer.post(&path, &dismissal).expect(200);
    assert_eq!(stage.organizer.post(&path, &dismissal).problem(409), "state_conflict");
    assert_eq!(eve.get(&format!("/api/v1/teams/{eve_team}/flags")).expect(200)["items"], json!([]));
    let nobody = "/api/v1/flags/00000000-0000-7000-8000-000000000000";
    assert_eq!(stage.organizer.get(nobody).problem(404), "not_found");
    // After a decision the same may be seen again, in what is sent later.
    stage.score(&eve, "", COPY);
    assert_eq!(flags(server, &stage, "").len(), 2);
}

/// Two hundred items with ten labels, all in the public split.
fn many_items(stage: &Stage) {
    let (mut truth, mut items) = (String::from("id,label\n"), String::from("item,group,part\n"));
    for item in 0..200 {
        writeln!(truth, "i{item:03},l{}", item % 10).unwrap();
        writeln!(items, "i{item:03},g{item},open").unwrap();
    }
    let tables =
        [("main", Some("truth.csv"), truth.as_bytes()), ("items", Some("items.csv"), items.as_bytes())];
    stage.organizer.post_form(&format!("{}/annotations", stage.phase), &[], &tables).expect(201);
}

/// Answers that are `shift` off in the first 60 items, and wrong in another way in these.
fn answers(shift: usize, but: std::ops::Range<usize>) -> String {
    let mut table = String::from("id,label\n");
    for item in 0..200 {
        let off = if but.contains(&item) {
            7
        } else if item < 60 {
            shift
        } else {
            0
        };
        writeln!(table, "i{item:03},l{}", (item + off) % 10).unwrap();
    }
    table
}

fn the_same_mistakes_are_flagged_and_others_are_not(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    many_items(&stage);
    let (eve, bob) = (stage.join(server, "eve"), stage.join(server, "bob"));
    stage.score(&stage.contestant, "", &answers(1, 0..0));
    stage.score(&bob, "", &answers(3, 0..0));
    assert_eq!(flags(server, &stage, ""), Vec::<Value>::new());
    stage.score(&eve, "", &answers(1, 195..200));
    let found = flags(server, &stage, "");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["kind"], "near_duplicate");
    let teams: Vec<&Value> =
        found[0]["teams"].as_array().unwrap().iter().map(|team| &team["team"]["name"]).collect();
    assert!(teams.contains(&&json!("ada")) && teams.contains(&&json!("eve")), "{teams:?}");
    let evidence = &found[0]["evidence"];
    assert_eq!(evidence["measure"], "wrong_answers");
    for (name, wanted) in [
        ("items", 200),
        ("both_wrong", 60),
        ("same_wrong_answer", 60),
        ("same_answer", 195),
        ("possible_answers", 10),
    ] {
        assert_eq!(evidence[name], wanted, "{name}");
    }
    // Sixty times one of nine wrong answers.
    let log10_p = evidence["log10_p"].as_f64().unwrap();
    assert!((log10_p + 60.0 * 9_f64.log10()).abs() < 1e-6, "{log10_p}");
    assert!(evidence["error_consistency"].as_f64().unwrap() > 0.9);
}

fn a_climber_is_flagged_once(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    many_items(&stage);
    for flipped in 60..64 {
        stage.score(&stage.contestant, "", &answers(1, flipped..flipped + 1));
    }
    assert_eq!(flags(server, &stage, ""), Vec::<Value>::new(), "four are not a pattern");
    for flipped in 64..68 {
        stage.score(&stage.contestant, "", &answers(1, flipped..flipped + 1));
    }
    // Each differs from the others in two of two hundred items, which is one per cent and no small change.
    assert_eq!(flags(server, &stage, ""), Vec::<Value>::new());
    stage.score(&stage.contestant, "", &answers(1, 0..0));
    let found = flags(server, &stage, "");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["kind"], "small_changes");
    assert_eq!(found[0]["evidence"], json!({"measure": "small_changes", "items": 200, "most_changed": 1}));
    assert_eq!(found[0]["submissions"].as_array().unwrap().len(), 9);
    stage.score(&stage.contestant, "", &answers(1, 70..71));
    assert_eq!(flags(server, &stage, "").len(), 1, "what waits is not raised again");
}

fn prizes_are_reported_with_all_that_is_known(server: &TestServer) {
    let attributes = json!([{"name": "data", "type": "text", "required": true}]);
    let ranking = json!({"prizes": {"places": 2, "rule": "split"}, "baseline": "better"});
    let stage = Stage::set(server, json!({"attributes": attributes, "ranking": ranking}));
    let report = |client: &Client, query: &str| client.get(&format!("{}/prize-report{query}", stage.phase));
    let empty = report(&stage.organizer, "").expect(200);
    assert_eq!(
        empty["places"],
        json!([{"place": 1, "submissions": [], "needs_jury": false}, {"place": 2, "submissions": [], "needs_jury": false}])
    );
    assert_eq!((&empty["split"], &empty["hindrance"]), (&json!("all"), &Value::Null));

    let people: Vec<Client> = ["eve", "bob", "dan", "organizers"].map(|name| stage.join(server, name)).into();
    let said = |data: &str| format!("&attributes=%7B%22data%22%3A%22{data}%22%7D");
    // Right in 4, 3, 3, 2 and 1 of 4 items; the one with 2 is the baseline. Of the public items Bob has one right, so that what
    // he sends later stands in its place.
    let right = "id,label\na,cook\nb,walk\nc,cook\nd,walk\n";
    let cook = stage.score(&people[3], &said("organizers"), "id,label\na,cook\nb,cook\nc,cook\nd,cook\n");
    let ada = stage.score(&stage.contestant, &said("ada"), ADA);
    let eve = stage.score(&people[0], &said("eve"), right);
    let code = json!({"method": {"name": "ours", "code_url": "https://example.org/eve"}});
    people[0].patch(&format!("/api/v1/submissions/{}", text(&eve["id"])), &code).expect(200);
    let bob = stage.score(&people[1], &said("bob"), "id,label\na,walk\nb,walk\nc,cook\nd,walk\n");
    stage.score(&people[2], &said("dan"), "id,label\na,walk\nb,cook\nc,walk\nd,walk\n");
    let baseline = format!("/api/v1/submissions/{}/baseline", text(&cook["id"]));
    stage.organizer.post(&baseline, &json!({"is_baseline": true})).expect(200);

    let found = report(&stage.organizer, "").expect(200);
    let both = json!([ada["id"], bob["id"]]);
    assert_eq!(found["places"][0], json!({"place": 1, "submissions": [eve["id"]], "needs_jury": false}));
    assert_eq!(
        found["places"][1],
        json!({"place": 2, "submissions": both, "needs_jury": false}),
        "equals share"
    );
    let entries = found["entries"].as_array().unwrap();
    let names: Vec<&Value> = entries.iter().map(|entry| &entry["team"]["name"]).collect();
    assert_eq!(names, ["eve", "ada", "bob"]);
    assert_eq!(entries[0]["attributes"], json!({"data": "eve"}));
    assert_eq!(entries[0]["code_url"], "https://example.org/eve");
    assert_eq!(entries[1]["tied_with"], json!([bob["id"]]));
    let against = &entries[0]["baselines"][0];
    assert_eq!(
        (&against["submission_id"], &against["better_by"], &against["is_beaten"]),
        (&cook["id"], &json!(0.5), &json!(true))
    );

    // Whoever is disqualified makes room; whoever does not beat the baseline takes none.
    let copy = stage.score(&people[1], &said("bob"), right);
    let flag = text(&flags(server, &stage, "")[0]["id"]);
    let teams = (team_of(&people[0]), team_of(&people[1]));
    let consequences = json!({teams.0.as_str(): "disqualified"});
    let decision = json!({"decision": "upheld", "reason": "Copied.", "consequences": consequences});
    stage.organizer.post(&format!("/api/v1/flags/{flag}/decision"), &decision).expect(200);
    let found = report(&stage.organizer, "?places=3").expect(200);
    assert_eq!(found["places"][0]["submissions"], json!([copy["id"]]));
    assert_eq!(found["places"][1]["submissions"], json!([ada["id"]]));
    assert_eq!(found["places"][2]["submissions"], json!([]), "dan does not beat the baseline");
    let excluded = |entry: &Value| json!([entry["team"]["name"], entry["exclusion"]]);
    let exclusions: Vec<Value> = found["entries"].as_array().unwrap().iter().map(excluded).collect();
    let wanted = json!([["eve", "disqualified"], ["bob", null], ["ada", null], ["dan", "baseline"]]);
    assert_eq!(json!(exclusions), wanted);
    let about = &found["entries"][0]["flags"][0];
    assert_eq!((&about["id"], &about["consequence"]), (&json!(flag), &json!("disqualified")));

    assert_eq!(report(&stage.contestant, "").problem(403), "forbidden");
    for wrong in ["?places=0", "?places=51", "?surprise=1"] {
        assert_eq!(report(&stage.organizer, wrong).status, 422, "{wrong}");
    }
    assert_eq!(report(&stage.organizer, "?split=none").problem(404), "not_found");
}
