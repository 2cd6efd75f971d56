//! Ego4D Visual Queries 3D.

use std::f64::consts::FRAC_PI_2;

use conformance::task::codes;
use sdk::{Mode, Prepared};
use serde_json::{Value, json};

use super::support::{file, prepare, refusals, scores, try_prepare};

/// An object at the origin whose boxes have a diagonal of 3 metres, seen from the camera along the first axis.
fn object(from_camera: Value) -> Value {
    let cuboid = json!({"position": {"x": 0, "y": 0, "z": 0}, "dimension": {"x": 1, "y": 2, "z": 2}});
    json!({"object_title": "cup", "3d_annotation_1": cuboid, "3d_annotation_2": cuboid,
        "gt_3d_vec_world_1": [0, 0, 0], "gt_3d_vec_1": from_camera})
}

fn truth() -> String {
    json!({"videos": [{"video_uid": "v", "clips": [{"clip_uid": "c", "annotations": [
        {},
        {"query_sets": {"1": object(json!([1, 0, 0])), "2": object(json!(null))}}]}]}]})
    .to_string()
}

fn task(mode: Mode) -> Box<dyn Prepared> {
    prepare("ego4d_vq3d", file(&truth()), &[], mode)
}

fn answer(in_room: Value, from_camera: Value) -> Value {
    json!({"pred_3d_vec_world": in_room, "pred_3d_vec_query_frame": from_camera, "query_frame_pose": null})
}

fn submission(first: Value, second: Value) -> String {
    json!({"version": "1.0", "challenge": "ego4d_vq3d_challenge", "results": {"videos": [
        {"video_uid": "v", "clips": [{"clip_uid": "c", "predictions": [
            {}, {"query_sets": {"1": first, "2": second}}]}]}]}})
    .to_string()
}

#[test]
fn places_are_worked_by_hand() {
    // A success lies within 6 exp(-3) = 0.2987 metres.
    let sent = submission(
        answer(json!([0.298, 0, 0]), json!([0, 2, 0])),
        answer(json!([0, 0.3, 0]), json!([1, 1, 1])),
    );
    let scores = scores(task(Mode::Strict).as_ref(), &file(&sent));
    assert_eq!((scores["Succ%"], scores["Succ*%"], scores["QwP%"]), (Some(50.0), Some(50.0), Some(100.0)));
    assert_eq!((scores["L2"], scores["angle"]), (Some(0.299), Some(FRAC_PI_2)));
}

#[test]
fn what_is_not_predicted_is_undefined() {
    let none = || answer(json!(null), json!([1, 0, 0]));
    let scores = scores(task(Mode::Strict).as_ref(), &file(&submission(none(), none())));
    assert_eq!((scores["Succ%"], scores["QwP%"]), (Some(0.0), Some(0.0)));
    assert_eq!((scores["Succ*%"], scores["L2"], scores["angle"]), (None, None, None));
}

#[test]
fn a_direction_of_nothing_is_a_right_angle_and_no_number_by_the_public_code() {
    let sent = submission(answer(json!([0, 0, 0]), json!([0, 0, 0])), answer(json!(null), json!(null)));
    assert_eq!(scores(task(Mode::Strict).as_ref(), &file(&sent))["angle"], Some(FRAC_PI_2));
    assert_eq!(scores(task(Mode::Reference).as_ref(), &file(&sent))["angle"], None);
    // The product of a vector's length with itself can be less than its square.
    let same = json!([0.1, 0.2, 0.3]);
    let truth = truth().replace("[1,0,0]", &same.to_string());
    let sent = submission(answer(json!([0, 0, 0]), same), answer(json!(null), json!(null)));
    let task = prepare("ego4d_vq3d", file(&truth), &[], Mode::Strict);
    let angle = scores(task.as_ref(), &file(&sent))["angle"].unwrap();
    assert!((0.0..1e-7).contains(&angle), "{angle}");
}

#[test]
fn wrong_submissions_are_refused() {
    let task = task(Mode::Strict);
    let right = || answer(json!([0, 0, 0]), json!(null));
    let of = |first: Value| refusals(task.as_ref(), &file(&submission(first, right())));
    assert_eq!(of(right()), [""; 0]);
    assert_eq!(of(answer(json!([0, 0]), json!(null)))[0], "wrong_shape");
    assert_eq!(of(answer(json!(["0", 0, 0]), json!(null)))[0], "not_a_number");
    assert_eq!(of(answer(json!([0, 0, 1e10]), json!(null)))[0], "out_of_range");
    assert_eq!(of(json!({}))[..2], ["missing_field"; 2]);
    let mut sent: Value = serde_json::from_str(&submission(right(), right())).unwrap();
    sent["results"]["videos"][0]["clips"][0]["predictions"].as_array_mut().unwrap().remove(0);
    assert_eq!(refusals(task.as_ref(), &file(&sent.to_string())), ["unknown_ids"; 2]);
    sent["version"] = json!("2");
    assert!(refusals(task.as_ref(), &file(&sent.to_string())).contains(&"unsupported_version"));
}

#[test]
fn wrong_annotations_are_refused() {
    let of = |key: &str, value: Value| {
        let mut object = object(json!([1, 0, 0]));
        object[key] = value;
        let truth = json!({"videos": [{"video_uid": "v", "clips": [
            {"clip_uid": "c", "annotations": [{"query_sets": {"1": object}}]}]}]});
        let refused = try_prepare("ego4d_vq3d", file(&truth.to_string()), &[], Mode::Strict);
        refused.err().map_or(Vec::new(), |faults| codes(&faults))
    };
    assert_eq!(of("gt_3d_vec_world_1", json!([0, 0])), ["wrong_shape"]);
    assert_eq!(
        of("3d_annotation_1", json!({"position": {"x": 0, "y": 0}})),
        ["missing_field", "missing_field"]
    );
    assert_eq!(of("3d_annotation_2", json!(null)), ["wrong_type"]);
    assert_eq!(of("gt_3d_vec_1", json!([0, 0, 1e12])), ["out_of_range"]);
}
