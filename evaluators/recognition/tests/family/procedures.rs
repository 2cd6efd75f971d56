//! Procedure understanding: cases worked by hand, and a twin that counts at every threshold.

use conformance::task::{values, weighted};
use proptest::prelude::*;
use sdk::Mode;
use serde_json::{Map, Value, json};

use crate::support::{scores, sent, task, with_params};

const SUBTASKS: [&str; 5] =
    ["previous_keysteps", "optional_keystep", "procedural_mistake", "missing_keysteps", "future_keysteps"];

/// A truth of one take in which only optional keysteps are asked in earnest.
fn optional_only(optional: &[bool]) -> Value {
    let segment = |(id, optional): (usize, &bool)| {
        json!({"segment_id": id, "previous_keysteps": ["k"], "optional_keystep": optional, "procedural_mistake": id == 0,
               "missing_keysteps": ["k"], "future_keysteps": ["k"]})
    };
    let segments: Vec<Value> = optional.iter().enumerate().map(segment).collect();
    json!({"takes": {"t": {"keysteps": ["k"], "segments": segments}}})
}

fn optional_scores(scores: &[f64]) -> Value {
    let answer = |score: f64| {
        json!({"previous_keysteps": {}, "optional_keystep": score, "procedural_mistake": 0, "missing_keysteps": {},
               "future_keysteps": {"k": 1}})
    };
    let of: Map<String, Value> =
        scores.iter().enumerate().map(|(id, score)| (id.to_string(), answer(*score))).collect();
    json!({"results": {"t": of}})
}

#[test]
fn calibration_weighs_all_wrong_answers_as_much_as_all_right_ones() {
    // Ranked: right, wrong, right, wrong, wrong, wrong; four wrong answers for two right ones, so w = 2.
    let truth = optional_only(&[true, false, true, false, false, false]);
    let values = scores("egoexo_procedure", &truth, &optional_scores(&[0.9, 0.8, 0.7, 0.6, 0.5, 0.4]));
    let expected = 100.0 * (0.5 * 1.0 + 0.5 * (2.0 * 2.0) / (2.0 * 2.0 + 1.0));
    assert!((values["optional_keystep_cap"].unwrap() - expected).abs() < 1e-12);
    // One mistake among six segments that are all as likely: h = 1, m = 5, w = 5.
    assert_eq!(values["procedural_mistake_cap"], Some(50.0));
    // Every keystep is right: there is nothing to calibrate.
    assert_eq!(values["previous_keysteps_cap"], Some(100.0));
    let mean = (expected + 50.0 + 300.0) / 5.0;
    assert!((values["average_cap"].unwrap() - mean).abs() < 1e-12);
}

#[test]
fn weights_change_the_balance() {
    let truth = optional_only(&[true, false, true, false]);
    let evidence =
        sent(&*task("egoexo_procedure", &truth, Mode::Strict), &optional_scores(&[0.1, 0.9, 0.8, 0.7]));
    // Segments 0 and 1 alone: the wrong one is ahead; w = 1, P = 1 / 2.
    assert_eq!(weighted(&evidence, &[1.0, 1.0, 0.0, 0.0])["optional_keystep_cap"], Some(50.0));
    // The wrong one three times: w = 3, P = 3 / (3 + 3).
    assert_eq!(weighted(&evidence, &[1.0, 3.0, 0.0, 0.0])["optional_keystep_cap"], Some(50.0));
    assert_eq!(weighted(&evidence, &[0.0, 1.0, 0.0, 1.0])["optional_keystep_cap"], None);
    assert_eq!(weighted(&evidence, &[0.0, 1.0, 0.0, 1.0])["average_cap"], None);
}

#[test]
fn keysteps_without_a_score_rank_last_together() {
    let truth = json!({"takes": {"t": {"scenario": "Cooking", "keysteps": [1, 2, 3, 4], "segments": [
        {"segment_id": "s", "previous_keysteps": [1, 2], "optional_keystep": true, "procedural_mistake": true,
         "missing_keysteps": [], "future_keysteps": [4]}]}}});
    let submission = json!({"results": {"t": {"s": {
        "previous_keysteps": {"1": -1e308, "3": -1e308}, "optional_keystep": 0, "procedural_mistake": 0,
        "missing_keysteps": {}, "future_keysteps": {}}}}});
    let prepared = task("egoexo_procedure", &truth, Mode::Strict);
    let evidence = sent(&*prepared, &submission);
    let values = values(&evidence);
    // First 1 (right) with 3 (wrong), then 2 (right) with 4 (wrong): w = 1, both times half is right.
    assert_eq!(values["previous_keysteps_cap"], Some(50.0));
    assert_eq!((values["missing_keysteps_cap"], values["average_cap"]), (None, None));
    assert_eq!(values["future_keysteps_cap"], Some(50.0));
    assert_eq!(crate::support::notes(&evidence), [("keysteps_left_out", 2 + 4 + 4)]);
    assert_eq!(prepared.items().ids(), ["t/s"]);
    assert_eq!(prepared.items().mask("scenario", "Cooking").unwrap().to_vec(), [1.0]);
}

/// Calibrated average precision by counting at every distinct score.
fn plain(answers: &[(f64, bool)]) -> Option<f64> {
    let right = answers.iter().filter(|(_, right)| *right).count() as f64;
    let wrong = answers.len() as f64 - right;
    if right == 0.0 {
        return None;
    }
    let mut thresholds: Vec<f64> = answers.iter().map(|(score, _)| *score).collect();
    thresholds.sort_by(|a, b| b.partial_cmp(a).unwrap());
    thresholds.dedup();
    let (mut area, mut recall) = (0.0, 0.0);
    for threshold in thresholds {
        let chosen = answers.iter().filter(|(score, _)| *score >= threshold);
        let hits = chosen.clone().filter(|(_, right)| *right).count() as f64;
        let misses = chosen.count() as f64 - hits;
        let weight = if wrong > 0.0 { wrong / right } else { 1.0 };
        let precision = if hits > 0.0 { weight * hits / (weight * hits + misses) } else { 0.0 };
        area += (hits / right - recall) * precision;
        recall = hits / right;
    }
    Some(100.0 * area)
}

/// A segment: its scenario, and for each of three keysteps and each sub-task score and truth.
type Segment = (u8, Vec<[(u8, bool); 5]>);

fn segments() -> impl Strategy<Value = Vec<Segment>> {
    let answer = (0..4_u8, any::<bool>());
    let answers = prop::collection::vec(prop::array::uniform5(answer), 3);
    prop::collection::vec((0..2_u8, answers), 1..8)
}

fn files(segments: &[Segment]) -> (Value, Value) {
    let (mut takes, mut results) = (Map::new(), Map::new());
    for (number, (scenario, answers)) in segments.iter().enumerate() {
        let take = format!("t{number}");
        let (mut truth, mut sent) = (Map::new(), Map::new());
        truth.insert("segment_id".into(), json!("s"));
        for (subtask, name) in SUBTASKS.into_iter().enumerate() {
            let (truth_of, score_of) = if [1, 2].contains(&subtask) {
                let (score, right) = answers[0][subtask];
                (json!(right), json!(score))
            } else {
                let right = (0..3).filter(|keystep| answers[*keystep][subtask].1);
                let scores = (0..3).map(|keystep| (keystep.to_string(), json!(answers[keystep][subtask].0)));
                (right.collect(), Value::Object(scores.collect()))
            };
            truth.insert(name.into(), truth_of);
            sent.insert(name.into(), score_of);
        }
        let scenario = format!("scenario {scenario}");
        takes.insert(take.clone(), json!({"scenario": scenario, "keysteps": [0, 1, 2], "segments": [truth]}));
        results.insert(take, json!({"s": sent}));
    }
    (json!({"takes": takes}), json!({"results": results}))
}

fn answers_of<'s>(segments: impl Iterator<Item = &'s Segment>, subtask: usize) -> Vec<(f64, bool)> {
    let count = if [1, 2].contains(&subtask) { 1 } else { 3 };
    let of = |(_, answers): &Segment| -> Vec<(f64, bool)> {
        answers[..count].iter().map(|answer| (f64::from(answer[subtask].0), answer[subtask].1)).collect()
    };
    segments.flat_map(of).collect()
}

fn close(ours: Option<f64>, expected: Option<f64>) -> bool {
    match (ours, expected) {
        (Some(ours), Some(expected)) => (ours - expected).abs() < 1e-9,
        (ours, expected) => ours == expected,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_twin_agrees(segments in segments()) {
        let (truth, submission) = files(&segments);
        let pooled = scores("egoexo_procedure", &truth, &submission);
        let by_scenario = with_params("egoexo_procedure", &truth, &[("average", "scenario")], Mode::Strict);
        let by_scenario = values(&sent(&*by_scenario, &submission));
        for (subtask, name) in SUBTASKS.into_iter().enumerate() {
            let name = format!("{name}_cap");
            prop_assert!(close(pooled[&name], plain(&answers_of(segments.iter(), subtask))), "{}", name);
            let of = |scenario: u8| {
                plain(&answers_of(segments.iter().filter(|segment| segment.0 == scenario), subtask))
            };
            let of: Vec<f64> = [of(0), of(1)].into_iter().flatten().collect();
            let mean = (!of.is_empty()).then(|| of.iter().sum::<f64>() / of.len() as f64);
            prop_assert!(close(by_scenario[&name], mean), "{} by scenario", name);
        }
    }
}
