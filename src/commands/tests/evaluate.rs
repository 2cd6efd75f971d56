//! `evaluate` and `evaluators`, run in this process on files of a temporary folder.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use clap::Parser;
use heldout_commands::evaluate::{self, EvaluateArgs};
use heldout_commands::evaluators::{self, EvaluatorsArgs};
use serde_json::{Value, json};
use tempfile::TempDir;

/// What a command printed, and how it ended.
struct Ran {
    code: u8,
    out: String,
    err: String,
}

impl Ran {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {} {}", self.out, self.err))
    }
}

fn captured(run: impl FnOnce(&mut Vec<u8>, &mut Vec<u8>) -> u8) -> Ran {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = run(&mut out, &mut err);
    Ran { code, out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap() }
}

#[derive(Parser)]
struct Evaluate {
    #[command(flatten)]
    args: EvaluateArgs,
}

#[derive(Parser)]
struct Evaluators {
    #[command(flatten)]
    args: EvaluatorsArgs,
}

/// Runs `evaluate` with these words, split at blanks; `DIR` stands for the folder.
fn run(folder: &Path, words: &str) -> Ran {
    let words = words.replace("DIR", folder.to_str().unwrap());
    let parsed = Evaluate::try_parse_from(["evaluate"].into_iter().chain(words.split_whitespace())).unwrap();
    captured(|out, err| evaluate::run(&parsed.args, out, err))
}

fn run_evaluators(words: &str) -> Ran {
    let parsed =
        Evaluators::try_parse_from(["evaluators"].into_iter().chain(words.split_whitespace())).unwrap();
    captured(|out, err| evaluators::run(&parsed.args, out, err))
}

fn files(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// A binary task of five items, of which the last one is scored worst.
fn binary() -> TempDir {
    files(&[
        ("truth.csv", "id,label\na,1\nb,0\nc,1\nd,0\ne,1\n"),
        ("good.csv", "id,score\ne,0.1\na,0.9\nb,0.3\nc,0.7\nd,0.2\n"),
        ("bad.csv", "id,score\na,nan\nb,0.3\nc,0.7\nd,0.2\nx,1\n"),
        (
            "items.csv",
            "item,group,split,country\na,g1,public,IT\nb,g1,public,IT\nc,g2,private,JP\nd,g2,private,IT|JP\ne,g3,private,\n",
        ),
    ])
}

const BINARY: &str = "classification_binary --annotations DIR/truth.csv --submission DIR/good.csv";

#[test]
fn scores_are_printed_as_json_with_every_digit() {
    let folder = binary();
    let ran = run(folder.path(), &format!("{BINARY} --format json"));
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let json = ran.json();
    assert_eq!(
        json["evaluator"],
        json!({"id": "classification_binary", "version": "1.0.0", "mode": "strict"})
    );
    assert_eq!(json["items"], 5);
    assert_eq!(json["splits"], json!({}));
    let expected =
        [0.1_f64, 0.9, 0.7].map(f64::ln).iter().chain(&[0.7_f64, 0.8].map(f64::ln)).sum::<f64>() / -5.0;
    let printed = json["metrics"]["log_loss"].as_f64().unwrap();
    assert!((printed - expected).abs() < 1e-15);
    // The text of a number names one float only.
    assert!(ran.out.contains(&format!("\"log_loss\": {printed}")), "{}", ran.out);
    assert!(json.get("undefined").is_none());
}

#[test]
fn splits_and_slices_come_from_the_items_table() {
    let folder = binary();
    let ran = run(folder.path(), &format!("{BINARY} --items DIR/items.csv --slice country --format json"));
    let json = ran.json();
    assert_eq!(json["splits"]["public"]["items"], 2);
    assert_eq!(json["splits"]["public"]["metrics"]["roc_auc"], 1.0);
    assert_eq!(json["splits"]["private"]["items"], 3);
    assert_eq!(json["splits"]["private"]["metrics"]["roc_auc"], 0.5);
    assert_eq!(json["slices"]["country"]["IT"]["items"], 3);
    assert_eq!(json["slices"]["country"]["JP"]["items"], 2);
    // Splits change nothing for all items together.
    assert_eq!(json["metrics"], run(folder.path(), &format!("{BINARY} --format json")).json()["metrics"]);

    let ran = run(folder.path(), &format!("{BINARY} --items DIR/items.csv --slice continent"));
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("no attribute \"continent\""), "{}", ran.err);
}

#[test]
fn what_is_undefined_is_null_with_its_reason() {
    let folder = files(&[("truth.csv", "id,label\na,1\n"), ("s.csv", "id,score\na,0.5\n")]);
    let words = "classification_binary --annotations DIR/truth.csv --submission DIR/s.csv";
    let json = run(folder.path(), &format!("{words} --format json")).json();
    assert_eq!(json["metrics"]["roc_auc"], Value::Null);
    assert_eq!(json["undefined"]["roc_auc"], "only one class occurs here");
    assert!(json["undefined"].get("average_precision").is_none());
    let text = run(folder.path(), words).out;
    assert!(text.contains("undefined: roc_auc: only one class occurs here"), "{text}");
}

#[test]
fn an_invalid_submission_ends_with_two_and_all_faults() {
    let folder = binary();
    let words = "classification_binary --annotations DIR/truth.csv --submission DIR/bad.csv";
    let ran = run(folder.path(), &format!("{words} --format json"));
    assert_eq!((ran.code, ran.err.as_str()), (2, ""));
    let json = ran.json();
    assert_eq!((&json["status"], &json["fault_count"]), (&json!("invalid"), &json!(3)));
    let codes: Vec<&str> =
        json["faults"].as_array().unwrap().iter().map(|fault| fault["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["not_finite", "unknown_ids", "missing_ids"]);
    assert_eq!(json["faults"][0]["line"], 2);
    assert!(json["faults"][0]["message"].as_str().unwrap().contains("\"a\""));

    let ran = run(folder.path(), words);
    assert_eq!(ran.code, 2);
    assert!(ran.out.starts_with("invalid: 3 faults\nline 2: "), "{}", ran.out);
}

#[test]
fn a_submission_is_checked_without_scores_from_the_file_that_has_no_annotations() {
    let query = |times: &str| format!(r#"{{"query": "Where is the knife?"{times}}}"#);
    let of_query = |query: &str| {
        format!(
            r#"{{"videos": [{{"video_uid": "v", "clips": [{{"clip_uid": "c", "annotations": [
                {{"annotation_uid": "a", "language_queries": [{query}, {query}]}}]}}]}}]}}"#
        )
    };
    let sent = |second: usize| {
        let row = |index: usize, windows: &str| {
            format!(
                r#"{{"clip_uid": "c", "annotation_uid": "a", "query_idx": {index}, "predicted_times": {windows}}}"#
            )
        };
        format!(
            r#"{{"version": "1.0", "challenge": "ego4d_nlq_challenge", "results": [{}, {}]}}"#,
            row(0, "[[0, 5]]"),
            row(second, "[]")
        )
    };
    let folder = files(&[
        ("truth.json", &of_query(&query(r#", "clip_start_sec": 0, "clip_end_sec": 4"#))),
        ("nlq_test_unannotated.json", &of_query(&query(""))),
        ("good.json", &sent(1)),
        ("bad.json", &sent(2)),
    ]);
    let check = |annotations: &str, submission: &str, more: &str| {
        run(
            folder.path(),
            &format!("ego4d_nlq --annotations DIR/{annotations} --submission DIR/{submission} {more}"),
        )
    };

    let valid = check("nlq_test_unannotated.json", "good.json", "--check --format json");
    assert_eq!((valid.code, valid.err.as_str()), (0, ""));
    let json = valid.json();
    assert_eq!(
        (&json["status"], &json["items"], &json["unannotated"]),
        (&json!("valid"), &json!(2), &json!(true))
    );
    assert_eq!(json["notes"][0]["code"], "empty_answers");
    assert!(json.get("metrics").is_none());
    let text = check("nlq_test_unannotated.json", "good.json", "--check").out;
    assert!(text.starts_with("valid: ego4d_nlq 1 (strict), 2 items (query, of a file without"), "{text}");
    assert_eq!(check("truth.json", "good.json", "--check --format json").json()["unannotated"], false);

    let refused = check("truth.json", "bad.json", "--format json");
    assert_eq!(refused.code, 2);
    for annotations in ["truth.json", "nlq_test_unannotated.json"] {
        let checked = check(annotations, "bad.json", "--check --format json");
        assert_eq!((checked.code, &checked.out), (2, &refused.out), "{annotations}");
    }

    // To score needs the truth.
    let ran = check("nlq_test_unannotated.json", "good.json", "");
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("clip_start_sec"), "{}", ran.err);
}

#[test]
fn everything_else_that_goes_wrong_ends_with_one_and_a_reason() {
    let folder = binary();
    for (words, reason) in [
        ("classification_unary --annotations DIR/truth.csv --submission DIR/good.csv", "there are asr, "),
        ("classification_binary --annotations DIR/none.csv --submission DIR/good.csv", "none.csv"),
        ("classification_binary --annotations DIR/truth.csv --submission DIR/none.csv", "none.csv"),
        ("classification_binary --annotations DIR/good.csv --submission DIR/good.csv", "missing_column"),
        (
            "classification_binary --annotations DIR/truth.csv --annotations DIR/truth.csv --submission DIR/good.csv",
            "twice",
        ),
        (
            "classification_binary --annotations DIR/truth.csv --submission DIR/good.csv --param threshold",
            "NAME=VALUE",
        ),
        (
            "classification_binary --annotations DIR/truth.csv --submission DIR/good.csv --param treshold=1",
            "threshold",
        ),
        (
            "classification_binary --annotations DIR/truth.csv --submission DIR/good.csv --items DIR/truth.csv",
            "truth.csv is refused",
        ),
    ] {
        let ran = run(folder.path(), &format!("{words} --format json"));
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{words}");
        assert!(ran.err.starts_with("error: ") && ran.err.contains(reason), "{words}: {}", ran.err);
    }
}

#[test]
fn parameters_and_named_tables_reach_the_evaluator() {
    let folder = files(&[
        ("truth.csv", "id,label\na,x\nb,y\n"),
        ("classes.json", "[\"x\", \"y\", \"z\"]"),
        ("s.csv", "id,x,y,z\na,0.5,0.25,0.25\nb,0.5,0.25,0.25\n"),
        ("off.csv", "id,x,y,z\na,0.5,0.25,0.75\nb,0.5,0.25,0.25\n"),
    ]);
    let tables = "classification_probability --annotations DIR/truth.csv --annotations classes=DIR/classes.json --format json";
    let json = run(folder.path(), &format!("{tables} --param top_k=2,3 --submission DIR/s.csv")).json();
    // Of the tied second and third class the later one ranks first.
    assert_eq!(json["metrics"]["top_2_accuracy"], 0.5);
    assert_eq!(json["metrics"]["top_3_accuracy"], 1.0);
    assert!(json["metrics"].get("top_1_accuracy").is_none());

    assert_eq!(run(folder.path(), &format!("{tables} --submission DIR/off.csv")).code, 2);
    let reference = run(folder.path(), &format!("{tables} --submission DIR/off.csv --mode reference"));
    assert_eq!((reference.code, &reference.json()["evaluator"]["mode"]), (0, &json!("reference")));
}

#[test]
fn a_folder_where_a_file_is_wanted_is_an_invalid_submission() {
    let folder = files(&[
        ("truth.csv", "id,label\na,1\n"),
        ("sub/one.csv", "id,score\na,1\n"),
        ("sub/in/two.csv", "x"),
    ]);
    let ran = run(
        folder.path(),
        "classification_binary --annotations DIR/truth.csv --submission DIR/sub --format json",
    );
    assert_eq!(ran.code, 2);
    assert_eq!(ran.json()["faults"][0]["code"], "wrong_format");
    assert!(ran.out.contains("2 files"), "{}", ran.out);
}

#[test]
fn a_person_reads_a_table() {
    let folder = binary();
    let ran = run(folder.path(), &format!("{BINARY} --items DIR/items.csv"));
    assert_eq!(ran.code, 0);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines[0], "classification_binary 1.0.0 (strict)");
    let row = |name: &str| -> Vec<&str> {
        let line = lines.iter().find(|line| line.split_whitespace().next() == Some(name)).unwrap();
        line.split_whitespace().collect()
    };
    assert_eq!(row("metric"), ["metric", "unit", "better", "all", "private", "public"]);
    assert_eq!(row("roc_auc"), ["roc_auc", "fraction", "higher", "0.6667", "0.5000", "1.0000"]);
    assert_eq!(row("log_loss")[..3], ["log_loss", "nats", "lower"]);
    assert_eq!(row("items"), ["items", "5", "3", "2"]);
}

#[test]
fn evaluators_are_listed() {
    let ran = run_evaluators("");
    assert_eq!(ran.code, 0);
    assert!(
        ran.out.lines().any(|line| line.contains("classification_label") && line.contains("accuracy")),
        "{}",
        ran.out
    );
    let manifests = run_evaluators("--format json").json();
    assert!(manifests.as_array().unwrap().iter().any(|manifest| manifest["id"] == "ego4d_nlq"));
}

#[test]
fn an_evaluator_is_documented_whole() {
    let manifest = run_evaluators("classification_binary --format json").json();
    let text = run_evaluators("classification_binary").out;
    for metric in manifest["metrics"].as_array().unwrap() {
        assert!(text.contains(&format!("- `{}` (", metric["name"].as_str().unwrap())), "{metric}");
    }
    for param in manifest["params"].as_array().unwrap() {
        assert!(text.contains(&format!("- `{}` (", param["name"].as_str().unwrap())), "{param}");
    }
    for part in [
        "# Binary classification",
        "## Submission (text/csv)",
        "id,score",
        "## Rules",
        "## References",
        "default `0.5`",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    let ran = run_evaluators("nothing");
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("\"nothing\""));
}
