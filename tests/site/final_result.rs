//! The end of a challenge on a running site: the private split decides, and the record is signed and comes out again.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use test_support::{TestDatabase, both_databases};

use crate::site::{Site, open_phase};

both_databases!(the_private_split_decides_and_the_record_is_signed);

const ITEMS: usize = 120;

/// A table of labels of which those items are wrong that `is_wrong` names.
fn table(is_wrong: impl Fn(usize) -> bool) -> Vec<u8> {
    let mut text = "id,label\n".to_owned();
    for item in 0..ITEMS {
        let labels = if item % 2 == 0 { ["x", "y"] } else { ["y", "x"] };
        writeln!(text, "item{item},{}", labels[usize::from(is_wrong(item))]).unwrap();
    }
    text.into_bytes()
}

/// The first half of the items is public.
fn items() -> Vec<u8> {
    let mut text = "item,part\n".to_owned();
    for item in 0..ITEMS {
        writeln!(text, "item{item},{}", if item < ITEMS / 2 { "public" } else { "private" }).unwrap();
    }
    text.into_bytes()
}

async fn the_private_split_decides_and_the_record_is_signed(database: TestDatabase) {
    let site = Site::start(database);
    let organizer = site.person("organizer@example.org", "admin");
    let split = |name: &str| {
        let rule = json!({"by": "attribute", "attribute": "part", "values": [name]});
        json!({"codename": name, "visibility": name, "rule": rule})
    };
    let mut phase = open_phase("classification_label");
    phase["splits"] = json!([split("public"), split("private")]);
    phase["final_choice"] = json!("chosen");
    phase["ranking"] = json!({
        "primary": "accuracy", "final_choices": 2, "baseline": "better",
        "prizes": {"places": 2, "rule": "earliest"},
    });
    let (truth, items) = (table(|_| false), items());
    let tables: [(&str, &str, &[u8]); 2] = [("main", "truth.csv", &truth), ("items", "items.csv", &items)];
    let path = site.challenge(&organizer, "final", &phase, &tables);
    let address = format!("/api/v1/{path}");
    let submit = |token: &str, file: Vec<u8>| {
        let answer = site.submit(token, &path, "s.csv", &file, None).unwrap();
        let done = site.finished(token, answer.body["id"].as_str().unwrap());
        assert_eq!(done["state"], "scored", "{done}");
        ["id", "finished_at"].map(|name| done[name].as_str().unwrap().to_owned())
    };
    let [ada, bo, base] = ["ada", "bo", "base"].map(|name| {
        let token = site.person(&format!("{name}@example.org"), "member");
        site.enter(&token, "final", name);
        token
    });
    let half = ITEMS / 2;
    // Ada's best in public is her worst in private; she chooses it and another one. Bo is even in both.
    let [flattering, _] = submit(&ada, table(|item| item >= half && item % 2 == 0));
    let [honest, _] = submit(&ada, table(|item| item % 12 == 0));
    let [third, _] = submit(&ada, table(|item| item % 3 == 0));
    for chosen in [&third, &flattering, &honest] {
        site.make(&ada, &format!("/api/v1/submissions/{chosen}/choose"), &json!({}));
    }
    let [even, _] = submit(&bo, table(|item| item % 6 == 0));
    let [baseline, end] = submit(&base, table(|item| item % 4 == 0));
    let mark = site.post(
        &organizer,
        &format!("/api/v1/submissions/{baseline}/baseline"),
        &json!({"is_baseline": true}),
    );
    assert!(mark.status < 300, "{mark:?}");
    let board = site.get("", &format!("{address}/leaderboard")).body;
    assert_eq!(
        board["items"][0]["submission_id"],
        json!(flattering),
        "of two chosen the better in public stands"
    );

    let result = format!("{address}/result");
    let early = site.post(&organizer, &result, &json!({}));
    assert_eq!((early.status, &early.body["code"]), (409, &json!("state_conflict")), "{early:?}");
    assert_eq!(site.get("", &result).status, 404);
    // What is chosen after the deadline does not count, so the deadline is when the last submission was scored.
    let close = json!({"closes_at": end, "reason": "All have submitted."}).to_string();
    assert_eq!(site.call("PATCH", &organizer, &address, &close).status, 200);
    assert_eq!(site.make(&organizer, &result, &json!({"retire_splits": true}))["version"], 1);
    let first = published(&site, &result, 1);
    let record = &first["published"][0]["record"];

    let entries = record["entries"].as_array().unwrap();
    let told: Vec<_> = entries.iter().map(|entry| (&entry["submission"], &entry["rank"])).collect();
    // Of Ada's two the honest one counts: it is better where it decides.
    assert_eq!(told, [(&json!(honest), &json!(1)), (&json!(even), &json!(2)), (&json!(baseline), &json!(3))]);
    assert_eq!(record["splits"], json!({"deciding": "private", "seen": "public"}));
    assert_eq!(record["draws"]["replicates"], 9_999);
    assert_eq!(record["prizes"][0]["recipients"], json!([honest]));
    assert_eq!(record["prizes"][1]["recipients"], json!([even]), "a baseline is given no prize");
    assert_eq!(
        (&entries[0]["beats_baselines"], &entries[2]["beats_baselines"]),
        (&json!(true), &Value::Null)
    );
    let interval = &entries[1]["uncertainty"]["interval"];
    assert!(
        interval["lower"].as_f64().unwrap() < 50.0 / 60.0
            && 50.0 / 60.0 < interval["upper"].as_f64().unwrap()
    );
    assert_eq!(record["shake_up"]["entries"].as_array().unwrap().len(), 3);
    assert!(record["overfitting"]["mean_z"].is_number(), "{record:#}");

    // The secret is told now, and it is the one whose digest was told before.
    let secret = record["draws"]["secret"].as_str().unwrap();
    assert_eq!(record["draws"]["secret_digest"], json!(domain::Digest::of(secret.as_bytes()).to_string()));
    let download = site.get("", &format!("{result}/1/record"));
    assert_eq!(
        first["published"][0]["digest"],
        json!(domain::Digest::of(download.text.as_bytes()).to_string())
    );
    let keys = site.get("", "/.well-known/jwks.json").body;
    assert!(
        keys["keys"]
            .as_array()
            .unwrap()
            .iter()
            .any(|key| key["kid"].as_str().unwrap().starts_with("record-"))
    );

    // Everybody sees the private split from now on, and the record comes out again bit for bit.
    let private = site.get("", &format!("{address}/leaderboard?split=private"));
    assert_eq!(private.status, 200, "{private:?}");
    let verified = site.run(&["admin", "verify", "--redraw"]);
    assert!(verified.contains("1 published results were checked"), "{verified}");
    assert!(verified.contains("everything is as it must be"), "{verified}");

    let page = site.get("", &format!("/{path}/result"));
    assert!(page.text.contains("Final result") && page.text.contains("Overfitting meter"), "{}", page.text);
    let server = site.url("");
    let printed = site
        .command(&["result", "final/test", "--save", "record.json", "--server", &server])
        .env("HELDOUT_TOKEN", &bo)
        .output()
        .unwrap();
    assert!(printed.status.success(), "{printed:?}");
    assert!(String::from_utf8_lossy(&printed.stdout).contains("decided on the split private"), "{printed:?}");

    let again = site.post(&organizer, &result, &json!({}));
    assert_eq!((again.status, &again.body["errors"][0]["field"]), (422, &json!("reason")), "{again:?}");
    site.make(&organizer, &result, &json!({"reason": "an appeal was upheld"}));
    let twice = published(&site, &result, 2);
    assert_eq!(twice["published"][0]["record"]["reason"], "an appeal was upheld");
    assert_eq!(&twice["published"][1]["record"], record, "a published version never changes");
}

/// The result, once so many versions are published.
fn published(site: &Site, result: &str, versions: usize) -> Value {
    let begun = Instant::now();
    loop {
        let answer = site.get("", result);
        if answer.status == 200 && answer.body["published"].as_array().unwrap().len() == versions {
            return answer.body;
        }
        assert!(begun.elapsed() < Duration::from_secs(120), "{answer:?}\n{}", site.log());
        std::thread::sleep(Duration::from_millis(50));
    }
}
