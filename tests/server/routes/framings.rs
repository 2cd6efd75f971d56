//! A phase takes submissions when somebody is on record for how it frames what it counts; scores carry that framing.

use heldout_server_tests::{Client, Stage, TestServer, on_both_databases};
use serde_json::{Value, json};

on_both_databases!(a_framing_is_a_precondition_and_stands_beside_the_score);

const FILE: &str = "id,label\na,cook\nb,walk\nc,cook\nd,walk\n";

fn a_framing_is_a_precondition_and_stands_beside_the_score(server: &TestServer) {
    let stage = Stage::set(server, json!({"framing": null}));
    let Stage { organizer, contestant, phase } = &stage;
    let anyone = server.anonymous();
    assert_eq!(anyone.get(phase).expect(200)["framing"], Value::Null);
    assert_eq!(stage.submit(contestant, "", FILE).problem(409), "phase_not_framed");

    a_file_makes_a_proposal(organizer, phase);

    // What the evaluator says of itself is a framing to begin with; what is wrong is told field by field.
    let mut framing = organizer.get(&format!("{phase}/framing-proposal")).expect(200);
    assert_eq!(framing["decision"]["authority_basis"], "default");
    framing["perspective"] = json!("third_party_anotator");
    framing["decision"]["decided_at"] = json!("2999-01-01T00:00:00Z");
    let refused = organizer.patch(phase, &json!({"framing": framing})).expect(422);
    let told: Vec<&str> =
        refused["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
    assert_eq!(told, ["framing.perspective", "framing.decision.decided_at"], "{refused}");
    assert!(refused.to_string().contains("third_party_annotator"), "{refused}");
    framing["perspective"] = json!("third_party_annotator");
    framing["decision"]["decided_at"] = json!("2026-01-01T00:00:00Z");
    let first = organizer.patch(phase, &json!({"framing": framing})).expect(200)["framing"].clone();
    assert_eq!(first["version"], 1);

    let scored = stage.score(contestant, "", FILE);
    assert_eq!(scored["evaluation"]["framing"], first);

    // Another framing, and another measurement, are further versions; the evaluation keeps its own.
    framing["perspective"] = json!("camera_wearer");
    organizer.patch(phase, &json!({"framing": framing})).expect(200);
    organizer.patch(phase, &json!({"framing": framing})).expect(200);
    organizer.patch(phase, &json!({"ranking": {"primary": "f1_macro"}})).expect(200);
    let again =
        contestant.get(&format!("/api/v1/submissions/{}", scored["id"].as_str().unwrap())).expect(200);
    assert_eq!(again["evaluation"]["framing"], first);
    let listed = anyone.get(&format!("{phase}/framings")).expect(200);
    let versions = listed["items"].as_array().unwrap();
    let kinds: Vec<&Value> = versions.iter().map(|version| &version["decision"]["kind"]).collect();
    assert_eq!(kinds, ["task_create", "guideline_change", "metric_change"]);
    assert_eq!(versions[0]["decision"]["decided_at"], "2026-01-01T00:00:00.000000Z");
    assert_eq!(versions[2]["measured"]["metric"], "f1_macro");
    assert!(versions[2]["measured"]["annotations_digest"].is_string());
    let (from, to) = (id(&versions[0]), id(&versions[1]));
    let difference = anyone.get(&format!("/api/v1/framings/{from}/diff/{to}")).expect(200);
    assert_eq!(
        difference["fields"],
        json!([{"field": "perspective", "from": "third_party_annotator", "to": "camera_wearer"}])
    );
    assert_eq!(anyone.get(&format!("/api/v1/framings/{to}")).expect(200), versions[1]);
    the_log_tells_of_it(organizer);
    what_the_server_did_not_see_is_told_apart(&stage);
    other_decisions_are_on_record_too(&stage);
}

/// Decisions that no change of a phase brings along.
fn other_decisions_are_on_record_too(stage: &Stage) {
    let (organizer, path) = (&stage.organizer, "/api/v1/challenges/stage/decisions");
    let wrong = json!({"kind": "vendor_choise", "decision": {"decider_role": "organiser", "decided_at": "2999-01-01T00:00:00Z"}});
    let refused = organizer.post(path, &wrong).expect(422);
    let told: Vec<&Value> =
        refused["errors"].as_array().unwrap().iter().map(|error| &error["field"]).collect();
    assert_eq!(told, ["kind", "decision.decider_role", "decision.decided_at"], "{refused}");
    assert!(refused.to_string().contains("vendor_choice"), "{refused}");
    let before = organizer.get(path).expect(200)["items"].as_array().unwrap().len();
    let right = json!({
        "kind": "vendor_choice",
        "phase": "test",
        "decision": {"rationale_code": "cost", "parties": [{"role": "annotator", "involvement": "affected_not_informed"}]},
    });
    let key = [("Content-Type", "application/json"), ("Idempotency-Key", "decided-once")];
    let first = organizer.send("POST", path, &key, right.to_string()).expect(201);
    assert_eq!(organizer.send("POST", path, &key, right.to_string()).expect(200), first);
    assert_eq!(stage.contestant.post(path, &right).problem(403), "forbidden");
    let listed = stage.contestant.get(path).expect(200);
    let listed = listed["items"].as_array().unwrap();
    assert_eq!(listed.len(), before + 1);
    let last = listed.last().unwrap();
    assert_eq!((&last["id"], &last["kind"]), (&first["id"], &json!("vendor_choice")));
    assert!(last["subject"].as_str().unwrap().starts_with("phase:"), "{last}");
    assert_eq!(last["parties"], right["decision"]["parties"]);
}

/// What a file says is laid over what the evaluator says of itself; nothing is recorded.
fn a_file_makes_a_proposal(organizer: &Client, phase: &str) {
    let path = format!("{phase}/framing-proposal");
    let send = |kind: &str, file: &str| organizer.send("POST", &path, &[("Content-Type", kind)], file);
    let of_table = send("text/csv", "field,value\nunit,segment\ndecision.rationale,As before.\n").expect(200);
    assert_eq!(of_table["said"], json!(["decision.rationale", "unit"]));
    assert_eq!(
        (&of_table["framing"]["unit"], &of_table["framing"]["decision"]["authority_basis"]),
        (&json!("segment"), &json!("default"))
    );
    let croissant = json!({"fr:taskFraming": {"fr:unitOfActivity": {"@id": "fr:clip"}}, "description": "Say what is done."});
    let of_croissant = send("application/ld+json", &croissant.to_string()).expect(200);
    assert_eq!(of_croissant["framing"]["stated_goal"], "Say what is done.");
    let refused = send("text/csv", "field,value\nunit,segmnt\nunits,clip\n").expect(422);
    let told: Vec<&Value> =
        refused["errors"].as_array().unwrap().iter().map(|error| &error["field"]).collect();
    assert_eq!(told, ["line 2", "line 3"], "{refused}");
    assert_eq!(organizer.get(phase).expect(200)["framing"], Value::Null);
}

fn id(version: &Value) -> &str {
    version["id"].as_str().unwrap()
}

/// Codes and ids are in the log; words, which may name people, are not.
fn the_log_tells_of_it(organizer: &Client) {
    let events = organizer.get("/api/v1/challenges/stage/events?limit=200").expect(200);
    let events = events["items"].as_array().unwrap();
    let of_kind = |kind: &str| events.iter().filter(|event| event["kind"] == kind).count();
    assert_eq!((of_kind("decision.made"), of_kind("framing.changed")), (3, 3));
    let decided = events.iter().find(|event| event["kind"] == "decision.made").unwrap();
    let fields: Vec<&String> = decided["payload"].as_object().unwrap().keys().collect();
    assert_eq!(fields, ["authority_basis", "decider_role", "kind", "rationale", "subject"]);
}

/// What happened before the challenge was here is in the log where it was recorded, and says so.
fn what_the_server_did_not_see_is_told_apart(stage: &Stage) {
    let (organizer, path) = (&stage.organizer, "/api/v1/challenges/stage/history");
    let said = json!({"event_type": "annotation.started", "happened": "2020-05", "words": "In Kigali.", "source": "A paper"});
    organizer.post(path, &said).expect(201);
    for (field, wrong) in [
        ("event_type", json!({"event_type": "annotation.begun", "happened": "2020", "source": "A paper"})),
        ("happened", json!({"event_type": "annotation.ended", "happened": "2999", "source": "A paper"})),
        ("source", json!({"event_type": "annotation.ended", "happened": "2020", "source": ""})),
    ] {
        let refused = organizer.post(path, &wrong).expect(422);
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
    }
    assert_eq!(stage.contestant.post(path, &said).problem(403), "forbidden");
    let listed = stage.contestant.get(path).expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&listed["items"][0]["happened_on"], &listed["items"][0]["exact_to"]),
        (&json!("2020-05-01"), &json!("month"))
    );

    let log = organizer.get("/api/v1/challenges/stage/events?format=ndjson").text();
    let events: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let backfilled: Vec<&Value> = events.iter().filter(|event| event["origin"] == "backfill").collect();
    assert_eq!(backfilled.len(), 1);
    assert_eq!(backfilled[0]["payload"]["happened_on"], "2020-05-01");
    assert!(!backfilled[0].to_string().contains("Kigali"), "words are not in the log");
    assert!(events.windows(2).all(|pair| pair[0]["seq"].as_i64() < pair[1]["seq"].as_i64()));
    let place = &events[events.len() - 2]["seq"];
    let rest = organizer.get(&format!("/api/v1/challenges/stage/events?format=ndjson&after={place}")).text();
    assert_eq!(rest.lines().count(), 1);
}
