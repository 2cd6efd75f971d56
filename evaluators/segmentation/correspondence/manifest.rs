//! The documentation of `egoexo_correspondence`.

use sdk::{Direction as Better, Format, Manifest, Metric, Param, ParamKind, ParamValue, Reference, Schema};

use super::Direction;

/// Both directions are scored.
pub(super) const BOTH: &str = "both";

/// Above this confidence an object is said to be visible.
pub(super) const CONFIDENCE: f64 = 0.5;

const RULES: &str = "\
- The ego camera of an object is the one with \"aria\" in its name; all others are exo. An object without an ego camera, or \
without another, is not scored.
- Wanted is a prediction for every frame in which the object is marked in the one camera; of these the frames count that \
were annotated in the other.
- True masks are resized until the longer side has 480 pixels, every pixel taken from the nearest one up and left. \
Predicted masks have that size, or are padded to 480 x 480 with equal margins, which are cut off. A mask of the size of \
another camera's frames overlaps with nothing.
- IoU is intersection / (union + 1e-7), 1 if both are empty. Contour: the boundary F-measure of DAVIS with the bound 0.008.
- Location error: the distance of the centres (rounded down) of the rectangles around both masks over the diagonal of \
480 x 480; the centre of an empty mask is that of the frame (reference mode: with its coordinates exchanged).
- These three are means over items in which the object is visible in the other camera, whatever the confidence says; all \
items count for the balanced accuracy of confidence > 0.5, which is the mean recall of visible and not visible.
- `subsample_idx`, `version` and `challenge` are not read. There are no ties.";

/// The metrics of the directions, in the order of the evidence.
pub(super) fn metrics(directions: &[Direction]) -> Vec<Metric> {
    directions
        .iter()
        .flat_map(|direction| {
            let (prefix, name) = (direction.prefix(), direction.name());
            let fraction = |metric: &str, what: &str| {
                Metric::fraction(format!("{prefix}_{metric}"), format!("{name}: {what}"))
            };
            [
                fraction("iou", "the mean of intersection over union where the object is visible."),
                fraction("contour_accuracy", "the mean boundary F-measure where the object is visible."),
                Metric {
                    direction: Better::Lower,
                    ..fraction(
                        "location_error",
                        "the mean distance of the centres, as a share of the diagonal, where the object is visible.",
                    )
                },
                fraction(
                    "existence_balanced_accuracy",
                    "the mean of the recalls of visible and of not visible objects by confidence.",
                ),
            ]
        })
        .collect()
}

pub(super) fn manifest() -> Manifest {
    let choices = [BOTH, Direction::EgoExo.name(), Direction::ExoEgo.name()];
    Manifest {
        id: "egoexo_correspondence".to_owned(),
        version: "1.0.0".to_owned(),
        title: "Ego-Exo4D correspondence".to_owned(),
        description: "An object is marked in one camera, worn or fixed; its mask in the other one is predicted, and \
            whether it is visible there."
            .to_owned(),
        annotations: vec![Format {
            name: "main".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "What `process_annotations.py` of the public code writes: by take the `masks` of every object \
                by camera and frame (COCO run lengths), and the `annotated_frames` of every object by camera."
                .to_owned(),
            example: EXAMPLE_TRUTH.to_owned(),
        }],
        unannotated: Some(Format::unannotated(
            "application/json",
            "By take, what is `marked`: of every object by camera the `size` of the frames, [height, width], and the \
             `frames` in which it is marked, which are those that are asked for. A camera in which it is only looked \
             for has none.",
            EXAMPLE_MARKED,
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "For each direction `results` by take, object, pair of cameras (`EGO_EXO` or `EXO_EGO`) and \
                frame: `pred_mask` (COCO run lengths) and `confidence` that the object is visible."
                .to_owned(),
            example: EXAMPLE_SUBMISSION.to_owned(),
        },
        metrics: metrics(&Direction::BOTH),
        params: Schema(vec![Param::new(
            "direction",
            ParamKind::Choice { choices: choices.map(str::to_owned).to_vec() },
            ParamValue::Text(BOTH.to_owned()),
            "Which direction is scored; a submission needs only that one.",
        )]),
        item: "object in a frame of a pair of cameras".to_owned(),
        resampling_unit: "take".to_owned(),
        rules: RULES.to_owned(),
        references: vec![
            Reference {
                title: "Grauman et al.: Ego-Exo4D (CVPR 2024)".to_owned(),
                url: "https://arxiv.org/abs/2311.18259".to_owned(),
            },
            Reference {
                title: "ego-exo4d-relation, correspondence/evaluation".to_owned(),
                url: "https://github.com/EGO4D/ego-exo4d-relation".to_owned(),
            },
        ],
    }
}

const EXAMPLE_TRUTH: &str = r#"{"version": "xx", "challenge": "xx", "annotations": {"take_1": {
 "masks": {"cup_0": {
  "aria01_214-1": {"0": {"size": [2, 4], "counts": [2, 3, 3]}, "30": {"size": [2, 4], "counts": [2, 2, 4]}},
  "cam01": {"0": {"size": [2, 4], "counts": [4, 4]}}}},
 "annotated_frames": {"cup_0": {"aria01_214-1": [0, 30], "cam01": [0, 30]}}}}}
"#;

const EXAMPLE_MARKED: &str = r#"{"annotations": {"take_1": {"marked": {"cup_0": {
 "aria01_214-1": {"size": [2, 4], "frames": [0, 30]}, "cam01": {"size": [2, 4], "frames": [0]}}}}}}
"#;

const EXAMPLE_SUBMISSION: &str = r#"{"ego-exo": {"version": "xx", "challenge": "xx", "results": {"take_1": {
  "masks": {"cup_0": {"aria01_214-1_cam01": {
   "0": {"pred_mask": {"size": [240, 480], "counts": [57600, 57600]}, "confidence": 0.9},
   "30": {"pred_mask": {"size": [240, 480], "counts": [115200]}, "confidence": 0.1}}}}, "subsample_idx": [0, 30]}}},
 "exo-ego": {"version": "xx", "challenge": "xx", "results": {"take_1": {
  "masks": {"cup_0": {"cam01_aria01_214-1": {
   "0": {"pred_mask": {"size": [240, 480], "counts": [57600, 57600]}, "confidence": 0.9}}}}, "subsample_idx": [0]}}}}
"#;
