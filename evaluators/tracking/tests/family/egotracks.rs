//! Ego4D EgoTracks.

use conformance::task::codes;
use sdk::{Mode, Prepared};
use serde_json::{Value, json};

use super::support::{file, prepare, refusals, scores, try_prepare};

fn frame(frame: i64) -> Value {
    json!({"frame_number": frame, "x": 0, "y": 0, "width": 10, "height": 10})
}

/// A clip of six frames with an object that is seen in frames 1, 2 and 4; frame 1 is the picture's.
fn clip(uid: &str, titles: &[&str]) -> Value {
    let annotations: Vec<Value> = titles
        .iter()
        .map(|title| {
            json!({"query_sets": {"1": {"is_valid": true, "object_title": title, "visual_crop": frame(1),
                "lt_track": [frame(4), frame(1), frame(2)]}}})
        })
        .collect();
    json!({"clip_uid": uid, "n_frames": 6, "annotations": annotations})
}

fn truth(clips: Vec<Value>) -> String {
    json!({"version": "1", "videos": [{"video_uid": "v", "clips": clips}]}).to_string()
}

fn task(mode: Mode) -> Box<dyn Prepared> {
    prepare("ego4d_egotracks", file(&truth(vec![clip("c", &["cup"])])), &[], mode)
}

#[test]
fn a_sequence_is_worked_by_hand() {
    // The picture's frame counts as a mistake; frame 4 is half found; frame 5 has nothing.
    let sent =
        json!({"c_1_cup": {"1": [0, 0, 10, 10, 0.9], "2": [0, 0, 10, 10, 0.8], "4": [0, 0, 10, 5, 0.7]}});
    let scores = scores(task(Mode::Strict).as_ref(), &file(&sent.to_string()));
    let value = |name: &str| scores[name].unwrap();
    assert_eq!(value("AO"), 0.75);
    // At 0.7: P = 1.5 / 3, R = 1.5 / 2; at 0.8: 1 / 2 and 1 / 2.
    assert_eq!((value("Precision"), value("Recall")), (0.5, 0.75));
    assert_eq!(value("F-score"), 0.6);
}

#[test]
fn an_object_of_two_annotations_is_answered_once() {
    let two = prepare("ego4d_egotracks", file(&truth(vec![clip("c", &["cup", "cup"])])), &[], Mode::Strict);
    assert_eq!(two.items().ids(), ["c/0/1", "c/1/1"]);
    let sent = json!({"c_1_cup": {"2": [0, 0, 10, 10, 0.8]}}).to_string();
    assert_eq!(scores(two.as_ref(), &file(&sent))["AO"], Some(0.5));
}

#[test]
fn nothing_found_is_zero_and_no_number_by_the_public_code() {
    let sent = json!({"c_1_cup": {"0": [50, 50, 10, 10, 0.8]}}).to_string();
    let strict = scores(task(Mode::Strict).as_ref(), &file(&sent));
    assert_eq!((strict["F-score"], strict["Precision"], strict["AO"]), (Some(0.0), Some(0.0), Some(0.0)));
    let reference = scores(task(Mode::Reference).as_ref(), &file(&sent));
    assert_eq!((reference["F-score"], reference["Precision"]), (None, Some(0.0)));
}

#[test]
fn wrong_submissions_are_refused_with_every_fault() {
    let task = task(Mode::Strict);
    let of = |text: &str| refusals(task.as_ref(), &file(text));
    assert_eq!(of(r#"{"c_1_cup": {}}"#), [""; 0]);
    assert_eq!(of("{}"), ["missing_ids"]);
    assert_eq!(of("[]"), ["wrong_type"]);
    assert_eq!(of(r#"{"c_1_mug": {}}"#), ["unknown_ids"]);
    assert_eq!(of(r#"{"c_1_cup": {}, "c_1_mug": {}}"#), ["unknown_ids"]);
    let frame = |key: &str, value: &str| of(&format!(r#"{{"c_1_cup": {{"{key}": {value}}}}}"#));
    assert_eq!(frame("6", "[0, 0, 1, 1, 1]"), ["out_of_range"]);
    assert_eq!(frame("-1", "[0, 0, 1, 1, 1]"), ["out_of_range"]);
    assert_eq!(frame("01", "[0, 0, 1, 1, 1]"), ["wrong_type"]);
    assert_eq!(frame("+1", "[0, 0, 1, 1, 1]"), ["wrong_type"]);
    assert_eq!(frame("1.0", "[0, 0, 1, 1]"), ["wrong_type", "wrong_shape"]);
    assert_eq!(frame("1", "[0, 0, 1, 1, null]"), ["not_a_number"]);
    assert_eq!(frame("1", "[0, 0, -1, 1, 1]"), ["out_of_range"]);
    assert_eq!(frame("1", "[0, 0, 1e10, 1, 1]"), ["out_of_range"]);
    assert_eq!(of(r#"{"c_1_cup": {"1": [0, 0, 1, 1, 1], "1": [0, 0, 1, 1, 1]}}"#), ["duplicate_key"]);
}

#[test]
fn reference_mode_does_not_read_other_sequences() {
    let evidence =
        conformance::task::evaluate(task(Mode::Reference).as_ref(), r#"{"c_1_cup": {}, "x": 7}"#).unwrap();
    assert_eq!(evidence.notes()[0].code, "other_sequences");
}

#[test]
fn what_is_not_scored_needs_no_answer_and_may_have_one() {
    let mut other = clip("d", &["cup", "mug"]);
    other["annotations"][0]["query_sets"]["1"]["is_valid"] = json!(false);
    other["annotations"][1]["query_sets"]["1"]["lt_track"] = json!([frame(1)]);
    let task = prepare("ego4d_egotracks", file(&truth(vec![clip("c", &["cup"]), other])), &[], Mode::Strict);
    assert_eq!(task.items().len(), 1);
    assert_eq!(task.notes()[0].code, "objects_never_seen");
    assert_eq!(refusals(task.as_ref(), &file(r#"{"c_1_cup": {}, "d_1_cup": {}, "d_1_mug": {}}"#)), [""; 0]);
    assert_eq!(refusals(task.as_ref(), &file(r#"{"c_1_cup": {}}"#)), [""; 0]);
}

#[test]
fn wrong_annotations_are_refused() {
    let of = |change: &dyn Fn(&mut Value)| {
        let mut clip = clip("c", &["cup"]);
        change(&mut clip);
        let refused = try_prepare("ego4d_egotracks", file(&truth(vec![clip])), &[], Mode::Strict);
        refused.err().map_or(Vec::new(), |faults| codes(&faults))
    };
    let set =
        |clip: &mut Value, key: &str, value: Value| clip["annotations"][0]["query_sets"]["1"][key] = value;
    assert_eq!(of(&|clip| clip["n_frames"] = json!(4)), ["out_of_range"]);
    assert_eq!(of(&|clip| clip["n_frames"] = json!(-4)), ["out_of_range"]);
    assert_eq!(of(&|clip| drop(clip.as_object_mut().unwrap().remove("n_frames"))), ["missing_field"]);
    assert_eq!(of(&|clip| set(clip, "lt_track", json!([frame(2), frame(2)]))), ["duplicate_ids"]);
    assert_eq!(of(&|clip| set(clip, "lt_track", json!(null)))[0], "wrong_type");
    assert_eq!(of(&|clip| set(clip, "is_valid", json!(false))), ["empty_submission"]);
}
