//! Ego4D Visual Queries 2D.

use conformance::task::{codes, evaluate};
use sdk::{Mode, Prepared};
use serde_json::{Value, json};

use super::support::{file, prepare, refusals, scores, try_prepare};

/// A query set whose track has a box of 10 by 10 pixels in every frame.
fn query(first: i64, frames: i64) -> Value {
    let track: Vec<Value> = (first..first + frames)
        .map(|frame| json!({"frame_number": frame, "x": 0, "y": 0, "width": 10, "height": 10}))
        .collect();
    json!({"is_valid": true, "object_title": "cup", "response_track": track,
        "visual_crop": {"frame_number": 0, "x": 0, "y": 0, "width": 5, "height": 5}})
}

/// Two clips of a video; the second clip has an annotation with a valid and an invalid query set.
fn truth() -> String {
    json!({"version": "1.0", "videos": [{"clips": [
        {"clip_uid": "c1", "annotations": [{"query_sets": {"1": query(10, 4)}, "annotation_uid": "a"}]},
        {"annotations": [{"annotation_uid": "b", "query_sets": {
            "1": query(20, 2), "2": {"is_valid": false}}}], "clip_uid": "c2"}],
        "video_uid": "v"}]})
    .to_string()
}

fn task(mode: Mode) -> Box<dyn Prepared> {
    prepare("ego4d_vq2d", file(&truth()), &[], mode)
}

fn answer(score: Value, boxes: &[(i64, [f64; 4])]) -> Value {
    let boxes: Vec<Value> = boxes
        .iter()
        .map(|(frame, [x1, y1, x2, y2])| json!({"fno": frame, "x1": x1, "y1": y1, "x2": x2, "y2": y2}))
        .collect();
    json!({"bboxes": boxes, "score": score})
}

fn nothing() -> Value {
    answer(json!(0.0), &[])
}

/// A submission with these query sets of the two clips; the keys stand in another order than usual.
fn submission(first: Value, second: Value) -> String {
    json!({"results": {"videos": [{"clips": [
        {"predictions": [{"query_sets": second, "annotation_uid": "b"}], "clip_uid": "c2"},
        {"clip_uid": "c1", "predictions": [{"annotation_uid": "a", "query_sets": first}]}],
        "video_uid": "v"}]}, "challenge": "ego4d_vq2d_challenge", "version": "1.0"})
    .to_string()
}

const BOX: [f64; 4] = [0.0, 0.0, 10.0, 10.0];
const HALF: [f64; 4] = [0.0, 0.0, 10.0, 5.0];

#[test]
fn two_answers_are_worked_by_hand() {
    let task = task(Mode::Strict);
    assert_eq!(task.items().ids(), ["c1/a/1", "c2/b/1"]);
    // The first track is found in half of its frames, and a frame too early; the second is missed by the better score.
    let first = answer(json!(0.4), &[(11, BOX), (9, HALF), (10, HALF)]);
    let second = answer(json!(0.9), &[(70, BOX)]);
    let sent = submission(json!({"1": first}), json!({"1": second, "2": nothing()}));
    let scores = scores(task.as_ref(), &file(&sent));
    let value = |name: &str| scores[name].unwrap();
    // In time 2 of 5 frames; in space 150 of 400 + 200 - 150.
    assert_eq!((value("tAP @ IoU=0.25"), value("tAP")), (0.25, 0.25 / 4.0));
    assert_eq!((value("stAP @ IoU=0.25"), value("stAP")), (0.25, 0.25 / 4.0));
    assert_eq!(value("success"), 50.0);
    // Of six true boxes one is found whole and one exactly by half.
    assert!((value("recovery %") - 100.0 * 2.0 / 6.0).abs() < 1e-12);
}

#[test]
fn of_equal_scores_the_later_query_comes_first() {
    let task = task(Mode::Strict);
    let right = answer(json!(0.5), &[(20, BOX), (21, BOX)]);
    let wrong = answer(json!(0.5), &[(70, BOX)]);
    let sent = submission(json!({"1": wrong}), json!({"1": right}));
    assert_eq!(scores(task.as_ref(), &file(&sent))["tAP"], Some(0.5));
    let right = answer(json!(0.5), &[(10, BOX), (11, BOX), (12, BOX), (13, BOX)]);
    let wrong = answer(json!(0.5), &[(70, BOX)]);
    let sent = submission(json!({"1": right}), json!({"1": wrong}));
    assert_eq!(scores(task.as_ref(), &file(&sent))["tAP"], Some(0.25));
}

#[test]
fn wrong_answers_are_refused() {
    let task = task(Mode::Strict);
    let of = |first: Value| refusals(task.as_ref(), &file(&submission(first, json!({"1": nothing()}))));
    assert_eq!(of(json!({"1": nothing()})), [""; 0]);
    assert_eq!(of(json!({})), ["missing_ids"]);
    assert_eq!(of(json!({"1": nothing(), "7": nothing()})), ["unknown_ids"]);
    assert_eq!(of(json!({"1": answer(json!(null), &[])})), ["not_a_number", "missing_ids"]);
    assert_eq!(of(json!({"1": {}}))[..2], ["missing_field", "missing_field"]);
    let boxes = |boxes: &[(i64, [f64; 4])]| of(json!({"1": answer(json!(0.5), boxes)}))[0];
    assert_eq!(boxes(&[(1, BOX), (1, BOX)]), "duplicate_ids");
    assert_eq!(boxes(&[(1, BOX), (3, BOX)]), "wrong_shape");
    assert_eq!(boxes(&[(1, [5.0, 5.0, 5.0, 9.0])]), "out_of_range");
    assert_eq!(boxes(&[(1, [0.0, 0.0, 1e300, 9.0])]), "out_of_range");
    assert_eq!(boxes(&[(1 << 40, BOX)]), "out_of_range");
}

#[test]
fn trees_of_other_videos_and_versions_are_refused() {
    let task = task(Mode::Strict);
    let of = |change: &dyn Fn(&mut Value)| {
        let mut sent: Value =
            serde_json::from_str(&submission(json!({"1": nothing()}), json!({"1": nothing()}))).unwrap();
        change(&mut sent);
        refusals(task.as_ref(), &file(&sent.to_string()))
    };
    assert_eq!(of(&|sent| sent["version"] = json!("2.0")), ["unsupported_version"]);
    assert_eq!(of(&|sent| sent["challenge"] = json!("ego4d_vq3d_challenge")), ["wrong_challenge"]);
    assert_eq!(of(&|sent| sent["results"]["videos"][0]["video_uid"] = json!("w")), ["unknown_ids"; 2]);
    let clip =
        |sent: &mut Value, uid: &str| sent["results"]["videos"][0]["clips"][0]["clip_uid"] = json!(uid);
    assert_eq!(of(&|sent| clip(sent, "c9")), ["unknown_ids", "missing_ids"]);
    let annotation = |sent: &mut Value, uid: Value| {
        sent["results"]["videos"][0]["clips"][0]["predictions"][0]["annotation_uid"] = uid;
    };
    assert_eq!(of(&|sent| annotation(sent, json!("z"))), ["unknown_ids", "missing_ids"]);
    let repeated = |sent: &mut Value| {
        let clips = sent["results"]["videos"][0]["clips"].as_array_mut().unwrap();
        clips.push(clips[0].clone());
    };
    assert_eq!(of(&repeated), ["duplicate_ids"]);
    assert_eq!(of(&|sent| sent["results"] = json!({})), ["missing_field"]);
    assert_eq!(of(&|sent| *sent = json!({})), ["missing_field"; 3]);
}

#[test]
fn a_fault_below_a_video_is_found_by_its_pointer() {
    let sent = submission(json!({"1": nothing(), "a/b": nothing()}), json!({"1": nothing()}));
    let faults = evaluate(task(Mode::Strict).as_ref(), &sent).unwrap_err();
    let told = faults.to_string();
    assert!(told.starts_with("/results/videos/0/clips/1/predictions/0/query_sets/a~1b: "), "{told}");
}

#[test]
fn reference_mode_takes_boxes_without_area() {
    let sent =
        submission(json!({"1": answer(json!(0.5), &[(10, [9.0, 9.0, 0.0, 0.0])])}), json!({"1": nothing()}));
    assert_eq!(refusals(task(Mode::Strict).as_ref(), &file(&sent))[0], "out_of_range");
    let scores = scores(task(Mode::Reference).as_ref(), &file(&sent));
    assert_eq!((scores["tAP @ IoU=0.25"], scores["success"]), (Some(0.5), Some(0.0)));
}

#[test]
fn wrong_annotations_are_refused_and_huge_boxes_left_out() {
    let of = |set: Value| {
        let truth = json!({"videos": [{"video_uid": "v", "clips": [
            {"clip_uid": "c", "annotations": [{"annotation_uid": "a", "query_sets": {"1": set, "2": query(1, 1)}}]}]}]});
        match try_prepare("ego4d_vq2d", file(&truth.to_string()), &[], Mode::Strict) {
            Ok(prepared) => prepared.notes().iter().map(|note| note.code.clone()).collect(),
            Err(faults) => codes(&faults).into_iter().map(str::to_owned).collect::<Vec<_>>(),
        }
    };
    assert_eq!(of(json!({"is_valid": true, "response_track": []})), ["wrong_shape"]);
    assert_eq!(of(json!({"response_track": []})), ["missing_field"]);
    assert_eq!(of(json!({"is_valid": true})), ["missing_field"]);
    let mut gap = query(1, 3);
    gap["response_track"].as_array_mut().unwrap().remove(1);
    assert_eq!(of(gap), ["wrong_shape"]);
    let mut negative = query(1, 1);
    negative["response_track"][0]["width"] = json!(-1);
    assert_eq!(of(negative)[0], "out_of_range");
    let mut huge = query(1, 1);
    huge["visual_crop"]["width"] = json!(1e9);
    huge["visual_crop"]["height"] = json!(10);
    assert_eq!(of(huge), ["queries_of_huge_boxes"]);
    assert_eq!(of(query(1, 1)), [""; 0]);

    let twice = json!({"videos": [{"video_uid": "v", "clips": [
        {"clip_uid": "c", "annotations": [{"query_sets": {"1": query(1, 1)}}]},
        {"clip_uid": "c", "annotations": [{"query_sets": {"1": query(1, 1)}}]}]}]});
    let refused = try_prepare("ego4d_vq2d", file(&twice.to_string()), &[], Mode::Strict).unwrap_err();
    assert_eq!(codes(&refused), ["duplicate_ids"]);
    let none = try_prepare("ego4d_vq2d", file(r#"{"videos": []}"#), &[], Mode::Strict).unwrap_err();
    assert_eq!(codes(&none), ["empty_submission"]);
}
