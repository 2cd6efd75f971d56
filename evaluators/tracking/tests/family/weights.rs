//! Properties: copies, masks, the order of rows, stored evidence.

use std::cell::RefCell;

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
    checked("ego4d_avl_tracking", &truth, &sent)
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

/// A track: its first frame, its length, how far the answer is off, and the answer's score.
type Track = (i64, i64, i64, u8);

fn tracks() -> impl Strategy<Value = Vec<Track>> {
    prop::collection::vec((0..9_i64, 1..6_i64, 0..6_i64, 0..4_u8), 1..5)
}

/// Every item in a video of its own, so many times.
fn videos<T>(world: &[T], copies: &[u8], video: impl Fn(&str, &T)) {
    for (index, (one, copies)) in world.iter().zip(copies).enumerate() {
        for copy in 0..*copies {
            video(&format!("v{index}-{copy}"), one);
        }
    }
}

fn vq2d(world: &[Track], copies: &[u8], reversed: bool) -> sdk::Evidence {
    let (truth, sent) = (RefCell::new(Vec::new()), RefCell::new(Vec::new()));
    videos(world, copies, |uid, (first, length, off, score)| {
        let track: Vec<Value> = (*first..first + length)
            .map(|frame| json!({"frame_number": frame, "x": 0, "y": 0, "width": 9, "height": 9}))
            .collect();
        let boxes: Vec<Value> = (first + off / 2..first + length)
            .map(|frame| json!({"fno": frame, "x1": 0, "y1": off, "x2": 9, "y2": 9}))
            .collect();
        truth.borrow_mut().push(json!({"video_uid": uid, "clips": [{"clip_uid": uid, "annotations": [
            {"annotation_uid": "a", "query_sets": {"1": {"is_valid": true, "response_track": track}}}]}]}));
        sent.borrow_mut().push(json!({"video_uid": uid, "clips": [{"clip_uid": uid, "predictions": [
            {"annotation_uid": "a", "query_sets": {"1": {"bboxes": boxes, "score": score}}}]}]}));
    });
    let mut sent = sent.into_inner();
    if reversed {
        sent.reverse();
    }
    let truth = json!({"version": "1", "videos": truth.into_inner()}).to_string();
    let sent = json!({"version": "1", "challenge": "ego4d_vq2d_challenge", "results": {"videos": sent}});
    checked("ego4d_vq2d", &truth, &sent.to_string())
}

/// Few frames, so that every score is a threshold.
fn egotracks(world: &[Track], copies: &[u8], reversed: bool) -> sdk::Evidence {
    let (truth, sent) = (RefCell::new(Vec::new()), RefCell::new(Vec::new()));
    videos(world, copies, |uid, (first, length, off, score)| {
        let track: Vec<Value> = (*first..first + length)
            .map(|frame| json!({"frame_number": frame % 5, "x": 0, "y": 0, "width": 9, "height": 9}))
            .collect();
        let mut frames: Vec<String> = (0..5)
            .filter(|frame| (frame + off) % 4 > 0)
            .map(|frame| {
                format!("\"{frame}\": [0, {off}, 9, 9, {}]", f64::from(*score) - 0.25 * frame as f64)
            })
            .collect();
        if reversed {
            frames.reverse();
        }
        truth.borrow_mut().push(json!({"video_uid": uid, "clips": [{"clip_uid": uid, "n_frames": 5,
            "annotations": [{"query_sets": {"1": {
                "is_valid": true, "object_title": "cup", "lt_track": track}}}]}]}));
        sent.borrow_mut().push(format!("\"{uid}_1_cup\": {{{}}}", frames.join(", ")));
    });
    let truth = json!({"videos": truth.into_inner()}).to_string();
    checked("ego4d_egotracks", &truth, &format!("{{{}}}", sent.into_inner().join(", ")))
}

fn vq3d(world: &[Track], copies: &[u8], reversed: bool) -> sdk::Evidence {
    let (truth, sent) = (RefCell::new(Vec::new()), RefCell::new(Vec::new()));
    videos(world, copies, |uid, (first, length, off, score)| {
        let cuboid =
            json!({"position": {"x": first, "y": 0, "z": 0}, "dimension": {"x": length, "y": 2, "z": 2}});
        let camera = if *score == 3 { Value::Null } else { json!([first, length, 1]) };
        let place = if *score == 2 { Value::Null } else { json!([0, off - first, 0]) };
        truth.borrow_mut().push(json!({"video_uid": uid, "clips": [{"clip_uid": uid, "annotations": [
            {"query_sets": {"1": {"3d_annotation_1": cuboid, "3d_annotation_2": cuboid,
                "gt_3d_vec_world_1": [0, -first, 0], "gt_3d_vec_1": camera}}}]}]}));
        sent.borrow_mut().push(json!({"video_uid": uid, "clips": [{"clip_uid": uid, "predictions": [
            {"query_sets": {"1": {"pred_3d_vec_world": place, "pred_3d_vec_query_frame": [off, 1, score]}}}]}]}));
    });
    let mut sent = sent.into_inner();
    if reversed {
        sent.reverse();
    }
    let truth = json!({"videos": truth.into_inner()}).to_string();
    let sent = json!({"version": "1.0", "challenge": "ego4d_vq3d_challenge", "results": {"videos": sent}});
    checked("ego4d_vq3d", &truth, &sent.to_string())
}

fn checked(id: &str, truth: &str, sent: &str) -> sdk::Evidence {
    let prepared = prepare(id, file(truth), &[], Mode::Strict);
    let evidence = evaluate(prepared.as_ref(), sent).unwrap();
    evidence_keeps_its_word(prepared.as_ref(), &evidence);
    evidence
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whole_weights_are_copies_of_queries(world in tracks(), counts in prop::collection::vec(0..4_u8, 4)) {
        for task in [vq2d, egotracks, vq3d] {
            weights_are_copies(&counts[..world.len()], |copies| task(&world, copies, false));
        }
    }

    #[test]
    fn the_order_of_answers_changes_nothing(world in tracks()) {
        let once = vec![1; world.len()];
        for task in [vq2d, egotracks, vq3d] {
            assert_close(&values(&task(&world, &once, false)), &values(&task(&world, &once, true)));
        }
    }
}
