//! Properties: copies, masks, the order of rows, stored evidence.

use conformance::task::{assert_close, evaluate, evidence_keeps_its_word, values, weights_are_copies};
use proptest::prelude::*;
use sdk::Mode;
use serde_json::{Value, json};

use super::support::{file, prepare};

/// Boxes of a few persons in a few frames: who is predicted where, and as whom.
type Persons = Vec<Vec<(bool, u8, u8)>>;

fn persons() -> impl Strategy<Value = Vec<Persons>> {
    let frame = (any::<bool>(), 0..4_u8, 0..9_u8);
    let clip = prop::collection::vec(prop::collection::vec(frame, 0..4), 0..6);
    prop::collection::vec(clip, 1..5)
}

/// Truth and predictions of a clip; similarities differ, so that nothing ties.
fn rows(clip: &Persons) -> (Vec<Value>, Vec<Value>) {
    let (mut truth, mut predicted) = (Vec::new(), Vec::new());
    for (frame, persons) in (1..).zip(clip) {
        for (person, (is_true, track, shift)) in persons.iter().enumerate() {
            let left = 12 * person;
            if *is_true {
                truth.push(json!([frame, person, left, 0, 20, 20 + person]));
            }
            let track = usize::from(*track) * 10 + person;
            let shift = f64::from(*shift) + 0.01 * (frame * 7 + person * 3) as f64;
            predicted.push(json!([frame, track, left as f64 + shift, 0, 20, 20]));
        }
    }
    (truth, predicted)
}

fn files(world: &[Persons], copies: &[u8], reversed: bool) -> (String, String) {
    let (mut truth, mut sent) = (serde_json::Map::new(), serde_json::Map::new());
    for (index, (clip, copies)) in world.iter().zip(copies).enumerate() {
        for copy in 0..*copies {
            let (true_rows, mut rows) = rows(clip);
            if reversed {
                rows.reverse();
            }
            let uid = format!("c{index}-{copy}");
            truth.insert(uid.clone(), json!({"n_frames": clip.len(), "boxes": true_rows}));
            sent.insert(uid, rows.into());
        }
    }
    (json!({"clips": truth}).to_string(), json!({"clips": sent}).to_string())
}

fn evidence(world: &[Persons], copies: &[u8], reversed: bool) -> sdk::Evidence {
    let (truth, sent) = files(world, copies, reversed);
    let prepared = prepare("ego4d_avl_tracking", file(&truth), &[], Mode::Strict);
    let evidence = evaluate(prepared.as_ref(), &sent).unwrap();
    evidence_keeps_its_word(prepared.as_ref(), &evidence);
    evidence
}

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whole_weights_are_copies_of_clips(world in persons(), counts in prop::collection::vec(0..4_u8, 4)) {
        weights_are_copies(&counts[..world.len()], |copies| evidence(&world, copies, false));
    }

    #[test]
    fn the_order_of_rows_changes_nothing(world in persons()) {
        let once = vec![1; world.len()];
        assert_close(&values(&evidence(&world, &once, false)), &values(&evidence(&world, &once, true)));
    }
}
