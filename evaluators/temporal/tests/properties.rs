//! Properties that hold for every submission: mangled ones, permuted ones, copied ones.

mod support;

use ndarray::Array1;
use proptest::prelude::*;
use sdk::{Mode, Score};
use serde_json::{Value, json};
use support::{Task, evaluate, example};

/// A random MQ-like world: truths and detections of a few clips.
#[derive(Debug, Clone)]
struct World {
    clips: Vec<Clip>,
}

#[derive(Debug, Clone)]
struct Clip {
    moments: Vec<(usize, i32, i32)>,
    detections: Vec<(usize, i32, i32)>,
}

const LABELS: [&str; 3] = ["cut", "wash", "iron"];

fn world() -> impl Strategy<Value = World> {
    let segment = (0..LABELS.len(), 0..20_i32, 1..10_i32);
    let clip = (prop::collection::vec(segment.clone(), 0..4), prop::collection::vec(segment, 0..8));
    let clip = clip.prop_map(|(moments, detections)| Clip { moments, detections });
    prop::collection::vec(clip, 2..6)
        .prop_map(|clips| World { clips })
        .prop_filter("a moment somewhere", |world| world.clips.iter().any(|clip| !clip.moments.is_empty()))
}

impl World {
    /// Truth and submission in which every clip is there so many times; scores are distinct but for copies.
    fn files(&self, copies: &[usize], order: &[usize]) -> (Value, String) {
        let (mut truth, mut sent) = (serde_json::Map::new(), serde_json::Map::new());
        for index in order {
            let clip = &self.clips[*index];
            for copy in 0..copies[*index] {
                let uid = format!("c{index}-{copy}");
                let moments: Vec<Value> = clip
                    .moments
                    .iter()
                    .map(|(label, start, length)| json!({"label": LABELS[*label], "start_time": start, "end_time": start + length}))
                    .collect();
                let detections: Vec<Value> = clip
                    .detections
                    .iter()
                    .enumerate()
                    .map(|(rank, (label, start, length))| {
                        let score =
                            1.0 / (1.0 + (rank * 7 + index * 3) as f64) + 1e-6 * (rank * 10 + index) as f64;
                        json!({"label": LABELS[*label], "score": score, "segment": [start, start + length]})
                    })
                    .collect();
                truth.insert(uid.clone(), json!({"video_id": "v", "subset": "test", "annotations": moments}));
                sent.insert(uid, Value::from(detections));
            }
        }
        let submission = json!({"version": "1.0", "challenge": "ego4d_moment_queries", "detect_results": sent, "retrieve_results": sent});
        (Value::Object(truth), submission.to_string())
    }

    fn order(&self) -> Vec<usize> {
        (0..self.clips.len()).collect()
    }
}

fn close(a: Score, b: Score) -> bool {
    match (a, b) {
        (Score::Value(a), Score::Value(b)) => (a - b).abs() <= 1e-12,
        (a, b) => a == b,
    }
}

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whole_weights_are_copies_of_clips(world in world(), counts in prop::collection::vec(0..3_usize, 6)) {
        let copies = &counts[..world.clips.len()];
        prop_assume!(world.clips.iter().zip(copies).any(|(clip, copies)| *copies > 0 && !clip.moments.is_empty()));
        let (truth, sent) = world.files(&vec![1; world.clips.len()], &world.order());
        let weighted = evaluate(&*Task::new("ego4d_mq", truth).prepare(Mode::Strict), sent.as_bytes()).unwrap();
        let (truth, sent) = world.files(copies, &world.order());
        let copied = evaluate(&*Task::new("ego4d_mq", truth).prepare(Mode::Strict), sent.as_bytes()).unwrap();
        let weights: Array1<f64> = copies.iter().map(|copies| *copies as f64).collect();
        for ((metric, weighted), (_, copied)) in weighted.score(weights.view()).iter().zip(copied.score_all().iter()) {
            prop_assert!(close(weighted, copied), "{}: {:?} and {:?}", metric, weighted, copied);
        }
    }

    #[test]
    fn the_order_of_clips_changes_nothing(world in world(), rotate in 0..6_usize) {
        let once = vec![1; world.clips.len()];
        let (truth, sent) = world.files(&once, &world.order());
        let scores = Task::new("ego4d_mq", truth).scores(&sent);
        let mut order = world.order();
        order.reverse();
        order.rotate_left(rotate % world.clips.len());
        let (truth, sent) = world.files(&once, &order);
        for (metric, score) in Task::new("ego4d_mq", truth).scores(&sent) {
            prop_assert!(close(score, scores[&metric]), "{}", metric);
        }
    }

    #[test]
    fn evidence_survives_being_written_down(world in world()) {
        let (truth, sent) = world.files(&vec![1; world.clips.len()], &world.order());
        let evidence = evaluate(&*Task::new("ego4d_mq", truth).prepare(Mode::Strict), sent.as_bytes()).unwrap();
        let read = sdk::Evidence::from_bytes(&evidence.to_bytes().unwrap()).unwrap();
        prop_assert_eq!(read.score_all(), evidence.score_all());
    }

    /// Changed, cut and doubled bytes of a good submission: refused with a fault or scored, never a failure.
    #[test]
    fn mangled_submissions_are_refused_or_scored(
        which in 0..5_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), mangling()), 1..6),
    ) {
        let (_, submission) = example(&*heldout_temporal::evaluators()[which]);
        let mut bytes = submission.into_bytes();
        for (at, change) in changes {
            let at = at.index(bytes.len());
            let end = (at + change.removed).min(bytes.len());
            bytes.splice(at..end, change.put.bytes());
            if bytes.is_empty() {
                bytes.push(b' ');
            }
        }
        heldout_temporal::fuzz::evaluate(which, &bytes);
    }
}

#[derive(Debug, Clone)]
struct Mangling {
    removed: usize,
    put: String,
}

fn mangling() -> impl Strategy<Value = Mangling> {
    let put = prop_oneof![
        Just(String::new()),
        prop::sample::select(vec![
            "NaN",
            "-Infinity",
            "1e400",
            "-1",
            "true",
            "null",
            "[]",
            "{}",
            "\"\"",
            "\"x\"",
            ",",
            "]",
            "}",
            "[[",
            "\\ud800",
            "9223372036854775808",
            "0.5",
            "\"score\":",
            "1e-400",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ];
    (0..12_usize, put).prop_map(|(removed, put)| Mangling { removed, put })
}
