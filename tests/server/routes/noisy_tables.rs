//! Counts of people with noise: within a budget, and only where the server allows it.

use heldout_server_tests::{ServerOptions, Stage, TestDatabase, TestServer, on_both_databases};
use serde_json::{Value, json};

on_both_databases!(who_runs_the_server_allows_it_first);

fn snapshot(stage: &Stage) -> String {
    let made = stage.organizer.post("/api/v1/challenges/stage/snapshots", &json!({})).expect(201);
    format!("/api/v1/snapshots/{}/noisy-tables", made["id"].as_str().unwrap())
}

fn of(table: &str, epsilon: f64) -> Value {
    json!({"table": table, "epsilon": epsilon})
}

fn who_runs_the_server_allows_it_first(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let path = snapshot(&stage);
    assert_eq!(stage.organizer.post(&path, &of("people_by_sector", 0.1)).problem(409), "state_conflict");
    assert_eq!(stage.contestant.post(&path, &of("people_by_sector", 0.1)).problem(403), "forbidden");
}

fn a_year_has_one_budget(database: TestDatabase) {
    let options = ServerOptions {
        settings: |settings| settings.research.noisy_tables = true,
        ..ServerOptions::default()
    };
    let server = TestServer::start_with(database, options);
    let stage = Stage::set(&server, json!({}));
    let path = snapshot(&stage);
    let publish = |table: &str, epsilon: f64| stage.organizer.post(&path, &of(table, epsilon));
    for (table, epsilon) in [
        ("people_by_country", 0.1),
        ("people_by_sector", 0.0),
        ("people_by_sector", 0.0005),
        ("people_by_sector", 1.5),
    ] {
        assert_eq!(publish(table, epsilon).problem(422), "invalid_field", "{table} {epsilon}");
    }
    let headers = [("Idempotency-Key", "once"), ("Content-Type", "application/json")];
    let send = || stage.organizer.send("POST", &path, &headers, of("people_by_sector", 0.6).to_string());
    let first = send().expect(201);
    assert_eq!(send().expect(200), first, "what was paid for once is not paid for again");
    let counts = first["contents"]["counts"].as_array().unwrap();
    assert!(counts.iter().any(|one| one["class"] == "academia" && one["count"].is_i64()), "{first}");
    assert!((1.5..3.0).contains(&first["deviation"].as_f64().unwrap()), "{first}");
    let refused = publish("people_by_sector", 0.401).expect(409);
    assert!(refused["detail"].as_str().unwrap().contains("0.4 are left"), "{refused}");
    publish("people_by_sector", 0.4).expect(201);
    assert_eq!(publish("people_by_sector", 0.001).problem(409), "state_conflict");
    publish("people_by_career_stage", 1.0).expect(201);
    let listed = server.anonymous().get("/api/v1/challenges/stage/noisy-tables").expect(200);
    let epsilons: Vec<f64> =
        listed["items"].as_array().unwrap().iter().map(|one| one["epsilon"].as_f64().unwrap()).collect();
    assert_eq!(epsilons, [1.0, 0.4, 0.6], "newest first");
    assert_eq!(listed["items"][2], first);
}

#[test]
fn a_year_has_one_budget_on_sqlite() {
    a_year_has_one_budget(TestDatabase::sqlite());
}

#[test]
fn a_year_has_one_budget_on_postgres() {
    if let Some(database) = TestDatabase::postgres() {
        a_year_has_one_budget(database);
    }
}
