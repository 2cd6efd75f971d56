//! What a leaderboard says of its own uncertainty, from upload to board.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use test_support::{TestDatabase, both_databases};

use crate::site::Site;

both_databases!(a_board_says_what_it_cannot_tell);

const ITEMS: usize = 60;

/// A table of labels of which those items are wrong that `is_wrong` names.
fn table(is_wrong: impl Fn(usize) -> bool) -> Vec<u8> {
    let mut text = "id,label\n".to_owned();
    for item in 0..ITEMS {
        let truth = if item % 2 == 0 { "x" } else { "y" };
        let wrong = if item % 2 == 0 { "y" } else { "x" };
        writeln!(text, "item{item},{}", if is_wrong(item) { wrong } else { truth }).unwrap();
    }
    text.into_bytes()
}

async fn a_board_says_what_it_cannot_tell(database: TestDatabase) {
    let site = Site::start(database);
    let organizer = site.person("organizer@example.org", "admin");
    let phase = site.labels(&organizer, "uncertain", &table(|_| false));
    let enter = |name: &str, file: Vec<u8>| {
        let token = site.person(&format!("{name}@example.org"), "member");
        site.enter(&token, "uncertain", name);
        let answer = site.submit(&token, &phase, "s.csv", &file, None).unwrap();
        let done = site.finished(&token, answer.body["id"].as_str().unwrap());
        assert_eq!(done["state"], "scored", "{done}");
    };
    enter("ada", table(|_| false));
    enter("bo", table(|item| item % 3 == 0));
    let early = described(&site, &phase, 2);
    enter("cy", table(|item| item % 3 == 1));
    let board = described(&site, &phase, 3);

    assert_eq!(board["uncertainty"]["replicates"], 999);
    assert_eq!(board["uncertainty"]["first_place"].as_array().unwrap().len(), 1, "{board:#}");
    let [ada, bo, cy] = ["ada", "bo", "cy"].map(|name| entry(&board, name));
    for (entry, ranks, group) in [(&ada, (1, 1), 1), (&bo, (2, 3), 2), (&cy, (2, 3), 2)] {
        let set = &entry["uncertainty"]["rank_set"];
        assert_eq!(
            (set["best"].as_u64(), set["worst"].as_u64()),
            (Some(ranks.0), Some(ranks.1)),
            "{entry:#}"
        );
        assert_eq!(entry["uncertainty"]["group"], group, "{entry:#}");
    }
    // Nothing is uncertain about what is right on every item; two thirds right of 60 is 0.06 more or less.
    assert_eq!(interval(&ada), (1.0, 1.0));
    let (lower, upper) = interval(&bo);
    assert!(lower < 2.0 / 3.0 && 2.0 / 3.0 < upper, "{lower} {upper}");
    let error = bo["uncertainty"]["standard_error"].as_f64().unwrap();
    assert!((error - (2.0_f64 / 9.0 / 60.0).sqrt()).abs() < 0.01, "{error}");
    // The draws belong to the split: who else takes part changes nobody's interval by a bit.
    assert_eq!(interval(&entry(&early, "bo")), interval(&bo));

    let compared = |first: &Value, second: &Value| {
        let [first, second] = [first, second].map(|entry| entry["submission_id"].as_str().unwrap());
        let query = format!("first={first}&second={second}");
        site.get("", &format!("/api/v1/{phase}/leaderboard/comparison?{query}")).body
    };
    let clear = compared(&ada, &bo);
    assert!((clear["difference"].as_f64().unwrap() - 1.0 / 3.0).abs() < 1e-12, "{clear:#}");
    assert_eq!(clear["p_value"], 0.002, "no replicate of 999 says otherwise: {clear:#}");
    let even = compared(&bo, &cy);
    assert_eq!(even["difference"], 0.0);
    assert!(even["interval"]["lower"].as_f64().unwrap() < 0.0 && even["p_value"].as_f64().unwrap() > 0.5);

    let verified = site.run(&["admin", "verify"]);
    assert!(verified.contains("1 leaderboards' statistics were worked out anew"), "{verified}");

    let page = site.get("", &format!("/{phase}/leaderboard"));
    assert!(page.text.contains("(2–3)"), "{}", page.text);
    assert_eq!(page.text.matches("class=\"whisker\"").count(), 3, "{}", page.text);
    let ids = [&bo, &cy].map(|entry| entry["submission_id"].as_str().unwrap());
    let both =
        site.get("", &format!("/{phase}/leaderboard/comparison?first={}&second={}&split=", ids[0], ids[1]));
    assert!(both.text.contains("bo and cy cannot be told apart on these items."), "{}", both.text);
    let best = ada["submission_id"].as_str().unwrap();
    let clear = site.get("", &format!("/{phase}/leaderboard/comparison?first={}&second={best}", ids[0]));
    assert!(clear.text.contains("ada is better than bo") && clear.text.contains("−0.33"), "{}", clear.text);

    // Where several metrics rank together, the ranks are theirs.
    let rule = json!({"ranking": {"method": "mean_rank", "metrics": ["accuracy", "f1_macro"]}}).to_string();
    let changed = site.call("PATCH", &organizer, &format!("/api/v1/{phase}"), &rule);
    assert_eq!(changed.status, 200, "{changed:?}");
    let board = described_by(&site, &phase, 3, "method_interval");
    for (name, ranks) in [("ada", (1, 1)), ("bo", (2, 3)), ("cy", (2, 3))] {
        let known = &entry(&board, name)["uncertainty"];
        let set = (known["rank_set"]["best"].as_u64(), known["rank_set"]["worst"].as_u64());
        assert_eq!(set, (Some(ranks.0), Some(ranks.1)), "{board:#}");
    }
    let known = &entry(&board, "ada")["uncertainty"];
    assert_eq!(known["method_interval"], json!({"lower": 1.0, "upper": 1.0}));
    let verified = site.run(&["admin", "verify", "--redraw"]);
    assert!(verified.contains("everything is as it must be"), "{verified}");
}

/// The board as everybody sees it, once it has so many entries and all of them are described.
fn described(site: &Site, phase: &str, entries: usize) -> Value {
    described_by(site, phase, entries, "interval")
}

/// The same once something else is known of all of them.
fn described_by(site: &Site, phase: &str, entries: usize, known: &str) -> Value {
    let begun = Instant::now();
    loop {
        let board = site.get("", &format!("/api/v1/{phase}/leaderboard")).body;
        let items = board["items"].as_array().unwrap();
        if items.len() == entries && items.iter().all(|item| item["uncertainty"][known].is_object()) {
            return board;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{board:#}\n{}", site.log());
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn entry(board: &Value, team: &str) -> Value {
    let items = board["items"].as_array().unwrap();
    items.iter().find(|item| item["team"]["name"] == team).unwrap().clone()
}

fn interval(entry: &Value) -> (f64, f64) {
    let interval = &entry["uncertainty"]["interval"];
    (interval["lower"].as_f64().unwrap(), interval["upper"].as_f64().unwrap())
}
