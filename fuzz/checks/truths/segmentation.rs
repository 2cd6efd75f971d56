//! The truths of the segmentation evaluators.

use super::Truth;

pub(crate) const TRUTHS: &[Truth] = &[
    Truth {
        evaluators: &["segmentation_semantic"],
        params: &[],
        main: r#"{"a": [[0, 0, 1], [0, 2, 255]], "b": [[2, 1]]}"#,
        twin: r#"{"a": [[255, 255, 255], [2, 2, 2]], "b": [[0, 0]]}"#,
        canary: None,
    },
    Truth {
        evaluators: &["segmentation_panoptic"],
        params: &[],
        main: r#"{"categories": [{"id": 1, "isthing": 1}, {"id": 2, "isthing": 0}], "annotations": [
            {"image_id": 7, "file_name": "7.png", "label_map": [[5, 5, 9, 9], [5, 5, 9, 0]], "segments_info": [
                {"id": 5, "category_id": 1}, {"id": 9, "category_id": 2}]}]}"#,
        twin: r#"{"categories": [{"id": 1, "isthing": 1}, {"id": 2, "isthing": 0}], "annotations": [
            {"image_id": 7, "file_name": "7.png", "label_map": [[0, 0, 0, 0], [0, 3, 4, 4]], "segments_info": [
                {"id": 3, "category_id": 2}, {"id": 4, "category_id": 1, "iscrowd": 1}]}]}"#,
        canary: None,
    },
    Truth {
        evaluators: &["vos"],
        params: &[],
        main: r#"{"cup/000": [[0, 1, 2]], "cup/001": [[0, 1, 2]], "cup/002": [[1, 1, 0]]}"#,
        twin: r#"{"cup/000": [[0, 1, 2]], "cup/001": [[0, 0, 0]], "cup/002": [[2, 2, 2]]}"#,
        canary: None,
    },
    Truth {
        evaluators: &["vos"],
        params: &[("frames", "all"), ("bound", "0.1")],
        main: r#"{"cup/000": [[0, 1, 2]], "cup/001": [[0, 1, 2]]}"#,
        twin: r#"{"cup/000": [[2, 1, 0]], "cup/001": [[255, 7, 0]]}"#,
        canary: None,
    },
    Truth {
        evaluators: &["egoexo_correspondence"],
        params: &[],
        main: CORRESPONDENCE,
        twin: CORRESPONDENCE_TWIN,
        canary: None,
    },
];

const CORRESPONDENCE: &str = r#"{"annotations": {"take_1": {"masks": {"cup_0": {
    "aria01": {"0": {"size": [2, 4], "counts": [2, 3, 3]}, "30": {"size": [2, 4], "counts": [2, 2, 4]}},
    "cam01": {"0": {"size": [2, 4], "counts": [4, 4]}}}},
    "annotated_frames": {"cup_0": {"aria01": [0, 30], "cam01": [0, 30]}}}}}"#;

const CORRESPONDENCE_TWIN: &str = r#"{"annotations": {"take_1": {"masks": {"cup_0": {
    "aria01": {"0": {"size": [2, 4], "counts": "8"}, "30": {"size": [2, 4], "counts": [0, 8]}},
    "cam01": {"0": {"size": [2, 4], "counts": [0, 1, 7]}}}},
    "annotated_frames": {"cup_0": {"aria01": [], "cam01": [30]}}}}}"#;
