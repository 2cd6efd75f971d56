//! Properties that hold for every submission: mangled ones, permuted ones, copied ones.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use conformance::task::{
    assert_close, evaluate, evidence_keeps_its_word, prepare, values, weights_are_copies,
};
use proptest::prelude::*;
use sdk::{Evidence, Mode};
use serde_json::{Value, json};

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
    /// The evidence of truth and submission in which every clip is there so many times; scores are distinct but for
    /// copies.
    fn evidence(&self, copies: &[u8], order: &[usize]) -> Evidence {
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
        let (family, truth) = (heldout_temporal::evaluators(), Value::Object(truth).to_string());
        let prepared = prepare(&family, "ego4d_mq", &[("main", &truth)], &[], Mode::Strict).unwrap();
        let evidence = evaluate(&*prepared, &submission.to_string()).unwrap();
        evidence_keeps_its_word(&*prepared, &evidence);
        evidence
    }

    fn order(&self) -> Vec<usize> {
        (0..self.clips.len()).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whole_weights_are_copies_of_clips(world in world(), counts in prop::collection::vec(0..3_u8, 6)) {
        let counts = &counts[..world.clips.len()];
        prop_assume!(world.clips.iter().zip(counts).any(|(clip, copies)| *copies > 0 && !clip.moments.is_empty()));
        weights_are_copies(counts, |copies| world.evidence(copies, &world.order()));
    }

    #[test]
    fn the_order_of_clips_changes_nothing(world in world(), rotate in 0..6_usize) {
        let once = vec![1; world.clips.len()];
        let mut order = world.order();
        order.reverse();
        order.rotate_left(rotate % world.clips.len());
        assert_close(&values(&world.evidence(&once, &order)), &values(&world.evidence(&once, &world.order())));
    }
}

#[test]
fn mangled_submissions_are_refused_or_scored() {
    conformance::mangled::is_refused_or_scored(&heldout_temporal::evaluators());
}
