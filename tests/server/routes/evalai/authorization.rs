//! Who may do what on the EvalAI wire: one row per operation of its document.

use std::collections::{BTreeMap, BTreeSet};

use heldout_server_tests::{Stage, TestServer, on_both_databases};
use serde_json::{Value, json};

use super::{ADA, Numbers, number, score};

on_both_databases!(every_route_lets_in_whom_its_row_says);

/// Operation, path, body, and the statuses for nobody, another team's member, the member, and an organizer; 0 is any answer
/// but a refusal.
type Row = (&'static str, &'static str, &'static str, [u16; 4]);

const ANYONE: [u16; 4] = [0; 4];
const PEOPLE: [u16; 4] = [401, 0, 0, 0];
const TEAM: [u16; 4] = [401, 404, 0, 0];
const MEMBERS: [u16; 4] = [401, 404, 0, 403];
const ORGANIZERS: [u16; 4] = [401, 403, 403, 0];
/// Whoever has such a host team, which is nobody's business else.
const HOSTS: [u16; 4] = [401, 401, 401, 0];
/// Only links are let in.
const NOBODY: [u16; 4] = [404; 4];

const BEGIN: &str = "file_name=a.csv&num_file_chunks=1";
const FINISH: &str = "parts=[]&upload_id=$upload";
const RECEIPT: &str = "receipt_handle=00000000-0000-7000-8000-000000000000";
const RUNNING: &str = "submission=$submission&submission_status=RUNNING";
const FAILED: &str = "submission=$submission&submission_status=FAILED";
const LINK: &str = "user=00000000-0000-7000-8000-000000000000&expires=4000000000&signature=00";

const ROWS: &[Row] = &[
    ("log_in", "/api/auth/login", "username=a@example.org&password=x", ANYONE),
    ("list_all_challenges", "/api/challenges/challenge/all/all/all", "", ANYONE),
    ("list_past_challenges", "/api/challenges/challenge/past/approved/public", "", ANYONE),
    ("list_present_challenges", "/api/challenges/challenge/present/approved/public", "", ANYONE),
    ("list_future_challenges", "/api/challenges/challenge/future/approved/public", "", ANYONE),
    (
        "list_challenges_of_participant_team",
        "/api/participants/participant_team/$team/challenge",
        "",
        [401, 404, 0, 404],
    ),
    (
        "list_challenges_of_host_team",
        "/api/challenges/challenge_host_team/$host/challenge",
        "",
        [401, 404, 404, 0],
    ),
    ("show_challenge", "/api/challenges/challenge/$challenge", "", ANYONE),
    ("list_challenge_phases", "/api/challenges/challenge/$challenge/challenge_phase", "", ANYONE),
    ("show_challenge_phase", "/api/challenges/challenge/$challenge/challenge_phase/$phase", "", ANYONE),
    ("show_phase", "/api/challenges/challenge/phase/$phase", "", ANYONE),
    ("list_phase_splits", "/api/challenges/$challenge/challenge_phase_split", "", ANYONE),
    ("refuse_docker", "/api/challenges/phase/slug", "", [400; 4]),
    ("list_own_participant_teams", "/api/participants/participant_team", "", PEOPLE),
    ("create_participant_team", "/api/participants/participant_team", r#"{"team_name":"New"}"#, PEOPLE),
    ("list_own_host_teams", "/api/hosts/challenge_host_team", "", PEOPLE),
    ("create_host_team", "/api/hosts/create_challenge_host_team", r#"{"team_name":"New"}"#, PEOPLE),
    (
        "join_challenge",
        "/api/challenges/challenge/$challenge/participant_team/$team",
        "",
        [401, 404, 406, 404],
    ),
    (
        "create_submission",
        "/api/jobs/challenge/$challenge/challenge_phase/$phase/submission",
        "",
        [401, 0, 0, 403],
    ),
    ("list_own_submissions", "/api/jobs/challenge/$challenge/challenge_phase/$phase/submission", "", PEOPLE),
    ("show_submission", "/api/jobs/submission/$submission", "", TEAM),
    (
        "begin_submission_upload",
        "/api/jobs/phases/$phase/get_submission_file_presigned_url",
        BEGIN,
        [401, 0, 0, 403],
    ),
    (
        "finish_submission_upload",
        "/api/jobs/phases/$phase/finish_submission_file_upload/$begun",
        FINISH,
        MEMBERS,
    ),
    ("settle_submission_upload", "/api/jobs/phases/$phase/send_submission_message/$begun", "", MEMBERS),
    (
        "begin_annotation_upload",
        "/api/challenges/phases/$phase/get_annotation_file_presigned_url",
        BEGIN,
        ORGANIZERS,
    ),
    (
        "finish_annotation_upload",
        "/api/challenges/phases/$phase/finish_annotation_file_upload",
        FINISH,
        [401, 403, 403, 404],
    ),
    ("send_part", "/api/uploads/$upload/parts/1?expires=4000000000&signature=00", "x", NOBODY),
    ("show_leaderboard", "/api/jobs/challenge_phase_split/$split/leaderboard", "", ANYONE),
    (
        "sign_file",
        "/api/jobs/submission_files?bucket=b&key=submission_files/submission_$submission/input/a.csv",
        "",
        TEAM,
    ),
    ("download_file", "/api/media/submission_files/submission_$submission/input/a.csv?$link", "", NOBODY),
    ("take_from_queue", "/api/jobs/challenge/queues/stage", "", ORGANIZERS),
    ("release_from_queue", "/api/jobs/queues/stage", RECEIPT, ORGANIZERS),
    ("begin_remote_evaluation", "/api/jobs/challenge/$challenge/update_submission", RUNNING, ORGANIZERS),
    ("finish_remote_evaluation", "/api/jobs/challenge/$challenge/update_submission", FAILED, ORGANIZERS),
    (
        "validate_challenge_config",
        "/api/challenges/challenge/challenge_host_team/$host/validate_challenge_config",
        "",
        HOSTS,
    ),
    (
        "create_or_update_github_challenge",
        "/api/challenges/challenge/challenge_host_team/$host/create_or_update_github_challenge",
        "",
        HOSTS,
    ),
    ("upload_challenge_zip", "/api/challenges/challenge/challenge_host_team/$host/zip_upload", "", HOSTS),
];

fn every_route_lets_in_whom_its_row_says(server: &TestServer) {
    let document = server.anonymous().get("/openapi-evalai.json").expect(200);
    let mut methods: BTreeMap<String, String> = BTreeMap::new();
    for item in document["paths"].as_object().unwrap().values() {
        for (method, operation) in item.as_object().unwrap() {
            methods.insert(operation["operationId"].as_str().unwrap().to_owned(), method.to_uppercase());
        }
    }
    // The exchange ends the session that these roles hold: it has a test of its own.
    let listed: BTreeSet<&str> = ROWS.iter().map(|row| row.0).chain(["show_auth_token"]).collect();
    assert_eq!(methods.keys().map(String::as_str).collect::<BTreeSet<_>>(), listed);

    let stage = Stage::set(server, json!({}));
    let outsider = stage.join(server, "eve");
    let numbers = Numbers::found_by(&stage.contestant);
    let scored = score(&stage.contestant, &numbers, ADA);
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let begin = format!("/api/jobs/phases/{}/get_submission_file_presigned_url", numbers.phase);
    let begun = stage.contestant.send("POST", &begin, &form, BEGIN).expect(201);
    let teams = stage.contestant.get("/api/participants/participant_team").expect(200);
    let hosts = stage.organizer.get("/api/hosts/challenge_host_team").expect(200);
    let text = |value: &Value| number(value).to_string();
    // The longest names first where one begins like another.
    let names = [
        ("$challenge", numbers.challenge.to_string()),
        ("$submission", text(&scored["id"])),
        ("$upload", begun["upload_id"].as_str().unwrap().to_owned()),
        ("$begun", text(&begun["submission_pk"])),
        ("$phase", numbers.phase.to_string()),
        ("$split", numbers.split.to_string()),
        ("$team", text(&teams["results"][0]["id"])),
        ("$host", text(&hosts["results"][0]["id"])),
        ("$link", LINK.to_owned()),
    ];
    let fill =
        |text: &str| names.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value));
    let mut wrong = Vec::new();
    for (operation, path, body, statuses) in ROWS {
        let clients = [&server.anonymous(), &outsider, &stage.contestant, &stage.organizer];
        let kind =
            if body.starts_with('{') { "application/json" } else { "application/x-www-form-urlencoded" };
        for (client, expected) in clients.into_iter().zip(statuses) {
            let answer = if *operation == "create_submission" {
                client.post_form(&fill(path), &[], &[("input_file", Some("a.csv"), ADA.as_bytes())])
            } else {
                client.send(&methods[*operation], &fill(path), &[("Content-Type", kind)], fill(body))
            };
            let refused = answer.status >= 500 || [401, 403, 404].contains(&answer.status);
            let fits = if *expected == 0 { !refused } else { *expected == answer.status };
            if !fits {
                wrong.push(format!(
                    "{operation}: expected {expected}, found {} {}",
                    answer.status,
                    answer.text()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
