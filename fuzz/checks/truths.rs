//! Small truths: for every evaluator two that differ only in what is held out.

/// A truth and its twin.
pub(crate) struct Truth {
    /// The evaluators that read it.
    pub(crate) evaluators: &'static [&'static str],
    /// Parameters that are not left at their defaults.
    pub(crate) params: &'static [(&'static str, &'static str)],
    /// The main table.
    pub(crate) main: &'static str,
    /// The main table of the twin: the same items and the same classes, other labels and times.
    pub(crate) twin: &'static str,
    /// A word that stands in both, and that no contestant may learn.
    ///
    /// There is none where all that is held out is which item has which of the public classes.
    pub(crate) canary: Option<&'static str>,
}

const CANARY: Option<&str> = Some("zanzibar");

/// Every truth; an evaluator may have several with different parameters.
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
    Truth {
        evaluators: &["classification_label"],
        params: &[],
        main: "id,label\na1,cook\na2,zanzibar\na3,walk\n",
        twin: "id,label\na1,walk\na2,walk\na3,zanzibar\n",
        canary: CANARY,
    },
    Truth {
        evaluators: &["classification_label"],
        params: &[("classes", "cook,walk,zanzibar")],
        main: "id,label\na1,cook\na2,zanzibar\na3,walk\n",
        twin: "id,label\na1,walk\na2,walk\na3,walk\n",
        canary: CANARY,
    },
    Truth {
        evaluators: &["classification_probability"],
        params: &[],
        main: "id,label\na1,cook\na2,walk\na3,walk\n",
        twin: "id,label\na1,walk\na2,cook\na3,cook\n",
        canary: None,
    },
    Truth {
        evaluators: &["classification_binary"],
        params: &[],
        main: "id,label\na1,1\na2,0\na3,1\n",
        twin: "id,label\na1,0\na2,1\na3,0\n",
        canary: None,
    },
    Truth {
        evaluators: &["classification_multilabel"],
        params: &[],
        main: "id,labels\na1,cook|walk\na2,\na3,rest\n",
        twin: "id,labels\na1,\na2,rest\na3,rest|cook|walk\n",
        canary: None,
    },
    Truth {
        evaluators: &["tracking_mot"],
        params: &[],
        main: "1,1,100,200,50,120,1,1,1.0\n2,1,104,200,50,120,1,1,1.0\n2,3,700,300,60,140,0,12,1.0\n",
        twin: "1,4,0,0,5,5,0,2,0.5\n1,9,101,198,50,121,1,1,1.0\n7,4,0,0,5,5,1,1,0.1\n",
        canary: None,
    },
    Truth {
        evaluators: &["tracking_mot"],
        params: &[("benchmark", "mot15")],
        main: "1,1,100,200,50,120,1,-1,-1\n2,1,104,200,50,120,1,-1,-1\n",
        twin: "3,5,0,0,0,0,1,4.5,2.5\n",
        canary: None,
    },
    Truth {
        evaluators: &["ego4d_avl_tracking"],
        params: &[],
        main: r#"{"clips": {"c1": {"n_frames": 3, "video_uid": "zanzibar", "boxes": [
                [1, 1, 86, 651, 85, 86], [1, 2, 612, 226, 168, 49], [2, 1, 81, 655, 85, 86]]},
            "c2": {"n_frames": 2, "boxes": []}}}"#,
        twin: r#"{"clips": {"c1": {"n_frames": 3, "video_uid": "zanzibar", "boxes": []},
            "c2": {"n_frames": 2, "boxes": [[2, 7, 81, 646, 90, 82], [2, 7, 0, 0, 1, 1]]}}}"#,
        canary: CANARY,
    },
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
    Truth {
        evaluators: &["ego4d_lam"],
        params: &[],
        main: r#"{"annotations": [
            {"video_id": "v1", "unique_id": "000", "track_id": "27", "label": 1, "split": "zanzibar"},
            {"video_id": "v1", "unique_id": "001", "track_id": "27", "label": 0},
            {"video_id": "v2", "unique_id": "000", "track_id": "16", "label": 0}]}"#,
        twin: r#"{"annotations": [
            {"video_id": "v1", "unique_id": "000", "track_id": "27", "label": 0, "split": "zanzibar"},
            {"video_id": "v1", "unique_id": "001", "track_id": "27", "label": 0},
            {"video_id": "v2", "unique_id": "000", "track_id": "16", "label": 0}]}"#,
        canary: CANARY,
    },
    Truth {
        evaluators: &["ego4d_ttm"],
        params: &[],
        main: r#"{"annotations": [{"video_id": "v1", "frame_id": 0, "label": 1, "split": "zanzibar"},
            {"video_id": "v1", "frame_id": 1, "label": false}, {"video_id": "v2", "frame_id": 0, "label": 0}]}"#,
        twin: r#"{"annotations": [{"video_id": "v1", "frame_id": 0, "label": 0, "split": "zanzibar"},
            {"video_id": "v1", "frame_id": 1, "label": true}, {"video_id": "v2", "frame_id": 0, "label": 1}]}"#,
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

const LOCOMOTION: &str = r#"{"v1/1.jpg": {"traj": "0 -1.5 0 2 1 0 0 0 0 0 2 0 0 1 0 0"},
    "v1/2.jpg": {"traj": "0.1 -1.5 0.2 1 3 0 0 0 0 0"}}"#;

const LOCOMOTION_TWIN: &str = r#"{"v1/1.jpg": {"traj": "0 -1 0.5 1 7 5 5 5 0 0"},
    "v1/2.jpg": {"traj": "0 -1.5 0 0"}}"#;
