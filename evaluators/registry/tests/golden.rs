//! Walks `evaluators/golden.toml` over the golden cases, which lie outside of the repository (`HELDOUT_SHARED`).
//!
//! A golden folder of a family that is built in, and every metric in it, must be mapped; what is not fails the test.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod golden_support;

use std::collections::BTreeSet;
use std::path::Path;

use golden_support::{Case, Expected, Outcome, cases, close, golden_folder, real_folder, run};
use sdk::Mode;

/// The golden folders that the built-in evaluators answer for.
const FOLDERS: [&str; 10] = [
    "ego4d/nlq",
    "ego4d/goalstep",
    "ego4d/mq",
    "general/anet",
    "general/anet_ties",
    "general/epic_c2",
    "general/cls_label",
    "general/cls_prob",
    "general/binary",
    "general/multilabel",
];

/// What strict mode gives for edge cases where the public code is not followed to the letter.
///
/// A code stands for a refusal, a metric with its value for a score; all other edge cases score as in the public code.
const STRICT_EDGES: [(&str, &str, Strict); 27] = [
    ("ego4d/nlq", "edge-duplicate-entry", Strict::Refused("duplicate_ids")),
    ("ego4d/nlq", "edge-empty-predictions", Strict::Scored("r@1, IoU=0.3", 50.0)),
    ("ego4d/nlq", "edge-flat-window", Strict::Refused("wrong_type")),
    ("ego4d/nlq", "edge-inf-window", Strict::Refused("not_finite")),
    ("ego4d/nlq", "edge-missing-query", Strict::Refused("missing_ids")),
    ("ego4d/nlq", "edge-nan-window", Strict::Refused("not_finite")),
    ("ego4d/nlq", "edge-negative-query-idx", Strict::Refused("unknown_ids")),
    ("ego4d/nlq", "edge-query-idx-out-of-range", Strict::Refused("unknown_ids")),
    ("ego4d/nlq", "edge-reversed-window", Strict::Refused("out_of_range")),
    ("ego4d/nlq", "edge-unknown-annotation", Strict::Refused("unknown_ids")),
    ("ego4d/nlq", "edge-wrong-challenge", Strict::Refused("wrong_challenge")),
    ("ego4d/nlq", "edge-wrong-version", Strict::Refused("unsupported_version")),
    ("ego4d/nlq", "edge-zero-length-gt-and-equal-zero-length-pred", Strict::Scored("mIoU", 50.0)),
    ("ego4d/nlq", "edge-zero-length-gt", Strict::AsPublic),
    ("ego4d/nlq", "edge-hull-union-of-disjoint", Strict::AsPublic),
    ("ego4d/nlq", "edge-iou-exactly-0.3-and-0.5", Strict::AsPublic),
    ("ego4d/nlq", "edge-more-than-5-windows", Strict::AsPublic),
    ("ego4d/mq", "edge-clip-missing-in-retrieval", Strict::Scored("Recall@1x,tIoU=0.5", 0.5)),
    ("ego4d/mq", "edge-nan-score", Strict::Refused("not_finite")),
    ("ego4d/mq", "edge-reversed-segment", Strict::Refused("out_of_range")),
    ("ego4d/mq", "edge-string-score", Strict::Refused("not_a_number")),
    ("ego4d/mq", "edge-zero-length-gt", Strict::Scored("Average mAP", 0.25)),
    // An empty detection lies on an empty moment, which the public code takes for a hit.
    ("ego4d/mq", "small-1", Strict::Scored("Average mAP", 0.4919097955598346)),
    ("ego4d/mq", "edge-class-without-predictions", Strict::AsPublic),
    ("ego4d/mq", "edge-equal-scores", Strict::AsPublic),
    ("ego4d/mq", "edge-unknown-clip", Strict::AsPublic),
    ("ego4d/mq", "edge-unknown-label", Strict::AsPublic),
];

#[derive(Debug, Clone, Copy)]
enum Strict {
    Refused(&'static str),
    Scored(&'static str, f64),
    AsPublic,
}

#[test]
fn every_golden_folder_is_mapped_and_agrees() {
    let Some(golden) = golden_folder() else {
        return;
    };
    let cases = cases();
    let mut problems = Vec::new();
    let mut compared = 0;
    for folder in FOLDERS {
        let of_folder: Vec<&Case> = cases.iter().filter(|case| case.golden == folder).collect();
        if of_folder.is_empty() {
            problems.push(format!("{folder} has no [[case]] in golden.toml"));
        }
        for path in subfolders(&golden.join(folder)) {
            // Of the full size only the expected values are kept: a generator makes the files.
            if path.join(&of_folder[0].submission).exists() {
                compared += check_folder(folder, &path, &of_folder, &mut problems);
            }
        }
    }
    for case in &cases {
        let known = FOLDERS.contains(&case.golden.as_str());
        if !known || !golden.join(&case.golden).is_dir() {
            problems.push(format!("{} is mapped, but no such folder is checked", case.golden));
        }
    }
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
    assert!(compared > 1000, "only {compared} values were compared");
}

/// Checks one folder of files in both modes; returns how many values were compared.
fn check_folder(folder: &str, path: &Path, cases: &[&Case], problems: &mut Vec<String>) -> usize {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let expected = Expected::read(path);
    let tolerance = if folder.starts_with("general/") && !name.starts_with("full") { 1e-12 } else { 1e-9 };
    let mut compared = 0;
    let unmapped: BTreeSet<&String> =
        expected.names().filter(|metric| !cases.iter().any(|case| case.our_name(metric).is_some())).collect();
    if !unmapped.is_empty() {
        problems.push(format!("{folder}/{name}: not mapped: {unmapped:?}"));
    }
    for case in cases {
        for mode in [Mode::Strict, Mode::Reference] {
            let outcome = run(case, path, &path.join(&case.submission), mode);
            let place = format!("{folder}/{name} ({}, {})", case.evaluator, mode.name());
            match (mode, strict_edge(folder, &name)) {
                (Mode::Strict, Some(Strict::Refused(code))) => must_refuse(&place, &outcome, code, problems),
                (Mode::Strict, Some(Strict::Scored(metric, value))) => {
                    let score = outcome.score(metric);
                    if !score.is_some_and(|score| close(score, Some(value), tolerance)) {
                        problems.push(format!("{place}: {metric} is {score:?}, not {value}: {outcome:?}"));
                    }
                }
                // No mode takes what is not JSON, and where the public code crashes there is nothing to agree with.
                (Mode::Reference, _)
                    if expected.has_no_values() || name.contains("nan-") || name.contains("inf-") => {}
                _ => compared += compare(&place, case, &expected, &outcome, tolerance, problems),
            }
        }
    }
    compared + check_bad(folder, path, cases[0], problems)
}

fn compare(
    place: &str,
    case: &Case,
    expected: &Expected,
    outcome: &Outcome,
    tolerance: f64,
    problems: &mut Vec<String>,
) -> usize {
    let mut compared = 0;
    for (metric, value) in expected.values() {
        let Some(ours) = case.our_name(metric) else {
            continue;
        };
        compared += 1;
        match outcome.score(&ours) {
            Some(score) if close(score, *value, tolerance) => {}
            score => problems.push(format!("{place}: {metric} is {score:?}, not {value:?}: {outcome:?}")),
        }
    }
    compared
}

/// Every file of `bad/` must be refused with its code.
fn check_bad(folder: &str, path: &Path, case: &Case, problems: &mut Vec<String>) -> usize {
    let bad = path.join("bad");
    if !bad.is_dir() {
        return 0;
    }
    let text = std::fs::read_to_string(bad.join("expected.json")).unwrap();
    let expected: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
    for (file, verdict) in &expected {
        let outcome = run(case, path, &bad.join(file), Mode::Strict);
        let code = verdict["code"].as_str().unwrap();
        must_refuse(&format!("{folder}/{}/bad/{file}", path.display()), &outcome, code, problems);
    }
    expected.len()
}

fn must_refuse(place: &str, outcome: &Outcome, code: &str, problems: &mut Vec<String>) {
    if !outcome.codes().contains(&code) {
        problems.push(format!("{place}: must be refused with {code}: {outcome:?}"));
    }
}

fn strict_edge(folder: &str, name: &str) -> Option<Strict> {
    STRICT_EDGES.iter().find(|(of, edge, _)| *of == folder && *edge == name).map(|(_, _, strict)| *strict)
}

fn subfolders(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut folders: Vec<_> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

#[test]
fn real_segments_of_kitchens_give_the_published_codes_values() {
    let Some(folder) = real_folder("epic100_c2") else {
        return;
    };
    let cases = cases();
    let case = cases.iter().find(|case| case.evaluator == "epic_c2").unwrap();
    let outcome = run(case, &folder, &folder.join("submission.json"), Mode::Strict);
    let mut problems = Vec::new();
    let compared = compare("epic100_c2", case, &Expected::read(&folder), &outcome, 1e-9, &mut problems);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert_eq!(compared, 18);
}

#[test]
fn real_tables_give_the_references_values() {
    let cases = cases();
    for (name, evaluator) in [
        ("sk_iris", "classification_label"),
        ("sk_wine", "classification_probability"),
        ("sk_digits", "classification_probability"),
        ("sk_breast_cancer", "classification_binary"),
    ] {
        let Some(folder) = real_folder(name) else {
            return;
        };
        let case = cases.iter().find(|case| case.evaluator == evaluator).unwrap();
        let outcome = run(case, &folder, &folder.join("submission.csv"), Mode::Strict);
        let mut problems = Vec::new();
        let compared = compare(name, case, &Expected::read(&folder), &outcome, 1e-12, &mut problems);
        assert!(problems.is_empty(), "{}", problems.join("\n"));
        assert!(compared > 10, "{name}: only {compared} values were compared");
    }
}
