//! The truths of the recognition evaluators.

use super::{CANARY, Truth};

pub(crate) const TRUTHS: &[Truth] = &[
    Truth {
        evaluators: &["mcq", "egoschema"],
        params: &[],
        main: r#"{"q1": 1, "q2": 3, "q3": 0}"#,
        twin: r#"{"q1": 4, "q2": 0, "q3": 0}"#,
        canary: None,
    },
    Truth {
        evaluators: &["ego4d_pnr", "ego4d_oscc"],
        params: &[],
        main: r#"{"clips": [{"unique_id": "c1", "video_uid": "zanzibar", "state_change": true, "parent_pnr_frame": 100,
                "parent_start_sec": 0, "parent_end_sec": 8, "parent_start_frame": 0, "parent_end_frame": 240},
            {"unique_id": "c2", "video_uid": "zanzibar", "state_change": false, "pnr_frame": null,
                "parent_start_sec": 60.5, "parent_end_sec": 68.5, "parent_start_frame": 1815, "parent_end_frame": 2055}]}"#,
        twin: r#"{"clips": [{"unique_id": "c1", "video_uid": "zanzibar", "state_change": false,
                "parent_start_sec": 0, "parent_end_sec": 8, "parent_start_frame": 0, "parent_end_frame": 240},
            {"unique_id": "c2", "video_uid": "zanzibar", "state_change": true, "parent_pnr_frame": 1816,
                "parent_start_sec": 60.5, "parent_end_sec": 68.5, "parent_start_frame": 1815, "parent_end_frame": 2055}]}"#,
        canary: CANARY,
    },
    Truth {
        evaluators: &["egoexo_proficiency"],
        params: &[],
        main: r#"{"videos": ["t1", "t2"], "gt_annotations": [2, 0], "scenario_names": ["zanzibar", "Soccer"]}"#,
        twin: r#"{"videos": ["t1", "t2"], "gt_annotations": [1, 3], "scenario_names": ["Soccer", "zanzibar"]}"#,
        canary: CANARY,
    },
    Truth {
        evaluators: &["egoexo_keystep"],
        params: &[],
        main: r#"{"segments": [{"ego_segment_name": "s1", "take_uid": "t1", "label_id": 35, "step_name": "zanzibar"},
            {"ego_segment_name": "s2", "take_uid": "t1", "label_id": 0}, {"ego_segment_name": "s3", "label_id": 2}]}"#,
        twin: r#"{"segments": [{"ego_segment_name": "s1", "take_uid": "t1", "label_id": 277},
            {"ego_segment_name": "s2", "take_uid": "t1", "label_id": 1, "step_name": "zanzibar"},
            {"ego_segment_name": "s3", "label_id": 1}]}"#,
        canary: CANARY,
    },
    Truth {
        evaluators: &["egoexo_procedure"],
        params: &[],
        main: PROCEDURE,
        twin: PROCEDURE_TWIN,
        canary: CANARY,
    },
    Truth {
        evaluators: &["egoexo_procedure"],
        params: &[("average", "scenario"), ("group", "segment")],
        main: PROCEDURE,
        twin: PROCEDURE_TWIN,
        canary: CANARY,
    },
    Truth {
        evaluators: &["epic_c1", "epic_c3"],
        params: &[("verbs", "2"), ("nouns", "3"), ("actions", "4")],
        main: "narration_id,participant_id,video_id,narration,verb_class,noun_class\n\
            s1,P01,P01_11,zanzibar,0,2\ns2,P01,P01_11,zanzibar,1,2\ns3,P02,P02_03,zanzibar,1,0\n",
        twin: "narration_id,participant_id,video_id,narration,verb_class,noun_class\n\
            s1,P01,P01_11,zanzibar,1,1\ns2,P01,P01_11,zanzibar,1,1\ns3,P02,P02_03,zanzibar,0,2\n",
        canary: CANARY,
    },
];

const PROCEDURE: &str = r#"{"takes": {"t1": {"scenario": "zanzibar", "keysteps": [11, "b"], "segments": [
    {"segment_id": 0, "previous_keysteps": [], "optional_keystep": false, "procedural_mistake": true,
        "missing_keysteps": ["b"], "future_keysteps": [11, "b"]},
    {"segment_id": "x", "previous_keysteps": [11], "optional_keystep": true, "procedural_mistake": false,
        "missing_keysteps": [], "future_keysteps": []}]}}}"#;

const PROCEDURE_TWIN: &str = r#"{"takes": {"t1": {"scenario": "zanzibar", "keysteps": [11, "b"], "segments": [
    {"segment_id": 0, "previous_keysteps": ["b", 11], "optional_keystep": true, "procedural_mistake": true,
        "missing_keysteps": [], "future_keysteps": []},
    {"segment_id": "x", "previous_keysteps": [], "optional_keystep": true, "procedural_mistake": false,
        "missing_keysteps": [11], "future_keysteps": ["b"]}]}}}"#;
