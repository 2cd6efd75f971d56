//! The truths of the forecasting evaluators.

use super::{CANARY, Truth};

pub(crate) const TRUTHS: &[Truth] = &[
    Truth {
        evaluators: &["ego4d_sta"],
        params: &[],
        main: r#"{"annotations": [
            {"uid": "f1", "video_id": "zanzibar", "objects": [
                {"box": [100, 200, 180, 260], "noun_category_id": 1, "verb_category_id": 0, "time_to_contact": 0.75},
                {"box": [0, 0, 20, 20], "noun_category_id": 0, "verb_category_id": 0, "time_to_contact": 0.5}]},
            {"uid": "f2", "video_id": "v2", "objects": [
                {"box": [10, 20, 60, 90], "noun_category_id": 0, "verb_category_id": 1, "time_to_contact": 1.5}]}],
            "noun_categories": [{"id": 0, "name": "knife"}, {"id": 1, "name": "zanzibar"}],
            "verb_categories": [{"id": 0, "name": "take"}, {"id": 1, "name": "cut"}]}"#,
        twin: r#"{"annotations": [
            {"uid": "f1", "video_id": "v2", "objects": []},
            {"uid": "f2", "video_id": "zanzibar", "objects": [
                {"box": [98, 205, 178, 262], "noun_category_id": 1, "verb_category_id": 1, "time_to_contact": 0.1}]}],
            "noun_categories": [{"id": 0, "name": "knife"}, {"id": 1, "name": "zanzibar"}],
            "verb_categories": [{"id": 0, "name": "take"}, {"id": 1, "name": "cut"}]}"#,
        canary: CANARY,
    },
    Truth {
        evaluators: &["ego4d_lta"],
        params: &[("actions", "3"), ("sequences", "2")],
        main: r#"{"split": "zanzibar", "Z": 3, "K": 2, "clips": {
            "c1_7": {"verb": [0, 1, 2], "noun": [5, 5, 5]}, "c2_9": {"verb": [3, 3, 3], "noun": [0, 1, 0]}}}"#,
        twin: r#"{"split": "zanzibar", "Z": 3, "K": 2, "clips": {
            "c1_7": {"verb": [9, 9, 9], "noun": [1, 2, 3]}, "c2_9": {"verb": [0, 1, 2], "noun": [7, 7, 7]}}}"#,
        canary: CANARY,
    },
    Truth {
        evaluators: &["ego4d_fhp"],
        params: &[],
        main: r#"{"1_10": [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4],
            "1_20": [0, 0, 3, 4, 0, 0, 3, 4, 0, 0, 0, 0, 1, 2, 3, 4, 1, 2, 3, 4]}"#,
        twin: r#"{"1_10": [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            "1_20": [9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]}"#,
        canary: None,
    },
    Truth {
        evaluators: &["ego4d_locomotion"],
        params: &[],
        main: LOCOMOTION,
        twin: LOCOMOTION_TWIN,
        canary: None,
    },
    Truth {
        evaluators: &["ego4d_locomotion"],
        params: &[("missing", "refuse")],
        main: LOCOMOTION,
        twin: LOCOMOTION_TWIN,
        canary: None,
    },
];

const LOCOMOTION: &str = r#"{"v1/1.jpg": {"traj": "0 -1.5 0 2 1 0 0 0 0 0 2 0 0 1 0 0"},
    "v1/2.jpg": {"traj": "0.1 -1.5 0.2 1 3 0 0 0 0 0"}}"#;

const LOCOMOTION_TWIN: &str = r#"{"v1/1.jpg": {"traj": "0 -1 0.5 1 7 5 5 5 0 0"},
    "v1/2.jpg": {"traj": "0 -1.5 0 0"}}"#;
