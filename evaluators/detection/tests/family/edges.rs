//! Degenerate cases worked by hand.

use conformance::task::{Values, evaluate, prepare, values, weighted};
use heldout_detection::evaluators;
use sdk::Mode;
use serde_json::{Value, json};

fn coco(id: &str, params: &[(&str, &str)], truth: &Value, sent: &Value, mode: Mode) -> Values {
    let prepared = prepare(&evaluators(), id, &[("main", &truth.to_string())], params, mode);
    let prepared = prepared.unwrap_or_else(|faults| panic!("{faults}"));
    let evidence = evaluate(prepared.as_ref(), &sent.to_string());
    values(&evidence.unwrap_or_else(|faults| panic!("{faults}")))
}

fn object(id: i64, image: i64, category: i64, side: f64) -> Value {
    json!({"id": id, "image_id": image, "category_id": category, "bbox": [10, 10, side, side], "area": side * side})
}

fn detection(image: i64, category: i64, side: f64, score: f64) -> Value {
    json!({"image_id": image, "category_id": category, "bbox": [10, 10, side, side], "score": score})
}

fn truth(annotations: Vec<Value>) -> Value {
    json!({"categories": [{"id": 3, "name": "cup"}, {"id": 7, "name": "knife"}], "annotations": annotations,
        "images": [{"id": 20, "width": 200, "height": 200, "camera": "a"}, {"id": 10, "width": 200, "height": 200, "camera": 7}]})
}

fn close(value: Option<f64>, wanted: f64) {
    assert!(value.is_some_and(|value| (value - wanted).abs() < 1e-12), "{value:?}, not {wanted}");
}

#[test]
fn an_area_on_the_border_counts_on_both_sides() {
    let truth = truth(vec![object(1, 10, 3, 32.0), object(2, 20, 3, 96.0)]);
    let sent = json!([detection(10, 3, 32.0, 0.9)]);
    let scores = coco("coco_detection", &[], &truth, &sent, Mode::Strict);
    close(scores["APs"], 1.0);
    // One of two is found: 51 of 101 recalls.
    close(scores["APm"], 51.0 / 101.0);
    close(scores["APl"], 0.0);
    close(scores["AR100"], 0.5);
}

#[test]
fn only_the_best_hundred_of_a_category_in_an_image_count() {
    let truth = truth(vec![object(1, 10, 3, 50.0)]);
    let mut sent: Vec<Value> =
        (0..100).map(|rank| detection(10, 3, 5.0, 0.9 - f64::from(rank) / 1e3)).collect();
    sent.push(detection(10, 3, 50.0, 0.1));
    let scores = coco("coco_detection", &[], &truth, &Value::from(sent.clone()), Mode::Strict);
    close(scores["AR100"], 0.0);
    let scores =
        coco("coco_detection", &[("max_detections", "101")], &truth, &Value::from(sent), Mode::Strict);
    close(scores["AR101"], 1.0);
    close(scores["AP"], 1.0 / 101.0);
}

#[test]
fn categories_can_be_chosen_by_name() {
    let truth = truth(vec![object(1, 10, 3, 50.0), object(2, 10, 7, 50.0)]);
    let sent = json!([detection(10, 3, 50.0, 0.9), detection(10, 7, 5.0, 0.9)]);
    close(coco("coco_detection", &[], &truth, &sent, Mode::Strict)["AP50"], 0.5);
    close(coco("coco_detection", &[("categories", "cup")], &truth, &sent, Mode::Strict)["AP50"], 1.0);
    close(coco("coco_detection", &[("categories", "knife")], &truth, &sent, Mode::Strict)["AP50"], 0.0);
}

#[test]
fn images_have_groups_and_slices() {
    let truth = truth(vec![object(1, 10, 3, 50.0), object(2, 20, 7, 50.0)]);
    let tables = [("main", &*truth.to_string())];
    let prepared =
        prepare(&evaluators(), "coco_detection", &tables, &[("group", "camera")], Mode::Strict).unwrap();
    assert_eq!(prepared.items().ids(), ["10", "20"]);
    assert_eq!(prepared.items().group_names(), ["7", "a"]);
    assert_eq!(prepared.items().mask("category", "knife").unwrap().to_vec(), [0.0, 1.0]);
    let sent = json!([detection(10, 3, 50.0, 0.9), detection(10, 7, 50.0, 0.8)]);
    let evidence = evaluate(prepared.as_ref(), &sent.to_string()).unwrap();
    close(values(&evidence)["AP50"], 0.5);
    // Only the image with the cup: the knife found there is a mistake in a category without objects.
    close(weighted(&evidence, &[1.0, 0.0])["AP50"], 1.0);
    close(weighted(&evidence, &[0.0, 1.0])["AP50"], 0.0);
}

#[test]
fn frames_of_a_video_are_resampled_together() {
    let truth = json!({"categories": [{"id": 1, "name": "object_of_change"}], "annotations": [], "images": [
        {"id": 1, "file_name": "v1/10.jpg"}, {"id": 2, "file_name": "v1/20.jpg"}, {"id": 3, "file_name": "30.jpg"},
        {"id": 4, "file_name": "v1/20.jpg", "video_uid": "v2"}]});
    let tables = [("main", &*truth.to_string())];
    let of = |group| {
        let prepared =
            prepare(&evaluators(), "ego4d_scod", &tables, &[("group", group)], Mode::Strict).unwrap();
        (0..4).map(|item| prepared.items().group(item)).collect::<Vec<_>>()
    };
    assert_eq!(of("video"), [0, 0, 1, 2]);
    assert_eq!(of("image"), [0, 1, 2, 3]);
}

#[test]
fn a_mask_is_compared_by_its_pixels_and_sized_by_them() {
    let truth = json!({"images": [{"id": 1, "height": 10, "width": 10}], "categories": [{"id": 1, "name": "cup"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "area": 20, "segmentation": [[0, 0, 2, 0, 2, 10, 0, 10]]}]});
    // The second column and the third: 10 of 30 pixels are shared. The box that comes along is far too large.
    let sent = json!([{"image_id": 1, "category_id": 1, "score": 1, "bbox": [0, 0, 100, 100],
        "segmentation": {"size": [10, 10], "counts": [10, 20, 70]}}]);
    let scores = coco("coco_segmentation", &[], &truth, &sent, Mode::Strict);
    close(scores["AP50"], 0.0);
    close(scores["APs"], 0.0);
    // As in the public code the box then says how large the detection is, and one too large for the range is ignored;
    // the object is not found either way.
    let reference = coco("coco_segmentation", &[], &truth, &sent, Mode::Reference);
    close(reference["APs"], 0.0);
    let exact = json!([{"image_id": 1, "category_id": 1, "score": 1, "segmentation": {"size": [10, 10], "counts": [0, 20, 80]}}]);
    close(coco("coco_segmentation", &[], &truth, &exact, Mode::Strict)["AP"], 1.0);
}

#[test]
fn keypoints_need_spreads_of_their_own_number() {
    let truth = json!({"images": [{"id": 1}], "categories": [{"id": 1, "name": "hand"}], "annotations": [
        {"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 50, 50], "area": 2500, "keypoints": [10, 10, 2, 40, 40, 1]},
        {"id": 2, "image_id": 1, "category_id": 1, "bbox": [100, 100, 50, 50], "area": 2500, "keypoints": [0, 0, 0, 0, 0, 0]}]});
    let sent = json!([
        {"image_id": 1, "category_id": 1, "score": 0.9, "keypoints": [120, 120, 1, 130, 130, 1]},
        {"image_id": 1, "category_id": 1, "score": 0.8, "keypoints": [10, 10, 1, 40, 40, 1]}]);
    // What lies at the person without labelled keypoints is neither right nor wrong.
    close(coco("coco_keypoints", &[("sigmas", "0.1,0.1")], &truth, &sent, Mode::Strict)["AP"], 1.0);
    let tables = [("main", &*truth.to_string())];
    let wrong =
        prepare(&evaluators(), "coco_keypoints", &tables, &[("sigmas", "0.1,x")], Mode::Strict).unwrap_err();
    assert_eq!(conformance::task::codes(&wrong), ["invalid_parameter"]);
    let seventeen = prepare(&evaluators(), "coco_keypoints", &tables, &[], Mode::Strict).unwrap_err();
    assert_eq!(conformance::task::codes(&seventeen), ["wrong_shape", "wrong_shape"]);
}

fn lvis(sent: &Value) -> Values {
    let truth = json!({"images": [
            {"id": 1, "neg_category_ids": [2], "not_exhaustive_category_ids": [1]},
            {"id": 2, "neg_category_ids": [], "not_exhaustive_category_ids": []}],
        "categories": [{"id": 1, "name": "cup", "frequency": "f"}, {"id": 2, "name": "ladle", "frequency": "r"}],
        "annotations": [object(1, 1, 1, 50.0), object(2, 2, 2, 50.0)]});
    coco("lvis_detection", &[], &truth, sent, Mode::Strict)
}

#[test]
fn a_category_counts_only_where_it_was_looked_for() {
    // A cup that is not marked where not all are marked, and a cup in an image that nobody searched for cups.
    let scores = lvis(&json!([
        detection(1, 1, 9.0, 0.99),
        detection(2, 1, 9.0, 0.98),
        detection(1, 1, 50.0, 0.5),
        detection(2, 2, 50.0, 0.5),
    ]));
    close(scores["AP"], 1.0);
    // A ladle in an image without ladles is a mistake.
    let scores = lvis(&json!([detection(1, 2, 50.0, 0.9), detection(2, 2, 50.0, 0.5)]));
    close(scores["APr"], 0.5);
    close(scores["APf"], 0.0);
    assert_eq!(scores["APc"], None);
}

fn voc(params: &[(&str, &str)], truth: &str, sent: &str) -> Values {
    let truth = format!("image_id,class,xmin,ymin,xmax,ymax,difficult\n{truth}");
    let sent = format!("image_id,class,score,xmin,ymin,xmax,ymax\n{sent}");
    let tables = [("main", &*truth), ("images", "image_id\na\nb\n")];
    let prepared = prepare(&evaluators(), "voc_detection", &tables, params, Mode::Strict).unwrap();
    values(&evaluate(prepared.as_ref(), &sent).unwrap())
}

#[test]
fn an_overlap_of_exactly_the_threshold_is_not_enough() {
    // 5 of 10 pixels.
    let scores = voc(&[], "a,car,0,0,9,0,0\n", "a,car,0.9,0,0,4,0\n");
    close(scores["mAP50"], 0.0);
    let scores = voc(&[("overlaps", "0.49,0.5")], "a,car,0,0,9,0,0\n", "a,car,0.9,0,0,4,0\n");
    close(scores["mAP49"], 1.0);
    close(scores["mAP50_11pt"], 0.0);
}

#[test]
fn a_difficult_object_excuses_and_a_second_best_is_not_tried() {
    let scores = voc(&[], "a,car,0,0,9,9,1\nb,car,0,0,9,9,0\n", "a,car,0.9,0,0,9,9\nb,car,0.8,0,0,9,9\n");
    close(scores["mAP50"], 1.0);
    // At 0.75 the first no longer lies on the difficult one, and is a mistake.
    let scores = voc(&[], "a,car,0,0,9,9,1\nb,car,0,0,9,9,0\n", "a,car,0.9,0,0,9,6\nb,car,0.8,0,0,9,9\n");
    close(scores["mAP50"], 1.0);
    close(scores["mAP75"], 0.5);
    let twice = "a,car,0.9,0,0,9,9\na,car,0.8,0,0,9,9\n";
    close(voc(&[], "a,car,0,0,9,9,0\na,car,0,1,9,10,0\n", twice)["mAP50"], 0.5);
    // A class with only difficult objects has no value.
    assert_eq!(voc(&[], "a,car,0,0,9,9,1\n", twice)["mAP50"], None);
}

#[test]
fn a_list_of_classes_makes_others_wrong() {
    let scores = voc(&[], "a,car,0,0,9,9,0\n", "a,car,0.9,0,0,9,9\na,cat,0.99,0,0,9,9\n");
    close(scores["mAP50"], 1.0);
    let tables =
        [("main", "image_id,class,xmin,ymin,xmax,ymax\na,car,0,0,9,9\n"), ("images", "image_id\na\n")];
    let params = [("classes", "car,bus")];
    let prepared = prepare(&evaluators(), "voc_detection", &tables, &params, Mode::Strict).unwrap();
    let sent = "image_id,class,score,xmin,ymin,xmax,ymax\na,cat,0.99,0,0,9,9\na,bus,0.9,0,0,9,9\n";
    assert_eq!(conformance::task::codes(&evaluate(prepared.as_ref(), sent).unwrap_err()), ["unknown_label"]);
}

fn speakers(truth: &Value, sent: &Value, mode: Mode) -> Values {
    coco("ego4d_avl_detection", &[], &json!({"clips": truth}), &json!({"clips": sent}), mode)
}

#[test]
fn a_frame_without_truth_has_no_speaker() {
    let truth = json!({"c1": {"0": [[0, 0, 9, 9]]}, "c2": {}});
    let sent = json!({"c1": {"7": [[0.9, 0, 0, 9, 9]], "0": [[0.5, 0, 0, 9, 9]]}});
    close(speakers(&truth, &sent, Mode::Strict)["mAP@0.5"], 50.0);
}

#[test]
fn equal_scores_go_by_the_names_of_files() {
    // "0_10.txt" stands before "0_9.txt".
    let truth = json!({"c": {"9": [], "10": [[0, 0, 9, 9]]}});
    let sent = json!({"c": {"9": [[0.5, 0, 0, 9, 9]], "10": [[0.5, 0, 0, 9, 9]]}});
    close(speakers(&truth, &sent, Mode::Strict)["mAP@0.5"], 100.0);
}

#[test]
fn a_group_is_found_once_and_excuses_the_rest() {
    let tables = [
        ("main", "ImageID,LabelName,IsGroupOf,XMin,YMin,XMax,YMax\na,cat,1,0,0,0.8,0.8\n"),
        ("image_labels", "ImageID,LabelName,Confidence\na,cat,1\nb,dog,0\n"),
    ];
    let score = |groups, sent: &str| {
        let sent = format!("ImageID,LabelName,Score,XMin,YMin,XMax,YMax\n{sent}");
        let params = [("groups", groups)];
        let prepared =
            prepare(&evaluators(), "open_images_detection", &tables, &params, Mode::Strict).unwrap();
        values(&evaluate(prepared.as_ref(), &sent).unwrap())["mAP@0.5"]
    };
    let within = "a,cat,0.9,0,0,0.2,0.2\na,cat,0.8,0.2,0.2,0.4,0.4\n";
    close(score("count", within), 1.0);
    assert_eq!(score("ignore", within), None);
    // Nobody looked for cats in the second image, and dogs are not to be found at all.
    close(score("count", "a,cat,0.5,0,0,0.2,0.2\nb,cat,0.9,0,0,1,1\nb,dog,0.9,0,0,1,1\n"), 1.0);
    close(score("count", "a,cat,0.5,0,0,0.2,0.2\na,cat,0.9,0.7,0.7,1,1\n"), 0.5);
}

#[test]
fn an_image_of_a_cat_is_one_of_an_animal() {
    let tables = [
        ("main", "ImageID,LabelName,IsGroupOf,XMin,YMin,XMax,YMax\nb,cat,0,0,0,0.8,0.8\n"),
        ("image_labels", "ImageID,LabelName,Confidence\na,animal,0\n"),
        ("hierarchy", r#"{"Subcategory": [{"LabelName": "animal", "Subcategory": [{"LabelName": "cat"}]}]}"#),
    ];
    let prepared = prepare(&evaluators(), "open_images_detection", &tables, &[], Mode::Strict).unwrap();
    assert_eq!(prepared.items().ids(), ["a", "b"]);
    assert_eq!(prepared.items().mask("class", "animal").unwrap().to_vec(), [0.0, 1.0]);
    // In the first image nobody saw an animal, so that a cat there is a mistake.
    let sent = "ImageID,LabelName,Score,XMin,YMin,XMax,YMax\n\
        a,cat,0.9,0,0,1,1\nb,cat,0.8,0,0,0.8,0.8\nb,animal,0.8,0,0,0.8,0.8\n";
    close(values(&evaluate(prepared.as_ref(), sent).unwrap())["mAP@0.5"], 0.75);
}
