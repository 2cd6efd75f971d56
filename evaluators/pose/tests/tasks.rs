//! Small cases worked out by hand, and what is refused.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use conformance::task::{Values, codes, evaluate, prepare, told, values, weighted};
use sdk::{Evidence, Faults, Mode, Prepared};
use serde_json::{Value, json};

fn task(id: &str, truth: &str, params: &[(&str, &str)], mode: Mode) -> Result<Box<dyn Prepared>, Faults> {
    prepare(&heldout_pose::evaluators(), id, &[("main", truth)], params, mode)
}

fn sent(
    id: &str,
    truth: &Value,
    params: &[(&str, &str)],
    submission: &Value,
    mode: Mode,
) -> Result<Evidence, Faults> {
    evaluate(&*task(id, &truth.to_string(), params, mode).unwrap(), &submission.to_string())
}

fn scores(id: &str, truth: &Value, params: &[(&str, &str)], submission: &Value) -> Values {
    values(&sent(id, truth, params, submission, Mode::Strict).unwrap())
}

fn refusal(id: &str, truth: &Value, submission: &Value) -> Vec<String> {
    told(&sent(id, truth, &[], submission, Mode::Strict).unwrap_err())
}

fn close(value: Option<f64>, expected: f64) {
    let value = value.unwrap();
    assert!((value - expected).abs() <= 1e-10 * expected.abs().max(1.0), "{value} is not {expected}");
}

// Hands.

const HAND: &str = "egoexo_hand_pose";

/// Joints on a line, so far apart, from a place.
fn line(step: f64, from: f64) -> Vec<[f64; 3]> {
    (0..21).map(|joint| [from + f64::from(joint) * step, 0.25, 0.5]).collect()
}

/// Flags of the first joints.
fn first(count: usize) -> Vec<bool> {
    (0..21).map(|joint| joint < count).collect()
}

#[test]
fn alignment_takes_scale_and_shift_away() {
    let truth = json!({"t": {"0": {"right_hand_3d": line(0.01, 0.0), "right_hand_valid_3d": first(3), "left_hand_3d": []}}});
    let scores = scores(HAND, &truth, &[], &json!({"t": {"0": {"right_hand_3d": line(0.02, 0.5)}}}));
    close(scores["PA-MPJPE"], 0.0);
    // Half a metre, and 0, 1 and 2 centimetres more.
    close(scores["MPJPE"], 510.0);
}

#[test]
fn hands_count_the_same_however_many_joints_are_valid() {
    let truth = json!({"t": {"0": {
        "right_hand_3d": line(0.01, 0.0), "right_hand_valid_3d": first(1),
        "left_hand_3d": line(0.01, 0.0), "left_hand_valid_3d": first(21)}},
        "u": {"3": {"left_hand_3d": line(0.01, 0.0), "left_hand_valid_3d": first(0)}}});
    let submission = json!({"t": {"0": {"right_hand_3d": line(0.01, 0.03), "left_hand_3d": line(0.01, 0.01)}},
        "u": {"3": {"left_hand_3d": line(0.01, 9.0)}}});
    let evidence = sent(HAND, &truth, &[], &submission, Mode::Strict).unwrap();
    close(values(&evidence)["MPJPE"], 20.0);
    close(weighted(&evidence, &[3.0, 1.0, 5.0])["MPJPE"], 25.0);
    assert_eq!(weighted(&evidence, &[0.0, 0.0, 1.0])["MPJPE"], None);
    let reference = sent(HAND, &truth, &[], &submission, Mode::Reference).unwrap();
    assert_eq!(values(&reference)["MPJPE"], None);
    let prepared = task(HAND, &truth.to_string(), &[], Mode::Strict).unwrap();
    assert_eq!(prepared.items().ids(), ["t/0/right", "t/0/left", "u/3/left"]);
    assert_eq!(prepared.items().group_names(), ["t", "u"]);
}

#[test]
fn joints_seen_from_the_wrist_get_the_true_wrist() {
    let truth = json!({"t": {"0": {"right_hand_3d": line(0.01, 7.0), "right_hand_valid_3d": first(21)}}});
    let mut from_wrist = line(0.01, 0.0);
    from_wrist.iter_mut().for_each(|joint| *joint = [joint[0], 0.0, 0.0]);
    let submission = json!({"t": {"0": {"right_hand_3d": from_wrist}}});
    close(scores(HAND, &truth, &[("from_wrist", "true")], &submission)["MPJPE"], 0.0);
    assert!(scores(HAND, &truth, &[], &submission)["MPJPE"].unwrap() > 7000.0);
}

#[test]
fn joints_in_millimetres_and_unknown_takes_are_noted() {
    let truth = json!({"t": {"0": {"right_hand_3d": line(0.01, 0.1), "right_hand_valid_3d": first(21)}}});
    let submission = json!({"t": {"0": {"right_hand_3d": line(10.0, 100.0)}, "1": {}}, "z": {}});
    let evidence = sent(HAND, &truth, &[], &submission, Mode::Strict).unwrap();
    let notes: Vec<(&str, u64)> = evidence.notes().iter().map(|note| (&*note.code, note.count)).collect();
    assert_eq!(notes, [("unknown_ids_ignored", 2), ("looks_like_millimetres", 1)]);
}

#[test]
fn hand_files_are_refused_with_every_fault() {
    let both = json!({"right_hand_3d": line(0.01, 0.0), "right_hand_valid_3d": first(3),
        "left_hand_3d": line(0.01, 0.0), "left_hand_valid_3d": first(3)});
    let right = json!({"right_hand_3d": line(0.01, 0.0), "right_hand_valid_3d": first(3), "left_hand_3d": [], "left_hand_valid_3d": []});
    let truth = json!({"a": {"0": both, "1": both, "2": right}, "b": {"0": right}, "c": {"0": {}}});
    let submission = json!({"a": {
        "0": {"right_hand_3d": line(0.01, 0.0)[..20], "left_hand_3d": []},
        "2": {"right_hand_3d": vec![json!([1, 2]); 21], "left_hand_3d": "none"}}});
    // Keys of an object stand in the order of the alphabet here.
    let first = ["wrong_shape /a/0/right_hand_3d", "missing_ids /a/0", "wrong_type /a/2/left_hand_3d"];
    let mut expected = first.map(str::to_owned).to_vec();
    expected.extend((0..21).map(|joint| format!("wrong_shape /a/2/right_hand_3d/{joint}")));
    expected.extend(["missing_ids /a".to_owned(), "missing_ids".to_owned()]);
    assert_eq!(refusal(HAND, &truth, &submission), expected);
    let other = refusal(HAND, &truth, &json!({"z": {}}));
    assert_eq!(other, ["missing_ids"; 2]);
}

#[test]
fn wrong_hand_annotations_are_refused() {
    let refused =
        |truth: &str, params: &[(&str, &str)]| codes(&task(HAND, truth, params, Mode::Strict).unwrap_err());
    assert_eq!(refused("{}", &[]), ["empty_submission"]);
    let hand = |joints: Value, flags: Value| {
        json!({"t": {"0": {"right_hand_3d": joints, "right_hand_valid_3d": flags}}}).to_string()
    };
    assert_eq!(refused(&hand(json!(line(0.1, 0.0)[..3]), json!(first(3))), &[]), ["wrong_shape"]);
    assert_eq!(refused(&hand(json!(line(0.1, 0.0)), json!([true])), &[]), ["wrong_shape"]);
    assert_eq!(
        refused(&hand(json!(line(0.1, 0.0)), json!(vec![1; 21])), &[]),
        ["wrong_type"; 21].iter().copied().chain(["wrong_shape"]).collect::<Vec<_>>()
    );
    assert_eq!(
        refused(&json!({"t": {"0": {"right_hand_3d": line(0.1, 0.0)}}}).to_string(), &[]),
        ["missing_field"]
    );
    let mut without_wrist = json!(line(0.1, 0.0));
    without_wrist[0] = Value::Null;
    assert_eq!(refused(&hand(without_wrist.clone(), json!(first(3))), &[]), ["missing_field"]);
    let mut not_the_wrist = first(3);
    not_the_wrist[0] = false;
    let truth = hand(without_wrist, json!(not_the_wrist));
    assert!(task(HAND, &truth, &[], Mode::Strict).is_ok());
    assert_eq!(refused(&truth, &[("from_wrist", "true")]), ["missing_field"]);
}

// Bodies.

const BODY: &str = "egoexo_body_pose";

/// A body of which only some joints are visible, all at one place.
fn body(visible: usize, x: f64) -> Value {
    json!(
        (0..17)
            .map(|joint| if joint < visible { json!([x, 0.0, 1.0]) } else { Value::Null })
            .collect::<Vec<_>>()
    )
}

/// A whole body at one place.
fn whole(x: f64) -> Value {
    body(17, x)
}

#[test]
fn takes_count_the_same_however_many_joints_are_visible() {
    let truth = json!({
        "a": {"take_name": "upenn_Guitar_3", "body": {"0": body(1, 0.0), "30": body(1, 1.0)}},
        "b": {"take_name": "cmu_soccer_3", "body": {"6": body(17, 0.0), "9": body(17, 0.0), "12": []}},
        "c": {"take_name": "campsite", "body": {"3": body(17, 0.0)}}});
    let submission = json!({
        "a": {"body": {"0": whole(0.5), "30": whole(1.25)}},
        "b": {"body": {"6": whole(0.125), "9": whole(0.125), "12": whole(9.0)}},
        "c": {"body": {"3": whole(0.25)}}});
    let evidence = sent(BODY, &truth, &[], &submission, Mode::Strict).unwrap();
    let scores = values(&evidence);
    // 0.375, 0.125 and 0.25 metres; a moves a quarter less than it should in a tenth of a second, c moves not at all.
    close(scores["MPJPE"], 25.0);
    close(scores["MPJVE"], 1.25);
    close(weighted(&evidence, &[1.0, 0.0, 1.0])["MPJVE"], 2.5);
    assert_eq!(weighted(&evidence, &[0.0, 0.0, 1.0])["MPJVE"], None);
    let prepared = task(BODY, &truth.to_string(), &[], Mode::Strict).unwrap();
    assert_eq!(prepared.items().attribute("scenario").unwrap().values, ["music", "soccer", "other"]);
}

#[test]
fn joints_count_the_same_and_short_runs_do_not() {
    let truth = json!({
        "a": {"take_name": "bike", "body": {"0": body(1, 0.0), "3": body(2, 0.0), "7": body(1, 0.0), "20": body(17, 0.0)}},
        "b": {"take_name": "bike", "body": {"0": body(17, 0.0)}}});
    let submission = json!({"a": {"body": {"0": whole(0.5), "3": whole(0.2), "7": whole(0.0)}}});
    let params = [("protocol", "joints"), ("min_clip_length", "6")];
    let scores = scores(BODY, &truth, &params, &submission);
    // The run 0, 3 is six frames long; 7 and 20 are runs of their own, of three frames each.
    close(scores["MPJPE"], 100.0 * (0.5 + 0.2 + 0.2) / 3.0);
    close(scores["MPJVE"], 0.3 * 10.0);
    // With shorter runs 3 and 7 have a velocity, 7 and 20 are too far apart.
    let all = json!({"a": {"body": {"0": whole(0.5), "3": whole(0.2), "7": whole(0.0), "20": whole(0.0)}}, "b": {"body": {"0": whole(0.0)}}});
    let scores = values(
        &sent(BODY, &truth, &[("protocol", "joints"), ("min_clip_length", "0")], &all, Mode::Strict).unwrap(),
    );
    close(scores["MPJPE"], 100.0 * 0.9 / 38.0);
    close(scores["MPJVE"], (0.3 * 10.0 + 0.2 * 7.5) / 2.0);
}

#[test]
fn what_python_writes_for_invisible_joints_is_taken() {
    let nan = "[NaN, NaN, NaN]";
    let joints = format!("[[1, 2, 3], null, [null, null, null]{}]", format!(", {nan}").repeat(14));
    let truth = format!(r#"{{"t": {{"take_name": "bike", "body": {{"0": {joints}}}}}}}"#);
    let prepared = task(BODY, &truth, &[], Mode::Strict).unwrap();
    let submission = json!({"t": {"body": {"0": whole(1.0)}}}).to_string();
    close(values(&evaluate(&*prepared, &submission).unwrap())["MPJPE"], 100.0 * 8.0_f64.sqrt());
    let nans = submission.replacen("[1.0,0.0,1.0]", nan, 1);
    assert_eq!(codes(&evaluate(&*prepared, &nans).unwrap_err()), ["not_finite"; 3]);
}

#[test]
fn body_files_are_refused_with_every_fault() {
    let truth = json!({"a": {"take_name": "bike", "body": {"0": whole(0.0), "3": whole(0.0), "6": whole(0.0)}}, "b": {"body": {"0": whole(0.0)}}, "c": {"body": {}}});
    let mut short = whole(0.0);
    short.as_array_mut().unwrap().pop();
    let submission = json!({"a": {"body": {"0": short, "3": [], "9": [[0]]}}, "y": {}});
    let expected = [
        "wrong_shape /a/body/0",
        "wrong_shape /a/body/9/0",
        "wrong_shape /a/body/9",
        "missing_ids /a/body",
        "missing_ids /a/body",
        "missing_ids",
    ];
    assert_eq!(refusal(BODY, &truth, &submission), expected);
    assert_eq!(
        refusal(BODY, &truth, &json!({"a": {}, "b": {"body": {"0": whole(0.0)}}}))[0],
        "missing_field /a"
    );
    let extra = json!({"a": {"body": {"0": whole(0.0), "3": whole(0.0), "6": whole(0.0), "9": 5}}, "b": {"body": {"0": whole(0.0)}}});
    assert_eq!(refusal(BODY, &truth, &extra), ["wrong_type /a/body/9"]);
    assert_eq!(values(&sent(BODY, &truth, &[], &extra, Mode::Reference).unwrap())["MPJPE"], Some(0.0));
}

#[test]
fn wrong_body_annotations_are_refused() {
    let refused =
        |truth: &str, params: &[(&str, &str)]| codes(&task(BODY, truth, params, Mode::Strict).unwrap_err());
    assert_eq!(refused("{}", &[]), ["empty_submission"]);
    assert_eq!(refused(r#"{"t": {}}"#, &[]), ["missing_field"]);
    let take = |frame: &str, joints: &Value| json!({"t": {"body": {frame: joints}}}).to_string();
    for frame in ["03", "x", "-1", "99999999999"] {
        assert_eq!(refused(&take(frame, &whole(0.0)), &[]), ["wrong_type"], "{frame}");
    }
    assert_eq!(refused(&take("0", &json!([[1, 2, 3]])), &[]), ["wrong_shape"]);
    let mut half = whole(0.0);
    half[3] = json!([1, null, 3]);
    assert_eq!(refused(&take("0", &half), &[]), ["wrong_shape"]);
    assert_eq!(refused(&take("0", &whole(0.0)), &[("protocol", "joints")]), ["empty_submission"]);
}
