//! `rank`, run in this process on files of a temporary folder.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use clap::Parser;
use heldout_commands::evaluate::{self, EvaluateArgs};
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

#[derive(Parser)]
struct Evaluate {
    #[command(flatten)]
    args: EvaluateArgs,
}

/// Runs `evaluate` with these words; its messages, if it fails.
fn evaluated(folder: &Path, words: &str) -> Result<(), String> {
    let words = words.replace("DIR", folder.to_str().unwrap());
    let parsed = Evaluate::try_parse_from(["evaluate"].into_iter().chain(words.split_whitespace())).unwrap();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    match evaluate::run(&parsed.args, &mut out, &mut err) {
        0 => Ok(()),
        code => Err(format!("{code}: {} {}", String::from_utf8_lossy(&out), String::from_utf8_lossy(&err))),
    }
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

const SYSTEMS: [&str; 3] = ["atlas", "borea", "ceres"];

/// How sure a system is that a clip shows a change: all are mostly right, `atlas` more clearly than the others.
fn belief(system: &str, clip: usize) -> f64 {
    let noise = (clip * 37 % 101) as f64 / 101.0;
    let (clarity, blunders) = match system {
        "atlas" => (0.30, 13),
        "borea" => (0.15, 11),
        _ => (0.14, 9),
    };
    let towards = if clip.is_multiple_of(3) { clarity } else { -clarity };
    let turned = if clip % blunders == 4 { -towards } else { towards };
    ((0.5 + turned + 0.15 * (noise - 0.5)) * 1000.0).round() / 1000.0
}

fn label(clip: usize) -> u8 {
    u8::from(clip.is_multiple_of(3))
}

/// Ninety clips of thirty videos in three rooms, three systems, and a table with their Brier scores.
fn clips() -> TempDir {
    let mut truth = String::from("id,label\n");
    let mut items = String::from("item,group,split,room\n");
    let mut scores = String::from("item,system,score,group\n");
    for clip in 0..90 {
        let room = ["kitchen", "hall", "kitchen|hall"][clip / 3 % 3];
        let split = if clip < 60 { "public" } else { "private" };
        truth.push_str(&format!("clip{clip:02},{}\n", label(clip)));
        items.push_str(&format!("clip{clip:02},video{:02},{split},{room}\n", clip / 3));
        for system in SYSTEMS {
            let error = (belief(system, clip) - f64::from(label(clip))).powi(2);
            scores.push_str(&format!("clip{clip:02},{system},{error},video{:02}\n", clip / 3));
        }
    }
    let folder = files(&[("truth.csv", &truth), ("items.csv", &items), ("brier.csv", &scores)]);
    for system in SYSTEMS {
        let mut rows = String::from("id,score\n");
        for clip in 0..90 {
            rows.push_str(&format!("clip{clip:02},{}\n", belief(system, clip)));
        }
        fs::write(folder.path().join(format!("{system}.csv")), rows).unwrap();
    }
    folder
}

fn saved(folder: &Path, system: &str, more: &str) {
    let words = format!(
        "classification_binary --annotations DIR/truth.csv --submission DIR/{system}.csv --save DIR/{system}.evidence {more}"
    );
    evaluated(folder, &words).unwrap();
}

fn all_saved() -> TempDir {
    let folder = clips();
    SYSTEMS.iter().for_each(|system| saved(folder.path(), system, "--items DIR/items.csv"));
    folder
}

const EVALUATIONS: &str = "DIR/borea.evidence DIR/atlas.evidence DIR/ceres.evidence --replicates 999";

#[test]
fn evaluations_are_ranked_as_tables_of_their_scores_are() {
    let folder = all_saved();
    let of_table = ranked(folder.path(), "DIR/brier.csv --lower-is-better --replicates 999");
    let of_evaluations = ranked(folder.path(), &format!("{EVALUATIONS} --metric brier"));
    assert_eq!(of_evaluations["evaluator"]["id"], "classification_binary");
    assert_eq!((&of_evaluations["metric"], &of_evaluations["test"]), (&json!("brier"), &json!("sign_flips")));
    assert_eq!(of_evaluations["higher_is_better"], json!(false));
    for name in ["entries", "items", "units", "first_place", "test"] {
        assert_eq!(of_table[name], of_evaluations[name], "{name}");
    }
    // What is the best by the Brier score is first here, too.
    assert_eq!(of_evaluations["entries"][0]["system"], "atlas");
}

#[test]
fn what_is_no_mean_is_compared_by_replicates() {
    let folder = all_saved();
    let report = ranked(folder.path(), EVALUATIONS);
    assert_eq!((&report["metric"], &report["test"]), (&json!("roc_auc"), &json!("paired_bootstrap")));
    // Every pair of a change and no change, compared by hand.
    let positives: Vec<usize> = (0..90).filter(|clip| label(*clip) == 1).collect();
    let negatives: Vec<usize> = (0..90).filter(|clip| label(*clip) == 0).collect();
    for system in SYSTEMS {
        let mut wins = 0.0;
        for positive in &positives {
            for negative in &negatives {
                let (above, below) = (belief(system, *positive), belief(system, *negative));
                wins += if above > below {
                    1.0
                } else if above == below {
                    0.5
                } else {
                    0.0
                };
            }
        }
        let area = wins / (positives.len() * negatives.len()) as f64;
        let found = entry(&report, system);
        assert!((found["score"].as_f64().unwrap() - area).abs() < 1e-12, "{system}");
        let end = |end: &str| found["interval"][end].as_f64().unwrap();
        assert!(end("lower") < area && area < end("upper"), "{found:#}");
    }
    let last = report["entries"].as_array().unwrap().last().unwrap();
    assert_eq!(last["next"], Value::Null);
    let p = report["entries"][1]["next"]["p"].as_f64().unwrap();
    assert!(p > 0.05, "borea and ceres are alike: {p}");
}

#[test]
fn only_items_that_meet_all_conditions_count() {
    let folder = all_saved();
    let asked = |more: &str| ranked(folder.path(), &format!("{EVALUATIONS} --metric brier {more}"));
    let hall = asked("--where room=hall --split private");
    assert_eq!((&hall["items"], &hall["units"]), (&json!(21), &json!(7)));
    assert_eq!(hall["where"], json!(["split=private", "room=hall"]));
    let clips: Vec<usize> = (60..90).filter(|clip| clip / 3 % 3 > 0).collect();
    let error = |clip: &usize| (belief("ceres", *clip) - f64::from(label(*clip))).powi(2);
    let mean = clips.iter().map(error).sum::<f64>() / clips.len() as f64;
    assert!((entry(&hall, "ceres")["score"].as_f64().unwrap() - mean).abs() < 1e-12);
    assert_eq!(asked("--where group=video03")["items"], 3);

    // An area needs clips of both kinds.
    let undefined = ranked(folder.path(), &format!("{EVALUATIONS} --where item=clip01"));
    assert_eq!(undefined["entries"], json!([]));
    assert_eq!(undefined["unranked"].as_array().unwrap().len(), 3);

    for (words, told) in [
        ("--where room=attic", "the values are \"hall\", \"kitchen\""),
        ("--where floor=1", "they have \"group\", \"item\", \"room\", \"split\""),
        ("--where room", "is not ATTRIBUTE=VALUE"),
        ("--split public --where item=clip89", "no item has all these values"),
        ("--metric recall_at_1", "there is no metric \"recall_at_1\"; there are roc_auc"),
        ("--lower-is-better", "--lower-is-better is for tables"),
        ("DIR/brier.csv", "some files are saved evaluations and some are tables"),
    ] {
        let err = refused(folder.path(), &format!("{EVALUATIONS} {words}"));
        assert!(err.contains(told), "{words}: {err}");
    }
}

#[test]
fn intervals_can_be_corrected_for_bias() {
    let folder = all_saved();
    let plain = ranked(folder.path(), &format!("{EVALUATIONS} --metric brier"));
    let corrected = ranked(folder.path(), &format!("{EVALUATIONS} --metric brier --interval bca"));
    assert_eq!(corrected["interval"], "bca");
    for system in SYSTEMS {
        let (plain, corrected) = (entry(&plain, system), entry(&corrected, system));
        assert_ne!(plain["interval"], corrected["interval"]);
        let end = |end: &str| corrected["interval"][end].as_f64().unwrap();
        let score = corrected["score"].as_f64().unwrap();
        assert!(end("lower") < score && score < end("upper"), "{corrected:#}");
        assert_eq!(plain["standard_error"], corrected["standard_error"]);
    }
}

#[test]
fn evaluations_of_different_things_are_not_compared() {
    let folder = all_saved();
    let other = fs::read_to_string(folder.path().join("truth.csv")).unwrap().replace("clip00,1", "clip00,0");
    fs::write(folder.path().join("corrected.csv"), other).unwrap();
    let path = |name: &str| folder.path().join(name);
    let binary = "classification_binary --submission DIR/ceres.csv --items DIR/items.csv";
    for (name, words) in [
        ("annotations", format!("{binary} --annotations DIR/corrected.csv")),
        ("params", format!("{binary} --annotations DIR/truth.csv --param threshold=0.4")),
        ("mode", format!("{binary} --annotations DIR/truth.csv --mode reference")),
        ("groups", "classification_binary --submission DIR/ceres.csv --annotations DIR/truth.csv".to_owned()),
        (
            "evaluator",
            "classification_label --submission DIR/truth.csv --annotations DIR/truth.csv --items DIR/items.csv".to_owned(),
        ),
    ] {
        evaluated(folder.path(), &format!("{words} --save DIR/{name}.evidence")).unwrap();
    }
    for (name, told) in [
        ("annotations", "they were evaluated on different annotations"),
        ("params", "it was made with the parameters"),
        ("mode", "it was made in reference mode, the other in strict mode"),
        ("groups", "give both the same --items"),
        ("evaluator", "it was made by classification_label, the other by classification_binary"),
    ] {
        let err = refused(folder.path(), &format!("DIR/atlas.evidence DIR/{name}.evidence"));
        assert!(err.contains(told), "{name}: {err}");
    }
    fs::create_dir(path("again")).unwrap();
    fs::copy(path("atlas.evidence"), path("again/atlas.evidence")).unwrap();
    let err = refused(folder.path(), "DIR/atlas.evidence DIR/again/atlas.evidence");
    assert!(err.contains("another file names the system \"atlas\" too"), "{err}");

    let mut bytes = fs::read(path("borea.evidence")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path("borea.evidence"), &bytes).unwrap();
    fs::write(path("ceres.evidence"), &bytes[..20]).unwrap();
    let err = refused(folder.path(), EVALUATIONS);
    assert!(err.matches("the saved evaluation is damaged").count() == 2, "{err}");
}

#[test]
fn several_metrics_make_one_order() {
    let folder = all_saved();
    let asked = |more: &str| ranked(folder.path(), &format!("{EVALUATIONS} {more}"));
    let single = |metric: &str| {
        let report = asked(&format!("--metric {metric}"));
        SYSTEMS.map(|system| entry(&report, system)["rank"].as_f64().unwrap())
    };
    let (area, brier) = (single("roc_auc"), single("brier"));
    let combined = asked("--method mean_rank --metric roc_auc --metric brier");
    let borda = asked("--method borda --metric roc_auc --metric brier");
    for (place, system) in SYSTEMS.into_iter().enumerate() {
        let found = entry(&combined, system);
        assert_eq!(found["score"], json!((area[place] + brier[place]) / 2.0), "{found:#}");
        assert_eq!(found["metrics"]["brier"]["rank"], json!(brier[place] as usize));
        // Without ties Borda counts how many are behind.
        assert_eq!(entry(&borda, system)["score"], json!(6.0 - area[place] - brier[place]));
    }
    let wins = asked("--method win_rate --metric brier");
    assert_eq!(entry(&wins, "atlas")["score"], json!(1.0));

    // By hand: the mean over clips of the rank of a system's error there.
    let items = asked("--method rank_then_aggregate --metric brier");
    let error = |system: &str, clip: usize| (belief(system, clip) - f64::from(label(clip))).powi(2);
    for system in SYSTEMS {
        let rank_on =
            |clip: usize| 1 + SYSTEMS.iter().filter(|other| error(other, clip) < error(system, clip)).count();
        let mean = (0..90).map(rank_on).sum::<usize>() as f64 / 90.0;
        assert!((entry(&items, system)["score"].as_f64().unwrap() - mean).abs() < 1e-12);
    }
    // Atlas is significantly better than both others, and these two are alike.
    let tests = asked("--method test_then_rank --metric brier");
    assert_eq!(
        SYSTEMS.map(|system| entry(&tests, system)["score"].clone()),
        [json!(1.0), json!(0.0), json!(0.0)]
    );
    let areas = asked("--method test_then_rank --metric roc_auc");
    assert_eq!(areas["entries"].as_array().unwrap().len(), 3);

    for (words, told) in [
        ("--metric brier --metric roc_auc", "several metrics make one order by a --method"),
        ("--method rank_then_aggregate", "this method takes one metric"),
        ("--method rank_then_aggregate --metric roc_auc", "roc_auc is no mean over items"),
    ] {
        let err = refused(folder.path(), &format!("{EVALUATIONS} {words}"));
        assert!(err.contains(told), "{words}: {err}");
    }
}

/// The commands of the documentation run as they stand there.
#[test]
fn the_documented_commands_run() {
    let document = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/ranking.md")).unwrap();
    let folder = clips();
    let lines: Vec<&str> =
        document.lines().map(|line| line.strip_prefix("    ").unwrap_or_default()).collect();
    let mut ranked = 0;
    for line in lines {
        let Some(words) = line.strip_prefix("$ heldout ") else { continue };
        let words: Vec<String> =
            words.split_whitespace().map(|word| in_folder(folder.path(), word)).collect();
        let (command, rest) = (words[0].as_str(), words[1..].join(" "));
        match command {
            "evaluate" => evaluated(folder.path(), &rest).unwrap(),
            "rank" => {
                let (code, out, err) = run(folder.path(), &rest);
                assert_eq!(code, 0, "{line}: {err}");
                for told in SYSTEMS {
                    assert!(out.contains(told), "{line} prints\n{out}");
                }
                ranked += 1;
            }
            other => panic!("the documentation shows {other}"),
        }
    }
    assert_eq!(ranked, 4);
}

/// A word of a command with the files that it names in the folder.
fn in_folder(folder: &Path, word: &str) -> String {
    let is_file = word.ends_with(".csv") || word.ends_with(".evidence");
    if is_file { folder.join(word).to_str().unwrap().to_owned() } else { word.to_owned() }
}
