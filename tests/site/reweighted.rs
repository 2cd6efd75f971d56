//! What a leaderboard would be if other items counted, asked of a running site.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use test_support::{TestDatabase, both_databases};

use crate::site::{Answer, Site, open_phase};

both_databases!(slices_and_weights_are_answered_and_replicates_drawn_again);

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

/// Twenty videos of three items; the first half cooks, and three items in one video are from far away.
fn items() -> Vec<u8> {
    let mut text = "item,group,activity,country\n".to_owned();
    for item in 0..ITEMS {
        let activity = if item < 30 { "cooking" } else { "music" };
        let country = if item < 3 { "FJ" } else { "IT" };
        writeln!(text, "item{item:02},video{},{activity},{country}", item / 3).unwrap();
    }
    text.into_bytes()
}

async fn slices_and_weights_are_answered_and_replicates_drawn_again(database: TestDatabase) {
    let site = Site::start(database);
    let organizer = site.person("organizer@example.org", "admin");
    let mut phase = open_phase("classification_label");
    phase["ranking"] = json!({"open_slices": true});
    let (truth, items) = (table(|_| false), items());
    let tables: [(&str, &str, &[u8]); 2] = [("main", "truth.csv", &truth), ("items", "items.csv", &items)];
    let path = site.challenge(&organizer, "activities", &phase, &tables);
    let enter = |name: &str, file: Vec<u8>| {
        let token = site.person(&format!("{name}@example.org"), "member");
        site.enter(&token, "activities", name);
        let answer = site.submit(&token, &path, "s.csv", &file, None).unwrap();
        let done = site.finished(&token, answer.body["id"].as_str().unwrap());
        assert_eq!(done["state"], "scored", "{done}");
        token
    };
    // Ada is wrong on ten of the musical items, Bo on ten that cook and two musical ones.
    let ada = enter("ada", table(|item| item >= 30 && item % 3 == 0));
    enter("bo", table(|item| item % 3 == 0 && !(30..54).contains(&item)));
    let address = format!("/api/v1/{path}/leaderboard/reweighted");
    let ask = |token: &str, query: &str| site.get(token, &format!("{address}?{query}"));

    let music = ask(&organizer, "slice=activity:music");
    assert_eq!(music.status, 200, "{music:?}\n{}", site.log());
    assert_eq!((&music.body["items"], &music.body["groups"]), (&json!(30), &json!(10)));
    assert_eq!(music.body["entries"][0]["team"]["name"], "bo");
    for (name, score, rank, as_scored) in [("ada", 20.0 / 30.0, 2, 1), ("bo", 28.0 / 30.0, 1, 2)] {
        let entry = entry(&music.body, name);
        assert_eq!((&entry["score"], &entry["rank"]), (&json!(score), &json!(rank)), "{entry:#}");
        assert_eq!(entry["rank_as_scored"], json!(as_scored), "{entry:#}");
        let end = |end: &str| entry["interval"][end].as_f64().unwrap();
        assert!(end("lower") <= score && score <= end("upper"), "{entry:#}");
    }
    // Half of what cooks: 15 + 20 of 45, and 10 + 28.
    let halved = ask(&organizer, "weights=activity:cooking=0.5").body;
    assert_eq!(halved["items"], 60);
    for (name, score) in [("ada", 35.0 / 45.0), ("bo", 38.0 / 45.0)] {
        let found = entry(&halved, name)["score"].as_f64().unwrap();
        assert!((found - score).abs() < 1e-12, "{name}: {found}");
    }
    let both = ask(&organizer, "slice=activity:cooking&slice=country:FJ").body;
    assert_eq!((&both["items"], &both["groups"]), (&json!(3), &json!(1)));
    assert_eq!(entry(&both, "ada")["interval"], Value::Null, "one group says nothing: {both:#}");

    // Weights of one are no weights: scores and intervals are those of the board, bit for bit.
    let board = described(&site, &path);
    let same = ask(&organizer, "weights=activity:cooking=1").body;
    for name in ["ada", "bo"] {
        let (on_board, here) = (entry_of(&board["items"], name), entry(&same, name));
        assert_eq!(on_board["scores"]["accuracy"], here["score"]);
        assert_eq!(on_board["uncertainty"]["interval"], here["interval"]);
    }

    for (query, field, told) in [
        ("", "slice", "must be given"),
        ("slice=room:hall", "slice", "\"activity\", \"country\", \"group\", \"item\""),
        ("slice=activity:sleep", "slice", "\"cooking\", \"music\""),
        ("slice=activity:music&slice=country:FJ", "slice", "no item has all these values"),
        ("slice=activity", "slice", "attribute:value"),
        ("weights=activity:music=-1", "weights", "not negative"),
        ("weights=activity:music=nan", "weights", "finite"),
        ("weights=activity:music=0,activity:cooking=0", "weights", "above zero"),
        ("weights=activity:music=1,activity:music=2", "weights", "once"),
        ("sort=down", "sort", "must not be given"),
    ] {
        let refused = ask(&organizer, query);
        assert_eq!(code(&refused), (422, "invalid_field"), "{query}: {refused:?}");
        let error = &refused.body["errors"][0];
        assert_eq!(error["field"], field, "{query}: {error}");
        assert!(error["detail"].as_str().unwrap().contains(told), "{query}: {error}");
    }

    // Participants ask once the phase is closed, and not of few items, by whatever way.
    assert_eq!(code(&ask(&ada, "slice=activity:music")), (403, "forbidden"));
    let end = json!({"reason": "All have submitted."});
    let closed = site.post(&organizer, &format!("/api/v1/{path}/close"), &end);
    assert_eq!(closed.status, 200, "{closed:?}");
    let music = ask(&ada, "slice=activity:music");
    assert_eq!((music.status, &music.body["items"]), (200, &json!(30)), "{music:?}");
    for query in ["slice=country:FJ", "slice=country:IT", "weights=country:FJ=2"] {
        assert_eq!(code(&ask(&ada, query)), (422, "slice_too_small"), "{query}");
    }
    assert_eq!(code(&ask(&ada, "slice=group:video7")), (422, "invalid_field"));
    let stranger = site.person("stranger@example.org", "member");
    assert_eq!(code(&ask(&stranger, "slice=activity:music")), (403, "not_registered"));
    assert_eq!(code(&ask("", "slice=activity:music")), (401, "not_signed_in"));

    let verified = site.run(&["admin", "verify", "--redraw"]);
    assert!(verified.contains("the replicates of 2 evaluations were drawn again"), "{verified}");
    assert!(verified.contains("everything is as it must be"), "{verified}");
}

/// The board as everybody sees it, once its entries are described.
fn described(site: &Site, phase: &str) -> Value {
    let begun = Instant::now();
    loop {
        let board = site.get("", &format!("/api/v1/{phase}/leaderboard")).body;
        let items = board["items"].as_array().unwrap();
        if items.iter().all(|item| item["uncertainty"]["interval"].is_object()) {
            return board;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{board:#}\n{}", site.log());
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn entry(board: &Value, team: &str) -> Value {
    entry_of(&board["entries"], team)
}

fn entry_of(entries: &Value, team: &str) -> Value {
    entries.as_array().unwrap().iter().find(|entry| entry["team"]["name"] == team).unwrap().clone()
}

fn code(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.body["code"].as_str().unwrap_or_default())
}
