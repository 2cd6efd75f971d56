//! Forty posts at one moment against a quota of ten, twenty times: exactly ten are accepted.

use std::sync::Barrier;

use serde_json::json;
use test_support::{TestDatabase, both_databases};

use crate::site::{Site, open_phase};

both_databases!(exactly_the_quota_is_accepted);

const ROUNDS: usize = 20;
const POSTS: usize = 40;
const QUOTA: usize = 10;

async fn exactly_the_quota_is_accepted(database: TestDatabase) {
    let site = Site::start(database);
    let organizer = site.person("organizer@example.org", "admin");
    let mut phase = open_phase("classification_label");
    phase["quota"] = json!({"total": QUOTA});
    let tables: [crate::site::Part<'_>; 1] = [("main", "truth.csv", b"id,label\na,x\nb,y\n")];
    let phase = site.challenge(&organizer, "race", &phase, &tables);
    for round in 0..ROUNDS {
        let token = site.person(&format!("p{round}@example.org"), "member");
        site.enter(&token, "race", &format!("Team {round}"));
        let barrier = Barrier::new(POSTS);
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let posts: Vec<_> = (0..POSTS)
                .map(|_| {
                    scope.spawn(|| {
                        barrier.wait();
                        let file = b"id,label\na,x\nb,x\n";
                        site.submit(&token, &phase, "s.csv", file, None).unwrap().status
                    })
                })
                .collect();
            posts.into_iter().map(|post| post.join().unwrap()).collect()
        });
        let count = |status| statuses.iter().filter(|found| **found == status).count();
        assert_eq!((count(201), count(429)), (QUOTA, POSTS - QUOTA), "round {round}: {statuses:?}");
    }
    let rows = site.export(&organizer, "submissions");
    assert_eq!(rows.len(), ROUNDS * QUOTA);
}
