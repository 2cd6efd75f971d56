//! SIGKILL at random moments: nothing acknowledged is lost, doubled, wrong or stuck.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use test_support::{TestDatabase, both_databases};

use crate::site::Site;

both_databases!(nothing_is_lost_doubled_or_stuck);

const SUBMISSIONS: usize = 300;
const KILLS: usize = 30;
const CLIENTS: usize = 4;
/// How many items the truth has; submission `n` gets `n % (ITEMS + 1)` of them right.
const ITEMS: usize = 10;

async fn nothing_is_lost_doubled_or_stuck(database: TestDatabase) {
    let site = Site::prepare(database, 1);
    site.start_server();
    site.wait_until_ready();
    site.start_worker();
    let admin = site.person("admin@example.org", "admin");
    let truth = labels(ITEMS);
    let phase = site.labels(&admin, "storm", truth.as_bytes());
    let token = site.person("contestant@example.org", "member");
    site.enter(&token, "storm", "Storm");

    let acknowledged = send_through_the_storm(&site, &token, &phase);
    assert_eq!(acknowledged.len(), SUBMISSIONS);

    site.start_server();
    site.wait_until_ready();
    site.start_worker();
    let quiet_by = Instant::now() + Duration::from_secs(60);
    let rows = loop {
        let rows = site.export(&admin, "submissions");
        if rows.iter().all(|row| row["state"] == "scored") {
            break rows;
        }
        assert!(Instant::now() < quiet_by, "stuck after 60 s: {}\n{}", states(&rows), site.log());
        std::thread::sleep(Duration::from_millis(200));
    };

    // I1: what was acknowledged exists, once per key.
    assert_eq!(rows.len(), SUBMISSIONS, "a key has made more than one submission, or less");
    let ids: HashMap<&str, &Value> = rows.iter().map(|row| (row["id"].as_str().unwrap(), row)).collect();
    for id in acknowledged.values() {
        assert!(ids.contains_key(id.as_str()), "{id} was acknowledged and is lost");
    }
    // I2: exactly one score per metric and split of an evaluation, and the right one.
    let mut accuracy: HashMap<&str, Vec<f64>> = HashMap::new();
    let scores = site.export(&admin, "scores");
    for score in scores.iter().filter(|score| score["metric"] == "accuracy") {
        accuracy
            .entry(score["submission_id"].as_str().unwrap())
            .or_default()
            .push(score["value"].as_f64().unwrap());
    }
    for (n, id) in &acknowledged {
        let expected = (n % (ITEMS + 1)) as f64 / ITEMS as f64;
        assert_eq!(accuracy[id.as_str()], [expected], "submission {n}");
    }
    // I5, I6, I7: the board, the log and the artifacts, recomputed.
    site.run(&["admin", "verify"]);
}

/// Posts every submission until it is acknowledged, while the processes are killed; the ids by number.
fn send_through_the_storm(site: &Site, token: &str, phase: &str) -> HashMap<usize, String> {
    let next = AtomicUsize::new(0);
    let sent = AtomicUsize::new(0);
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let killer = scope.spawn(|| {
            let mut random = 0x9e37_79b9_7f4a_7c15_u64;
            for kill in 0..KILLS {
                // The pause shares the kills out over the submissions, with a random part.
                random =
                    random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let due = (kill + 1) * SUBMISSIONS / (KILLS + 1);
                while sent.load(Ordering::Relaxed) < due && !over.load(Ordering::Relaxed) {
                    std::thread::sleep(Duration::from_millis(5));
                }
                std::thread::sleep(Duration::from_millis(random >> 57));
                if random >> 40 & 1 == 0 {
                    site.kill_worker();
                    site.start_worker();
                }
                site.kill_server();
                site.start_server();
            }
        });
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                scope.spawn(|| {
                    let mut ids = Vec::new();
                    loop {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        if n >= SUBMISSIONS {
                            return ids;
                        }
                        ids.push((n, send(site, token, phase, n)));
                        sent.fetch_add(1, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        let ids = clients.into_iter().flat_map(|client| client.join().unwrap()).collect();
        over.store(true, Ordering::Relaxed);
        killer.join().unwrap();
        ids
    })
}

/// Posts one submission with one key until somebody acknowledges it.
fn send(site: &Site, token: &str, phase: &str, n: usize) -> String {
    let (file, key) = (labels(n % (ITEMS + 1)), format!("storm-{n}"));
    let give_up = Instant::now() + Duration::from_secs(120);
    let mut first: Option<String> = None;
    loop {
        assert!(Instant::now() < give_up, "submission {n} was never acknowledged\n{}", site.log());
        match site.submit(token, phase, "s.csv", file.as_bytes(), Some(&key)) {
            Ok(answer) if answer.status == 201 || answer.status == 200 => {
                let id = answer.body["id"].as_str().unwrap().to_owned();
                match &first {
                    Some(first) => {
                        assert_eq!(*first, id, "one key, two submissions");
                        return id;
                    }
                    // One in five repeats a request that was answered.
                    None if n.is_multiple_of(5) => first = Some(id),
                    None => return id,
                }
            }
            Ok(answer) if answer.status >= 500 || answer.status == 409 => {
                assert_ne!(answer.status, 500, "{answer:?}\n{}", site.log());
                std::thread::sleep(Duration::from_millis(20));
            }
            Ok(answer) => panic!("submission {n}: {answer:?}"),
            Err(_) => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}

/// Labels of every item, the first `right` of them right.
fn labels(right: usize) -> String {
    let rows = (0..ITEMS).map(|item| {
        let label = if item < right { item % 2 } else { 1 - item % 2 };
        format!("item{item},class{label}\n")
    });
    std::iter::once("id,label\n".to_owned()).chain(rows).collect()
}

fn states(rows: &[Value]) -> String {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for row in rows {
        *counts.entry(row["state"].as_str().unwrap_or("?")).or_default() += 1;
    }
    format!("{counts:?}")
}
