//! EPIC-KITCHENS-100 C1 and C3: cases worked by hand, refusals, archives.

use conformance::task::{Values, evaluate, evaluate_input, prepare, values, weighted};
use sdk::archive::pack;
use sdk::{File, Input, Mode, Prepared};
use serde_json::{Value, json};

use crate::support::faults;

const TRUTH: &str = "narration_id,participant_id,video_id,verb_class,noun_class
s0,P01,P01_1,0,0
s1,P01,P01_1,0,3
s2,P02,P02_1,1,3
s3,P02,P02_2,6,0
";

const SMALL: [(&str, &str); 3] = [("verbs", "7"), ("nouns", "8"), ("actions", "6")];

fn prepared(id: &str) -> Box<dyn Prepared> {
    let tables = [
        ("main", TRUTH),
        ("unseen_participants", "participant_id\nP02\nP09\n"),
        ("tail_verbs", "verb\n6\n5\n"),
        ("tail_nouns", "noun\n3\n"),
    ];
    prepare(&heldout_recognition::evaluators(), id, &tables, &SMALL, Mode::Strict).unwrap()
}

/// Scores by class, of which the listed ones are the best, in order.
fn best_first(classes: usize, best: &[usize]) -> Value {
    let score =
        |class: usize| best.iter().position(|one| *one == class).map_or(-1.0, |rank| 9.0 - rank as f64);
    Value::Object((0..classes).map(|class| (class.to_string(), json!(score(class)))).collect())
}

fn segment(verbs: &[usize], nouns: &[usize]) -> Value {
    json!({"verb": best_first(7, verbs), "noun": best_first(8, nouns)})
}

fn file(challenge: &str, results: Value) -> Value {
    json!({"version": "0.2", "challenge": challenge, "sls_pt": 0, "sls_tl": 5, "sls_td": 3, "results": results})
}

/// The first segment is right at once; the verb of the third and the noun of the fourth are fifth; the rest is wrong.
fn results() -> Value {
    json!({
        "s3": segment(&[6], &[1, 2, 3, 4, 0]),
        "s0": segment(&[0], &[0]),
        "s1": segment(&[1, 2, 3, 4, 5, 0], &[0, 1, 2, 4, 5, 3]),
        "s2": segment(&[0, 2, 3, 4, 1], &[3]),
    })
}

fn scores(id: &str, challenge: &str, results: Value) -> Values {
    values(&evaluate(&*prepared(id), &file(challenge, results).to_string()).unwrap())
}

#[test]
fn accuracies_are_those_of_all_of_unseen_participants_and_of_rare_classes() {
    let values = scores("epic_c1", "action_recognition", results());
    let of = |name: &str| values[name].unwrap();
    assert_eq!((of("all_verb_accuracy_at_1"), of("all_verb_accuracy_at_5")), (50.0, 75.0));
    assert_eq!((of("all_noun_accuracy_at_1"), of("all_noun_accuracy_at_5")), (50.0, 75.0));
    assert_eq!(of("all_action_accuracy_at_1"), 25.0);
    // Unseen: s2 and s3. Rare: verb s3; noun s1, s2; action all three.
    assert_eq!((of("unseen_verb_accuracy_at_1"), of("unseen_noun_accuracy_at_1")), (50.0, 50.0));
    assert_eq!((of("tail_verb_accuracy_at_1"), of("tail_noun_accuracy_at_1")), (100.0, 50.0));
    assert_eq!((of("unseen_action_accuracy_at_1"), of("tail_action_accuracy_at_1")), (0.0, 0.0));
    // The fifth of a falling row of products is the fifth product: 9 - 4 is far from second rows.
    assert_eq!(of("all_action_accuracy_at_5"), 75.0);
}

#[test]
fn recalls_are_means_over_classes() {
    let values = scores("epic_c3", "action_anticipation", results());
    let of = |name: &str| values[name].unwrap();
    // Verbs: 0 has one of two, 1 and 6 all; nouns: 0 both, 3 one of two.
    assert!((of("overall_verb_mt5r") - 100.0 * 2.5 / 3.0).abs() < 1e-12);
    assert_eq!((of("overall_noun_mt5r"), of("overall_action_mt5r")), (75.0, 75.0));
    assert_eq!((of("unseen_verb_mt5r"), of("tail_noun_mt5r"), of("tail_verb_mt5r")), (100.0, 50.0, 100.0));
    assert!((of("tail_action_mt5r") - 100.0 * 2.0 / 3.0).abs() < 1e-12);
}

#[test]
fn parts_are_attributes_too() {
    let prepared = prepared("epic_c1");
    let items = prepared.items();
    let of = |name: &str| items.mask(name, "yes").unwrap().to_vec();
    assert_eq!(of("unseen"), [0.0, 0.0, 1.0, 1.0]);
    assert_eq!((of("tail_verb"), of("tail_noun")), (vec![0.0, 0.0, 0.0, 1.0], vec![0.0, 1.0, 1.0, 0.0]));
    assert_eq!(of("tail"), [0.0, 1.0, 1.0, 1.0]);
    assert_eq!(items.group_names(), ["P01", "P02"]);
    assert_eq!(items.mask("video", "P02_2").unwrap().to_vec(), [0.0, 0.0, 0.0, 1.0]);
    // A part is the slice of the same name.
    let sent = file("action_recognition", results()).to_string();
    let evidence = evaluate(&*prepared, &sent).unwrap();
    let sliced = weighted(&evidence, &of("unseen"));
    assert_eq!(sliced["all_verb_accuracy_at_1"], values(&evidence)["unseen_verb_accuracy_at_1"]);
    assert_eq!(weighted(&evidence, &[1.0, 0.0, 0.0, 0.0])["unseen_verb_accuracy_at_1"], None);
}

#[test]
fn without_their_tables_parts_have_no_metrics() {
    let family = heldout_recognition::evaluators();
    let names = |tables: &[(&str, &str)]| -> Vec<String> {
        let prepared = prepare(&family, "epic_c3", tables, &SMALL, Mode::Strict).unwrap();
        prepared.metrics().iter().map(|metric| metric.name.clone()).collect()
    };
    assert_eq!(names(&[("main", TRUTH)]), ["overall_action_mt5r", "overall_verb_mt5r", "overall_noun_mt5r"]);
    let unseen = ("unseen_participants", "participant_id\nP02\n");
    assert_eq!(names(&[("main", TRUTH), unseen]).len(), 6);
    let (verbs, nouns) = (("tail_verbs", "verb\n6\n"), ("tail_nouns", "noun\n3\n"));
    assert_eq!(names(&[("main", TRUTH), verbs])[3..], ["tail_verb_mt5r"]);
    assert_eq!(names(&[("main", TRUTH), verbs, nouns]).len(), 6);
}

#[test]
fn given_actions_are_ranked_by_their_scores_of_equal_ones_the_later_first() {
    let with = |action: Value| {
        let mut segment = segment(&[0], &[0]);
        segment["action"] = action;
        segment
    };
    let falling = json!({"6,7": 0.9, "0,0": 0.8, "1,1": 0.7, "2,2": 0.6, "0,3": 0.5, "6,0": 0.4});
    // Five others are as good as 1,3 and stand behind it.
    let equal = json!({"1,3": 0, "2,0": 0, "2,1": 0, "2,2": 0, "2,4": 0, "2,5": 0});
    let absent = json!({"0,0": 1, "0,1": 2, "0,2": 3, "0,3": 4, "0,4": 5, "0,5": 6});
    let results =
        json!({"s0": with(falling.clone()), "s1": with(falling), "s2": with(equal), "s3": with(absent)});
    let values = scores("epic_c1", "action_recognition", results);
    assert_eq!(values["all_action_accuracy_at_1"], Some(0.0));
    assert_eq!(values["all_action_accuracy_at_5"], Some(50.0));
}

#[test]
fn constant_scores_win_what_the_rule_says() {
    let constant = || segment(&[], &[]);
    let results = json!({"s0": constant(), "s1": constant(), "s2": constant(), "s3": constant()});
    let values = scores("epic_c1", "action_recognition", results);
    // The last verb is 6; of the nouns the last five are 3 to 7.
    assert_eq!(values["all_verb_accuracy_at_1"], Some(25.0));
    assert_eq!(values["all_noun_accuracy_at_5"], Some(50.0));
}

#[test]
fn an_archive_is_opened() {
    let prepared = prepared("epic_c1");
    let text = file("action_recognition", results()).to_string();
    let expected = values(&evaluate(&*prepared, &text).unwrap());
    let file =
        |name: &'static str, text: &str| File { name: name.into(), bytes: text.as_bytes().to_vec().into() };
    for files in [
        vec![file("test.json", &text)],
        vec![file("readme.txt", "x"), file("out/test.json", &text)],
        vec![file("mine.json", &text)],
    ] {
        let archive = pack(files.iter().map(|file| (&*file.name, &*file.bytes))).unwrap();
        let zip = Input::file("submission.zip", &archive);
        assert_eq!(values(&evaluate_input(&*prepared, &zip).unwrap()), expected);
        assert_eq!(values(&evaluate_input(&*prepared, &Input::tree(files)).unwrap()), expected);
    }
    let others = pack([("a.json", text.as_bytes()), ("b.json", text.as_bytes())]).unwrap();
    let refused = evaluate_input(&*prepared, &Input::file("submission.zip", &others)).unwrap_err();
    assert_eq!(conformance::task::codes(&refused), ["wrong_format"]);
    let cut = &others[..others.len() / 2];
    assert!(evaluate_input(&*prepared, &Input::file("submission.zip", cut)).is_err());
}

#[test]
fn every_reason_of_the_public_validator_is_told() {
    let prepared = prepared("epic_c1");
    let mut sent = file("action_anticipation", results());
    sent["version"] = json!("0.1");
    sent["sls_pt"] = json!(6);
    sent.as_object_mut().unwrap().remove("sls_td");
    let results = sent["results"].as_object_mut().unwrap();
    results.remove("s0");
    results["s1"]["verb"].as_object_mut().unwrap().remove("3");
    results["s1"]["noun"]["0"] = json!("high");
    results["s2"]["verb"]["07"] = json!(1);
    results["s2"]["noun"]["8"] = json!(1);
    results["s2"]["action"] = json!({"0,0": 1, "7,0": 1, "0;1": 1});
    results["s3"] = json!({"noun": [1, 2]});
    results.insert("s9".to_owned(), segment(&[], &[]));
    let found = faults(&*prepared, &sent.to_string());
    for fault in [
        "unsupported_version /version",
        "wrong_challenge /challenge",
        "out_of_range /sls_pt",
        "missing_field",
        "missing_field /results/s1/verb",
        "wrong_type /results/s1/noun/0",
        "unknown_label /results/s2/verb/07",
        "unknown_label /results/s2/noun/8",
        "unknown_label /results/s2/action/7,0",
        "unknown_label /results/s2/action/0;1",
        "wrong_shape /results/s2/action",
        "unknown_field /results/s2",
        "missing_field /results/s3",
        "wrong_type /results/s3/noun",
        "unknown_ids /results/s9",
    ] {
        assert!(found.iter().any(|told| told == fault), "{fault}: {found:?}");
    }
    let refused = evaluate(&*prepared, &sent.to_string()).unwrap_err();
    let hint =
        refused.faults.iter().find(|fault| fault.code == sdk::Code::WrongChallenge).unwrap().hint.clone();
    assert_eq!(hint.as_deref(), Some("epic_c3 reads it"));
}

#[test]
fn annotations_are_refused_as_strictly() {
    let family = heldout_recognition::evaluators();
    let refused = |tables: &[(&str, &str)]| {
        let faults = prepare(&family, "epic_c1", tables, &SMALL, Mode::Strict).unwrap_err();
        (conformance::task::codes(&faults), faults.faults[0].file.clone())
    };
    let main = |text: &'static str| [("main", text)];
    assert_eq!(refused(&main("narration_id,video_id\na,b\n")).0, ["missing_column"; 3]);
    let header = "narration_id,participant_id,video_id,verb_class,noun_class\n";
    assert_eq!(refused(&[("main", header)]).0, ["empty_submission"]);
    let rows = format!("{header}a,P,V,7,0\na,P,V,0,0\nb,P,V,x,8\n");
    assert_eq!(
        refused(&[("main", &rows)]).0,
        ["out_of_range", "duplicate_ids", "not_a_number", "out_of_range"]
    );
    let rare = [("main", TRUTH), ("tail_verbs", "verb\n9\n"), ("tail_nouns", "noun\n1\n")];
    assert_eq!(refused(&rare), (vec!["out_of_range"], Some("tail_verbs".to_owned())));
    let headless = [("main", TRUTH), ("unseen_participants", "participant\nP01\n")];
    assert_eq!(refused(&headless), (vec!["missing_column"], Some("unseen_participants".to_owned())));
}
