//! What participants are shown of scores, by the policies of phases of a running site.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use test_support::{TestDatabase, both_databases};

use crate::site::{Site, open_phase};

both_databases!(participants_see_what_the_policy_releases);

const ITEMS: usize = 60;

/// A table of labels of which the first so many are wrong.
fn wrong(first: usize) -> Vec<u8> {
    let mut text = "id,label\n".to_owned();
    for item in 0..ITEMS {
        let labels = if item % 2 == 0 { ["x", "y"] } else { ["y", "x"] };
        writeln!(text, "item{item},{}", labels[usize::from(item < first)]).unwrap();
    }
    text.into_bytes()
}

struct Phase<'s> {
    site: &'s Site,
    organizer: &'s str,
    path: String,
}

impl Phase<'_> {
    fn submit(&self, token: &str, first: usize) -> Value {
        let answer = self.site.submit(token, &self.path, "s.csv", &wrong(first), None).unwrap();
        let done = self.site.finished(token, answer.body["id"].as_str().unwrap());
        assert_eq!(done["state"], "scored", "{done}");
        done
    }

    fn board(&self, token: &str, query: &str) -> Value {
        self.site.get(token, &format!("/api/v1/{}/leaderboard{query}", self.path)).body
    }

    /// The accuracy that somebody is shown of a submission; nothing where it is not shown.
    fn shown(&self, token: &str, submission: &Value) -> Option<f64> {
        let id = submission["id"].as_str().unwrap();
        let found = self.site.get(token, &format!("/api/v1/submissions/{id}")).body;
        let metrics = found["evaluation"]["splits"][0]["metrics"].as_array().unwrap().clone();
        let accuracy = metrics.iter().find(|metric| metric["name"] == "accuracy");
        accuracy.map(|metric| metric["value"].as_f64().unwrap())
    }

    /// Waits until the board of everybody has an accuracy first.
    fn wait_for(&self, accuracy: f64) -> Value {
        let begun = Instant::now();
        loop {
            let board = self.board("", "");
            let first = board["items"][0]["scores"]["accuracy"].as_f64();
            if first.is_some_and(|value| (value - accuracy).abs() < 1e-12) {
                return board;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "{board:#}\n{}", self.site.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

async fn participants_see_what_the_policy_releases(database: TestDatabase) {
    let site = Site::start(database);
    let organizer = site.person("organizer@example.org", "admin");
    let ada = site.person("ada@example.org", "member");
    let with = |slug: &str, release: Value| {
        let mut phase = open_phase("classification_label");
        phase["ranking"] = json!({"primary": "accuracy", "release": release});
        let truth = wrong(0);
        let path = site.challenge(&organizer, slug, &phase, &[("main", "truth.csv", &truth)]);
        site.enter(&ada, slug, "Ada");
        Phase { site: &site, organizer: &organizer, path }
    };

    // A ladder: the first is shown, one item more is not, many more are.
    let ladder = with("ladder", json!({"policy": "ladder", "z": 3.0}));
    let first = ladder.submit(&ada, 40);
    ladder.wait_for(20.0 / 60.0);
    let little = ladder.submit(&ada, 39);
    let much = ladder.submit(&ada, 10);
    let board = ladder.wait_for(50.0 / 60.0);
    assert_eq!(board["release"]["shown"], "steps");
    assert_eq!(board["items"][0]["submission_id"], much["id"]);
    assert_eq!(board["items"][0]["submissions"], 3);
    assert_eq!(ladder.shown(&ada, &first), Some(20.0 / 60.0));
    assert_eq!(ladder.shown(&ada, &little), None);
    assert_eq!(ladder.shown(&ada, &much), Some(50.0 / 60.0));
    assert_eq!(ladder.shown(ladder.organizer, &little), Some(21.0 / 60.0));
    let metrics = board["items"][0]["scores"].as_object().unwrap();
    assert!(metrics.iter().all(|(name, value)| name == "accuracy" || value.is_null()), "{metrics:?}");

    let rounded = with("rounded", json!({"policy": "rounded", "decimals": 1}));
    let sent = rounded.submit(&ada, 40);
    assert_eq!(rounded.wait_for(0.3)["release"]["shown"], "rounded");
    assert_eq!(rounded.shown(&ada, &sent), Some(0.3));
    assert_eq!(rounded.shown(rounded.organizer, &sent), Some(20.0 / 60.0));

    for (slug, release, moment) in [
        ("hidden", json!({"policy": "hidden"}), Value::Null),
        (
            "delayed",
            json!({"policy": "delayed", "until": "2999-01-01T00:00:00Z"}),
            json!("2999-01-01T00:00:00.000000Z"),
        ),
        (
            "periodic",
            json!({"policy": "periodic", "from": "2999-01-01T00:00:00Z", "seconds": 60}),
            json!("2999-01-01T00:00:00.000000Z"),
        ),
    ] {
        let phase = with(slug, release);
        let sent = phase.submit(&ada, 40);
        let board = phase.board("", "");
        assert_eq!(board["items"], json!([]), "{slug}");
        assert_eq!((&board["release"]["shown"], &board["release"]["moment"]), (&json!("nothing"), &moment));
        assert_eq!(phase.shown(&ada, &sent), None, "{slug}");
        assert_eq!(phase.board(phase.organizer, "")["items"].as_array().unwrap().len(), 1, "{slug}");
        let page = site.get("", &format!("/{}/leaderboard", phase.path));
        assert!(page.text.contains("Scores are shown"), "{slug}: {}", page.text);
    }

    // What stood a moment ago stands there for whoever asks; what was not yet there does not.
    let exact = with("exact", json!({"policy": "exact"}));
    let worse = exact.submit(&ada, 40);
    let between = worse["finished_at"].as_str().unwrap().to_owned();
    std::thread::sleep(Duration::from_millis(5));
    exact.submit(&ada, 10);
    exact.wait_for(50.0 / 60.0);
    let then = exact.board("", &format!("?as_of={between}"));
    assert_eq!((&then["as_of"], &then["items"][0]["submission_id"]), (&json!(between), &worse["id"]));
    assert_eq!(then["generated_from"], "scores");
    assert_eq!(exact.board("", "?as_of=2020-01-01T00:00:00Z")["items"], json!([]));
    let future = site.get("", &format!("/api/v1/{}/leaderboard?as_of=2999-01-01T00:00:00Z", exact.path));
    assert_eq!((future.status, &future.body["errors"][0]["field"]), (422, &json!("as_of")));

    // Parameters that mean nothing are refused, each with its place.
    for (ranking, field) in [
        (json!({"release": {"policy": "ladder", "z": 0.5}}), "ranking.release.z"),
        (json!({"method": "borda", "metrics": ["no_such"]}), "ranking.metrics[0]"),
        (json!({"resampling": {"unit": "colour"}}), "ranking.resampling.unit"),
    ] {
        let body = json!({"ranking": ranking}).to_string();
        let refused = site.call("PATCH", &organizer, &format!("/api/v1/{}", exact.path), &body);
        assert_eq!(
            (refused.status, &refused.body["errors"][0]["field"]),
            (422, &json!(field)),
            "{refused:?}"
        );
    }
    assert!(
        site.run(&["admin", "verify"]).contains("everything is as it must be"),
        "standings under a ladder verify"
    );
}
