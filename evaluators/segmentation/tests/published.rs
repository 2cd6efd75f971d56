//! What is published without the truth is checked as well: whoever writes it is told what is wrong.

use conformance::task::codes;
use sdk::check::Checker;
use sdk::{Faults, Input, Inputs, Limits, Mode, Params};

/// The faults of an archive of the published file, and of a submission that is checked with it.
fn told(id: &str, published: &str, submission: &str) -> Vec<String> {
    let family = heldout_segmentation::evaluators();
    let evaluator = family.iter().find(|evaluator| evaluator.manifest().id == id).expect("an evaluator");
    let inputs = Inputs::main_only(Input::file("published.json", published.as_bytes()))
        .with("classes", Input::file("classes.json", b"{\"num_classes\": 2}"));
    let params = Params::defaults(&evaluator.manifest().params);
    let named = |faults: &Faults| codes(faults).into_iter().map(str::to_owned).collect();
    let checker = match Checker::prepare(&**evaluator, inputs, &params, Mode::Strict) {
        Ok(checker) => checker,
        Err(sdk::run::PrepareError::Annotations(faults)) => return named(&faults.0),
        Err(error) => panic!("{error}"),
    };
    let input = Input::file("submission.json", submission.as_bytes());
    match checker.check(&input, &Limits::default()) {
        Ok(_) => Vec::new(),
        Err(sdk::run::EvaluateError::Submission(faults)) => named(&faults.0),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn images_have_names_and_sizes() {
    let told =
        |images: &str, sent: &str| told("segmentation_semantic", &format!("{{\"images\": {images}}}"), sent);
    let one = r#"[{"file_name": "a/b.jpg", "width": 2, "height": 1}]"#;
    assert_eq!(told(one, r#"{"a/b": [[0, 1]]}"#), [""; 0]);
    assert_eq!(told(one, r#"{"a/b": [[0], [1]]}"#), ["wrong_shape"]);
    assert_eq!(told(one, r#"{"a/b": [[0, 255]]}"#), ["unknown_label"]);
    assert_eq!(told("[]", ""), ["empty_submission"]);
    assert_eq!(told(r#"[{"file_name": "a", "width": 0}]"#, ""), ["out_of_range", "missing_field"]);
    let twice = r#"[{"file_name": "a.png", "width": 1, "height": 1}, {"file_name": "a.jpg", "width": 1, "height": 1}]"#;
    assert_eq!(told(twice, ""), ["duplicate_ids"]);
}

#[test]
fn videos_have_frames_and_objects() {
    let video = |objects: &str, frames: &str| {
        format!(r#"{{"v": {{"width": 2, "height": 1, "objects": {objects}, "frames": {frames}}}}}"#)
    };
    let told = |published: &str, sent: &str| told("vos", published, sent);
    let three = video("1", r#"["2", "0", "1"]"#);
    assert_eq!(told(&three, r#"{"v/1": [[0, 1]]}"#), [""; 0]);
    assert_eq!(told(&three, r#"{"v/0": [[7, 7]], "v/1": [[0, 1]], "v/2": [[0]]}"#), [""; 0]);
    assert_eq!(told(&three, r#"{"v/1": [[0, 2]]}"#), ["unknown_label"]);
    assert_eq!(told(&three, r#"{"v/2": [[0, 1]]}"#), ["missing_ids"]);
    assert_eq!(told(&video("1", r#"["0", "1"]"#), ""), ["wrong_shape"]);
    assert_eq!(told(&video("0", r#"["0", "1", "2"]"#), ""), ["empty_submission"]);
    assert_eq!(told(&video("1001", r#"["0", "1", "1"]"#), ""), ["out_of_range"]);
    assert_eq!(told(&video("1", r#"["0", "1", "1", "2"]"#), ""), ["duplicate_ids"]);
    assert_eq!(told(r#"{"v": {"width": 2}}"#, ""), ["missing_field"; 3]);
}

#[test]
fn objects_are_marked_in_frames_of_cameras() {
    let marked =
        |cameras: &str| format!(r#"{{"annotations": {{"t": {{"marked": {{"cup": {{{cameras}}}}}}}}}}}"#);
    let told = |published: &str, sent: &str| told("egoexo_correspondence", published, sent);
    let both =
        marked(r#""aria": {"size": [1, 480], "frames": [3]}, "cam": {"size": [480, 1], "frames": []}"#);
    let sent = |size: &str| {
        let mask = format!(r#"{{"pred_mask": {{"size": {size}, "counts": [480]}}, "confidence": 0.5}}"#);
        let frames = format!(r#"{{"3": {mask}}}"#);
        format!(
            r#"{{"ego-exo": {{"results": {{"t": {{"masks": {{"cup": {{"aria_cam": {frames}}}}}}}}}}},
                "exo-ego": {{"results": {{}}}}}}"#
        )
    };
    // Sizes of either camera are right, also of the one in which nothing is marked.
    assert_eq!(told(&both, &sent("[480, 1]")), [""; 0]);
    assert_eq!(told(&both, &sent("[1, 480]")), [""; 0]);
    assert_eq!(told(&both, &sent("[2, 240]")), ["wrong_shape"]);
    assert_eq!(told(&marked(r#""aria": {"size": [1, 480], "frames": [3]}"#), ""), ["empty_submission"]);
    assert_eq!(told(&marked(r#""aria": {"frames": ["x"]}"#), ""), ["wrong_type", "missing_field"]);
    assert_eq!(told(r#"{"annotations": {"t": {}}}"#, ""), ["missing_field"]);
}
