//! Rubbish in, reasons out: every broken file is `invalid` with what, where, expected and found,
//! no label is shown, and the next good file scores.

use serde_json::{Value, json};
use test_support::{TestDatabase, both_databases};

use crate::site::{Part, Site};

both_databases!(every_broken_file_is_told_what_is_wrong, bad_annotations_are_refused);

/// A label that occurs nowhere but in the truth.
const CANARY: &str = "canary-8c1f0b7e";
const CLIPS: usize = 300;

fn clips() -> impl Iterator<Item = String> {
    (0..CLIPS).map(|n| format!("clip-{n:03}"))
}

/// 300 clips with one moment each; the truth's times and one label are known to nobody else.
fn truth() -> String {
    let clips: serde_json::Map<String, Value> = clips()
        .enumerate()
        .map(|(n, clip)| {
            let label = if n == 0 { CANARY } else { "wash_dishes" };
            let moment = json!({"start_time": 3.14159, "end_time": 7.25, "label": label, "primary": true});
            let record = json!({"video_id": clip, "clip_id": clip, "parent_start_sec": 0.0, "parent_end_sec": 10.0,
                "v_duration": 10.0, "fps": 30.0, "annotations": [moment], "subset": "test"});
            (clip, record)
        })
        .collect();
    Value::Object(clips).to_string()
}

/// A good submission, with `change` applied to the clips.
fn submission(change: impl Fn(&mut serde_json::Map<String, Value>)) -> String {
    let found = json!([{"label": "wash_dishes", "score": 0.5, "segment": [3.0, 7.0]}]);
    let mut clips: serde_json::Map<String, Value> = clips().map(|clip| (clip, found.clone())).collect();
    change(&mut clips);
    let part = json!({"version": "1.0", "results": clips, "external_data": {}});
    let _ = part;
    json!({"version": "1.0", "challenge": "ego4d_moment_queries", "detect_results": clips.clone(),
        "retrieve_results": clips})
    .to_string()
}

async fn every_broken_file_is_told_what_is_wrong(database: TestDatabase) {
    let site = Site::start(database);
    let organizer = site.person("organizer@example.org", "member");
    let contestant = site.person("contestant@example.org", "member");
    let phase = json!({
        "codename": "test", "title": "Test", "evaluator": "ego4d_mq", "opens_at": "2020-01-01T00:00:00Z",
        "limits": {"upload_bytes": 1_000_000},
        "splits": [{"codename": "all", "visibility": "public", "rule": {"by": "all"}}],
    });
    let truth = truth();
    let tables: [Part<'_>; 1] = [("main", "truth.json", truth.as_bytes())];
    let phase = site.challenge(&organizer, "moments", &phase, &tables);
    site.enter(&contestant, "moments", "Atlas");

    let good = submission(|_| {});
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("empty", vec![]),
        ("truncated", good.as_bytes()[..good.len() / 2].to_vec()),
        ("nan", good.replacen("0.5", "NaN", 1).into_bytes()),
        ("infinity", good.replacen("0.5", "1e400", 1).into_bytes()),
        ("array", b"[]".to_vec()),
        ("string", b"\"hello\"".to_vec()),
        ("unknown ids", submission(|clips| drop(clips.insert("clip-999".into(), json!([])))).into_bytes()),
        ("missing clip", submission(|clips| drop(clips.remove("clip-123"))).into_bytes()),
        ("string score", good.replacen("0.5", "\"high\"", 1).into_bytes()),
        ("duplicate keys", good.replacen("\"clip-001\"", "\"clip-000\"", 1).into_bytes()),
        ("zip", b"PK\x03\x04\x14\x00\x00\x00\x08\x00rubbish".to_vec()),
        ("invalid utf-8", good.replacen("wash_dishes", "wash_\u{1}", 1).into_bytes().into_iter().map(|b| if b == 1 { 0xff } else { b }).collect()),
        ("deep", format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)).into_bytes()),
        ("another task", b"id,label\na,b\n".to_vec()),
        ("wrong challenge", good.replace("ego4d_moment_queries", "ego4d_nlq_challenge").into_bytes()),
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
                assert!(fault[part].as_str().is_some_and(|text| !text.is_empty()), "{name}: {part} in {fault}");
            }
        }
        let told = finished.to_string();
        assert!(!told.contains(CANARY) && !told.contains("3.14159"), "{name} tells of the truth: {told}");
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
    let phase = json!({
        "codename": "test", "title": "Test", "evaluator": "classification_label", "opens_at": "2020-01-01T00:00:00Z",
        "splits": [{"codename": "all", "visibility": "public", "rule": {"by": "all"}}],
    });
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
        assert_eq!((refused.status, &refused.body["code"]), (422, &json!("annotations_invalid")), "{name}: {refused:?}");
        assert!(!refused.body["errors"].as_array().unwrap().is_empty(), "{name}: {refused:?}");
    }
    let versions = site.get(&organizer, path);
    assert_eq!(versions.body["items"].as_array().map(Vec::len), Some(0), "{versions:?}");
}
