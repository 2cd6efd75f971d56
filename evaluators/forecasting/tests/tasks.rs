//! Small cases worked out by hand, and what is refused.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use conformance::task::{Values, codes, evaluate, prepare, told, values, weighted};
use sdk::{Evidence, Faults, Mode, Prepared};
use serde_json::{Value, json};

fn task(id: &str, truth: &Value, params: &[(&str, &str)], mode: Mode) -> Result<Box<dyn Prepared>, Faults> {
    prepare(&heldout_forecasting::evaluators(), id, &[("main", &truth.to_string())], params, mode)
}

fn sent(id: &str, truth: &Value, submission: &Value, mode: Mode) -> Result<Evidence, Faults> {
    evaluate(&*task(id, truth, &[], mode).unwrap(), &submission.to_string())
}

fn scores(id: &str, truth: &Value, submission: &Value) -> Values {
    values(&sent(id, truth, submission, Mode::Strict).unwrap())
}

fn refusal(id: &str, truth: &Value, submission: &Value) -> Vec<String> {
    told(&sent(id, truth, submission, Mode::Strict).unwrap_err())
}

// Short-term anticipation.

const STA: &str = "ego4d_sta";

fn object(corner: f64, noun: i64, verb: i64, seconds: f64) -> Value {
    json!({"box": [corner, corner, corner + 99.0, corner + 99.0], "noun_category_id": noun, "verb_category_id": verb,
        "time_to_contact": seconds})
}

fn guess(corner: f64, noun: i64, score: f64) -> Value {
    let mut guess = object(corner, noun, 1, 1.0);
    guess["score"] = json!(score);
    guess
}

fn frames(objects: &[Value]) -> Value {
    let frame = |(index, objects): (usize, &Value)| json!({"uid": format!("f{index}"), "video_uid": format!("v{}", index / 2), "objects": objects});
    json!({"annotations": objects.iter().enumerate().map(frame).collect::<Vec<_>>()})
}

fn guesses(lists: &[Value]) -> Value {
    let results: serde_json::Map<String, Value> =
        lists.iter().enumerate().map(|(index, list)| (format!("f{index}"), list.clone())).collect();
    json!({"version": "1.0", "challenge": "ego4d_short_term_object_interaction_anticipation", "results": results})
}

#[test]
fn of_equal_scores_the_later_frame_goes_first_and_within_a_frame_the_earlier_guess() {
    // With top_k = 1 every false positive counts.
    let truth = frames(&[json!([object(0.0, 1, 1, 1.0)]), json!([object(0.0, 1, 1, 1.0)])]);
    let prepared = task(STA, &truth, &[("top_k", "1")], Mode::Strict).unwrap();
    let score = |first: Value, second: Value| {
        values(&evaluate(&*prepared, &guesses(&[first, second]).to_string()).unwrap())["map_box_noun"]
            .unwrap()
    };
    let (hit, miss) = (guess(0.0, 1, 0.5), guess(500.0, 1, 0.5));
    // The hit of the later frame is ranked before the miss of the earlier one: 1/2 at precision 1.
    assert_eq!(score(json!([miss]), json!([hit])), 50.0);
    // The other way round: 1/2 at precision 1/2.
    assert_eq!(score(json!([hit]), json!([miss])), 25.0);
    // Two misses and a hit of one frame: matched last first, ranked first first.
    assert_eq!(score(json!([hit, miss]), json!([])), 50.0);
    assert_eq!(score(json!([miss, hit]), json!([])), 25.0);
    // Both guesses fit: the later one takes the object, the earlier one is ranked first, a false positive.
    assert_eq!(score(json!([hit, hit]), json!([])), 25.0);
}

#[test]
fn each_metric_takes_objects_by_itself() {
    let truth = frames(&[json!([object(0.0, 1, 1, 1.0), object(2.0, 1, 2, 5.0)])]);
    let mut right_verb = guess(0.0, 1, 0.9);
    right_verb["verb_category_id"] = json!(2);
    // Box and noun: both are hits. Verb: the first takes the second object, the second guess the first.
    // Time: the first guess takes the first object, nothing is left for the second.
    let scores = scores(STA, &truth, &guesses(&[json!([right_verb, guess(0.0, 1, 0.8)])]));
    assert_eq!(scores["map_box_noun"], Some(100.0));
    assert_eq!(scores["map_box_noun_verb"], Some(100.0));
    assert_eq!(scores["map_box_noun_ttc"], Some(50.0));
    assert_eq!(scores["map_box_noun_verb_ttc"], Some(50.0));
}

#[test]
fn a_noun_without_weighted_objects_leaves_the_mean() {
    let truth = frames(&[json!([object(0.0, 1, 1, 1.0)]), json!([object(0.0, 2, 1, 1.0)]), json!([])]);
    let evidence =
        sent(STA, &truth, &guesses(&[json!([guess(0.0, 1, 0.9)]), json!([]), json!([])]), Mode::Strict)
            .unwrap();
    assert_eq!(values(&evidence)["map_box_noun"], Some(50.0));
    assert_eq!(weighted(&evidence, &[1.0, 0.0, 0.0])["map_box_noun"], Some(100.0));
    assert_eq!(weighted(&evidence, &[0.0, 0.0, 1.0])["map_box_noun"], None);
    assert_eq!(evidence.notes()[0].code, "empty_answers");
}

#[test]
fn short_term_files_are_refused_with_every_fault() {
    let truth = frames(&[json!([object(0.0, 1, 1, 1.0)]), json!([object(0.0, 1, 1, 1.0)])]);
    let mut wrong = guess(0.0, 1, 0.9);
    wrong["box"] = json!([10, 10, 5, 90]);
    wrong["noun_category_id"] = json!(1.5);
    wrong["score"] = json!("0.9");
    let mut submission = guesses(&[json!([wrong, {"box": [1, 2, 3, 4]}])]);
    submission["version"] = json!("2.0");
    submission["challenge"] = json!("ego4d_nlq_challenge");
    let refused = refusal(STA, &truth, &submission);
    for fault in [
        "out_of_range /results/f0/0/box",
        "wrong_type /results/f0/0/noun_category_id",
        "not_a_number /results/f0/0/score",
        "missing_field /results/f0/1",
        "missing_ids /results",
        "unsupported_version /version",
        "wrong_challenge /challenge",
    ] {
        assert!(refused.iter().any(|told| told == fault), "{fault} in {refused:?}");
    }
    assert_eq!(refused.len(), 10);
}

#[test]
fn categories_outside_of_the_taxonomy_and_unknown_frames_are_noted() {
    let mut truth = frames(&[json!([object(0.0, 1, 1, 1.0)])]);
    truth["noun_categories"] = json!([{"id": 1, "name": "cup"}]);
    truth["verb_categories"] = json!([{"id": 7, "name": "take"}]);
    let submission = guesses(&[json!([guess(0.0, 1, 0.9), guess(0.0, 9, 0.8)]), json!([])]);
    let evidence = sent(STA, &truth, &submission, Mode::Strict).unwrap();
    let notes: Vec<(&str, u64)> = evidence.notes().iter().map(|note| (&*note.code, note.count)).collect();
    assert_eq!(notes, [("unknown_ids_ignored", 1), ("unknown_nouns", 1), ("unknown_verbs", 2)]);
    let prepared = task(STA, &truth, &[], Mode::Strict).unwrap();
    assert_eq!(prepared.items().attribute("noun").unwrap().values, ["cup"]);
    assert_eq!(prepared.items().group_names(), ["v0"]);
}

#[test]
fn wrong_short_term_annotations_are_refused() {
    let truth = json!({"annotations": [
        {"uid": "a", "objects": [{"box": [5, 0, 1, 9], "noun_category_id": 1, "verb_category_id": 1, "time_to_contact": 1}]},
        {"uid": "a", "objects": [{"noun_category_id": 1, "verb_category_id": true, "time_to_contact": 1}]},
        {"objects": 3}],
        "noun_categories": [{"id": 1, "name": "a"}, {"id": 1, "name": "b"}]});
    let refused = codes(&task(STA, &truth, &[], Mode::Strict).unwrap_err());
    let expected = [
        "out_of_range",
        "wrong_type",
        "missing_field",
        "duplicate_ids",
        "wrong_type",
        "missing_field",
        "duplicate_ids",
    ];
    assert_eq!(refused, expected);
    assert_eq!(codes(&task(STA, &json!({}), &[], Mode::Strict).unwrap_err()), ["missing_field"]);
    assert_eq!(
        codes(&task(STA, &frames(&[json!([])]), &[], Mode::Strict).unwrap_err()),
        ["empty_submission"]
    );
}

#[test]
fn frames_for_seconds_and_shares_for_pixels_are_noted() {
    let truth = frames(&[json!([object(0.0, 1, 1, 1.0)])]);
    let mut wrong = guess(0.0, 1, 0.9);
    wrong["box"] = json!([0.1, 0.2, 0.5, 0.9]);
    wrong["time_to_contact"] = json!(45);
    let codes = |guesses_sent: Value| {
        let evidence = sent(STA, &truth, &guesses(&[guesses_sent]), Mode::Strict).unwrap();
        evidence.notes().iter().map(|note| note.code.clone()).collect::<Vec<_>>()
    };
    assert_eq!(codes(json!([wrong])), ["late_contacts", "looks_normalized"]);
    assert_eq!(codes(json!([wrong, guess(0.0, 1, 0.5)])), ["late_contacts"]);
    assert_eq!(codes(json!([guess(0.0, 1, 0.5)])), [""; 0]);
}

// Long-term anticipation.

const LTA: &str = "ego4d_lta";

#[test]
fn the_best_guess_counts_for_each_length_by_itself() {
    let truth = json!({"clips": {"c_1": {"verb": [1, 2, 3], "noun": [7, 7, 7]}}});
    let submission = json!({"c_1": {"verb": [[1, 9, 9], [9, 2, 3]], "noun": [[7, 7, 7], [7, 7, 9]]}});
    let prepared = task(LTA, &truth, &[("actions", "3"), ("sequences", "2")], Mode::Strict).unwrap();
    let scores = values(&evaluate(&*prepared, &submission.to_string()).unwrap());
    assert_eq!(scores["verb_ED@3"], Some(1.0 / 3.0));
    // Lengths 1, 2 and 3: the first guess 0 and 1/2, the second one 1/3.
    assert!((scores["verb_AUED"].unwrap() - (0.25 + (0.5 + 1.0 / 3.0) / 2.0) / 2.0).abs() < 1e-15);
    assert_eq!(scores["noun_ED@3"], Some(0.0));
    assert_eq!(scores["action_ED@3"], Some(2.0 / 3.0));
    assert_eq!(prepared.metrics()[0].name, "action_ED@3");
}

#[test]
fn a_single_action_has_no_area() {
    let truth = json!({"clips": {"c_1": {"verb": [1], "noun": [7]}}});
    let prepared = task(LTA, &truth, &[("actions", "1"), ("sequences", "1")], Mode::Strict).unwrap();
    let scores = values(&evaluate(&*prepared, r#"{"c_1": {"verb": [[2]], "noun": [[7]]}}"#).unwrap());
    assert_eq!(scores.len(), 3);
    assert_eq!(
        (scores["verb_ED@1"], scores["noun_ED@1"], scores["action_ED@1"]),
        (Some(1.0), Some(0.0), Some(1.0))
    );
}

#[test]
fn long_term_files_are_refused_with_every_fault() {
    let truth = json!({"clips": {
        "c_1": {"verb": vec![1; 20], "noun": vec![1; 20]}, "c_2": {"verb": vec![1; 20], "noun": vec![1; 20]}}});
    let right = vec![vec![1; 20]; 5];
    let refused = refusal(LTA, &truth, &json!({"c_1": {"verb": vec![vec![1; 5]; 20], "noun": right}}));
    let count = |code: &str| refused.iter().filter(|told| told.starts_with(code)).count();
    // Twenty lists of the wrong length, and their number.
    assert_eq!((count("wrong_shape"), count("missing_ids"), refused.len()), (21, 1, 22));
    assert_eq!(refused[0], "wrong_shape /c_1/verb/0");
    let refused = refusal(LTA, &truth, &json!({"c_1": {"verb": [[1.5, "x"]], "noun": right}}));
    assert_eq!(refused[0], "wrong_type /c_1/verb/0/0");
    assert_eq!(refused[1], "wrong_type /c_1/verb/0/1");
    let refused = refusal(LTA, &truth, &json!({"c_1": {"verb": vec![vec![1; 20]; 5]}, "zzz": {}}));
    let expected = ["missing_field /c_1", "missing_field /zzz", "missing_field /zzz", "missing_ids"];
    assert_eq!(refused, expected);
    let faults = sent(
        LTA,
        &truth,
        &json!({"zzz": {"verb": vec![vec![1; 20]; 5], "noun": vec![vec![1; 20]; 5]}}),
        Mode::Strict,
    );
    let faults = faults.unwrap_err();
    assert!(
        faults
            .faults
            .iter()
            .all(|fault| fault.hint.as_ref().is_some_and(|hint| hint.contains("another split")))
    );
}

#[test]
fn reference_mode_refuses_what_has_no_length() {
    let truth = json!({"clips": {"c_1": {"verb": vec![1; 20], "noun": vec![1; 20]}}});
    for (verbs, nouns) in
        [(json!([]), json!([])), (json!([[]]), json!([[1]])), (json!([[1], [1]]), json!([[1]]))]
    {
        let faults =
            sent(LTA, &truth, &json!({"c_1": {"verb": verbs, "noun": nouns}}), Mode::Reference).unwrap_err();
        assert!(codes(&faults).contains(&"wrong_shape"), "{faults}");
    }
}

#[test]
fn wrong_long_term_annotations_are_refused() {
    let refused = |truth: Value| codes(&task(LTA, &truth, &[], Mode::Strict).unwrap_err());
    assert_eq!(
        refused(json!({"Z": 19, "K": 5, "clips": {"c_1": {"verb": [1]}}})),
        ["invalid_parameter", "wrong_shape", "missing_field"]
    );
    assert_eq!(refused(json!({"clips": {}})), ["empty_submission"]);
    assert_eq!(refused(json!({"videos": {}})), ["missing_field"]);
}

// Future hands.

const FHP: &str = "ego4d_fhp";

#[test]
fn hands_that_are_not_visible_do_not_count() {
    let mut truth = [0.0; 20];
    // The left hand at the second time and at the contact, the right hand at the contact, on an edge of the picture.
    (truth[4], truth[5], truth[16], truth[17], truth[19]) = (10.0, 20.0, 5.0, 5.0, 8.0);
    let mut predicted = [999.0; 20];
    (predicted[4], predicted[5], predicted[16], predicted[17]) = (390.0, 720.0, 150.0, 150.0);
    (predicted[18], predicted[19]) = (180.0, 240.0);
    let truth = json!({"7_100": truth});
    let evidence = sent(FHP, &truth, &json!({"7_100": predicted}), Mode::Strict).unwrap();
    let scores = values(&evidence);
    assert_eq!(scores["L_MDisp"], Some(2.5));
    assert_eq!(scores["L_CDisp"], Some(0.0));
    assert_eq!(scores["R_MDisp"], Some(6.0));
    assert_eq!(scores["R_CDisp"], Some(6.0));
    assert_eq!(scores["Total"], Some(14.5));
    assert_eq!(evidence.notes()[0].code, "looks_averaged");
    let averages: Vec<f64> = predicted.iter().map(|sum| sum / 30.0).collect();
    let evidence = sent(FHP, &truth, &json!({"7_100": averages, "averaged": true}), Mode::Strict).unwrap();
    assert_eq!(values(&evidence), scores);
    assert!(evidence.notes().is_empty());
    let once = task(FHP, &truth, &[("views", "1")], Mode::Strict).unwrap();
    assert_eq!(values(&evaluate(&*once, &json!({"7_100": averages}).to_string()).unwrap()), scores);
}

#[test]
fn future_hand_files_are_refused_with_every_fault() {
    let truth = json!({"7_100": vec![1.0; 20], "8_100": vec![1.0; 20], "9_100": vec![1.0; 20]});
    let refused =
        refusal(FHP, &truth, &json!({"7_100": vec![1; 21], "x": vec![1; 20], "9_100": "no", "averaged": 1}));
    let expected =
        ["wrong_shape /7_100", "wrong_type /9_100", "wrong_type /averaged", "unknown_ids /x", "missing_ids"];
    assert_eq!(refused, expected);
    let more = sent(FHP, &truth, &json!({"7_100": vec![30; 21]}), Mode::Reference).unwrap();
    assert_eq!(values(&more)["Total"], Some(0.0));
    assert_eq!(codes(&sent(FHP, &truth, &json!({}), Mode::Reference).unwrap_err()), ["empty_submission"]);
    assert_eq!(
        codes(&sent(FHP, &truth, &json!({"averaged": true}), Mode::Reference).unwrap_err())[0],
        "unknown_ids"
    );
    assert_eq!(codes(&task(FHP, &json!({"a": [1]}), &[], Mode::Strict).unwrap_err()), ["wrong_shape"]);
}

// Future locomotion.

const LOCOMOTION: &str = "ego4d_locomotion";

/// A camera high above the ground, of which x and z are the axes, that is at `z = metres` in the first frame.
fn walk(metres: f64) -> Value {
    json!({"traj": format!("0 -1.5 0 1 1 0 0 {metres} 0 0")})
}

#[test]
fn instances_without_a_trajectory_leave_means_and_medians() {
    let truth =
        json!({"v/1": walk(0.0), "v/2": walk(0.0), "w/1": walk(0.0), "w/2": walk(0.0), "w/3": walk(0.0)});
    let later = json!({"traj": "0 -1.5 0 1 2 0 0 9 0 0"});
    let submission =
        json!({"v/1": walk(1.0), "v/2": walk(2.0), "w/1": walk(6.0), "w/2": later, "other": walk(1.0)});
    let evidence = sent(LOCOMOTION, &truth, &submission, Mode::Strict).unwrap();
    let scores = values(&evidence);
    assert_eq!((scores["mean"], scores["median"]), (Some(3.0), Some(2.0)));
    assert_eq!((scores["mean_firstN"], scores["median_firstN"]), (Some(3.0), Some(2.0)));
    assert_eq!((scores["num_missing"], scores["num_scored"]), (Some(1.0), Some(3.0)));
    let some = weighted(&evidence, &[1.0, 1.0, 0.0, 1.0, 2.0]);
    assert_eq!((some["mean"], some["median"], some["num_missing"]), (Some(1.5), Some(1.5), Some(2.0)));
    let none = weighted(&evidence, &[0.0, 0.0, 0.0, 1.0, 1.0]);
    assert_eq!((none["mean"], none["median"], none["num_scored"]), (None, None, Some(0.0)));
    let prepared = task(LOCOMOTION, &truth, &[("missing", "refuse")], Mode::Strict).unwrap();
    assert_eq!(prepared.items().group_names(), ["v", "w"]);
    let faults = evaluate(&*prepared, &submission.to_string()).unwrap_err();
    assert_eq!(codes(&faults), ["missing_ids"]);
}

#[test]
fn locomotion_files_are_refused_with_every_fault() {
    let truth =
        json!({"v/1": walk(0.0), "v/2": walk(0.0), "v/3": walk(0.0), "v/4": walk(0.0), "v/5": walk(0.0)});
    let submission = json!({"v/1": {"traj": "0 1"}, "v/2": {"traj": "0 0 0 0"}, "v/3": {"traj": 5}, "v/4": {}, "v/5": {"traj": "0 1 x 0"}});
    let refused = refusal(LOCOMOTION, &truth, &submission);
    let expected = [
        "wrong_shape /v~11/traj",
        "out_of_range /v~12/traj",
        "wrong_type /v~13/traj",
        "missing_field /v~14",
        "not_a_number /v~15/traj",
    ];
    assert_eq!(refused, expected);
    assert_eq!(refusal(LOCOMOTION, &truth, &json!({"x": walk(1.0)}))[0], "empty_submission");
    let flat = json!({"v/1": {"traj": "0 0 0 0"}, "v/2": walk(4.0)});
    assert_eq!(values(&sent(LOCOMOTION, &truth, &flat, Mode::Reference).unwrap())["mean"], Some(4.0));
}
