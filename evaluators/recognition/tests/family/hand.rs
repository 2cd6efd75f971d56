//! Small cases worked by hand.

use conformance::task::{evaluate, values, weighted};
use sdk::{Mode, Undefined};
use serde_json::{Value, json};

use crate::support::{clips, notes, scores, sent, task, with_params};

#[test]
fn options_are_right_or_wrong() {
    let truth = json!({"a": 3, "b": 0, "c": 4, "d": 1});
    for (id, submission) in [
        ("mcq", r#"{"d": 1, "c": 4, "b": 2, "a": 3}"#),
        ("egoschema", "q_uid,answer\nd,1\nc,4\nb,2\na,3\n"),
        ("mcq", "\u{feff}answer,id,why\r\n1,d,x\r\n4,c,\r\n2,b,\r\n 3 ,a,\r\n"),
    ] {
        let evidence = evaluate(&*task(id, &truth, Mode::Strict), submission).unwrap();
        let values = values(&evidence);
        assert_eq!(
            (values["accuracy"], values["correct"], values["total"]),
            (Some(0.75), Some(3.0), Some(4.0))
        );
        let twice = weighted(&evidence, &[0.0, 2.0, 0.5, 1.0]);
        assert_eq!((twice["correct"], twice["total"]), (Some(1.5), Some(3.5)));
    }
}

#[test]
fn options_may_be_counted_from_one() {
    let params = [("first_option", "1"), ("options", "4")];
    let prepared = with_params("mcq", &json!({"a": 1, "b": 4}), &params, Mode::Strict);
    assert_eq!(values(&sent(&*prepared, &json!({"a": 4, "b": 4})))["accuracy"], Some(0.5));
}

#[test]
fn frames_are_measured_in_seconds_where_there_is_a_change() {
    let truth = clips(&[("a", "v1", Some(400)), ("b", "v1", None), ("c", "v2", Some(300))]);
    let submission = json!([
        {"unique_id": "c", "pnr_frame": -30.125},
        {"unique_id": "b", "pnr_frame": 9999},
        {"unique_id": "a", "pnr_frame": 130.125, "comment": []},
    ]);
    // 241 frames in 8 seconds.
    let prepared = task("ego4d_pnr", &truth, Mode::Strict);
    let evidence = sent(&*prepared, &submission);
    let error = |evidence, weights: &[f64]| weighted(evidence, weights)["Keyframe localization error (s)"];
    assert_eq!(error(&evidence, &[1.0, 1.0, 1.0]), Some(1.0));
    assert_eq!(error(&evidence, &[0.0, 1.0, 0.0]), None);
    assert_eq!(notes(&evidence), [("frames_outside_clip", 2)]);
    assert_eq!(prepared.items().group_names(), ["v1", "v2"]);
    assert_eq!(prepared.items().mask("clip", "c-clip").unwrap().to_vec(), [0.0, 0.0, 1.0]);
    let by_clip = with_params("ego4d_pnr", &truth, &[("group", "clip")], Mode::Strict);
    assert_eq!(by_clip.items().group_names(), ["a", "b", "c"]);
}

#[test]
fn seconds_for_frames_are_noted() {
    let truth = clips(&[("a", "v", Some(400)), ("b", "v", None)]);
    let submission = json!([{"unique_id": "a", "pnr_frame": 3.3}, {"unique_id": "b", "pnr_frame": 7.9}]);
    let evidence = sent(&*task("ego4d_pnr", &truth, Mode::Strict), &submission);
    assert_eq!(notes(&evidence), [("frames_may_be_seconds", 2)]);
    let frames = json!([{"unique_id": "a", "pnr_frame": 3.3}, {"unique_id": "b", "pnr_frame": 8.1}]);
    assert!(notes(&sent(&*task("ego4d_pnr", &truth, Mode::Strict), &frames)).is_empty());
}

#[test]
fn a_change_outside_of_its_clip_is_noted_to_the_organizer() {
    let prepared = task("ego4d_pnr", &clips(&[("a", "v", Some(541)), ("b", "v", Some(540))]), Mode::Strict);
    assert_eq!((prepared.notes()[0].code.as_str(), prepared.notes()[0].count), ("change_outside_clip", 1));
}

#[test]
fn without_a_change_there_is_no_error() {
    let evidence = sent(
        &*task("ego4d_pnr", &clips(&[("a", "v", None)]), Mode::Strict),
        &json!([{"unique_id": "a", "pnr_frame": 1}]),
    );
    let score = evidence.score_all().get("Keyframe localization error (s)").unwrap();
    assert_eq!(score, sdk::Score::Undefined(Undefined::NoWeight));
}

#[test]
fn a_change_is_true_or_one() {
    let truth = json!({"clips": [{"unique_id": "a", "state_change": true}, {"unique_id": "b", "state_change": false},
                                 {"unique_id": "c", "state_change": true}]});
    let answers = |answers: [Value; 3]| {
        let rows = ["a", "b", "c"].into_iter().zip(answers);
        Value::from_iter(rows.map(|(id, answer)| json!({"unique_id": id, "state_change": answer})))
    };
    let all_right = answers([json!(true), json!(0), json!(1.0)]);
    assert_eq!(scores("ego4d_oscc", &truth, &all_right)["Accuracy"], Some(1.0));
    // A clip without a video is resampled by itself.
    assert_eq!(task("ego4d_oscc", &truth, Mode::Strict).items().group_names(), ["a", "b", "c"]);
    let odd = answers([json!("true"), json!(null), json!(true)]);
    let evidence = sent(&*task("ego4d_oscc", &truth, Mode::Reference), &odd);
    assert_eq!(values(&evidence)["Accuracy"], Some(1.0 / 3.0));
    assert_eq!(notes(&evidence), [("no_booleans", 2)]);
}

#[test]
fn in_reference_mode_the_last_of_repeated_rows_counts() {
    let truth = clips(&[("a", "v", Some(400))]);
    let rows = json!([{"unique_id": "a", "pnr_frame": 0}, {"unique_id": "x", "pnr_frame": 0},
                      {"unique_id": "a", "pnr_frame": 100}]);
    let evidence = sent(&*task("ego4d_pnr", &truth, Mode::Reference), &rows);
    assert_eq!(values(&evidence)["Keyframe localization error (s)"], Some(0.0));
    assert_eq!(notes(&evidence), [("repeated_ids", 1), ("unknown_ids", 1)]);
}

#[test]
fn levels_follow_their_videos_whatever_the_order() {
    let truth =
        json!({"videos": ["x", "y"], "gt_annotations": [1, 3], "scenario_names": ["Music", "Soccer"]});
    let sure = |level: usize| {
        let mut logits = [0.0; 4];
        logits[level] = 4.0;
        json!(logits)
    };
    let views = |level: usize| json!([sure(level), sure(level), sure(level), sure(level)]);
    let submission = json!({"exo_model_predictions": [views(3), views(2)], "videos": ["y", "x"],
                            "ego_model_predictions": [sure(3), sure(1)]});
    let values = scores("egoexo_proficiency", &truth, &submission);
    let of = |name: &str| values[name];
    assert_eq!(
        (of("ego accuracy"), of("exo accuracy"), of("combined accuracy")),
        (Some(1.0), Some(0.5), Some(0.5))
    );
    let items = task("egoexo_proficiency", &truth, Mode::Strict);
    assert_eq!(items.items().mask("scenario", "Soccer").unwrap().to_vec(), [0.0, 1.0]);
}

#[test]
fn keysteps_are_averaged_by_segment_and_by_keystep() {
    let segment = |id: &str, take: &str, label: i64| json!({"ego_segment_name": id, "take_uid": take, "label_id": label, "step_name": "s"});
    let truth = json!({"segments": [segment("s1", "t1", 5), segment("s2", "t1", 5), segment("s3", "t2", 5),
                                    segment("s4", "t2", 277)]});
    let submission = json!({"s1": 5, "s2": 5, "s3": 0, "s4": 1});
    let values = scores("egoexo_keystep", &truth, &submission);
    assert_eq!(values["top_1_accuracy"], Some(50.0));
    let class_mean = values["class_mean_accuracy"].unwrap();
    assert!((class_mean - 100.0 / 3.0).abs() < 1e-12, "{class_mean}");
    let prepared = task("egoexo_keystep", &truth, Mode::Strict);
    assert_eq!(prepared.items().group_names(), ["t1", "t2"]);
    let table = "label_id,segment_name\n5,s1\n5,s2\n0,s3\n1,s4\n";
    assert_eq!(conformance::task::values(&evaluate(&*prepared, table).unwrap()), values);
}

#[test]
fn keysteps_have_scenarios() {
    let truth = r#"{"segments": [{"ego_segment_name": "a", "label_id": 0}, {"ego_segment_name": "b", "label_id": 2}]}"#;
    let labels = "label_id,step_unique_id,step_name,scenario_name\n0,1567,Stir,cooking\n1,2,Walk,health\n";
    let tables = [("main", truth), ("labels", labels)];
    let family = heldout_recognition::evaluators();
    let prepared = conformance::task::prepare(&family, "egoexo_keystep", &tables, &[], Mode::Strict).unwrap();
    assert_eq!(prepared.items().mask("scenario", "cooking").unwrap().to_vec(), [1.0, 0.0]);
    assert_eq!(prepared.items().attribute("scenario").unwrap().of(1).count(), 0);
}
