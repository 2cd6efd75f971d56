//! The truths of the temporal evaluators.

use super::{CANARY, Truth};

pub(crate) const TRUTHS: &[Truth] = &[
    Truth {
        evaluators: &["ego4d_nlq", "ego4d_goalstep"],
        params: &[],
        main: r#"{"videos": [{"video_uid": "v1", "clips": [
            {"clip_uid": "c1", "annotations": [{"annotation_uid": "a1", "language_queries": [
                {"clip_start_sec": 12.5, "clip_end_sec": 17.0, "template": "zanzibar"},
                {"clip_start_sec": 40.0, "clip_end_sec": 41.5}]}]},
            {"clip_uid": "c2", "annotations": [{"annotation_uid": "a2", "language_queries": [
                {"clip_start_sec": 3.0, "clip_end_sec": 3.0, "query": "zanzibar"}]}]}]}]}"#,
        twin: r#"{"videos": [{"video_uid": "v1", "clips": [
            {"clip_uid": "c1", "annotations": [{"annotation_uid": "a1", "language_queries": [
                {"clip_start_sec": 0.0, "clip_end_sec": 2.25},
                {"clip_start_sec": 8.0, "clip_end_sec": 90.5, "template": "zanzibar"}]}]},
            {"clip_uid": "c2", "annotations": [{"annotation_uid": "a2", "language_queries": [
                {"clip_start_sec": 1.0, "clip_end_sec": 5.5, "query": "zanzibar"}]}]}]}]}"#,
        canary: CANARY,
    },
    Truth {
        evaluators: &["ego4d_goalstep"],
        params: &[("group", "clip")],
        main: r#"{"videos": [{"video_uid": "v1", "goal_category": "zanzibar", "step_segments": [
            {"segments": [{"start_time": 1, "end_time": 2}, {"start_time": 5, "end_time": 9.5}]},
            {"segments": [{"start_time": 3, "end_time": 3}]}]}]}"#,
        twin: r#"{"videos": [{"video_uid": "v1", "goal_category": "zanzibar", "step_segments": [
            {"segments": [{"start_time": 0, "end_time": 80}]},
            {"segments": [{"start_time": 3, "end_time": 4}, {"start_time": 0, "end_time": 1}]}]}]}"#,
        canary: CANARY,
    },
    Truth {
        evaluators: &["ego4d_mq"],
        params: &[],
        main: r#"{"c1": {"video_id": "v1", "subset": "test", "annotations": [
                {"label": "cut_dough", "start_time": 10.0, "end_time": 20.0},
                {"label": "zanzibar", "start_time": 30.0, "end_time": 35.5}]},
            "c2": {"video_id": "v2", "subset": "test", "annotations": [
                {"label": "cut_dough", "start_time": 5.0, "end_time": 5.0}]},
            "c3": {"video_id": "v2", "subset": "train", "annotations": []}}"#,
        twin: r#"{"c1": {"video_id": "v1", "subset": "test", "annotations": [
                {"label": "cut_dough", "start_time": 1.0, "end_time": 90.0}]},
            "c2": {"video_id": "v2", "subset": "test", "annotations": [
                {"label": "zanzibar", "start_time": 0.5, "end_time": 7.0},
                {"label": "zanzibar", "start_time": 30.0, "end_time": 35.5}]},
            "c3": {"video_id": "v2", "subset": "train", "annotations": []}}"#,
        canary: CANARY,
    },
    Truth {
        evaluators: &["temporal_detection"],
        params: &[],
        main: DETECTION,
        twin: DETECTION_TWIN,
        canary: CANARY,
    },
    Truth {
        evaluators: &["temporal_detection"],
        params: &[
            ("preset", "thumos"),
            ("proposals", "true"),
            ("out_of_range_segments", "miss"),
            ("blocked_videos", "v4"),
        ],
        main: DETECTION,
        twin: DETECTION_TWIN,
        canary: CANARY,
    },
    Truth {
        evaluators: &["epic_c2"],
        params: &[],
        main: "narration,participant_id,video_id,start_timestamp,stop_timestamp,verb_class,noun_class\n\
            zanzibar,P01,P01_11,00:00:00.00,00:00:01.89,0,2\n\
            zanzibar,P01,P01_11,00:00:01.56,00:00:02.45,1,2\n\
            zanzibar,P02,P02_03,00:01:10.20,00:01:12.00,3,8\n",
        twin: "narration,participant_id,video_id,start_timestamp,stop_timestamp,verb_class,noun_class\n\
            zanzibar,P01,P01_11,00:00:10.00,00:00:10.00,3,8\n\
            zanzibar,P02,P02_03,00:00:00.50,00:01:02.45,1,2\n\
            zanzibar,P02,P02_03,00:00:03.25,00:00:09.00,0,2\n",
        canary: CANARY,
    },
];

const DETECTION: &str = r#"{"version": "VERSION 1.3", "database": {
    "v1": {"duration": 60.0, "subset": "validation", "annotations": [
        {"label": "Washing dishes", "segment": [2.0, 18.5]}, {"label": "zanzibar", "segment": [30.0, 55.0]}]},
    "v2": {"duration": 30.0, "subset": "validation", "annotations": [
        {"label": "zanzibar", "segment": [4.0, 4.0]}]},
    "v3": {"duration": 30.0, "subset": "training", "annotations": [{"label": "Ironing", "segment": [1.0, 2.0]}]},
    "v4": {"duration": 9.0, "subset": "validation", "annotations": []}}}"#;

const DETECTION_TWIN: &str = r#"{"version": "VERSION 1.3", "database": {
    "v1": {"duration": 60.0, "subset": "validation", "annotations": [
        {"label": "zanzibar", "segment": [0.25, 59.0]}]},
    "v2": {"duration": 30.0, "subset": "validation", "annotations": [
        {"label": "Washing dishes", "segment": [4.0, 9.5]}, {"label": "zanzibar", "segment": [4.0, 9.5]}]},
    "v3": {"duration": 30.0, "subset": "training", "annotations": [{"label": "Ironing", "segment": [1.0, 2.0]}]},
    "v4": {"duration": 9.0, "subset": "validation", "annotations": []}}}"#;
