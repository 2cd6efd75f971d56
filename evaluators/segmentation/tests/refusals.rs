//! Cases worked by hand, and everything that is refused, with PNG images and archives as they are uploaded.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use conformance::task::{codes, evaluate, evaluate_input, prepare, values};
use sdk::{Evidence, Faults, Input, Mode};

/// A PNG image of one byte per sample.
fn png(width: u32, height: u32, colour: png::ColorType, samples: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(colour);
    encoder.set_depth(png::BitDepth::Eight);
    if colour == png::ColorType::Indexed {
        encoder.set_palette(vec![0; 768]);
    }
    encoder.write_header().unwrap().write_image_data(samples).unwrap();
    bytes
}

fn grey(width: u32, height: u32, labels: &[u8]) -> Vec<u8> {
    png(width, height, png::ColorType::Grayscale, labels)
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    sdk::archive::pack(files.iter().copied()).unwrap()
}

const CLASSES: &str = r#"{"num_classes": 3}"#;
const TRUTH: &str = r#"{"a": [[0, 1], [1, 255]], "b/c": [[2, 2, 2]]}"#;

fn semantic(mode: Mode, submission: &Input<'_>) -> Result<Evidence, Faults> {
    let family = heldout_segmentation::evaluators();
    let tables = [("main", TRUTH), ("classes", CLASSES)];
    let prepared = prepare(&family, "segmentation_semantic", &tables, &[], mode).unwrap();
    evaluate_input(&*prepared, submission)
}

fn refused(bytes: &[u8]) -> Vec<&'static str> {
    codes(&semantic(Mode::Strict, &Input::file("submission.zip", bytes)).unwrap_err())
}

#[test]
fn images_of_an_archive_score_as_their_rows() {
    let archive = zip(&[
        ("results/a.png", &grey(2, 2, &[0, 0, 1, 2])),
        ("results/b/c.PNG", &png(3, 1, png::ColorType::Indexed, &[2, 1, 2])),
    ]);
    let of_archive = semantic(Mode::Strict, &Input::file("submission.zip", &archive)).unwrap();
    let rows = r#"{"b/c": [[2, 1, 2]], "a": [[0, 0], [1, 2]]}"#;
    let of_rows = semantic(Mode::Strict, &Input::file("submission.json", rows.as_bytes())).unwrap();
    assert_eq!(of_archive, of_rows);
    let values = values(&of_rows);
    // Class 0: 1 of 2; class 1: 1 of 3; class 2: 2 of 3. The ignored pixel does not count.
    let close =
        |name: &str, wanted: f64| assert!((values[name].unwrap() - wanted).abs() < 1e-12, "{values:?}");
    close("mIoU_nanmean", (1.0 / 2.0 + 1.0 / 3.0 + 2.0 / 3.0) / 3.0);
    close("fwIoU", (1.0 / 2.0 + 2.0 / 3.0 + 3.0 * 2.0 / 3.0) / 6.0);
    close("pixel_accuracy", 4.0 / 6.0);
    close("mean_accuracy", (1.0 + 1.0 / 2.0 + 2.0 / 3.0) / 3.0);
    close("mDice_nanmean", (2.0 / 3.0 + 1.0 / 2.0 + 4.0 / 5.0) / 3.0);
}

#[test]
fn labels_that_are_no_class_are_refused_or_dropped() {
    let rows = Input::file("s", br#"{"a": [[255, 3], [1, 255]], "b/c": [[2, 2, 2]]}"#);
    let faults = semantic(Mode::Strict, &rows).unwrap_err();
    assert_eq!(codes(&faults), ["unknown_label"]);
    assert!(faults.to_string().contains("only the truth has ignored pixels"), "{faults}");
    let values = values(&semantic(Mode::Reference, &rows).unwrap());
    assert!((values["pixel_accuracy"].unwrap() - 4.0 / 6.0).abs() < 1e-12, "{values:?}");
    assert!((values["mIoU_nanmean"].unwrap() - (0.0 + 1.0 / 2.0 + 1.0) / 3.0).abs() < 1e-12, "{values:?}");
}

#[test]
fn archives_and_images_that_are_wrong_are_refused() {
    let (a, c) = (grey(2, 2, &[0; 4]), grey(3, 1, &[0; 3]));
    assert_eq!(refused(&zip(&[("a.png", &a)])), ["missing_ids"]);
    assert_eq!(refused(&zip(&[("a.png", &a), ("b/c.png", &c), ("d.png", &a)])), ["unknown_ids"]);
    let of_another_split = semantic(Mode::Strict, &Input::file("s", br#"{"x": [[0, 0]]}"#)).unwrap_err();
    assert!(of_another_split.to_string().contains("another split"), "{of_another_split}");
    assert_eq!(refused(&zip(&[("a.png", &a), ("a.PNG", &a), ("b/c.png", &c)])), ["duplicate_ids"]);
    assert_eq!(refused(&zip(&[("a.png", &a), ("b/c.png", &a)])), ["wrong_shape"]);
    assert_eq!(refused(&zip(&[("a.png", &a), ("b/c.png", &c), ("log.txt", b"x")])), ["wrong_format"]);
    assert_eq!(refused(&zip(&[("a.jpg", &a), ("b/c.png", &c)])), ["wrong_format"]);
    assert_eq!(refused(&zip(&[("a.png", b"\xff\xd8\xff"), ("b/c.png", &c)])), ["wrong_format"]);
    assert_eq!(refused(&zip(&[("a.png", &a[..40]), ("b/c.png", &c)])), ["wrong_format"]);
    let colours = png(2, 2, png::ColorType::Rgb, &[0; 12]);
    assert_eq!(refused(&zip(&[("a.png", &colours), ("b/c.png", &c)])), ["wrong_format"]);
    assert_eq!(refused(b"PK\x03\x04"), ["wrong_format"]);
    assert_eq!(refused(b""), ["empty_submission"]);
}

#[test]
fn a_bomb_is_refused_before_its_pixels_are_unpacked() {
    // A header that promises 4 billion pixels.
    let mut bomb = grey(2, 2, &[0; 4]);
    bomb[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
    let mut checksum = flate2::Crc::new();
    checksum.update(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&checksum.sum().to_be_bytes());
    assert_eq!(refused(&zip(&[("a.png", &bomb), ("b/c.png", &grey(3, 1, &[0; 3]))])), ["wrong_shape"]);
}

#[test]
fn classes_are_checked() {
    let family = heldout_segmentation::evaluators();
    let code = |truth: &str, classes: &str| {
        let tables = [("main", truth), ("classes", classes)];
        codes(&prepare(&family, "segmentation_semantic", &tables, &[], Mode::Strict).unwrap_err())
    };
    assert_eq!(code(TRUTH, "{}"), ["missing_field"]);
    assert_eq!(code(TRUTH, r#"{"num_classes": 0}"#), ["out_of_range", "missing_field"]);
    assert_eq!(code(TRUTH, r#"{"num_classes": 2, "names": ["x"]}"#), ["wrong_shape"]);
    assert_eq!(code(TRUTH, r#"{"names": ["x", "x"]}"#), ["duplicate_ids"]);
    assert_eq!(code(TRUTH, r#"{"num_classes": 3, "ignore_index": 1}"#), ["out_of_range"]);
    assert_eq!(code(TRUTH, r#"{"num_classes": 2}"#), ["unknown_label"]);
    assert_eq!(code("{}", CLASSES), ["empty_submission"]);
    assert_eq!(code(r#"{"a": [[0], [0, 1]]}"#, CLASSES), ["wrong_shape"]);
    assert_eq!(code(r#"{"a": [[-1]]}"#, CLASSES), ["out_of_range"]);
}

const PANOPTIC: &str = r#"{"categories": [{"id": 1, "isthing": 1}, {"id": 2, "isthing": 0}], "annotations": [
    {"image_id": 1, "file_name": "1.png", "label_map": [[1, 1, 2, 2, 0, 0, 3, 3]], "segments_info": [
        {"id": 1, "category_id": 1}, {"id": 2, "category_id": 2}, {"id": 3, "category_id": 1, "iscrowd": 1}]}]}"#;

fn panoptic(submission: &str) -> Result<Evidence, Faults> {
    let family = heldout_segmentation::evaluators();
    let prepared =
        prepare(&family, "segmentation_panoptic", &[("main", PANOPTIC)], &[], Mode::Strict).unwrap();
    evaluate(&*prepared, submission)
}

fn segments(map: &str, segments: &[(u32, u32)]) -> String {
    let listed: Vec<String> = segments
        .iter()
        .map(|(id, category)| format!(r#"{{"id": {id}, "category_id": {category}}}"#))
        .collect();
    let listed = listed.join(", ");
    format!(r#"{{"annotations": [{{"image_id": 1, "label_map": [{map}], "segments_info": [{listed}]}}]}}"#)
}

#[test]
fn panoptic_quality_by_hand() {
    // 5 finds the thing with the union 3; 6 is stuff with half of it (no match); 7 is mostly void, 8 mostly crowd.
    let sent = segments("[5, 5, 5, 6, 7, 6, 8, 8]", &[(5, 1), (6, 2), (7, 2), (8, 1)]);
    let values = values(&panoptic(&sent).unwrap());
    let close =
        |name: &str, wanted: f64| assert!((values[name].unwrap() - wanted).abs() < 1e-12, "{values:?}");
    close("Things_pq", 2.0 / 3.0);
    close("Things_rq", 1.0);
    // The stuff is missed. What is found shares 1 of the union 2: not more than half; and half of it is void, not more.
    close("Stuff_pq", 0.0);
    close("Stuff_sq", 0.0);
    close("All_pq", 1.0 / 3.0);
    close("All_n", 2.0);
}

#[test]
fn panoptic_results_that_are_wrong_are_refused() {
    let refused = |sent: &str| codes(&panoptic(sent).unwrap_err());
    let map = "[5, 5, 5, 5, 5, 5, 5, 5]";
    assert_eq!(refused(&segments(map, &[])), ["unknown_ids"]);
    assert_eq!(refused(&segments(map, &[(5, 1), (6, 1)])), ["missing_ids"]);
    assert_eq!(refused(&segments(map, &[(5, 1), (5, 2)])), ["duplicate_ids", "missing_ids"]);
    assert_eq!(refused(&segments(map, &[(5, 3)])), ["unknown_label"]);
    assert_eq!(refused(&segments("[5, 5]", &[(5, 1)])), ["wrong_shape"]);
    assert_eq!(refused(&segments(map, &[(0, 1), (5, 1)])), ["out_of_range", "missing_ids"]);
    assert_eq!(
        refused(&segments(map, &[(5, 1)]).replace("\"image_id\": 1", "\"image_id\": 2")),
        ["unknown_ids", "missing_ids"]
    );
    assert_eq!(refused(r#"{"annotations": []}"#), ["empty_submission"]);
    assert_eq!(refused("{}"), ["missing_field"]);
    assert_eq!(refused(r#"{"annotations": [{"image_id": 1}]}"#), ["missing_field"]);
    let without_map = r#"{"annotations": [{"image_id": 1, "segments_info": []}]}"#;
    assert_eq!(refused(without_map), ["missing_field"]);
}

#[test]
fn panoptic_images_lie_beside_their_list() {
    let family = heldout_segmentation::evaluators();
    let prepared =
        prepare(&family, "segmentation_panoptic", &[("main", PANOPTIC)], &[], Mode::Strict).unwrap();
    let list = br#"{"annotations": [{"image_id": "1", "file_name": "x.png", "segments_info": [{"id": 70000, "category_id": 1}]}]}"#;
    // 70000 = 112 + 256 * 17 + 65536.
    let image = png(8, 1, png::ColorType::Rgb, &[112, 17, 1].repeat(8));
    let accepted = zip(&[("submission/x.png", &image), ("submission.json", list)]);
    evaluate_input(&*prepared, &Input::file("s.zip", &accepted)).unwrap();
    let refused =
        |archive: &[u8]| codes(&evaluate_input(&*prepared, &Input::file("s.zip", archive)).unwrap_err());
    assert_eq!(refused(&zip(&[("submission.json", list)])), ["missing_ids"]);
    assert_eq!(refused(&zip(&[("a/x.png", &image), ("b/x.png", &image), ("s.json", list)])), ["missing_ids"]);
    assert_eq!(refused(&zip(&[("x.png", &image), ("s.json", list), ("t.json", list)])), ["wrong_format"]);
    assert_eq!(refused(&zip(&[("x.png", &grey(8, 1, &[0; 8])), ("s.json", list)])), ["wrong_format"]);
}

const VIDEO: &str = r#"{"v/0": [[0, 1, 2]], "v/1": [[1, 1, 2]], "v/2": [[1, 0, 0]], "v/3": [[9, 9, 9]]}"#;

fn video(params: &[(&str, &str)], submission: &str) -> Result<Evidence, Faults> {
    let family = heldout_segmentation::evaluators();
    let prepared = prepare(&family, "vos", &[("main", VIDEO)], params, Mode::Strict).unwrap();
    assert_eq!(prepared.items().ids(), ["v_1", "v_2"]);
    assert_eq!(prepared.items().group_names(), ["v"]);
    evaluate(&*prepared, submission)
}

#[test]
fn regions_of_objects_by_hand() {
    let evidence = video(&[], r#"{"v/1": [[1, 0, 2]], "v/2": [[1, 0, 0]]}"#).unwrap();
    let values = values(&evidence);
    // Object 1: 1/2 and 1; object 2: 1 and 1, as both are empty in the second frame.
    assert_eq!(values["J-Mean"], Some((0.75 + 1.0) / 2.0));
    assert_eq!(values["J-Recall"], Some((0.5 + 1.0) / 2.0));
    assert_eq!(values["J-Decay"], Some((0.5 - 1.0) / 2.0));
}

#[test]
fn videos_that_are_wrong_are_refused() {
    let refused = |sent: &str| codes(&video(&[], sent).unwrap_err());
    assert_eq!(refused(r#"{"v/1": [[1, 0, 2]]}"#), ["missing_ids"]);
    assert_eq!(refused(r#"{"v/1": [[1, 0, 3]], "v/2": [[1, 0, 0]]}"#), ["unknown_label"]);
    assert_eq!(refused(r#"{"v/1": [[1, 0]], "v/2": [[1, 0, 0]]}"#), ["wrong_shape"]);
    assert_eq!(refused(r#"{"v/1": [[1, 0, 0]], "v/2": [[1, 0, 0]], "v/9": [[1, 0, 0]]}"#), ["unknown_ids"]);
    // Frames that are not scored may be there, and with all frames scored, labels of no object.
    video(&[], r#"{"v/0": [[7, 7, 7]], "v/1": [[1, 0, 0]], "v/2": [[1, 0, 0]]}"#).unwrap();
    let all = r#"{"v/0": [[7, 7, 7]], "v/1": [[1, 0, 0]], "v/2": [[1, 0, 0]], "v/3": [[0, 0, 0]]}"#;
    video(&[("frames", "all")], all).unwrap();
    let family = heldout_segmentation::evaluators();
    let code =
        |truth: &str| codes(&prepare(&family, "vos", &[("main", truth)], &[], Mode::Strict).unwrap_err());
    assert_eq!(code(r#"{"v/0": [[1]], "v/1": [[1]]}"#), ["wrong_shape"]);
    assert_eq!(
        code(r#"{"a": [[1]], "b": [[1]], "c": [[1]]}"#),
        ["wrong_shape", "wrong_shape", "wrong_shape"]
    );
    assert_eq!(code(r#"{"v/0": [[0]], "v/1": [[1]], "v/2": [[1]]}"#), ["empty_submission"]);
}
