//! Properties that hold for every submission: weights are copies, order means nothing, mangled files do no harm.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use conformance::task::{
    assert_close, evaluate, evidence_keeps_its_word, prepare, values, weights_are_copies,
};
use proptest::prelude::*;
use sdk::{Evidence, Mode, Prepared};
use serde_json::json;

/// A face: its label and its score.
type Face = (bool, u8);

fn faces() -> impl Strategy<Value = Vec<Face>> {
    prop::collection::vec((any::<bool>(), 0..200_u8), 1..12)
}

/// Every face so many times; `turn` says where the rows of the submission begin. Scores are distinct.
fn world(faces: &[Face], copies: &[u8], turn: usize) -> (Box<dyn Prepared>, Evidence) {
    let (mut truth, mut results) = (Vec::new(), Vec::new());
    for (index, ((label, score), copies)) in faces.iter().zip(copies).enumerate() {
        for copy in 0..*copies {
            let unique = format!("{index}-{copy}");
            let label = u8::from(*label);
            let score = f64::from(*score) / 250.0 + 1e-4 * index as f64;
            truth.push(json!({"video_id": "v", "unique_id": unique, "track_id": 1, "label": label}));
            results.push(json!({"video_id": "v", "unique_id": unique, "track_id": "1", "score": score}));
        }
    }
    let turn = turn % results.len();
    results.rotate_left(turn);
    let truth = json!({"annotations": truth}).to_string();
    let submission =
        json!({"version": "1.0", "challenge": "ego4d_looking_at_me", "results": results}).to_string();
    let family = heldout_social::evaluators();
    let prepared = prepare(&family, "ego4d_lam", &[("main", &truth)], &[], Mode::Strict).unwrap();
    let evidence = evaluate(&*prepared, &submission).unwrap();
    (prepared, evidence)
}

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whole_weights_are_copies(faces in faces(), counts in prop::collection::vec(0..3_u8, 12)) {
        weights_are_copies(&counts[..faces.len()], |copies| world(&faces, copies, 0).1);
    }

    #[test]
    fn the_order_of_rows_changes_nothing(faces in faces(), turn in 0..12_usize) {
        let once = vec![1; faces.len()];
        let (prepared, evidence) = world(&faces, &once, 0);
        evidence_keeps_its_word(&*prepared, &evidence);
        assert_close(&values(&evidence), &values(&world(&faces, &once, turn).1));
    }
}

#[test]
fn mangled_submissions_are_refused_or_scored() {
    conformance::mangled::is_refused_or_scored(&heldout_social::evaluators());
}
