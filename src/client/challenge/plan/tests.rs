use super::*;
use serde_json::json;

const TEXT: &str = r#"
slug = "a"
title = "A"
publish = true
[[phase]]
codename = "test"
title = "Test"
evaluator = "x"
opens_at = "2026-03-01T00:00:00Z"
quota = { per_day = 5 }
annotations = { main = "truth.csv" }
"#;

fn folder(text: &str) -> (tempfile::TempDir, BundleFolder) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("truth.csv"), "id,label\n").unwrap();
    let bundle = BundleFolder::parse(text, folder.path()).unwrap();
    (folder, bundle)
}

/// What a server would say after the folder was applied.
fn applied(bundle: &BundleFolder) -> (RemoteChallenge, String) {
    let phases =
        bundle.bundle.phases.iter().map(|phase| {
            let mut fields = phase_fields(&phase.draft);
            fields.insert("annotations".into(), json!([{
            "table": "main", "file": "truth.csv", "digest": Digest::of(b"id,label\n"), "size_bytes": 9,
        }]));
            fields.insert("id".into(), json!("1"));
            Value::Object(fields)
        });
    let document = json!({
        "challenge": challenge_fields(&bundle.bundle.challenge),
        "phases": phases.collect::<Vec<_>>(),
    });
    (serde_json::from_value(document).unwrap(), "published".to_owned())
}

#[test]
fn a_new_challenge_is_made_from_nothing() {
    let (_keep, bundle) = folder(TEXT);
    let plan = Plan::of(&bundle, None).unwrap();
    let lines = plan.lines();
    let heads: Vec<&str> = lines.iter().filter(|line| !line.starts_with(' ')).map(String::as_str).collect();
    assert_eq!(
        heads,
        [
            "create the challenge a",
            "create the phase test",
            "upload the annotations of the phase test",
            "publish the challenge: everyone sees it from then on",
        ]
    );
    assert!(
        lines.contains(&"  + quota.per_day: 5".to_owned())
            || lines.contains(
                &"  + quota: {\"per_day\":5,\"per_month\":null,\"total\":null,\"concurrent\":null}"
                    .to_owned()
            ),
        "{lines:#?}"
    );
}

#[test]
fn a_second_time_there_is_nothing_to_do() {
    let (_keep, bundle) = folder(TEXT);
    let plan = Plan::of(&bundle, Some(&applied(&bundle))).unwrap();
    assert_eq!(plan.lines(), Vec::<String>::new());
}

#[test]
fn only_what_differs_is_sent() {
    let (_keep, bundle) = folder(TEXT);
    let remote = applied(&bundle);
    let (_keep, changed) = folder(&TEXT.replace("per_day = 5", "per_day = 9").replace("\"A\"", "\"B\""));
    let plan = Plan::of(&changed, Some(&remote)).unwrap();
    assert_eq!(
        plan.lines(),
        [
            "change the challenge a",
            "  ~ title: \"A\" -> \"B\"",
            "change the phase test",
            "  ~ quota.per_day: 5 -> 9",
        ]
    );
    let Step::UpdatePhase { fields, .. } = &plan.steps[1] else { panic!("{:?}", plan.steps) };
    assert_eq!(fields.keys().collect::<Vec<_>>(), ["quota"]);
}

#[test]
fn annotations_are_uploaded_when_their_content_differs() {
    let (keep, bundle) = folder(TEXT);
    let remote = applied(&bundle);
    std::fs::write(keep.path().join("truth.csv"), "id,label\n1,2\n").unwrap();
    let plan = Plan::of(&bundle, Some(&remote)).unwrap();
    assert_eq!(plan.steps.len(), 1);
    assert_eq!(plan.lines()[0], "replace the annotations of the phase test");
}

#[test]
fn annotations_named_by_digest_are_those_of_the_server_or_a_fault() {
    let (_keep, bundle) = folder(TEXT);
    let remote = applied(&bundle);
    let named = |content: &[u8]| TEXT.replace("truth.csv", &format!("sha256:{}", Digest::of(content)));
    let (_keep, same) = folder(&named(b"id,label\n"));
    assert_eq!(Plan::of(&same, Some(&remote)).unwrap().steps, []);
    let (_keep, other) = folder(&named(b"other"));
    let refusal = Plan::of(&other, Some(&remote)).unwrap_err().to_string();
    assert!(refusal.contains("name its file"), "{refusal}");
}

#[test]
fn a_phase_that_the_file_does_not_name_is_left_alone() {
    let (_keep, bundle) = folder(TEXT);
    let remote = applied(&bundle);
    let (_keep, smaller) = folder("slug = 'a'\ntitle = 'A'\n");
    let plan = Plan::of(&smaller, Some(&remote)).unwrap();
    assert_eq!(plan.steps, []);
    assert_eq!(plan.lines(), ["leave alone the phase test, which the file does not name"]);
}

#[test]
fn a_framing_that_nobody_says_is_missed_and_one_that_is_there_stays() {
    let (_keep, unframed) = folder(TEXT);
    assert_eq!(Plan::of(&unframed, None).unwrap().unframed, ["test"]);
    let framing = "[phase.framing]\nunit = 'clip'\nlabel_source = 'closed_list'\nperspective = 'model'\nstated_goal = 'x'\n";
    let (_keep, framed) = folder(&format!("{TEXT}{framing}"));
    let plan = Plan::of(&framed, Some(&applied(&unframed))).unwrap();
    assert!(plan.unframed.is_empty());
    assert_eq!(plan.lines()[0], "change the phase test");
    assert!(Plan::of(&framed, Some(&applied(&framed))).unwrap().steps.is_empty());
    let back = Plan::of(&unframed, Some(&applied(&framed))).unwrap();
    assert!(back.steps.is_empty() && back.unframed.is_empty());
}
