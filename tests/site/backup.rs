//! A backup taken while the site runs brings everything back somewhere else.

use serde_json::json;
use test_support::{TestDatabase, both_databases};

use crate::site::{Part, Site};

both_databases!(a_backup_brings_everything_back);

async fn a_backup_brings_everything_back(database: TestDatabase) {
    let elsewhere = match database.is_sqlite() {
        true => TestDatabase::sqlite(),
        false => TestDatabase::postgres().unwrap(),
    };
    let site = Site::start(database);
    let admin = site.person("admin@example.org", "admin");
    let contestant = site.person("contestant@example.org", "member");
    let phase = json!({
        "codename": "test", "title": "Test", "evaluator": "classification_label",
        "opens_at": "2020-01-01T00:00:00Z",
        "splits": [{"codename": "all", "visibility": "public", "rule": {"by": "all"}}],
    });
    let tables: [Part<'_>; 1] = [("main", "truth.csv", b"id,label\na,cook\nb,walk\n")];
    let phase = site.challenge(&admin, "backup", &phase, &tables);
    site.enter(&contestant, "backup", "Atlas");
    let sent = site.submit(&contestant, &phase, "s.csv", b"id,label\na,cook\nb,cook\n", None).unwrap();
    let id = sent.body["id"].as_str().unwrap();
    assert_eq!(site.finished(&contestant, id)["state"], "scored");

    site.run(&["admin", "backup", "copy"]);

    let restored = Site::prepare(elsewhere, 1);
    restored.run(&["admin", "restore", site.path("copy").to_str().unwrap()]);
    restored.start_server();
    restored.wait_until_ready();
    let board = format!("/api/v1/{phase}/leaderboard");
    assert_eq!(restored.get("", &board).body["items"], site.get("", &board).body["items"]);
    // Tokens and annotations came along: the contestant goes on.
    let next = restored.submit(&contestant, &phase, "s.csv", b"id,label\na,cook\nb,walk\n", None).unwrap();
    let next = restored.finished(&contestant, next.body["id"].as_str().unwrap());
    assert_eq!(next["state"], "scored", "{next}");
    restored.run(&["admin", "verify"]);
}
