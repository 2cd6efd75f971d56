//! The EvalAI wire, request by request, as the client sends them.

mod authorization;
mod remote;
mod uploads;

use heldout_server_tests::{Answer, Client, Stage, TestServer, on_both_databases};
use serde_json::{Value, json};

on_both_databases!(
    a_sign_in_is_exchanged_for_a_token,
    numbers_stay_and_lead_back,
    what_is_not_to_be_seen_does_not_exist,
    failures_are_json_with_an_error,
    a_team_takes_part_once,
    a_submission_is_followed_to_its_result,
    a_link_is_for_one_person_and_one_file,
    what_is_withheld_stays_withheld,
    a_leaderboard_that_is_not_public_says_so,
    answers_to_the_organizers_questions_are_typed,
    docker_is_refused_in_a_sentence,
);

const ADA: &str = "id,label\na,cook\nb,cook\nc,cook\nd,walk\n";
const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

/// The numbers of a stage, as a reader finds them.
struct Numbers {
    challenge: i64,
    phase: i64,
    /// Of the public split.
    split: i64,
}

impl Numbers {
    fn found_by(client: &Client) -> Self {
        let challenges = client.get("/api/challenges/challenge/all/all/all").expect(200);
        let challenge = number(&challenges["results"][0]["id"]);
        let phases =
            client.get(&format!("/api/challenges/challenge/{challenge}/challenge_phase")).expect(200);
        let splits = client.get(&format!("/api/challenges/{challenge}/challenge_phase_split")).expect(200);
        let open = splits.as_array().unwrap().iter().find(|split| split["dataset_split_name"] == "open");
        Self { challenge, phase: number(&phases["results"][0]["id"]), split: number(&open.unwrap()["id"]) }
    }

    fn submissions(&self) -> String {
        format!("/api/jobs/challenge/{}/challenge_phase/{}/submission/", self.challenge, self.phase)
    }
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// The sentence of a refusal, if the status is that.
#[track_caller]
fn error(answer: Answer, status: u16) -> String {
    answer.expect(status)["error"].as_str().unwrap().to_owned()
}

/// A path of the server, out of an address that it gave.
fn path<'a>(server: &TestServer, url: &'a str) -> &'a str {
    url.strip_prefix(&server.anonymous().base).unwrap()
}

fn send(contestant: &Client, numbers: &Numbers, parts: &[(&str, Option<&str>, &[u8])]) -> Answer {
    contestant.post_form(&numbers.submissions(), &[], parts)
}

/// Sends a file and waits until it is scored; as the client sees it then.
fn score(contestant: &Client, numbers: &Numbers, file: &str) -> Value {
    let parts: [(&str, Option<&str>, &[u8]); 3] = [
        ("input_file", Some("a.csv"), file.as_bytes()),
        ("status", None, b"submitting"),
        ("submission_metadata", None, b"[]"),
    ];
    let id = number(&send(contestant, numbers, &parts).expect(201)["id"]);
    wait(contestant, id)
}

fn wait(contestant: &Client, id: i64) -> Value {
    let begun = std::time::Instant::now();
    loop {
        let found = contestant.get(&format!("/api/jobs/submission/{id}")).expect(200);
        if ["finished", "failed", "cancelled"].contains(&found["status"].as_str().unwrap()) {
            return found;
        }
        assert!(begun.elapsed() < std::time::Duration::from_secs(60), "still {}", found["status"]);
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

fn a_sign_in_is_exchanged_for_a_token(server: &TestServer) {
    let ada = server.person("ada");
    let path = "/api/accounts/user/get_auth_token";
    let short = format!("Token {}", ada.token.as_deref().unwrap());
    let long = server.anonymous().send("GET", path, &[("Authorization", &short)], Vec::new()).expect(200);
    let end = long["expires_at"].as_str().unwrap();
    assert!(end.ends_with('Z') && end.len() == "2026-03-01T00:00:00.000000Z".len(), "{end}");
    let mut program = server.anonymous();
    program.token = Some(long["token"].as_str().unwrap().to_owned());
    let listed = program.get("/api/v1/me/tokens").expect(200);
    assert_eq!(listed["items"][0]["name"], "evalai client");
    assert_eq!(listed["items"][0]["expires_at"], end);
    program.get("/api/participants/participant_team").expect(200);
    // A token makes no other, and the sign-in has ended.
    error(program.get(path), 403);
    error(ada.get("/api/participants/participant_team"), 401);
}

fn numbers_stay_and_lead_back(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let first = Numbers::found_by(&server.anonymous());
    let again = Numbers::found_by(&stage.contestant);
    assert_eq!((first.challenge, first.phase, first.split), (again.challenge, again.phase, again.split));

    let challenge = format!("/api/challenges/challenge/{}", first.challenge);
    let with_slash = stage.contestant.get(&format!("/{challenge}/")).expect(200);
    assert_eq!(with_slash, stage.contestant.get(&challenge).expect(200));
    assert_eq!(with_slash["start_date"], "2026-01-01T00:00:00.000000Z");
    assert_eq!(with_slash["end_date"], "2099-12-31T23:59:59.000000Z");
    for text in ["description", "submission_guidelines", "evaluation_details", "terms_and_conditions"] {
        assert!(with_slash[text].is_string(), "{text}");
    }

    let phase = stage.contestant.get(&format!("{challenge}/challenge_phase/{}", first.phase)).expect(200);
    assert_eq!((&phase["codename"], &phase["is_active"]), (&json!("test"), &json!(true)));
    assert_eq!(phase["submission_meta_attributes"], Value::Null);
    let alone = stage.contestant.get(&format!("/api/challenges/challenge/phase/{}", first.phase)).expect(200);
    assert_eq!(alone, phase);

    let splits =
        server.anonymous().get(&format!("/api/challenges/{}/challenge_phase_split", first.challenge));
    let seen: Vec<i64> =
        splits.expect(200).as_array().unwrap().iter().map(|split| number(&split["visibility"])).collect();
    assert_eq!(seen, [3, 1], "the public split first, the private one for organizers");
}

fn what_is_not_to_be_seen_does_not_exist(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    stage.organizer.post("/api/v1/challenges", &json!({"slug": "draft", "title": "Draft"})).expect(201);
    let hosts = stage.organizer.get("/api/hosts/challenge_host_team/").expect(200);
    let host = number(&hosts["results"][0]["id"]);
    let hosted = stage.organizer.get(&format!("/api/challenges/challenge_host_team/{host}/challenge"));
    let hosted = hosted.expect(200);
    let draft = hosted["results"].as_array().unwrap().iter().find(|one| one["title"] == "Draft").unwrap();
    assert_eq!(draft["published"], false);
    let draft = number(&draft["id"]);

    let listed = stage.contestant.get("/api/challenges/challenge/all/all/all").expect(200);
    assert_eq!(listed["count"], 1);
    for below in ["", "/challenge_phase"] {
        let of = |id: i64| stage.contestant.get(&format!("/api/challenges/challenge/{id}{below}"));
        let (hidden, missing) = (of(draft), of(999_999));
        assert_eq!((hidden.status, &hidden.body), (406, &missing.body));
        assert_eq!(error(missing, 406), "Challenge does not exist!");
    }
    error(stage.contestant.get(&format!("/api/challenges/challenge_host_team/{host}/challenge")), 404);
    let phase = stage.contestant.get(&format!("/api/challenges/challenge/{}/challenge_phase/9", draft - 1));
    assert_eq!(error(phase, 406), format!("Challenge phase 9 does not exist for challenge {}", draft - 1));
}

fn failures_are_json_with_an_error(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let numbers = Numbers::found_by(&stage.contestant);
    let mut stranger = server.anonymous();
    stranger.token = Some("not-a-token".into());
    let words = json!({"detail": "Invalid token", "error": "Invalid token"});
    assert_eq!(stranger.get("/api/challenges/challenge/all/all/all").expect(401), words);
    assert_eq!(server.anonymous().get("/api/participants/participant_team").expect(401), words);
    for (method, path, status) in [
        ("GET", "/api/nothing/here/".to_owned(), 404),
        ("GET", "/api/jobs/submission/999999".to_owned(), 404),
        ("GET", "/api/jobs/submission/no-number".to_owned(), 404),
        ("GET", "/api/jobs/challenge_phase_split/999999/leaderboard/".to_owned(), 404),
        ("DELETE", "/api/jobs/submission/1".to_owned(), 405),
        ("POST", numbers.submissions(), 400),
        ("POST", "/api/participants/participant_team/".to_owned(), 400),
        ("POST", "/api/auth/login".to_owned(), 400),
    ] {
        let answer = stage.contestant.send(method, &path, &[], Vec::new());
        assert!(answer.header("content-type").starts_with("application/json"), "{path}");
        assert!(!error(answer, status).is_empty());
    }
    let wrong =
        stage.contestant.send("POST", "/api/auth/login", &[FORM], "username=ada@example.org&password=x");
    assert_eq!(error(wrong, 400), "Unable to log in with provided credentials.");
    // Our own API says it in its own words.
    assert_eq!(stage.contestant.get("/api/v1/nothing").problem(404), "not_found");
}

fn a_team_takes_part_once(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    stage.organizer.patch("/api/v1/challenges/stage", &json!({"terms": "Be fair."})).expect(200);
    let numbers = Numbers::found_by(&stage.contestant);
    let eve = server.person("eve");
    let teams = "/api/participants/participant_team";
    let made = eve.post(teams, &json!({"team_name": "Eve and Co", "team_url": "https://example.org"}));
    let team = number(&made.expect(201)["id"]);
    let again = eve.post(teams, &json!({"team_name": "eve  and co"})).expect(400);
    assert_eq!(again["team_name"], json!(["participant team with this team name already exists."]));
    let odd = eve.post(teams, &json!({"team_name": "Odd", "team_url": "javascript:alert(1)"}));
    error(odd, 400);
    let listed = eve.get(teams).expect(200);
    assert_eq!(listed["results"][0]["members"], json!([{"member_name": "eve", "user": "eve"}]));

    let submit = || send(&eve, &numbers, &[("input_file", Some("a.csv"), ADA.as_bytes())]);
    assert_eq!(error(submit(), 403), "You haven't participated in the challenge");
    let join = |client: &Client, team: i64| {
        let path = format!("/api/challenges/challenge/{}/participant_team/{team}", numbers.challenge);
        client.send("POST", &path, &[("Content-Type", "application/json")], Vec::new())
    };
    // A team of somebody else is none.
    error(join(&stage.contestant, team), 404);
    join(&eve, team).expect(201);
    assert_eq!(error(join(&eve, team), 406), "Team already exists");
    submit().expect(201);
    let other = number(&eve.post(teams, &json!({"team_name": "Other"})).expect(201)["id"]);
    assert!(error(join(&eve, other), 406).contains("another team"));

    // What came of it is the same to our own API, and is not listed twice.
    let own = eve.get("/api/v1/challenges/stage").expect(200);
    assert_eq!((&own["team"]["name"], &own["registered"]), (&json!("Eve and Co"), &json!(true)));
    assert_eq!(eve.get(teams).expect(200)["count"], 2);
    let entered = eve.get(&format!("{teams}/{team}/challenge")).expect(200);
    assert_eq!(entered["results"][0]["id"], numbers.challenge);
    assert_eq!(eve.get(&format!("{teams}/{other}/challenge")).expect(200)["count"], 0);
    error(stage.contestant.get(&format!("{teams}/{team}/challenge")), 404);

    // A team that was formed on the pages is there as well, and takes changed terms.
    let ada = number(&stage.contestant.get(teams).expect(200)["results"][0]["id"]);
    join(&stage.contestant, ada).expect(201);
    error(join(&stage.contestant, ada), 406);
}

fn a_submission_is_followed_to_its_result(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let numbers = Numbers::found_by(&stage.contestant);
    let scored = score(&stage.contestant, &numbers, ADA);
    assert_eq!((&scored["status"], &scored["participant_team_name"]), (&json!("finished"), &json!("ada")));
    assert!(scored["execution_time"].is_f64(), "{}", scored["execution_time"]);
    let link = path(server, scored["submission_result_file"].as_str().unwrap());
    let result = server.anonymous().get(link);
    assert_eq!(result.header("content-length"), result.body.len().to_string());
    let result = result.expect(200);
    assert_eq!(result.as_array().unwrap().len(), 1, "the private split is not shown");
    assert_eq!(result[0]["open"]["accuracy"], 0.5);
    // Whom the link is made for decides what is in it.
    let organizers = stage.organizer.get(&format!("/api/jobs/submission/{}", scored["id"])).expect(200);
    let link = path(server, organizers["submission_result_file"].as_str().unwrap());
    assert_eq!(server.anonymous().get(link).expect(200)[1]["all"]["accuracy"], 0.75);
    let sent = server.anonymous().get(path(server, scored["input_file"].as_str().unwrap()));
    assert_eq!((sent.status, sent.text().as_str()), (200, ADA));

    let listed = stage.contestant.get(&numbers.submissions()).expect(200);
    assert_eq!((&listed["count"], &listed["results"][0]["id"]), (&json!(1), &scored["id"]));
    let board = format!("/api/jobs/challenge_phase_split/{}/leaderboard/", numbers.split);
    let entry = &server.anonymous().get(&board).expect(200)["results"][0];
    assert_eq!(entry["submission__participant_team__team_name"], "ada");
    assert_eq!(entry["leaderboard__schema"]["labels"][0], "accuracy");
    assert_eq!(entry["result"][0], 0.5);
    let few = entry["result"].as_array().unwrap().len();
    assert_eq!(few, entry["leaderboard__schema"]["labels"].as_array().unwrap().len());
    let all = server.anonymous().get(&format!("{board}?all=true&order_by=accuracy")).expect(200);
    assert!(all["results"][0]["result"].as_array().unwrap().len() > few);
    assert!(error(server.anonymous().get(&format!("{board}?order_by=beauty")), 400).contains("beauty"));

    let wrong = score(&stage.contestant, &numbers, "id,label\nz,cook\n");
    assert_eq!(wrong["status"], "failed");
    let faults = server.anonymous().get(path(server, wrong["submission_result_file"].as_str().unwrap()));
    assert!(!faults.expect(200)["faults"].as_array().unwrap().is_empty());
}

fn a_link_is_for_one_person_and_one_file(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let eve = stage.join(server, "eve");
    let numbers = Numbers::found_by(&stage.contestant);
    let scored = score(&stage.contestant, &numbers, ADA);
    let id = number(&scored["id"]);
    error(eve.get(&format!("/api/jobs/submission/{id}")), 404);
    let key = format!("submission_files/submission_{id}/result/submission_result_file.json");
    let sign =
        |client: &Client, key: &str| client.get(&format!("/api/jobs/submission_files/?bucket=b&key={key}"));
    error(sign(&eve, &key), 404);
    error(sign(&stage.contestant, "etc/passwd"), 400);
    let signed = sign(&stage.contestant, &key).expect(200);
    let link = path(server, signed["signed_url"].as_str().unwrap());
    server.anonymous().get(link).expect(200);
    let of_the_input = link.replace("/result/", "/input/");
    let of_eve = {
        let mine = link.split("user=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        let me = eve.get("/api/v1/me").expect(200)["id"].as_str().unwrap().to_owned();
        link.replace(&mine, &me)
    };
    for forged in [of_the_input, of_eve, link.replace("expires=", "expires=9"), format!("{link}0")] {
        error(server.anonymous().get(&forged), 404);
    }
    server.clock.advance_seconds(3601);
    assert_eq!(error(server.anonymous().get(link), 400), "This link has run out");
}

fn what_is_withheld_stays_withheld(server: &TestServer) {
    let stage = Stage::set(server, json!({"ranking": {"release": {"policy": "hidden"}}}));
    let numbers = Numbers::found_by(&stage.contestant);
    let scored = score(&stage.contestant, &numbers, ADA);
    let link = path(server, scored["submission_result_file"].as_str().unwrap());
    assert_eq!(server.anonymous().get(link).expect(200), json!([{"open": {}}]));
    let board = format!("/api/jobs/challenge_phase_split/{}/leaderboard", numbers.split);
    assert_eq!(stage.contestant.get(&board).expect(200)["count"], 0);
    assert_eq!(stage.organizer.get(&board).expect(200)["count"], 1);
}

fn a_leaderboard_that_is_not_public_says_so(server: &TestServer) {
    let stage = Stage::set(server, json!({"leaderboard_public": false}));
    let numbers = Numbers::found_by(&stage.contestant);
    score(&stage.contestant, &numbers, ADA);
    let board = format!("/api/jobs/challenge_phase_split/{}/leaderboard", numbers.split);
    assert_eq!(error(stage.contestant.get(&board), 400), "Sorry, the leaderboard is not public!");
    assert_eq!(stage.organizer.get(&board).expect(200)["count"], 1);
}

fn answers_to_the_organizers_questions_are_typed(server: &TestServer) {
    let questions = json!([
        {"name": "gpus", "label": "How many GPUs?", "type": "integer", "required": true},
        {"name": "data", "label": "Which data?", "type": "choice", "choices": ["none", "own"], "required": false},
    ]);
    let stage = Stage::set(server, json!({"attributes": questions}));
    let numbers = Numbers::found_by(&stage.contestant);
    let phase = format!("/api/challenges/challenge/{}/challenge_phase/{}", numbers.challenge, numbers.phase);
    assert_eq!(
        stage.contestant.get(&phase).expect(200)["submission_meta_attributes"],
        json!([
            {"name": "gpus", "description": "How many GPUs?", "type": "text", "required": true},
            {"name": "data", "description": "Which data?", "type": "radio", "required": false, "options": ["none", "own"]},
        ])
    );
    let file: (&str, Option<&str>, &[u8]) = ("input_file", Some("a.csv"), ADA.as_bytes());
    let answers: &[u8] =
        br#"[{"name": "gpus", "type": "text", "value": "8"}, {"name": "data", "value": ""}]"#;
    let parts = [
        file,
        ("submission_metadata", None, answers),
        ("is_public", None, b"false"),
        ("method_name", None, b"Ours"),
    ];
    let sent = send(&stage.contestant, &numbers, &parts).expect(201);
    assert_eq!(sent["submission_metadata"], json!({"gpus": 8}));
    assert_eq!((&sent["is_public"], &sent["method_name"]), (&json!(false), &json!("Ours")));
    assert!(error(send(&stage.contestant, &numbers, &[file]), 400).contains("gpus"));
    let no_file = send(&stage.contestant, &numbers, &[("status", None, b"submitting")]).expect(400);
    assert!(no_file["input_file"].is_array(), "{no_file}");
}

fn docker_is_refused_in_a_sentence(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let numbers = Numbers::found_by(&stage.contestant);
    let sentence = "Docker submissions are not supported by this server";
    assert_eq!(error(stage.contestant.get("/api/challenges/phase/stage-test-1/"), 400), sentence);
    let image: [(&str, Option<&str>, &[u8]); 1] = [("submitted_image_uri", None, b"registry/image:1")];
    assert_eq!(error(send(&stage.contestant, &numbers, &image), 400), sentence);
}
