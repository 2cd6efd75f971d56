//! Machines of the organizers that evaluate: the queue, the lease, the report.

use heldout_server_tests::{Answer, Client, TestServer, on_both_databases};
use serde_json::{Value, json};

use super::{FORM, Numbers, error, number, path, wait};

on_both_databases!(
    a_machine_takes_a_submission_and_reports_its_scores,
    what_a_report_may_not_say_is_refused,
    a_failure_is_told_to_the_organizers,
    what_is_not_reported_on_is_evaluated_again,
    what_no_machine_takes_fails_after_a_week,
    what_waits_goes_with_its_phase,
);

const SPLITS: &str = r#"[
    {"codename": "open", "visibility": "public", "rule": {"by": "attribute", "attribute": "split", "values": ["dev"]}},
    {"codename": "closed", "visibility": "private", "rule": {"by": "attribute", "attribute": "split", "values": ["test"]}}
]"#;

/// The splits as the organizers' program names them, and what it measures on each.
const SHEET: &[u8] = br#"{"metrics": [{"name": "accuracy"}, {"name": "loss", "higher_is_better": false}],
    "splits": ["dev", "test"]}"#;

/// A challenge whose phase is evaluated elsewhere, with a submission that waits.
struct Remote {
    organizer: Client,
    contestant: Client,
    numbers: Numbers,
    submission: i64,
}

impl Remote {
    fn new(server: &TestServer) -> Self {
        let organizer = server.person("organizer");
        organizer.post("/api/v1/challenges", &json!({"slug": "far", "title": "Far"})).expect(201);
        let phase = json!({
            "codename": "test", "title": "Test", "evaluator": "remote", "leaderboard_public": true,
            "opens_at": "2026-01-01T00:00:00Z",
            "framing": serde_json::from_str::<Value>(test_support::FRAMING).unwrap(),
            "splits": serde_json::from_str::<Value>(SPLITS).unwrap(),
        });
        organizer.post("/api/v1/challenges/far/phases", &phase).expect(201);
        let tables: [(&str, Option<&str>, &[u8]); 1] = [("main", Some("sheet.json"), SHEET)];
        organizer.post_form("/api/v1/challenges/far/phases/test/annotations", &[], &tables).expect(201);
        organizer.post("/api/v1/challenges/far/publish", &json!({})).expect(200);
        let contestant = server.person("ada");
        contestant.post("/api/v1/challenges/far/registration", &json!({})).expect(200);
        contestant.post("/api/v1/challenges/far/teams", &json!({"name": "ada"})).expect(201);
        let numbers = Numbers::found_by(&contestant);
        let parts: [(&str, Option<&str>, &[u8]); 1] = [("input_file", Some("a.tsv.gz"), b"predictions")];
        let sent = contestant.post_form(&numbers.submissions(), &[], &parts).expect(201);
        Self { submission: number(&sent["id"]), organizer, contestant, numbers }
    }

    fn take(&self, client: &Client) -> Answer {
        client.get("/api/jobs/challenge/queues/far/")
    }

    fn update(&self, method: &str, client: &Client, form: &str) -> Answer {
        let path = format!("/api/jobs/challenge/{}/update_submission/", self.numbers.challenge);
        let form = format!("submission={}&challenge_phase={}&{form}", self.submission, self.numbers.phase);
        client.send(method, &path, &[FORM], form)
    }

    fn report(&self, result: &Value) -> Answer {
        let form = format!("submission_status=FINISHED&stdout=&stderr=&metadata=&result={result}");
        self.update("PUT", &self.organizer, &form)
    }

    /// Takes what waits again, once the server's own worker has taken it back.
    fn take_again(&self) -> Value {
        let begun = std::time::Instant::now();
        loop {
            let message = self.take(&self.organizer).expect(200);
            if !message["body"].is_null() {
                assert_eq!(message["body"]["submission_pk"], self.submission);
                return message;
            }
            assert!(begun.elapsed() < std::time::Duration::from_secs(60), "nothing waits");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }

    /// The submission's id.
    fn id(&self) -> String {
        let listed = self.organizer.get("/api/v1/challenges/far/phases/test/submissions").expect(200);
        listed["items"][0]["id"].as_str().unwrap().to_owned()
    }

    /// The submission's page, as its team reads it.
    fn page(&self) -> String {
        let accept = [("Accept", "text/html")];
        self.contestant.send("GET", &format!("/submissions/{}", self.id()), &accept, Vec::new()).text()
    }

    fn status(&self) -> String {
        let found = self.organizer.get(&format!("/api/jobs/submission/{}", self.submission)).expect(200);
        found["status"].as_str().unwrap().to_owned()
    }

    fn give_back(&self, receipt: &Value) {
        let form = format!("receipt_handle={}", receipt.as_str().unwrap());
        self.organizer.send("POST", "/api/jobs/queues/far/", &[FORM], form).expect(200);
    }
}

fn result(dev: f64, test: f64) -> Value {
    let split = |name: &str, accuracy: f64| json!({"split": name, "show_to_participant": true, "accuracies": {"accuracy": accuracy, "loss": 1.5}});
    json!([split("dev", dev), split("test", test)])
}

fn a_machine_takes_a_submission_and_reports_its_scores(server: &TestServer) {
    let remote = Remote::new(server);
    error(remote.take(&remote.contestant), 403);
    error(remote.take(&server.anonymous()), 401);
    let message = remote.take(&remote.organizer).expect(200);
    let numbers = &remote.numbers;
    let body = json!({"submission_pk": remote.submission, "challenge_pk": numbers.challenge, "phase_pk": numbers.phase});
    assert_eq!(message["body"], body);
    assert_eq!(remote.take(&remote.organizer).expect(200), json!({"body": null, "receipt_handle": null}));

    let submission = remote.organizer.get(&format!("/api/jobs/submission/{}", remote.submission)).expect(200);
    // Machines pass over what is running already.
    assert_eq!(submission["status"], "submitted");
    let file = path(server, submission["input_file"].as_str().unwrap());
    assert!(file.contains("a.tsv.gz?"), "the end of the name stays: {file}");
    assert_eq!(server.anonymous().get(file).text(), "predictions");
    let phase =
        remote.organizer.get(&format!("/api/challenges/challenge/phase/{}/", numbers.phase)).expect(200);
    assert_eq!(phase["codename"], "test");

    remote.update("PATCH", &remote.organizer, "submission_status=RUNNING").expect(200);
    assert_eq!(remote.status(), "running");
    error(remote.update("PATCH", &remote.contestant, "submission_status=RUNNING"), 403);
    remote.report(&result(0.5, 0.25)).expect(200);
    remote.give_back(&message["receipt_handle"]);
    error(remote.report(&result(1.0, 1.0)), 406);

    let scored = wait(&remote.contestant, remote.submission);
    assert_eq!(scored["status"], "finished");
    let link = path(server, scored["submission_result_file"].as_str().unwrap());
    assert_eq!(server.anonymous().get(link).expect(200), json!([{"open": {"accuracy": 0.5, "loss": 1.5}}]));
    let board = format!("/api/jobs/challenge_phase_split/{}/leaderboard", numbers.split);
    let entry = &remote.contestant.get(&board).expect(200)["results"][0];
    assert_eq!(entry["result"], json!([0.5, 1.5]));
    assert_eq!(entry["leaderboard__schema"]["labels"], json!(["accuracy", "loss"]));
}

fn what_a_report_may_not_say_is_refused(server: &TestServer) {
    let remote = Remote::new(server);
    error(remote.report(&result(0.5, 0.5)), 406);
    remote.take(&remote.organizer).expect(200);
    let split = |name: &str, accuracies: Value| json!({"split": name, "show_to_participant": true, "accuracies": accuracies});
    let fine = split("test", json!({"accuracy": 1}));
    for wrong in [
        json!([split("dev", json!({"accuracy": 1, "beauty": 1})), fine]),
        json!([split("dev", json!({"accuracy": "high"})), fine]),
        json!([split("dev", json!({"accuracy": true})), fine]),
        json!([split("dev", json!({"accuracy": {"nested": 1}})), fine]),
        json!([split("dev", json!({"accuracy": null})), fine]),
        json!([split("elsewhere", json!({"accuracy": 1})), split("dev", json!({"accuracy": 1}))]),
        json!([split("dev", json!({"accuracy": 1})), split("dev", json!({"accuracy": 2}))]),
        json!([split("dev", json!({"loss": 1})), fine]),
        json!([fine]),
        json!([]),
        json!({"dev": 1}),
        json!("nothing"),
    ] {
        assert!(!error(remote.report(&wrong), 400).is_empty(), "{wrong}");
    }
    for text in ["NaN", "Infinity", "-Infinity"] {
        let form = format!(
            r#"submission_status=FINISHED&result=[{{"split": "dev", "accuracies": {{"accuracy": {text}}}}}]"#
        );
        let said = error(remote.update("PUT", &remote.organizer, &form), 400);
        assert!(said.contains("no numbers of JSON"), "{said}");
    }
    for text in ["1e999", "", "[[[[", "%FF"] {
        let form = format!("submission_status=FINISHED&result={text}");
        error(remote.update("PUT", &remote.organizer, &form), 400);
    }
    for (method, status) in [("PUT", "RUNNING"), ("PATCH", "FINISHED"), ("PUT", "")] {
        error(remote.update(method, &remote.organizer, &format!("submission_status={status}")), 400);
    }
    assert_eq!(remote.status(), "running", "a refused report has changed nothing");
    remote.report(&json!([split("dev", json!({"accuracy": 1}))])).expect(200);
    let scored = wait(&remote.contestant, remote.submission);
    let link = path(server, scored["submission_result_file"].as_str().unwrap());
    let shown = server.anonymous().get(link).expect(200);
    assert_eq!(shown, json!([{"open": {"accuracy": 1.0, "loss": null}}]));
    let own = format!("/api/v1/submissions/{}", remote.id());
    let evaluation = &remote.organizer.get(&own).expect(200)["evaluation"];
    let values = |split: usize| -> Vec<&Value> {
        let metrics = evaluation["splits"][split]["metrics"].as_array().unwrap();
        metrics.iter().map(|metric| &metric["value"]).collect()
    };
    assert_eq!(values(0), [&json!(1.0), &json!(null)]);
    assert_eq!(values(1), [&json!(null), &json!(null)]);
}

fn a_failure_is_told_to_the_organizers(server: &TestServer) {
    let remote = Remote::new(server);
    remote.take(&remote.organizer).expect(200);
    let form = "submission_status=FAILED&stdout=&stderr=KeyError%3A%20label&result=&metadata=";
    remote.update("PUT", &remote.organizer, form).expect(200);
    let failed = wait(&remote.contestant, remote.submission);
    assert_eq!(failed["status"], "failed");
    let link = path(server, failed["submission_result_file"].as_str().unwrap());
    assert_eq!(server.anonymous().get(link).expect(200), json!({"error": "remote_failed"}));
    let attempts = remote.organizer.get(&format!("/api/v1/submissions/{}/attempts", remote.id())).expect(200);
    assert_eq!(attempts["items"][0]["detail"], "KeyError: label");
}

fn what_is_not_reported_on_is_evaluated_again(server: &TestServer) {
    let remote = Remote::new(server);
    let first = remote.take(&remote.organizer).expect(200);
    remote.update("PATCH", &remote.organizer, "submission_status=RUNNING").expect(200);
    // To delete the message at the start does not end the evaluation.
    remote.give_back(&first["receipt_handle"]);
    assert_eq!(remote.take(&remote.organizer).expect(200)["body"], json!(null));
    assert_eq!(remote.status(), "running");
    // A machine that is not heard of again loses its lease, and the next one reads that it may begin.
    server.clock.advance_seconds(10_000);
    let second = remote.take_again();
    assert_ne!(second["receipt_handle"], first["receipt_handle"]);
    assert_eq!(remote.status(), "submitted");
    server.clock.advance_seconds(10_000);
    remote.take_again();
    remote.report(&result(1.0, 1.0)).expect(200);
    assert_eq!(wait(&remote.contestant, remote.submission)["status"], "finished");
    error(remote.report(&result(0.0, 0.0)), 406);
    let attempts = remote.organizer.get(&format!("/api/v1/submissions/{}/attempts", remote.id())).expect(200);
    let outcomes: Vec<&str> =
        attempts["items"].as_array().unwrap().iter().map(|one| one["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["lost", "lost", "scored"]);
}

fn what_no_machine_takes_fails_after_a_week(server: &TestServer) {
    let remote = Remote::new(server);
    let page = remote.page();
    assert!(page.contains("waits for a machine of the organizers"), "{page}");
    server.clock.advance_seconds(6 * 86_400);
    assert_eq!(remote.status(), "submitted");
    server.clock.advance_seconds(86_401);
    let failed = wait(&remote.contestant, remote.submission);
    assert_eq!(failed["status"], "failed");
    let link = path(server, failed["submission_result_file"].as_str().unwrap());
    assert_eq!(server.anonymous().get(link).expect(200), json!({"error": "remote_unclaimed"}));
    assert_eq!(remote.take(&remote.organizer).expect(200)["body"], json!(null));
    // Organizers whose machine is back have it evaluated.
    let rerun = format!("/api/v1/submissions/{}/rerun", remote.id());
    remote.organizer.post(&rerun, &json!({})).expect(200);
    remote.take_again();
    remote.report(&result(1.0, 1.0)).expect(200);
    assert_eq!(wait(&remote.contestant, remote.submission)["status"], "finished");
}

fn what_waits_goes_with_its_phase(server: &TestServer) {
    let remote = Remote::new(server);
    remote.take(&remote.organizer).expect(200);
    let phase = "/api/v1/challenges/far/phases/test";
    remote.organizer.patch(phase, &json!({"evaluator": "program"})).expect(200);
    error(remote.report(&result(1.0, 1.0)), 406);
    assert_eq!(remote.take(&remote.organizer).expect(200)["body"], json!(null));
    // The server's own workers have it from here on; there is no program, which is the organizers' to repair.
    server.clock.advance_seconds(10_000);
    let begun = std::time::Instant::now();
    while remote.status() != "failed" {
        server.clock.advance_seconds(1_000);
        assert!(begun.elapsed() < std::time::Duration::from_secs(60), "still {}", remote.status());
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}
