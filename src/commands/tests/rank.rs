//! `rank`, run in this process on files of a temporary folder.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use clap::Parser;
use heldout_commands::rank::{self, RankArgs};
use serde_json::{Value, json};
use tempfile::TempDir;

#[derive(Parser)]
struct Rank {
    #[command(flatten)]
    args: RankArgs,
}

/// Runs `rank` with these words, split at blanks; `DIR` stands for the folder. The code, the output, the messages.
fn run(folder: &Path, words: &str) -> (u8, String, String) {
    let words = words.replace("DIR", folder.to_str().unwrap());
    let parsed = Rank::try_parse_from(["rank"].into_iter().chain(words.split_whitespace())).unwrap();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = rank::run(&parsed.args, &mut out, &mut err);
    (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

fn ranked(folder: &Path, words: &str) -> Value {
    let (code, out, err) = run(folder, &format!("{words} --format json"));
    assert_eq!((code, err.as_str()), (0, ""));
    serde_json::from_str(&out).unwrap()
}

fn refused(folder: &Path, words: &str) -> String {
    let (code, out, err) = run(folder, words);
    assert_eq!((code, out.as_str()), (1, ""));
    err
}

fn files(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// Forty items in ten groups of four: `good` is right on 32, `fair` on 20 of these, and `twin` where `fair` is.
fn table() -> String {
    let mut rows = String::from("item,system,score,group\n");
    for item in 0..40 {
        for (system, score) in [("good", item % 5 != 0), ("fair", item % 2 == 1), ("twin", item % 2 == 1)] {
            rows.push_str(&format!("i{item:02},{system},{},v{}\n", u8::from(score), item / 4));
        }
    }
    rows
}

fn entry<'v>(report: &'v Value, system: &str) -> &'v Value {
    report["entries"].as_array().unwrap().iter().find(|entry| entry["system"] == system).unwrap()
}

#[test]
fn systems_are_ranked_with_what_is_known_of_their_ranks() {
    let folder = files(&[("scores.csv", &table())]);
    let report = ranked(folder.path(), "DIR/scores.csv --replicates 999");
    assert_eq!(
        (&report["items"], &report["units"], &report["replicates"]),
        (&json!(40), &json!(10), &json!(999))
    );
    assert_eq!(report["first_place"], json!(["good"]));
    let (good, fair, twin) = (entry(&report, "good"), entry(&report, "fair"), entry(&report, "twin"));
    assert_eq!(
        (&good["score"], &good["rank"], &good["rank_set"]),
        (&json!(0.8), &json!(1), &json!({"best": 1, "worst": 1}))
    );
    for equal in [fair, twin] {
        assert_eq!((&equal["score"], &equal["rank"], &equal["group"]), (&json!(0.5), &json!(2), &json!(2)));
        assert_eq!(equal["rank_set"], json!({"best": 2, "worst": 3}));
    }
    let bounds = |end: &str| good["interval"][end].as_f64().unwrap();
    assert!(bounds("lower") < 0.8 && bounds("upper") > 0.8);
    // The twins differ nowhere.
    assert_eq!(fair["next"]["p"], json!(1.0));
    assert!(good["next"]["p"].as_f64().unwrap() < 0.01);
    let turned = ranked(folder.path(), "DIR/scores.csv --replicates 999 --lower-is-better");
    assert_eq!((&entry(&turned, "good")["rank"], &entry(&turned, "fair")["rank"]), (&json!(3), &json!(1)));
}

#[test]
fn neither_the_order_of_rows_nor_another_system_changes_the_draws() {
    let rows = table();
    let (header, body) = rows.split_once('\n').unwrap();
    let mut turned: Vec<&str> = body.lines().rev().collect();
    turned.insert(0, header);
    let alone: Vec<&str> = rows.lines().filter(|row| !row.contains("twin")).collect();
    let folder = files(&[("a.csv", &rows), ("b.csv", &turned.join("\n")), ("c.csv", &alone.join("\n"))]);
    let all = ["a", "b", "c"].map(|name| ranked(folder.path(), &format!("DIR/{name}.csv --replicates 999")));
    assert_eq!(all[0], all[1]);
    assert_eq!(entry(&all[0], "good")["interval"], entry(&all[2], "good")["interval"]);
    let other = ranked(folder.path(), "DIR/a.csv --replicates 999 --seed 1");
    assert_ne!(entry(&all[0], "good")["standard_error"], entry(&other, "good")["standard_error"]);
}

#[test]
fn a_file_without_systems_is_one_system() {
    let folder = files(&[
        ("first.csv", "item,score\na,0.5\nb,0.7\nc,0.9\n"),
        ("second.csv", "item,score\nc,0.1\nb,0.2\na,0.3\n"),
    ]);
    let report = ranked(folder.path(), "DIR/second.csv DIR/first.csv --replicates 999");
    let names: Vec<&Value> =
        report["entries"].as_array().unwrap().iter().map(|entry| &entry["system"]).collect();
    assert_eq!(names, ["first", "second"]);
    let (code, out, _) = run(folder.path(), "DIR/second.csv DIR/first.csv --replicates 999");
    assert_eq!(code, 0);
    for told in ["95% interval", "first", "second", "3 items, 999 replicates, seed 0"] {
        assert!(out.contains(told), "{told}: {out}");
    }
}

#[test]
fn one_unit_says_nothing_of_uncertainty() {
    let folder = files(&[("one.csv", "item,system,score\na,x,0.5\na,y,0.7\n")]);
    let report = ranked(folder.path(), "DIR/one.csv --replicates 999");
    let best = entry(&report, "y");
    assert_eq!((&best["interval"], &best["winner_share"]), (&Value::Null, &Value::Null));
    assert_eq!(best["rank_set"], json!({"best": 1, "worst": 2}));
}

#[test]
fn few_items_that_are_right_or_wrong_have_the_interval_of_a_share() {
    let rows: String = (0..10).map(|item| format!("i{item},1\n")).collect();
    let folder = files(&[("sure.csv", &format!("item,score\n{rows}"))]);
    let report = ranked(folder.path(), "DIR/sure.csv --replicates 999");
    // Wilson: 10 of 10 is at least 10 / (10 + 1.96²).
    let lower = entry(&report, "sure")["interval"]["lower"].as_f64().unwrap();
    assert!((lower - 10.0 / (10.0 + 1.959_963_984_540_054_f64.powi(2))).abs() < 1e-12);
}

#[test]
fn every_fault_is_told_with_its_line() {
    let folder = files(&[
        ("bad.csv", "item,system,score\na,x,nan\n,x,1\nb,x,1\nb,x,2\nc,y,1\n"),
        ("groups.csv", "item,system,score,group\na,x,1,g\nb,x,1,\nc,x,1,h\nc,x,1,g\n"),
        ("columns.csv", "item,points\na,1\n"),
        ("empty.csv", "item,score\n"),
    ]);
    let told = refused(folder.path(), "DIR/bad.csv");
    for fault in [
        "bad.csv:2: the score \"nan\" is not a finite number",
        "bad.csv:3: the item is empty",
        "bad.csv:5: system \"x\" has a second score for item \"b\"",
        "system \"x\" has no score for item \"c\"",
        "system \"y\" has no score for item \"b\"",
    ] {
        assert!(told.contains(fault), "{fault}: {told}");
    }
    let told = refused(folder.path(), "DIR/groups.csv");
    assert!(told.contains("item \"c\" is in the group \"g\" here and \"h\" before"), "{told}");
    assert!(told.contains("item \"b\" has no group, and others have one"), "{told}");
    assert!(
        refused(folder.path(), "DIR/columns.csv")
            .contains("it needs the columns item and score; it has item, points")
    );
    assert!(refused(folder.path(), "DIR/empty.csv").contains("there are no scores"));
    assert!(refused(folder.path(), "DIR/absent.csv").contains("cannot read"));
}

#[test]
fn levels_and_replicates_must_fit() {
    let folder = files(&[("scores.csv", &table())]);
    assert!(refused(folder.path(), "DIR/scores.csv --replicates 1000").contains("999"));
    for level in ["0", "1", "nan", "0.00001"] {
        let told = refused(folder.path(), &format!("DIR/scores.csv --level {level}"));
        assert!(told.contains("--level must be between 0.0001 and 0.9999"), "{told}");
    }
}
