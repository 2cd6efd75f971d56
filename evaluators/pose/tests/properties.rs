//! Properties that hold for every submission, and body pose against brute-force twins of both public statements.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeMap;

use conformance::task::{
    assert_close, evaluate, evidence_keeps_its_word, prepare, values, weights_are_copies,
};
use proptest::prelude::*;
use sdk::{Evidence, Mode, Prepared};
use serde_json::{Value, json};

/// Frames of a take: how far from the one before, and per joint whether it is visible and where it is seen and guessed.
type Take = Vec<(u32, Vec<(bool, [f64; 3], [f64; 3])>)>;

const JOINTS: usize = 17;

fn point() -> impl Strategy<Value = [f64; 3]> {
    prop::array::uniform3(-1.0..1.0_f64)
}

fn takes() -> impl Strategy<Value = Vec<Take>> {
    let joint = (prop::bool::weighted(0.4), point(), point());
    let gap = prop::sample::select(vec![1_u32, 3, 3, 4, 9, 10, 12]);
    let frame = (gap, prop::collection::vec(joint, JOINTS));
    prop::collection::vec(prop::collection::vec(frame, 0..6), 1..4)
        .prop_filter("a frame somewhere", |takes| takes.iter().any(|take| !take.is_empty()))
}

/// Truth and submission in which every take is there so many times.
fn files(takes: &[Take], copies: &[u8], reverse: bool) -> (Value, Value) {
    let (mut truth, mut sent) = (serde_json::Map::new(), serde_json::Map::new());
    for (index, (take, copies)) in takes.iter().zip(copies).enumerate() {
        let (mut bodies, mut guesses) = (serde_json::Map::new(), serde_json::Map::new());
        let mut time = 0;
        for (gap, joints) in take {
            time += gap;
            let seen: Vec<Value> = joints
                .iter()
                .map(|(visible, place, _)| if *visible { json!(place) } else { Value::Null })
                .collect();
            let guessed: Vec<[f64; 3]> = joints.iter().map(|(_, _, guess)| *guess).collect();
            bodies.insert(time.to_string(), json!(seen));
            guesses.insert(time.to_string(), json!(guessed));
        }
        for copy in 0..*copies {
            let number = if reverse { 9 - index } else { index };
            truth.insert(format!("t{number}/{copy}"), json!({"take_name": "bike", "body": bodies}));
            sent.insert(format!("t{number}/{copy}"), json!({"body": guesses}));
        }
    }
    (Value::Object(truth), Value::Object(sent))
}

fn evaluated(id: &str, files: &(Value, Value), params: &[(&str, &str)]) -> (Box<dyn Prepared>, Evidence) {
    let family = heldout_pose::evaluators();
    let prepared = prepare(&family, id, &[("main", &files.0.to_string())], params, Mode::Strict).unwrap();
    let evidence = evaluate(&*prepared, &files.1.to_string()).unwrap();
    (prepared, evidence)
}

/// Places by frame; nothing for a joint that is not visible.
type Bodies = BTreeMap<i64, Vec<Option<[f64; 3]>>>;

fn bodies(take: &Value) -> Bodies {
    let place =
        |joint: &Value| joint.as_array().map(|axes| [0, 1, 2].map(|axis| axes[axis].as_f64().unwrap()));
    let frames = take["body"].as_object().unwrap().iter();
    frames
        .map(|(time, joints)| (time.parse().unwrap(), joints.as_array().unwrap().iter().map(place).collect()))
        .collect()
}

fn norm(vector: [f64; 3]) -> f64 {
    vector.iter().map(|axis| axis.powi(2)).sum::<f64>().sqrt()
}

fn minus(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Every take by itself: the errors of places and velocities of some frames, times a factor for each step of time.
fn errors(
    truth: &Bodies,
    sent: &Bodies,
    frames: &[i64],
    factor: impl Fn(i64) -> Option<f64>,
) -> (Vec<f64>, Vec<f64>) {
    let (mut places, mut velocities) = (Vec::new(), Vec::new());
    for (index, time) in frames.iter().enumerate() {
        for joint in 0..JOINTS {
            let Some(seen) = truth[time][joint] else { continue };
            let guessed = sent[time][joint].unwrap();
            places.push(norm(minus(seen, guessed)));
            let Some(before) = index.checked_sub(1).map(|before| frames[before]) else { continue };
            if let (Some(seen_before), Some(factor)) = (truth[&before][joint], factor(time - before)) {
                let moved = minus(seen, seen_before);
                let guessed_move = minus(guessed, sent[&before][joint].unwrap());
                velocities.push(factor * norm(minus(moved, guessed_move)));
            }
        }
    }
    (places, velocities)
}

/// The frames that stand in runs of a length, as the standalone script filters them.
fn filtered(times: &[i64], shortest: i64) -> Vec<i64> {
    let (mut kept, mut buffer, mut start, mut before) = (Vec::new(), Vec::new(), 0, -1);
    for time in times {
        if before == -1 {
            start = *time;
        } else if time - before > 3 {
            if before - start + 3 >= shortest {
                kept.append(&mut buffer);
            }
            buffer.clear();
            start = *time;
        }
        buffer.push(*time);
        before = *time;
    }
    if before != -1 && before - start + 3 >= shortest {
        kept.append(&mut buffer);
    }
    kept
}

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() }
}

fn agrees(ours: Option<f64>, expected: Option<f64>) -> bool {
    match (ours, expected) {
        (Some(ours), Some(expected)) => (ours - expected).abs() <= 1e-12 * expected.abs().max(1.0),
        (ours, expected) => ours == expected,
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn takes_are_averaged_as_by_the_twin_of_the_test_loop(takes in takes()) {
        let files = files(&takes, &vec![1; takes.len()], false);
        let ours = values(&evaluated("egoexo_body_pose", &files, &[]).1);
        let (mut places, mut velocities) = (Vec::new(), Vec::new());
        for (uid, take) in files.0.as_object().unwrap() {
            let (truth, sent) = (bodies(take), bodies(&files.1[uid]));
            let times: Vec<i64> = truth.keys().copied().collect();
            let (of_places, of_velocities) = errors(&truth, &sent, &times, |_| Some(10.0));
            places.extend(mean(&of_places));
            velocities.extend(mean(&of_velocities));
        }
        prop_assert!(agrees(ours["MPJPE"], mean(&places).map(|metres| 100.0 * metres)), "{:?}", ours);
        prop_assert!(agrees(ours["MPJVE"], mean(&velocities)), "{:?}", ours);
    }

    #[test]
    fn joints_are_averaged_as_by_the_twin_of_the_standalone_script(takes in takes(), shortest in 0..9_u8) {
        let files = files(&takes, &vec![1; takes.len()], false);
        let (mut places, mut velocities, mut scored) = (Vec::new(), Vec::new(), 0);
        for (uid, take) in files.0.as_object().unwrap() {
            let (truth, sent) = (bodies(take), bodies(&files.1[uid]));
            let times = filtered(&truth.keys().copied().collect::<Vec<i64>>(), i64::from(shortest));
            let near = |step: i64| (step < 10).then(|| 30.0 / step as f64);
            let (of_places, of_velocities) = errors(&truth, &sent, &times, near);
            places.extend(of_places);
            velocities.extend(of_velocities);
            scored += times.len();
        }
        prop_assume!(scored > 0);
        let shortest = shortest.to_string();
        let params = [("protocol", "joints"), ("min_clip_length", shortest.as_str())];
        let ours = values(&evaluated("egoexo_body_pose", &files, &params).1);
        prop_assert!(agrees(ours["MPJPE"], mean(&places).map(|metres| 100.0 * metres)), "{:?}", ours);
        prop_assert!(agrees(ours["MPJVE"], mean(&velocities)), "{:?}", ours);
    }

    #[test]
    fn whole_weights_are_copies_of_takes(takes in takes(), counts in prop::collection::vec(0..3_u8, 4)) {
        let counts = &counts[..takes.len()];
        prop_assume!(takes.iter().zip(counts).any(|(take, count)| *count > 0 && !take.is_empty()));
        for params in [&[][..], &[("protocol", "joints"), ("min_clip_length", "0")]] {
            weights_are_copies(counts, |copies| evaluated("egoexo_body_pose", &files(&takes, copies, false), params).1);
        }
    }

    #[test]
    fn the_order_of_takes_changes_nothing(takes in takes()) {
        let once = vec![1; takes.len()];
        let (prepared, evidence) = evaluated("egoexo_body_pose", &files(&takes, &once, false), &[]);
        evidence_keeps_its_word(&*prepared, &evidence);
        let other = evaluated("egoexo_body_pose", &files(&takes, &once, true), &[]).1;
        assert_close(&values(&evidence), &values(&other));
    }

    #[test]
    fn whole_weights_are_copies_of_hands(
        hands in prop::collection::vec(prop::collection::vec((prop::bool::weighted(0.3), point(), point()), 21), 1..4),
        counts in prop::collection::vec(0..3_u8, 4),
    ) {
        let world = |copies: &[u8]| {
            let (mut truth, mut sent) = (serde_json::Map::new(), serde_json::Map::new());
            for (index, (hand, copies)) in hands.iter().zip(copies).enumerate() {
                let flags: Vec<bool> = hand.iter().map(|(valid, _, _)| *valid).collect();
                let seen: Vec<[f64; 3]> = hand.iter().map(|(_, seen, _)| *seen).collect();
                let guess: Vec<[f64; 3]> = hand.iter().map(|(_, _, guess)| *guess).collect();
                for copy in 0..*copies {
                    let take = format!("{index}/{copy}");
                    truth.insert(take.clone(), json!({"0": {"left_hand_3d": seen, "left_hand_valid_3d": flags}}));
                    sent.insert(take, json!({"0": {"left_hand_3d": guess}}));
                }
            }
            let files = (Value::Object(truth), Value::Object(sent));
            let (prepared, evidence) = evaluated("egoexo_hand_pose", &files, &[]);
            evidence_keeps_its_word(&*prepared, &evidence);
            evidence
        };
        weights_are_copies(&counts[..hands.len()], world);
    }
}

#[test]
fn mangled_submissions_are_refused_or_scored() {
    conformance::mangled::is_refused_or_scored(&heldout_pose::evaluators());
}
