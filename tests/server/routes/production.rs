//! How datasets were made, what was left out, who objects and who cites.

use heldout_server_tests::{Client, Stage, TestServer, on_both_databases};
use serde_json::{Value, json};

on_both_databases!(
    how_a_dataset_was_made_is_told_with_what_nobody_says,
    guidelines_are_told_apart_clause_by_clause,
    what_was_left_out_has_a_reason_and_maybe_nobody_who_decided,
    a_framing_is_bound_once_to_what_is_on_record,
    what_is_on_record_of_the_making_is_measured_on_a_snapshot,
    whoever_has_a_link_objects_without_an_account,
);

fn fields(refused: &Value) -> Vec<String> {
    let errors = refused["errors"].as_array().unwrap();
    errors.iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect()
}

fn id(made: &Value) -> String {
    made["id"].as_str().unwrap().to_owned()
}

/// A dataset with one version, recorded by somebody.
fn dataset(who: &Client) {
    let body = json!({"name": "days", "title": "Days", "source": "A paper"});
    who.post("/api/v1/datasets", &body).expect(201);
    who.post("/api/v1/datasets/days/versions", &json!({"version": "1.0", "source": "A paper"})).expect(201);
}

fn how_a_dataset_was_made_is_told_with_what_nobody_says(server: &TestServer) {
    let (ada, ben, anyone) = (server.person("ada"), server.person("ben"), server.anonymous());
    dataset(&ada);
    let announcement =
        json!({"announced_on": "2021-10-01", "source": "arXiv:2110.07058", "claims": ["Diverse."]});
    assert_eq!(ben.post("/api/v1/datasets/days/announcements", &announcement).problem(403), "forbidden");
    ada.post("/api/v1/datasets/days/announcements", &announcement).expect(201);
    let to_come = json!({"announced_on": "2999-01-01", "source": "s"});
    let refused = ada.post("/api/v1/datasets/days/announcements", &to_come).expect(422);
    assert_eq!(fields(&refused), ["announced_on"]);

    let review = json!({"board": "The board", "independence": "institutional", "source": "A paper"});
    let review = id(&ada.post("/api/v1/datasets/days/ethics-reviews", &review).expect(201));
    let site = |site: Value| json!({"site": site, "ethics_review": review});
    let wrong = site(
        json!({"name": "Lisbon", "country": "Portugal", "started_on": "2020-02-01", "ended_on": "2020-01-01",
        "participants": -1, "compensation": "gifts", "bystander_regime": "not_disclosed", "source": "A paper"}),
    );
    let refused = ada.post("/api/v1/datasets/days/versions/1.0/sites", &wrong).expect(422);
    assert_eq!(fields(&refused), ["ended_on", "country", "participants", "compensation", "bystander_regime"]);
    assert!(refused.to_string().contains("did you mean \\\"gift\\\"?"), "{refused}");
    let right = site(json!({"name": "Lisbon", "country": "PT", "participants": 12, "source": "A paper"}));
    ada.post("/api/v1/datasets/days/versions/1.0/sites", &right).expect(201);
    assert_eq!(fields(&ada.post("/api/v1/datasets/days/versions/1.0/sites", &right).expect(422)), ["name"]);
    assert_eq!(ada.post("/api/v1/datasets/days/versions/1.1/sites", &right).problem(404), "not_found");

    let latitude = |informants: u32| {
        json!([{"dimension": "may_skip", "informant_role": "annotator", "value": "none", "informants": informants},
            {"dimension": "may_skip", "informant_role": "annotation_manager", "value": "used", "informants": 5}])
    };
    let programme = |informants: u32| {
        json!({"programme": {"stage": "narration", "passes_per_item": 2.0, "source": "A paper"},
            "latitude": latitude(informants)})
    };
    let path = "/api/v1/datasets/days/versions/1.0/annotation-programmes";
    // Four annotators could be told from what they say.
    assert_eq!(fields(&ada.post(path, &programme(4)).expect(422)), ["latitude.informants"]);
    ada.post(path, &programme(6)).expect(201);

    let citation = json!({"publication": {"arxiv": "2110.07058", "title": "A paper", "published_on": "2021-10-13"},
        "function": "documents_self", "version": "1.0", "seen_in": "the paper"});
    let work = ben.post("/api/v1/datasets/days/citations", &citation).expect(201);
    assert_eq!(ben.post("/api/v1/datasets/days/citations", &citation).problem(409), "state_conflict");
    let mut again = citation.clone();
    again["function"] = json!("uses_for_training");
    assert_eq!(ada.post("/api/v1/datasets/days/citations", &again).expect(201), work);
    again["function"] = json!("uses_for_trainings");
    assert_eq!(fields(&ada.post("/api/v1/datasets/days/citations", &again).expect(422)), ["function"]);

    let made = anyone.get("/api/v1/datasets/days/production").expect(200);
    assert_eq!(made["announcements"], json!([announcement]));
    assert_eq!(made["ethics_reviews"][0]["decision"], "not_disclosed");
    let lisbon = &made["sites"][0];
    assert_eq!((&lisbon["ethics_review"], &lisbon["participants"]), (&json!(review), &json!(12)));
    assert_eq!((&lisbon["compensation"], &lisbon["hours"]), (&json!("undisclosed"), &Value::Null));
    let programme = &made["annotation_programmes"][0];
    assert_eq!(
        (&programme["pay_basis"], &programme["credited"]),
        (&json!("undisclosed"), &json!("not_disclosed"))
    );
    let values: Vec<&Value> =
        programme["latitude"].as_array().unwrap().iter().map(|one| &one["value"]).collect();
    assert_eq!(values, ["used", "none"]);
    assert_eq!(made["citations"].as_array().unwrap().len(), 2);
}

fn guidelines_are_told_apart_clause_by_clause(server: &TestServer) {
    let (ada, anyone) = (server.person("ada"), server.anonymous());
    dataset(&ada);
    let version = |start: &str| {
        json!({"name": "Labels", "source": "A manual", "clauses": [
            {"code": "start", "kind": "definition", "body": start},
            {"code": "tea", "kind": "inclusion", "body": "Making tea is cooking.", "perspective": "organizer"},
        ]})
    };
    let mut wrong = version("At the first touch.");
    wrong["clauses"][1] = json!({"code": "start", "kind": "inclusions", "body": ""});
    let refused = ada.post("/api/v1/datasets/days/guidelines", &wrong).expect(422);
    assert_eq!(fields(&refused), ["clauses[1].body", "clauses[1].kind", "clauses[1].code"]);

    let headers = [("Idempotency-Key", "once"), ("Content-Type", "application/json")];
    let first = version("At the first touch.").to_string();
    let first = ada.send("POST", "/api/v1/datasets/days/guidelines", &headers, first.clone()).expect(201);
    let again = version("At the first touch.").to_string();
    assert_eq!(ada.send("POST", "/api/v1/datasets/days/guidelines", &headers, again).expect(200), first);
    let second =
        ada.post("/api/v1/datasets/days/guidelines", &version("Before the first touch.")).expect(201);
    let shown = anyone.get(&format!("/api/v1/guidelines/{}", id(&second))).expect(200);
    assert_eq!(
        (&shown["version"], &shown["clauses"][0]["perspective"]),
        (&json!(2), &json!("not_disclosed"))
    );
    let difference =
        anyone.get(&format!("/api/v1/guidelines/{}/diff/{}", id(&first), id(&second))).expect(200);
    let clauses = difference["clauses"].as_array().unwrap();
    assert_eq!(clauses.len(), 1);
    assert_eq!(clauses[0]["before"]["body"], "At the first touch.");
    assert_eq!(clauses[0]["after"]["body"], "Before the first touch.");
}

fn what_was_left_out_has_a_reason_and_maybe_nobody_who_decided(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    dataset(&stage.organizer);
    let exclusion = |basis: &str| {
        json!({"stage": "annotation", "reason": "too_private", "basis": basis, "scope": "bathrooms", "hours": 12.5,
            "source": "A paper"})
    };
    let of_dataset = "/api/v1/datasets/days/versions/1.0/exclusions";
    stage.organizer.post(of_dataset, &exclusion("stated_policy")).expect(201);
    assert_eq!(stage.contestant.post(of_dataset, &exclusion("stated_policy")).problem(403), "forbidden");
    let made = server.anonymous().get("/api/v1/datasets/days/production").expect(200);
    assert_eq!(
        (&made["exclusions"][0]["hours"], &made["exclusions"][0]["decision"]),
        (&json!(12.5), &Value::Null)
    );

    let of_phase = format!("{}/exclusions", stage.phase);
    let documented = json!({"exclusion": exclusion("documented_decision")});
    assert_eq!(fields(&stage.organizer.post(&of_phase, &documented).expect(422)), ["decision"]);
    let decided = json!({"exclusion": exclusion("documented_decision"),
        "decision": {"authority_basis": "ethics_mandate", "rationale_code": "privacy"}});
    stage.organizer.post(&of_phase, &decided).expect(201);
    stage.organizer.post(&of_phase, &json!({"exclusion": exclusion("inferred_from_absence")})).expect(201);
    assert_eq!(stage.contestant.post(&of_phase, &decided).problem(403), "forbidden");
    let found = server.anonymous().get(&of_phase).expect(200);
    let decisions: Vec<bool> =
        found["items"].as_array().unwrap().iter().map(|one| one["decision"].is_string()).collect();
    assert_eq!(decisions, [true, false]);
    let events = stage.organizer.get("/api/v1/challenges/stage/events?limit=200").expect(200);
    let kinds: Vec<&str> =
        events["items"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "exclusion.recorded").count(), 2);
    assert!(!events.to_string().contains("bathrooms"), "words are in the log");
}

fn a_framing_is_bound_once_to_what_is_on_record(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    dataset(&stage.organizer);
    let framing = id(&stage.organizer.get(&stage.phase).expect(200)["framing"]);
    let path = format!("/api/v1/framings/{framing}/binding");
    assert_eq!(server.anonymous().get(&path).expect(200)["dataset_version"], Value::Null);
    let refused = stage.organizer.post(&path, &json!({"dataset": "days@1.1"})).expect(422);
    assert!(refused.to_string().contains("days@1.0"), "{refused}");
    assert_eq!(fields(&stage.organizer.post(&path, &json!({})).expect(422)), ["dataset"]);
    assert_eq!(stage.contestant.post(&path, &json!({"dataset": "days@1.0"})).problem(403), "forbidden");
    let bound = stage.organizer.post(&path, &json!({"dataset": "days@1.0"})).expect(200);
    assert!(bound["dataset_version"].is_string());
    assert_eq!(server.anonymous().get(&path).expect(200), bound);
    assert_eq!(stage.organizer.post(&path, &json!({"dataset": "days@1.0"})).problem(409), "state_conflict");
}

fn what_is_on_record_of_the_making_is_measured_on_a_snapshot(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let organizer = &stage.organizer;
    let body = json!({"name": "days", "title": "Days", "source": "A paper"});
    organizer.post("/api/v1/datasets", &body).expect(201);
    let version = json!({"version": "1.0", "released_on": "2021-10-13", "source": "A paper"});
    organizer.post("/api/v1/datasets/days/versions", &version).expect(201);
    let of_version = |what: &str| format!("/api/v1/datasets/days/versions/1.0/{what}");
    let site = json!({"site": {"name": "Lisbon", "country": "PT", "participants": 12, "disclosure": "public_document",
        "source": "A paper"}});
    organizer.post(&of_version("sites"), &site).expect(201);
    let programme = json!({"programme": {"stage": "narration", "footage_hours": 50.0, "workers_min": 12, "workers_max": 20,
        "hours_min": 100.0, "hours_max": 200.0, "disclosure": "public_document", "source": "A paper"}});
    organizer.post(&of_version("annotation-programmes"), &programme).expect(201);
    let exclusion = json!({"stage": "annotation", "reason": "too_private", "basis": "stated_policy",
        "scope": "bathrooms", "hours": 12.5, "source": "A paper"});
    organizer.post(&of_version("exclusions"), &exclusion).expect(201);
    let citation = json!({"publication": {"arxiv": "2110.07058", "title": "A paper", "published_on": "2021-10-13"},
        "function": "documents_self", "version": "1.0", "seen_in": "the paper"});
    organizer.post("/api/v1/datasets/days/citations", &citation).expect(201);

    let measured = || {
        let snapshot = organizer.post("/api/v1/challenges/stage/snapshots", &json!({})).expect(201);
        let path = format!("/api/v1/snapshots/{}/measures?measure=A1,A4,S2", id(&snapshot));
        organizer.get(&path).expect(200)["measures"].as_array().unwrap().clone()
    };
    let reading = |measures: &[Value], id: &str, statistic: &str, of: (&str, &str)| {
        let measure = measures.iter().find(|one| one["id"] == id).unwrap_or_else(|| panic!("{measures:?}"));
        let mut readings = measure["readings"].as_array().unwrap().iter();
        readings
            .find(|one| one["statistic"] == statistic && one["of"][of.0] == of.1)
            .map(|one| one["quantity"].clone())
    };
    // Nothing binds the phase to the dataset yet.
    assert_eq!(reading(&measured(), "A1", "person_hours", ("program", "all")), None);

    let framing = id(&organizer.get(&stage.phase).expect(200)["framing"]);
    let binding = json!({"dataset": "days@1.0"});
    organizer.post(&format!("/api/v1/framings/{framing}/binding"), &binding).expect(200);
    let measures = measured();
    let hours = reading(&measures, "A1", "per_hour_of_footage", ("stage", "narration")).unwrap();
    assert_eq!((&hours["lower"], &hours["upper"]), (&json!(2.0), &json!(4.0)), "{hours}");
    // Two of seven questions about those who wore cameras are answered, and two of those about annotators.
    for role in ["camera_wearer", "annotator"] {
        let share = reading(&measures, "A4", "disclosed_share", ("role", role)).unwrap();
        assert_eq!(share["value"], json!(2.0 / 7.0), "{role}: {share}");
    }
    let measure = measures.iter().find(|one| one["id"] == "A4").unwrap();
    let undecided = measure["readings"].as_array().unwrap().iter();
    let undecided: Vec<&Value> =
        undecided.filter(|one| one["statistic"] == "exclusions_without_decision").collect();
    assert_eq!(undecided[0]["quantity"]["value"], 1.0, "{measure}");

    let snapshot = id(&organizer.post("/api/v1/challenges/stage/snapshots", &json!({})).expect(201));
    let of_snapshot = |what: &str| organizer.get(&format!("/api/v1/snapshots/{snapshot}/{what}"));
    let register = of_snapshot("figures/exclusions?format=csv").text();
    assert!(register.contains("too_private"), "{register}");
    for figure in ["exclusions", "four-labours", "decision-chain", "life-line"] {
        let drawn = of_snapshot(&format!("figures/{figure}"));
        assert_eq!((drawn.status, drawn.header("content-type")), (200, "image/svg+xml"), "{figure}");
        assert!(drawn.text().contains(&snapshot), "{figure} names what it is drawn of");
    }
    let table = of_snapshot("measures?measure=A1&format=parquet");
    assert_eq!(table.header("content-type"), "application/vnd.apache.parquet");
    assert!(table.text().starts_with("PAR1") && table.text().ends_with("PAR1"));
    let protocol = organizer.get("/api/v1/challenges/stage/ethics-protocol");
    assert_eq!(protocol.header("content-type"), "text/markdown; charset=utf-8");
    let protocol = protocol.text();
    for expected in ["# Ethics protocol (draft): Stage", "Lisbon", "not recorded"] {
        assert!(protocol.to_lowercase().contains(&expected.to_lowercase()), "{expected}: {protocol}");
    }
}

fn whoever_has_a_link_objects_without_an_account(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let links = "/api/v1/challenges/stage/contestation-links";
    let label = json!({"label": "those who wore the cameras", "objections": 2});
    assert_eq!(stage.contestant.post(links, &label).problem(403), "forbidden");
    let link = stage.organizer.post(links, &label).expect(201);
    let token = link["token"].as_str().unwrap();
    let anyone = server.anonymous();
    let objection = |ground: &str, text: &str| json!({"token": token, "role": "camera_wearer", "ground": ground, "text": text});
    let send = |body: &Value| anyone.post("/api/v1/contestations", body);
    assert_eq!(fields(&send(&objection("wrong_labl", "That was tea.")).expect(422)), ["ground"]);
    assert_eq!(fields(&send(&objection("wrong_label", &"x".repeat(5_000))).expect(422)), ["text"]);
    let mut stranger = objection("wrong_label", "That was tea.");
    stranger["token"] = json!("hoc_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    assert_eq!(send(&stranger).problem(404), "not_found");
    stranger["token"] = json!("anything");
    assert_eq!(send(&stranger).problem(404), "not_found");

    // What is refused takes nothing away: the link lets two in, and a repetition is the same one.
    let headers = [("Idempotency-Key", "once"), ("Content-Type", "application/json")];
    let first = objection("wrong_label", "That was tea.").to_string();
    let made = anyone.send("POST", "/api/v1/contestations", &headers, first.clone()).expect(201);
    assert_eq!(anyone.send("POST", "/api/v1/contestations", &headers, first).expect(200), made);
    send(&objection("privacy", "My kitchen is recognizable.")).expect(201);
    assert_eq!(send(&objection("other", "And more.")).problem(409), "state_conflict");

    let path = "/api/v1/challenges/stage/contestations";
    assert_eq!(stage.contestant.get(path).problem(403), "forbidden");
    let found = stage.organizer.get(path).expect(200);
    assert_eq!(found["items"].as_array().unwrap().len(), 2);
    let answer = format!("/api/v1/contestations/{}/answer", id(&made));
    let text = json!({"outcome": "upheld", "text": "It was; the label is changed."});
    assert_eq!(stage.contestant.post(&answer, &text).problem(404), "not_found");
    assert_eq!(stage.organizer.post(&answer, &text).expect(200)["outcome"], "upheld");
    assert_eq!(stage.organizer.post(&answer, &text).problem(409), "state_conflict");

    // Who objected comes back with the link, and so they do when it was taken back.
    stage.organizer.post(&format!("/api/v1/contestation-links/{}/revoke", id(&link)), &json!({})).expect(204);
    let told = anyone.post("/api/v1/contestations/answers", &json!({"token": token})).expect(200);
    let outcomes: Vec<&Value> =
        told["contestations"].as_array().unwrap().iter().map(|one| &one["outcome"]).collect();
    assert_eq!(outcomes, [&json!("upheld"), &Value::Null]);
    assert_eq!(send(&objection("other", "And more.")).problem(404), "not_found");
    let listed = stage.organizer.get(links).expect(200).to_string();
    assert!(!listed.contains(token), "the token is told once");
    let events = stage.organizer.get("/api/v1/challenges/stage/events?limit=200").expect(200).to_string();
    assert!(events.contains("contestation.raised") && events.contains("contestation.answered"), "{events}");
    assert!(!events.contains("That was") && !events.contains(token), "words are in the log");
}
