//! Rubbish in, reasons out: every broken file is `invalid` with what, where, expected and found,
//! no label is shown, and the next good file scores.

use serde_json::{Value, json};
use test_support::{TestDatabase, both_databases};

use crate::site::{Part, Site, open_phase};

both_databases!(every_broken_file_is_told_what_is_wrong, bad_annotations_are_refused);

/// A tag that occurs nowhere but in the truth, beside times that occur nowhere else.
const CANARY: &str = "canary-8c1f0b7e";
const CLIPS: usize = 300;

/// 300 clips with one query each.
fn truth() -> String {
    let clips: Vec<Value> = (0..CLIPS)
        .map(|n| {
            let query = json!({"clip_start_sec": 3.21937, "clip_end_sec": 7.25318, "raw_tags": [CANARY],
                "query": "Where did I put the kettle?"});
            let annotation = json!({"annotation_uid": format!("ann-{n}"), "language_queries": [query]});
            json!({"clip_uid": format!("clip-{n}"), "annotations": [annotation]})
        })
        .collect();
    let video = json!({"video_uid": "video", "split": "test", "clips": clips});
    json!({"version": "1.0", "date": "", "description": "", "manifest": "", "videos": [video]}).to_string()
}

/// A good submission, with `change` applied to its rows.
fn submission(change: impl Fn(&mut Vec<Value>)) -> String {
    let mut rows: Vec<Value> = (0..CLIPS)
        .map(|n| {
            json!({"clip_uid": format!("clip-{n}"), "annotation_uid": format!("ann-{n}"), "query_idx": 0,
                "predicted_times": [[3.5, 7.0]]})
        })
        .collect();
    change(&mut rows);
    json!({"version": "1.0", "challenge": "ego4d_nlq_challenge", "results": rows}).to_string()
}

async fn every_broken_file_is_told_what_is_wrong(database: TestDatabase) {
    let site = Site::start(database);
    let organizer = site.person("organizer@example.org", "member");
    let contestant = site.person("contestant@example.org", "member");
    let mut phase = open_phase("ego4d_nlq");
    phase["limits"] = json!({"upload_bytes": 1_000_000});
    let truth = truth();
    let tables: [Part<'_>; 1] = [("main", "truth.json", truth.as_bytes())];
    let phase = site.challenge(&organizer, "queries", &phase, &tables);
    site.enter(&contestant, "queries", "Atlas");

    let good = submission(|_| {});
    let text = |text: String| text.into_bytes();
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("empty", vec![]),
        ("truncated", good.as_bytes()[..good.len() / 2].to_vec()),
        ("nan", text(good.replacen("3.5", "NaN", 1))),
        ("infinity", text(good.replacen("3.5", "1e400", 1))),
        ("an array", b"[]".to_vec()),
        ("a string", b"\"hello\"".to_vec()),
        ("unknown ids", text(good.replacen("clip-7\"", "clip-999\"", 1))),
        ("a missing clip", text(submission(|rows| drop(rows.remove(123))))),
        ("a row twice", text(submission(|rows| rows.push(rows[5].clone())))),
        ("a number as text", text(good.replacen("3.5", "\"early\"", 1))),
        ("a key twice", text(good.replacen("\"version\"", "\"challenge\":\"x\",\"version\"", 1))),
        ("a zip", b"PK\x03\x04\x14\x00\x00\x00\x08\x00rubbish".to_vec()),
        ("invalid utf-8", [&good.as_bytes()[..40], b"\xff\xfe", &good.as_bytes()[40..]].concat()),
        ("deep nesting", text(format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)))),
        ("another format", b"id,label\na,b\n".to_vec()),
        ("another task", text(good.replace("ego4d_nlq_challenge", "ego4d_moment_queries"))),
    ];
    for (name, file) in cases {
        let accepted = site.submit(&contestant, &phase, "s.json", &file, None).unwrap();
        assert_eq!(accepted.status, 201, "{name}: {accepted:?}");
        let finished = site.finished(&contestant, accepted.body["id"].as_str().unwrap());
        assert_eq!(finished["state"], "invalid", "{name}: {finished}");
        let faults = finished["faults"].as_array().unwrap();
        assert!(!faults.is_empty() && faults.len() <= 50, "{name}: {finished}");
        assert!(finished["fault_count"].as_u64().unwrap() >= faults.len() as u64, "{name}");
        for fault in faults {
            for part in ["code", "message", "expected", "found"] {
                assert!(
                    fault[part].as_str().is_some_and(|text| !text.is_empty()),
                    "{name}: {part} in {fault}"
                );
            }
        }
        let told = finished.to_string();
        assert!(
            !told.contains(CANARY) && !told.contains("3.21937") && !told.contains("7.25318"),
            "{name} tells of the truth: {told}"
        );
    }
    let too_large = site.submit(&contestant, &phase, "s.json", &vec![b' '; 1_000_001], None).unwrap();
    assert_eq!((too_large.status, &too_large.body["code"]), (413, &json!("payload_too_large")));

    let accepted = site.submit(&contestant, &phase, "s.json", good.as_bytes(), None).unwrap();
    let finished = site.finished(&contestant, accepted.body["id"].as_str().unwrap());
    assert_eq!(finished["state"], "scored", "{finished}");
    assert!(!site.log().contains(CANARY), "the log tells of the truth");
}

async fn bad_annotations_are_refused(database: TestDatabase) {
    let site = Site::start(database);
    let organizer = site.person("organizer@example.org", "member");
    let challenge = json!({"slug": "labels", "title": "Labels"});
    site.make(&organizer, "/api/v1/challenges", &challenge);
    let phase = open_phase("classification_label");
    site.make(&organizer, "/api/v1/challenges/labels/phases", &phase);
    let path = "/api/v1/challenges/labels/phases/test/annotations";
    for (name, file) in [
        ("empty", &b""[..]),
        ("no rows", b"id,label\n"),
        ("duplicate", b"id,label\na,x\na,y\n"),
        ("no label column", b"id,value\na,1\n"),
        ("json", b"{\"a\": 1"),
    ] {
        let refused = site.post_parts(&organizer, path, &[("main", "truth.csv", file)]);
        assert_eq!(
            (refused.status, &refused.body["code"]),
            (422, &json!("annotations_invalid")),
            "{name}: {refused:?}"
        );
        assert!(!refused.body["errors"].as_array().unwrap().is_empty(), "{name}: {refused:?}");
    }
    let versions = site.get(&organizer, path);
    assert_eq!(versions.body["items"].as_array().map(Vec::len), Some(0), "{versions:?}");
}
