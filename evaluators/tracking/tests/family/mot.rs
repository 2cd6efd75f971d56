//! Multiple object tracking.

use sdk::archive::pack;
use sdk::{Code, Input, Mode};

use super::support::{file, prepare, refusals, scores, tree, try_prepare};

const INFO: &str = "[Sequence]\nname=a\nseqLength=4\n";
/// Two pedestrians, a reflection, and a box that is not to be considered.
const TRUTH: &str = "1,1,0,0,10,10,1,1,1\n2,1,0,0,10,10,1,1,1\n3,1,0,0,10,10,1,1,1\n4,1,0,0,10,10,1,1,1\n\
    1,2,50,0,10,10,1,1,1\n2,3,100,0,10,10,0,12,1\n3,4,200,0,10,10,0,1,1\n";

fn two_sequences() -> Input<'static> {
    tree(&[
        ("MOT/a/gt/gt.txt", TRUTH),
        ("MOT/a/seqinfo.ini", INFO),
        ("MOT/b/gt/gt.txt", "1,1,0,0,4,4,1,1,1\n"),
        ("MOT/b/seqinfo.ini", "seqLength = 2\r\n"),
        ("MOT/seqmap.txt", "name\nb\na\n"),
    ])
}

#[test]
fn sequences_stand_in_the_order_of_the_list() {
    let prepared = prepare("tracking_mot", two_sequences(), &[], Mode::Strict);
    assert_eq!(prepared.items().ids(), ["b", "a"]);
    assert_eq!(prepared.items().group_names(), ["b", "a"]);
    assert!(prepared.notes().is_empty());
}

#[test]
fn a_small_sequence_is_worked_by_hand() {
    let prepared = prepare("tracking_mot", two_sequences(), &[], Mode::Strict);
    // The first person changes its identity once, the second is missed; a box on the reflection is forgiven, one on
    // the person who is not to be considered is not, and b is seen once too often.
    let a = "1,7,0,0,10,10,1,-1,-1,-1\n2,7,0,0,10,10,1,-1,-1,-1\n3,8,0,0,10,10,1,-1,-1,-1\n\
        2,9,100,0,10,10,1,-1,-1,-1\n3,9,200,0,10,10,1,-1,-1,-1\n";
    let b = "1,1,0,0,4,4,1\n2,1,0,0,4,4,1\n";
    let submission = tree(&[("a.txt", a), ("data/b.txt", b), ("data/notes.md", "no boxes")]);
    let scores = scores(prepared.as_ref(), &submission);
    let value = |name: &str| scores[name].unwrap();
    assert_eq!((value("CLR_TP"), value("CLR_FN"), value("CLR_FP")), (4.0, 2.0, 2.0));
    assert_eq!((value("IDSW"), value("Frag"), value("CLR_Frames")), (1.0, 0.0, 6.0));
    assert_eq!((value("MT"), value("PT"), value("ML")), (1.0, 1.0, 1.0));
    assert_eq!(value("MOTA"), (4.0 - 2.0 - 1.0) / 6.0);
    assert_eq!(value("MOTP"), 1.0);
    // Person 1 has 4 frames, of which the best single track covers 2; b's person 1 of 1.
    assert_eq!((value("IDTP"), value("IDFN"), value("IDFP")), (3.0, 3.0, 3.0));
    assert_eq!(value("IDF1"), 0.5);
    // At every alpha: TP 4, union 8; AssA: two boxes of 2/4, one of 1/4, one of 1/2.
    let association = (2.0 * 0.5 + 0.25 + 0.5) / 4.0;
    assert!((value("AssA") - association).abs() < 1e-15);
    assert!((value("DetA") - 0.5).abs() < 1e-15);
    assert!((value("HOTA") - (0.5 * association).sqrt()).abs() < 1e-15);
    assert_eq!((value("Count_Dets"), value("Count_GT_Dets")), (6.0, 6.0));
}

#[test]
fn mot20_forgives_boxes_on_vehicles_too() {
    let truth = "1,1,0,0,10,10,1,1,1\n1,2,50,0,10,10,0,6,1\n";
    let submission = "1,1,0,0,10,10,1\n1,2,50,0,10,10,1\n";
    for (benchmark, boxes) in [("mot16", 2.0), ("mot17", 2.0), ("mot20", 1.0), ("mot15", 2.0)] {
        let prepared = prepare("tracking_mot", file(truth), &[("benchmark", benchmark)], Mode::Strict);
        assert_eq!(scores(prepared.as_ref(), &file(submission))["Count_Dets"], Some(boxes), "{benchmark}");
    }
}

#[test]
fn a_frame_without_boxes_is_no_frame_before() {
    // The person is lost for a frame in which nothing was predicted: no fragment, as in the public code.
    let truth = "1,1,0,0,10,10,1,1,1\n2,1,0,0,10,10,1,1,1\n3,1,0,0,10,10,1,1,1\n";
    let prepared = prepare("tracking_mot", file(truth), &[], Mode::Strict);
    let silent = scores(prepared.as_ref(), &file("1,1,0,0,10,10,1\n3,1,0,0,10,10,1\n"));
    assert_eq!((silent["Frag"], silent["CLR_FN"]), (Some(0.0), Some(1.0)));
    let elsewhere = scores(prepared.as_ref(), &file("1,1,0,0,10,10,1\n2,1,50,0,10,10,1\n3,1,0,0,10,10,1\n"));
    assert_eq!((elsewhere["Frag"], elsewhere["CLR_FP"]), (Some(1.0), Some(1.0)));
}

#[test]
fn an_archive_means_the_same_as_its_files() {
    let prepared = prepare("tracking_mot", two_sequences(), &[], Mode::Strict);
    let files = [("a.txt", "1,7,0,0,10,10,1\n"), ("b.txt", "")];
    let packed = pack(files.map(|(name, text)| (name, text.as_bytes()))).unwrap();
    let from_archive = scores(prepared.as_ref(), &Input::file("submission.zip", &packed));
    assert_eq!(from_archive, scores(prepared.as_ref(), &tree(&files)));
}

#[test]
fn wrong_submissions_are_refused_with_every_fault() {
    let prepared = prepare("tracking_mot", two_sequences(), &[], Mode::Strict);
    let of = |a: &str| refusals(prepared.as_ref(), &tree(&[("a.txt", a), ("b.txt", "")]));
    assert_eq!(of("1,1,0,0,9\n"), ["missing_column"]);
    assert_eq!(of("1 1 0 0 9 9 1\n"), ["missing_column"]);
    assert_eq!(of("x,1,0,0,9,9,1\n1,1,nan,inf,9,9,1\n"), ["not_a_number", "not_finite", "not_finite"]);
    assert_eq!(of("0,1,0,0,9,9,1\n5,1,0,0,9,9,1\n"), ["out_of_range", "out_of_range"]);
    assert_eq!(of("1.5,1,0,0,9,9,1\n1,2.5,0,0,9,9,1\n"), ["wrong_type", "wrong_type"]);
    assert_eq!(of("1,1,0,0,-9,9,1\n1,2,0,0,1e300,9,1\n"), ["out_of_range", "out_of_range"]);
    assert_eq!(of("1,1,0,0,9,9,1\n2,1,0,0,9,9,1\n1,1,0,0,9,9,1\n"), ["duplicate_ids"]);
    assert_eq!(of("1,1,0,0,9,9,1,3\n"), ["unknown_label"]);
    assert_eq!(of("\u{fffd}"), ["missing_column"]);
    assert_eq!(of("1e0,1.0, 0 ,0,9,9,1,\n\n"), [""; 0]);

    let of = |files: &[(&'static str, &'static str)]| refusals(prepared.as_ref(), &tree(files));
    assert_eq!(of(&[("a.txt", "")]), ["missing_ids"]);
    assert_eq!(of(&[("a.txt", ""), ("b.txt", ""), ("c.txt", "")]), ["unknown_ids"]);
    assert_eq!(of(&[("a.txt", ""), ("b.txt", ""), ("x/a.txt", "")]), ["duplicate_ids"]);
    assert_eq!(refusals(prepared.as_ref(), &file("9,1,0,0,9,9,1\n")), ["out_of_range", "wrong_format"]);
    assert_eq!(refusals(prepared.as_ref(), &file("PK\u{3}\u{4}cut")), ["wrong_format"]);
}

#[test]
fn reference_mode_takes_what_the_public_code_takes() {
    let prepared = prepare("tracking_mot", two_sequences(), &[], Mode::Reference);
    let submission = tree(&[("a.txt", "1.9,1.9,0,0,-9,9,1\n"), ("b.txt", ""), ("other.txt", "x")]);
    let evidence = conformance::task::evaluate_input(prepared.as_ref(), &submission).unwrap();
    assert_eq!(evidence.notes()[0].code, "other_files");
    assert_eq!(conformance::task::values(&evidence)["CLR_FP"], Some(1.0));
}

#[test]
fn faults_name_file_line_and_cause() {
    let prepared = prepare("tracking_mot", two_sequences(), &[], Mode::Strict);
    let submission = tree(&[("a.txt", "1,-1,0,0,9,9,1\n1,-1,5,0,9,9,1\n"), ("b.txt", "")]);
    let faults = conformance::task::evaluate_input(prepared.as_ref(), &submission).unwrap_err();
    assert_eq!(faults.faults[0].code, Code::DuplicateIds);
    let told = faults.to_string();
    assert!(told.starts_with("a.txt: line 2: ") && told.contains("detections, not tracks"), "{told}");
}

#[test]
fn wrong_annotations_are_refused_with_every_fault() {
    let of = |files: &[(&'static str, &'static str)]| {
        let refused = try_prepare("tracking_mot", tree(files), &[], Mode::Strict);
        refused.err().map_or(Vec::new(), |faults| conformance::task::codes(&faults))
    };
    let gt = "a/gt/gt.txt";
    assert_eq!(of(&[("readme.txt", "")]), ["missing_ids"]);
    assert_eq!(of(&[("seqmap.txt", "name\na\na\n"), (gt, "")]), ["duplicate_ids"]);
    assert_eq!(of(&[("seqmap.txt", "name\na\nb\n"), (gt, "")]), ["missing_ids"]);
    assert_eq!(of(&[(gt, ""), ("a/seqinfo.ini", "seqLength=x\n")]), ["missing_field"]);
    assert_eq!(of(&[(gt, "1,1,0,0,9,9,1\n")]), ["missing_column"]);
    assert_eq!(of(&[(gt, "1,1,0,0,9,9,1,99,1\n1,1,0,0,9,9,1,1,1\n")]), ["unknown_label", "duplicate_ids"]);
    assert_eq!(of(&[(gt, "7,1,0,0,9,9,1,1,1\n"), ("a/seqinfo.ini", INFO)]), ["out_of_range"]);
    let endless = prepare("tracking_mot", file("7,1,0,0,9,9,1,1,1\n"), &[], Mode::Strict);
    assert_eq!(endless.notes()[0].code, "sequences_without_length");
}

#[test]
fn a_crowd_of_boxes_is_refused_before_it_is_matched() {
    let prepared = prepare("tracking_mot", file("1,1,0,0,9,9,1,1,1\n"), &[], Mode::Strict);
    let crowd: String = (0..6_000).map(|id| format!("1,{id},0,0,9,9,1\n")).collect();
    assert_eq!(refusals(prepared.as_ref(), &file(&crowd)), ["too_large"]);
    let one_frame_each: String = (1..6_000).map(|frame| format!("{frame},{frame},0,0,9,9,1\n")).collect();
    assert_eq!(scores(prepared.as_ref(), &file(&one_frame_each))["IDTP"], Some(1.0));
}
