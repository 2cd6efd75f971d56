//! Scores by activity and other weights, asked of a running site.

use std::fmt::Write as _;

use serde_json::{Value, json};
use test_support::{TestDatabase, both_databases};

use crate::site::{Answer, Site, open_phase};

both_databases!(what_a_phase_counts_is_measured_from_stored_evidence);

const ITEMS: usize = 60;

/// A table of labels of which those items are wrong that `is_wrong` names.
fn table(is_wrong: impl Fn(usize) -> bool) -> Vec<u8> {
    let mut text = "id,label\n".to_owned();
    for item in 0..ITEMS {
        let labels = if item % 2 == 0 { ["x", "y"] } else { ["y", "x"] };
        writeln!(text, "item{item:02},{}", labels[usize::from(is_wrong(item))]).unwrap();
    }
    text.into_bytes()
}

/// Twenty videos of three items: forty prepare food (31 of ICATUS 2016), seventeen do sports (83), three sleep (91).
fn items() -> Vec<u8> {
    let mut text = "item,group,activity,country\n".to_owned();
    for item in 0..ITEMS {
        let activity = ["31", "83", "91"][usize::from(item >= 40) + usize::from(item >= 57)];
        let country = if item < 3 { "FJ" } else { "IT" };
        writeln!(text, "item{item:02},video{},{activity},{country}", item / 3).unwrap();
    }
    text.into_bytes()
}

async fn what_a_phase_counts_is_measured_from_stored_evidence(database: TestDatabase) {
    let site = Site::start(database);
    let organizer = site.person("organizer@example.org", "admin");
    let mut phase = open_phase("classification_label");
    phase["ranking"] = json!({"open_slices": true});
    let (truth, items) = (table(|_| false), items());
    let tables: [(&str, &str, &[u8]); 2] = [("main", "truth.csv", &truth), ("items", "items.csv", &items)];
    let path = site.challenge(&organizer, "activities", &phase, &tables);
    let mut token = String::new();
    // Ada is wrong on half of what cooks, Bo on all but the cooking: two thirds each.
    for (name, file) in [("ada", table(|item| item < 40 && item % 2 == 0)), ("bo", table(|item| item >= 40))]
    {
        token = site.person(&format!("{name}@example.org"), "member");
        site.enter(&token, "activities", name);
        let answer = site.submit(&token, &path, "s.csv", &file, None).unwrap();
        let done = site.finished(&token, answer.body["id"].as_str().unwrap());
        assert_eq!(done["state"], "scored", "{done}");
    }
    let address = format!("/api/v1/{path}/measures");
    let ask = |token: &str, query: &str| site.get(token, &format!("{address}?{query}"));

    let found = ask(&organizer, "");
    assert_eq!(found.status, 200, "{found:?}\n{}", site.log());
    let found = found.body;
    let team = |name: &str| {
        let entries = found["entries"].as_array().unwrap();
        let entry = entries.iter().find(|entry| entry["team"]["name"] == name).unwrap();
        entry["team"]["id"].as_str().unwrap().to_owned()
    };
    let (ada, bo) = (team("ada"), team("bo"));
    // Three items sleep: they are merged, with as many others as it takes.
    let score = |measures: &Value, team: &str, activity: &str| {
        reading(measures, "F6", "score", &[("entry", team), ("activity", activity)])
    };
    assert_eq!(score(&found, &bo, "31")["quantity"]["value"], 1.0);
    assert_eq!(score(&found, &ada, "31")["quantity"]["value"], 0.5);
    assert_eq!(score(&found, &ada, "other (merged)")["n"], 20);
    assert_eq!(score(&found, &ada, "91"), Value::Null, "three items are told nothing of");
    // Accuracy of labels is read from a table of truth by prediction, no sum of items: a part weighs what the first loses without it.
    let first = found["entries"][0]["team"]["id"].as_str().unwrap();
    let lost = reading(&found, "F6b", "loss_without", &[("activity", "31"), ("entry", first)]);
    let wanted = 40.0 / 60.0 - if first == ada { 1.0 } else { 0.0 };
    assert!((lost["quantity"]["value"].as_f64().unwrap() - wanted).abs() < 1e-12, "{lost}");
    let changed = reading(&found, "F7", "rank", &[("weights", "uniform"), ("entry", &ada)]);
    assert_eq!(changed["quantity"]["value"], 1.0, "{found:#}");
    assert_eq!(reading(&found, "F4", "divergence_bits", &[]), Value::Null, "activities are of no list");

    // The same standing is the same answer, and is kept.
    let again = ask(&organizer, "").body;
    assert_eq!(again, found);

    let held = ask(&organizer, "terms=icatus_2016&country=IT").body;
    assert_eq!(held["standing"], found["standing"]);
    let divergence = reading(&held, "F4", "divergence_bits", &[("country", "IT"), ("day", "waking")]);
    assert_eq!(divergence["quantity"]["state"], "bounded", "{held:#}");
    assert_eq!(reading(&held, "F2", "intent_gap", &[])["quantity"]["value"], 0.0);
    assert_eq!(score(&held, &bo, "2-3")["quantity"]["value"], 1.0, "food is unpaid work at home");
    let quotient = reading(&held, "F5b", "location_quotient", &[("class", "9")]);
    assert_eq!(quotient["quantity"]["state"], "suppressed", "three items are in it: {quotient}");

    for (query, field, told) in [
        ("attribute=room", "attribute", "\"room\"; they have activity, country"),
        ("terms=mine", "terms", "must be icatus_2016"),
        ("attribute=country&terms=ego4d_scenarios", "terms", "does not fit"),
        ("terms=icatus_2016&country=XX", "country", "must be one of"),
        ("country=IT", "country", "with terms"),
        ("format=xml", "format", "json or csv"),
    ] {
        let refused = ask(&organizer, query);
        assert_eq!(code(&refused), (422, "invalid_field"), "{query}: {refused:?}");
        let error = &refused.body["errors"][0];
        assert_eq!(error["field"], field, "{query}: {error}");
        assert!(error["detail"].as_str().unwrap().contains(told), "{query}: {error}");
    }
    // Of the three items of one country nothing is told, and so nothing of all the others.
    assert_eq!(code(&ask(&organizer, "attribute=country")), (422, "slice_too_small"));

    // The same numbers as pictures, each with its table.
    let figures = format!("/api/v1/{path}/figures");
    for (figure, query) in [
        ("score-by-activity", ""),
        ("other-weights", ""),
        ("activities", "&terms=icatus_2016"),
        ("divergence", "&terms=icatus_2016"),
    ] {
        let picture = site.get(&organizer, &format!("{figures}/{figure}?{}", query.trim_start_matches('&')));
        assert_eq!(picture.status, 200, "{figure}: {}", picture.text);
        assert!(picture.text.starts_with("<svg") && picture.text.ends_with("</svg>\n"), "{}", picture.text);
        let standing = found["standing"].as_str().unwrap();
        assert!(picture.text.contains(standing), "a picture names what it is of");
        let table = site.get(&organizer, &format!("{figures}/{figure}?format=csv{query}"));
        assert!(table.text.lines().count() > 2, "{figure}: {}", table.text);
        assert!(!table.text.contains(&ada), "entries have names: {}", table.text);
    }
    let absent = site.get(&organizer, &format!("{figures}/activities"));
    assert_eq!(
        code(&absent),
        (404, "not_found"),
        "without a list of activities there is nothing to hold against"
    );
    assert_eq!(code(&site.get(&organizer, &format!("{figures}/pie"))), (404, "not_found"));
    let snapshot = site.call("POST", &organizer, "/api/v1/challenges/activities/snapshots", "{}");
    assert_eq!(snapshot.status, 201, "{snapshot:?}");
    let of_snapshot = format!("/api/v1/snapshots/{}/figures", snapshot.body["id"].as_str().unwrap());
    let records = site.get("", &format!("{of_snapshot}/records"));
    assert!(records.text.contains("The record ladder"), "{records:?}");
    assert_eq!(code(&site.get("", &format!("{of_snapshot}/uptake"))), (404, "not_found"));
    let page = site.get("", "/challenges/activities/participation");
    assert!(page.text.contains("id=\"records-title\"") && page.text.contains(&of_snapshot), "{}", page.text);

    // Everybody may read them once the phase is over.
    assert_eq!(code(&ask(&token, "")), (403, "forbidden"));
    assert_eq!(code(&ask("", "")), (403, "forbidden"));
    let over = json!({"reason": "All have submitted."});
    let closed = site.post(&organizer, &format!("/api/v1/{path}/close"), &over);
    assert_eq!(closed.status, 200, "{closed:?}");
    let open = ask("", "");
    assert_eq!((open.status, &open.body["measures"]), (200, &found["measures"]), "{open:?}");
    assert_eq!(code(&ask("", "attribute=country")), (422, "slice_too_small"));
    let page = site.get("", &format!("/{path}/activities?terms=icatus_2016"));
    for told in
        ["id=\"score-by-activity-title\"", "id=\"divergence-title\"", "terms=icatus_2016&#38;format=csv"]
    {
        assert!(page.text.contains(told), "{told}: {}", page.text);
    }
}

/// The reading of a statistic that is of all these, or null.
fn reading(found: &Value, measure: &str, statistic: &str, of: &[(&str, &str)]) -> Value {
    let measures = found["measures"].as_array().unwrap().iter().filter(|one| one["id"] == measure);
    let readings = measures.flat_map(|one| one["readings"].as_array().unwrap());
    let is_meant = |reading: &&Value| {
        reading["statistic"] == statistic && of.iter().all(|(name, value)| reading["of"][name] == *value)
    };
    readings.into_iter().find(is_meant).cloned().unwrap_or(Value::Null)
}

fn code(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.body["code"].as_str().unwrap_or_default())
}
