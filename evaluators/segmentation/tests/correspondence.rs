//! Correspondence against cases worked by hand and against a second statement of it, pixel by pixel.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fmt::Write;

use conformance::task::{Values, codes, evaluate, prepare, values};
use proptest::prelude::*;
use sdk::Mode;

const ID: &str = "egoexo_correspondence";

fn score(truth: &str, submission: &str, mode: Mode) -> Result<Values, sdk::Faults> {
    let family = heldout_segmentation::evaluators();
    let prepared = prepare(&family, ID, &[("main", truth)], &[("direction", "ego-exo")], mode)?;
    Ok(values(&evaluate(&*prepared, submission)?))
}

/// Annotations of one take and object, with frames marked in the ego camera and masks of the exo camera.
fn truth(marked: &[u32], masks: &[(u32, String)], annotated: &[u32]) -> String {
    let of_ego: Vec<String> =
        marked.iter().map(|frame| format!(r#""{frame}": {{"size": [2, 4], "counts": [8]}}"#)).collect();
    let of_exo: Vec<String> = masks.iter().map(|(frame, mask)| format!(r#""{frame}": {mask}"#)).collect();
    format!(
        r#"{{"annotations": {{"t": {{"masks": {{"cup": {{"aria01": {{{}}}, "cam01": {{{}}}}}}},
            "annotated_frames": {{"cup": {{"aria01": {annotated:?}, "cam01": {annotated:?}}}}}}}}}}}"#,
        of_ego.join(", "),
        of_exo.join(", "),
    )
}

fn submission(predictions: &[(u32, String, f64)]) -> String {
    let predictions: Vec<String> = predictions
        .iter()
        .map(|(frame, mask, confidence)| {
            format!(r#""{frame}": {{"pred_mask": {mask}, "confidence": {confidence}}}"#)
        })
        .collect();
    format!(
        r#"{{"ego-exo": {{"results": {{"t": {{"masks": {{"cup": {{"aria01_cam01": {{{}}}}}}}}}}}}}}}"#,
        predictions.join(", ")
    )
}

/// A mask of columns `start..end` in an image of that size.
fn columns((width, height): (usize, usize), start: usize, end: usize) -> String {
    format!(
        r#"{{"size": [{height}, {width}], "counts": [{}, {}, {}]}}"#,
        start * height,
        (end - start) * height,
        (width - end) * height
    )
}

#[test]
fn a_case_worked_by_hand() {
    // Frame 0 shows the object in the left half of a 4 x 2 image, so of a 480 x 240 frame; frame 1 does not show it;
    // frame 2 is not annotated in the other camera.
    let truth = truth(&[0, 1, 2], &[(0, columns((4, 2), 0, 2)), (2, columns((4, 2), 0, 1))], &[0, 1]);
    let frame = (480, 240);
    let predictions =
        [(0, columns(frame, 0, 360), 0.9), (1, columns(frame, 0, 480), 0.8), (2, columns(frame, 0, 0), 0.1)];
    let values = score(&truth, &submission(&predictions), Mode::Strict).unwrap();
    let close = |name: &str, wanted: f64| {
        let found = values[name].unwrap();
        assert!((found - wanted).abs() < 1e-9, "{name}: {found}, not {wanted}");
    };
    close("ego_exo_iou", 57600.0 / (86400.0 + 1e-7));
    // The vertical edges are 120 columns apart, and the sides of the image are no boundary.
    close("ego_exo_contour_accuracy", 0.0);
    // Centres in columns 119 and 179.
    close("ego_exo_location_error", 60.0 / (2.0 * 480.0_f64 * 480.0).sqrt());
    // The visible one is found, the other is not said to be absent.
    close("ego_exo_existence_balanced_accuracy", 0.5);
}

#[test]
fn padded_predictions_lose_their_margins() {
    let truth = truth(&[0], &[(0, columns((4, 2), 0, 2))], &[0]);
    // Rows 120 to 359 of the square, columns 0 to 239.
    let mut counts = String::from("120");
    for column in 0..240 {
        write!(counts, ", 240, {}", if column == 239 { 120 + 240 * 480 } else { 240 }).unwrap();
    }
    let mask = format!(r#"{{"size": [480, 480], "counts": [{counts}]}}"#);
    let values = score(&truth, &submission(&[(0, mask, 1.0)]), Mode::Strict).unwrap();
    assert!((values["ego_exo_iou"].unwrap() - 1.0).abs() < 1e-9, "{values:?}");
    assert_eq!(values["ego_exo_contour_accuracy"], Some(1.0));
    assert_eq!(values["ego_exo_location_error"], Some(0.0));
    // Only visible objects: the mean of the recalls that there are.
    assert_eq!(values["ego_exo_existence_balanced_accuracy"], Some(1.0));
}

#[test]
fn an_empty_prediction_is_in_the_centre_of_the_frame() {
    let truth = truth(&[0], &[(0, columns((4, 2), 0, 4))], &[0]);
    let empty = submission(&[(0, columns((480, 240), 0, 0), 1.0)]);
    let strict = score(&truth, &empty, Mode::Strict).unwrap();
    assert_eq!(strict["ego_exo_iou"], Some(0.0));
    // The rectangle around the full frame has its centre in column 239 and row 119.
    let wanted = 2.0_f64.sqrt() / (2.0 * 480.0_f64 * 480.0).sqrt();
    assert!((strict["ego_exo_location_error"].unwrap() - wanted).abs() < 1e-12);
    let reference = score(&truth, &empty, Mode::Reference).unwrap();
    let wanted = (119.0_f64.powi(2) + 121.0_f64.powi(2)).sqrt() / (2.0 * 480.0_f64 * 480.0).sqrt();
    assert!((reference["ego_exo_location_error"].unwrap() - wanted).abs() < 1e-12, "{reference:?}");
}

#[test]
fn predictions_are_complete_known_and_sound() {
    let truth = truth(&[0, 1], &[(0, columns((4, 2), 0, 2))], &[0, 1]);
    let refused = |text: &str| codes(&score(&truth, text, Mode::Strict).unwrap_err());
    let (frame, mask) = ((480, 240), |end| columns((480, 240), 0, end));
    assert_eq!(refused(&submission(&[(0, mask(1), 0.5)])), ["missing_ids"]);
    let both = |second: (u32, String, f64)| submission(&[(0, mask(1), 0.5), (1, mask(1), 0.5), second]);
    assert_eq!(refused(&both((7, mask(1), 0.5))), ["unknown_ids"]);
    let second = |second: (u32, String, f64)| submission(&[(0, mask(1), 0.5), second]);
    assert_eq!(refused(&second((1, columns((1920, 1080), 0, 1), 0.5))), ["wrong_shape"]);
    assert_eq!(refused(&second((1, mask(1), 90.0))), ["out_of_range"]);
    assert_eq!(
        refused(&second((1, r#"{"size": [240, 480], "counts": [3]}"#.to_owned(), 0.5))),
        ["wrong_shape"]
    );
    assert_eq!(refused(&second((1, r#"{"size": [240, 480]}"#.to_owned(), 0.5))), ["missing_field"]);
    assert_eq!(refused("{}"), ["missing_field"]);
    assert_eq!(
        refused(r#"{"ego-exo": {"results": {"x": 1}}}"#),
        ["unknown_ids", "missing_ids", "missing_ids"]
    );
    assert_eq!(
        refused(&submission(&[(0, columns(frame, 0, 1), 0.5)]).replace("0.5", "NaN")),
        ["not_finite", "missing_ids"]
    );
}

#[test]
fn annotations_are_checked() {
    let refused = |text: &str| codes(&score(text, "{}", Mode::Strict).unwrap_err());
    assert_eq!(refused("{}"), ["missing_field"]);
    assert_eq!(refused(r#"{"annotations": {}}"#), ["empty_submission"]);
    assert_eq!(refused(r#"{"annotations": {"t": {"masks": {}}}}"#), ["missing_field"]);
    let two_worn = r#"{"annotations": {"t": {"annotated_frames": {}, "masks": {"cup": {"aria01": {}, "aria02": {}, "cam": {}}}}}}"#;
    assert_eq!(refused(two_worn), ["wrong_shape"]);
    assert_eq!(
        refused(&truth(&[0], &[(0, columns((4, 2), 0, 1)), (1, columns((2, 4), 0, 1))], &[0])),
        ["wrong_shape"]
    );
}

/// A picture, row by row.
#[derive(Debug, Clone)]
struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<bool>,
}

impl Picture {
    fn of(width: usize, height: usize, pixel: impl Fn(usize, usize) -> bool) -> Self {
        let pixels = (0..width * height).map(|at| pixel(at % width, at / width)).collect();
        Self { width, height, pixels }
    }

    fn at(&self, x: usize, y: usize) -> bool {
        self.pixels[y * self.width + x]
    }

    /// COCO's run lengths.
    fn rle(&self) -> String {
        let mut counts = vec![0];
        let mut inside = false;
        for (x, y) in (0..self.width).flat_map(|x| (0..self.height).map(move |y| (x, y))) {
            if self.at(x, y) != inside {
                inside = !inside;
                counts.push(0);
            }
            *counts.last_mut().unwrap() += 1;
        }
        format!(r#"{{"size": [{}, {}], "counts": {counts:?}}}"#, self.height, self.width)
    }

    fn resized(&self, width: usize, height: usize) -> Self {
        let (wide, high) =
            (1.0 / (width as f64 / self.width as f64), 1.0 / (height as f64 / self.height as f64));
        Self::of(width, height, |x, y| {
            let column = ((x as f64 * wide) as usize).min(self.width - 1);
            self.at(column, ((y as f64 * high) as usize).min(self.height - 1))
        })
    }

    fn boundary(&self) -> Vec<(i64, i64)> {
        let differs = |x: usize, y: usize, u: usize, v: usize| self.at(x, y) != self.at(u, v);
        let (right, below) = (self.width - 1, self.height - 1);
        let all = (0..self.width).flat_map(|x| (0..self.height).map(move |y| (x, y)));
        all.filter(|&(x, y)| match (x == right, y == below) {
            (true, true) => false,
            (true, false) => differs(x, y, x, y + 1),
            (false, true) => differs(x, y, x + 1, y),
            (false, false) => {
                differs(x, y, x + 1, y) || differs(x, y, x, y + 1) || differs(x, y, x + 1, y + 1)
            }
        })
        .map(|(x, y)| (x as i64, y as i64))
        .collect()
    }

    fn centre(&self) -> (i64, i64) {
        let inside: Vec<usize> = (0..self.pixels.len()).filter(|at| self.pixels[*at]).collect();
        if inside.is_empty() {
            return (self.width as i64 / 2, self.height as i64 / 2);
        }
        let middle = |of: &dyn Fn(usize) -> usize| {
            let (low, high) = (inside.iter().map(|at| of(*at)).min(), inside.iter().map(|at| of(*at)).max());
            (low.unwrap() + high.unwrap()) as i64 / 2
        };
        (middle(&|at| at % self.width), middle(&|at| at / self.width))
    }
}

/// Intersection over union, boundary F-measure and location error in the words of the public code.
fn twin(truth: &Picture, found: &Picture) -> [f64; 3] {
    let pairs = || truth.pixels.iter().zip(&found.pixels);
    let both = pairs().filter(|(a, b)| **a && **b).count() as f64;
    let any = pairs().filter(|(a, b)| **a || **b).count() as f64;
    let overlap = if any == 0.0 { 1.0 } else { both / (any + 1e-7) };

    let diagonal = ((truth.width.pow(2) + truth.height.pow(2)) as f64).sqrt();
    let radius = (0.008 * diagonal).ceil() as i64;
    let (of_truth, of_found) = (truth.boundary(), found.boundary());
    let near = |one: &(i64, i64), others: &[(i64, i64)]| {
        others.iter().any(|other| (one.0 - other.0).pow(2) + (one.1 - other.1).pow(2) <= radius * radius)
    };
    let share = |these: &[(i64, i64)], those: &[(i64, i64)]| {
        these.iter().filter(|one| near(one, those)).count() as f64 / these.len() as f64
    };
    let (precision, recall) = match (of_found.is_empty(), of_truth.is_empty()) {
        (true, true) => (1.0, 1.0),
        (true, false) => (1.0, 0.0),
        (false, true) => (0.0, 1.0),
        (false, false) => (share(&of_found, &of_truth), share(&of_truth, &of_found)),
    };
    let contour =
        if precision + recall == 0.0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) };

    let (a, b) = (truth.centre(), found.centre());
    let distance = (((a.0 - b.0).pow(2) + (a.1 - b.1).pow(2)) as f64).sqrt();
    [overlap, contour, distance / (2.0 * 480.0_f64 * 480.0).sqrt()]
}

/// An ellipse, or nothing.
fn picture(width: usize, height: usize) -> impl Strategy<Value = Picture> {
    (0.0..1.0_f64, 0.0..1.0_f64, 0.02..0.3_f64, 0.02..0.3_f64, prop::bool::weighted(0.9)).prop_map(
        move |(x, y, across, down, there)| {
            Picture::of(width, height, |column, row| {
                let u = (column as f64 / width as f64 - x) / across;
                let v = (row as f64 / height as f64 - y) / down;
                there && u * u + v * v <= 1.0
            })
        },
    )
}

/// A camera's size and the size of its frames: wide, high, square, and one larger than the frame.
fn sizes() -> impl Strategy<Value = ((usize, usize), (usize, usize))> {
    prop::sample::select(vec![
        ((96, 54), (480, 270)),
        ((60, 80), (360, 480)),
        ((50, 50), (480, 480)),
        ((960, 400), (480, 200)),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn masks_score_as_pixel_by_pixel(
        (frame, truths, found, padded) in sizes().prop_flat_map(|(camera, frame)| {
            (Just(frame), picture(camera.0, camera.1), picture(frame.0, frame.1), any::<bool>())
        }),
    ) {
        let wanted = twin(&truths.resized(frame.0, frame.1), &found);
        let (left, top) = ((480 - frame.0) / 2, (480 - frame.1) / 2);
        let sent = match padded {
            false => found.clone(),
            true => Picture::of(480, 480, |x, y| {
                (left..left + frame.0).contains(&x) && (top..top + frame.1).contains(&y) && found.at(x - left, y - top)
            }),
        };
        let values = score(&truth(&[0], &[(0, truths.rle())], &[0]), &submission(&[(0, sent.rle(), 1.0)]), Mode::Strict).unwrap();
        for (name, wanted) in ["ego_exo_iou", "ego_exo_contour_accuracy", "ego_exo_location_error"].iter().zip(wanted) {
            let value = values[*name].unwrap();
            prop_assert!((value - wanted).abs() < 1e-12, "{}: {} and {}", name, value, wanted);
        }
    }
}
