//! A backup taken while the site runs brings everything back somewhere else.

use test_support::{TestDatabase, both_databases};

use crate::site::Site;

both_databases!(a_backup_brings_everything_back);

async fn a_backup_brings_everything_back(database: TestDatabase) {
    let elsewhere = match database.is_sqlite() {
        true => TestDatabase::sqlite(),
        false => TestDatabase::postgres().unwrap(),
    };
    let site = Site::start(database);
    let admin = site.person("admin@example.org", "admin");
    let contestant = site.person("contestant@example.org", "member");
    let phase = site.labels(&admin, "backup", b"id,label\na,cook\nb,walk\n");
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
