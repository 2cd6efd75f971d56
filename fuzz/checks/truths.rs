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
        evaluators: &["ego4d_vq2d"],
        params: &[],
        main: r#"{"version": "1.0", "videos": [{"video_uid": "v1", "clips": [{"clip_uid": "c1", "annotations": [
            {"annotation_uid": "a1", "query_sets": {
                "1": {"is_valid": true, "object_title": "zanzibar", "response_track": [
                    {"frame_number": 391, "x": 311.1, "y": 318.6, "width": 63.1, "height": 133.4},
                    {"frame_number": 392, "x": 315.0, "y": 315.1, "width": 63.1, "height": 133.4}]},
                "2": {"is_valid": false}}}]}]}]}"#,
        twin: r#"{"version": "1.0", "videos": [{"video_uid": "v1", "clips": [{"clip_uid": "c1", "annotations": [
            {"annotation_uid": "a1", "query_sets": {
                "1": {"is_valid": true, "object_title": "zanzibar", "response_track": [
                    {"frame_number": 7, "x": 0, "y": 0, "width": 0, "height": 4}]},
                "2": {"is_valid": false, "object_title": "zanzibar"}}}]}]}]}"#,
        canary: CANARY,
    },
    Truth {
        evaluators: &["ego4d_vq3d"],
        params: &[],
        main: r#"{"videos": [{"video_uid": "v1", "clips": [{"clip_uid": "c1", "annotations": [
            {"annotation_uid": "a1", "query_sets": {"1": {"object_title": "zanzibar",
                "3d_annotation_1": {"position": {"x": 3.8, "y": -1.5, "z": -2.1}, "dimension": {"x": 1.2, "y": 0.4, "z": 1.4}},
                "3d_annotation_2": {"position": {"x": 3.7, "y": -1.5, "z": -2.1}, "dimension": {"x": 1.2, "y": 0.4, "z": 1.0}},
                "gt_3d_vec_world_1": [-1.5, -3.8, -2.1], "gt_3d_vec_1": [4.2, -1.7, -2.7]}}}, {}]}]}]}"#,
        twin: r#"{"videos": [{"video_uid": "v1", "clips": [{"clip_uid": "c1", "annotations": [
            {"annotation_uid": "a1", "query_sets": {"1": {"object_title": "zanzibar",
                "3d_annotation_1": {"position": {"x": 0, "y": 0, "z": 0}, "dimension": {"x": 0, "y": 0, "z": 0}},
                "3d_annotation_2": {"position": {"x": 0, "y": 0, "z": 9}, "dimension": {"x": 0, "y": 0, "z": 0}},
                "gt_3d_vec_world_1": [0, 0, 0], "gt_3d_vec_1": null}}}, {}]}]}]}"#,
        canary: CANARY,
    },
    Truth {
        evaluators: &["ego4d_egotracks"],
        params: &[],
        main: r#"{"videos": [{"video_uid": "zanzibar", "clips": [{"clip_uid": "c1", "n_frames": 6, "annotations": [
            {"query_sets": {"1": {"is_valid": true, "object_title": "dough",
                "visual_crop": {"frame_number": 0, "x": 1, "y": 1, "width": 9, "height": 9},
                "lt_track": [{"frame_number": 0, "x": 851.9, "y": 214.2, "width": 237.5, "height": 233.4},
                    {"frame_number": 2, "x": 841.4, "y": 204.5, "width": 237.5, "height": 233.4}]}}}]}]}]}"#,
        twin: r#"{"videos": [{"video_uid": "zanzibar", "clips": [{"clip_uid": "c1", "n_frames": 6, "annotations": [
            {"query_sets": {"1": {"is_valid": true, "object_title": "dough",
                "lt_track": [{"frame_number": 5, "x": 0, "y": 0, "width": 0, "height": 0},
                    {"frame_number": 4, "x": 0, "y": 0, "width": 7, "height": 8.5}]}}}]}]}]}"#,
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
    Truth {
        evaluators: &["coco_detection", "ego4d_scod"],
        params: &[],
        main: BOXES,
        twin: BOXES_TWIN,
        canary: CANARY,
    },
    Truth {
        evaluators: &["coco_detection"],
        params: &[("unknown_categories", "drop"), ("categories", "cup"), ("max_detections", "11")],
        main: BOXES,
        twin: BOXES_TWIN,
        canary: CANARY,
    },
    Truth {
        evaluators: &["coco_segmentation"],
        params: &[],
        main: r#"{"images": [{"id": 1, "width": 8, "height": 6}, {"id": 2, "width": 8, "height": 6}],
            "categories": [{"id": 1, "name": "cup"}], "annotations": [
            {"id": 1, "image_id": 1, "category_id": 1, "area": 12, "segmentation": [[1, 1, 5, 1, 5, 4, 1, 4]]},
            {"id": 2, "image_id": 2, "category_id": 1, "area": 12, "iscrowd": 1, "note": "zanzibar",
             "segmentation": {"size": [6, 8], "counts": [12, 6, 6, 6, 18]}}]}"#,
        twin: r#"{"images": [{"id": 1, "width": 8, "height": 6}, {"id": 2, "width": 8, "height": 6}],
            "categories": [{"id": 1, "name": "cup"}], "annotations": [
            {"id": 0, "image_id": 2, "category_id": 1, "area": 1025, "note": "zanzibar",
             "segmentation": {"size": [6, 8], "counts": "0`1"}}]}"#,
        canary: CANARY,
    },
    Truth { evaluators: &["coco_keypoints"], params: &[], main: PERSONS, twin: PERSONS_TWIN, canary: CANARY },
    Truth {
        evaluators: &["coco_keypoints"],
        params: &[("sigmas", "0.1,0.2")],
        main: HANDS,
        twin: HANDS_TWIN,
        canary: CANARY,
    },
    Truth {
        evaluators: &["lvis_detection"],
        params: &[],
        main: r#"{"images": [
              {"id": 1, "width": 640, "height": 480, "neg_category_ids": [2], "not_exhaustive_category_ids": []},
              {"id": 2, "width": 640, "height": 480, "neg_category_ids": [], "not_exhaustive_category_ids": [1]}],
            "categories": [{"id": 1, "name": "cup", "frequency": "f"}, {"id": 2, "name": "ladle", "frequency": "r"}],
            "annotations": [
              {"id": 1, "image_id": 1, "category_id": 1, "bbox": [100, 120, 60, 80], "area": 4800, "note": "zanzibar"},
              {"id": 2, "image_id": 2, "category_id": 2, "bbox": [10, 10, 30, 90], "area": 2700}]}"#,
        twin: r#"{"images": [
              {"id": 1, "width": 640, "height": 480, "neg_category_ids": [], "not_exhaustive_category_ids": [2]},
              {"id": 2, "width": 640, "height": 480, "neg_category_ids": [1, 2], "not_exhaustive_category_ids": []}],
            "categories": [{"id": 1, "name": "cup", "frequency": "f"}, {"id": 2, "name": "ladle", "frequency": "r"}],
            "annotations": [
              {"id": 1, "image_id": 2, "category_id": 1, "bbox": [1, 1, 0, 8], "area": 0, "note": "zanzibar"}]}"#,
        canary: CANARY,
    },
    Truth { evaluators: &["voc_detection"], params: &[], main: VOC, twin: VOC_TWIN, canary: None },
    Truth {
        evaluators: &["voc_detection"],
        params: &[("classes", "car,person,horse,bus"), ("reversed_boxes", "keep"), ("overlaps", "0,0.5,1")],
        main: VOC,
        twin: VOC_TWIN,
        canary: None,
    },
    Truth {
        evaluators: &["open_images_detection"],
        params: &[],
        main: OPEN_IMAGES,
        twin: OPEN_IMAGES_TWIN,
        canary: None,
    },
    Truth {
        evaluators: &["open_images_detection"],
        params: &[("groups", "ignore")],
        main: OPEN_IMAGES,
        twin: OPEN_IMAGES_TWIN,
        canary: None,
    },
    Truth {
        evaluators: &["ego4d_avl_detection"],
        params: &[],
        main: r#"{"clips": {"c1": {"0": [[535, 316, 597, 432], [1200, 121, 1295, 184]], "zanzibar": []}, "c2": {"0": []}}}"#,
        twin: r#"{"clips": {"c1": {}, "c2": {"zanzibar": [[1, 1, 1, 1]], "9": [[535, 316, 597, 432]]}}}"#,
        canary: CANARY,
    },
    Truth {
        evaluators: &["retrieval"],
        params: &[],
        main: "q1 0 d1 2\nq1 0 zanzibar 1\nq2 0 d1 0\n",
        twin: "q1 0 zanzibar 0\nq1 0 d9 1\nq2 0 d3 3\nq2 0 d1 -1\n",
        canary: CANARY,
    },
    Truth {
        evaluators: &["retrieval"],
        params: &[("queries", "in_both"), ("cutoffs", "2,1"), ("relevance_level", "2")],
        main: "q1 0 d1 2\nq1 0 zanzibar 1\nq2 0 d1 0\n",
        twin: "q1 0 zanzibar 0\nq2 0 d3 3\n",
        canary: CANARY,
    },
    Truth {
        evaluators: &["retrieval_matrix"],
        params: &[],
        main: "1,0,0.5\n0.5,1,0\n0,0.5,1\n1,0,0\n",
        twin: "0,1,0\n1,0,0\n0.25,0,1\n0,0,1\n",
        canary: None,
    },
    Truth {
        evaluators: &["regression"],
        params: &[],
        main: "id,value\na1,2.5\na2,-1\na3,0\n",
        twin: "id,value\na1,1e9\na2,1e9\na3,1e9\n",
        canary: None,
    },
    Truth {
        evaluators: &["egoexo_hand_pose"],
        params: &[],
        main: HAND_JOINTS,
        twin: HAND_JOINTS_TWIN,
        canary: CANARY,
    },
    Truth {
        evaluators: &["egoexo_hand_pose"],
        params: &[("from_wrist", "true")],
        main: HAND_JOINTS,
        twin: HAND_JOINTS_TWIN,
        canary: CANARY,
    },
    Truth {
        evaluators: &["egoexo_body_pose"],
        params: &[],
        main: BODY_JOINTS,
        twin: BODY_JOINTS_TWIN,
        canary: CANARY,
    },
    Truth {
        evaluators: &["egoexo_body_pose"],
        params: &[("protocol", "joints"), ("min_clip_length", "6")],
        main: BODY_JOINTS,
        twin: BODY_JOINTS_TWIN,
        canary: CANARY,
    },
    Truth {
        evaluators: &["asr"],
        params: &[("normalizer", "plain")],
        main: "id,text\nu1,put the zanzibar down\nu2,\nu3,don't  touch\n",
        twin: "id,text\nu1,\nu2,zanzibar zanzibar\nu3,a\n",
        canary: CANARY,
    },
    Truth {
        evaluators: &["asr_trn"],
        params: &[("optional_words", "true"), ("fragments", "true")],
        main: ";; words\nput { um / uh zanzibar / @ } the (cup) down (anna-1)\nzan- touch it (ben_1)\n",
        twin: "zanzibar (anna-1)\n(ben_1)\n",
        canary: CANARY,
    },
    Truth {
        evaluators: &["asr_stm"],
        params: &[("silent_ends", "ignored")],
        main: "talk1 1 anna 0.0 2.5 <o,f0> put { um / zanzibar } down\ntalk1 1 ben 3.0 4.0 touch it\ntalk2 A ben 0 1 a\n",
        twin: "talk1 1 zed 0.5 1.5\ntalk1 1 anna 8.0 9.0 zanzibar\ntalk2 A ben 2 2 b c\n",
        canary: CANARY,
    },
    Truth {
        evaluators: &["ego4d_transcription"],
        params: &[],
        main: r#"{"c1": [{"channel": "1", "speaker": "zanzibar", "tb": 0.5, "te": 2.5, "txt": "put the cup down"},
            {"channel": "1", "speaker": "2", "tb": 3.0, "te": 4.0, "txt": "don't"}],
            "c2": [{"channel": "1", "speaker": "0", "tb": 0, "te": 1, "txt": "a"}]}"#,
        twin: r#"{"c1": [{"channel": "1", "speaker": "0", "tb": 5.5, "te": 7.5, "txt": "zanzibar"},
            {"channel": "1", "speaker": "0", "tb": 8, "te": 8, "txt": ""}],
            "c2": [{"channel": "1", "speaker": "1", "tb": 0.3, "te": 9, "txt": "{ b / c d } e"}]}"#,
        canary: CANARY,
    },
    Truth {
        evaluators: &["diarization"],
        params: &[("collar", "0.5")],
        main: "SPEAKER talk1 1 0.00 5.00 <NA> <NA> zanzibar <NA> <NA>\nSPEAKER talk1 1 4.00 3.00 <NA> <NA> ben <NA> <NA>\n\
            SPEAKER talk2 1 1.00 0.50 <NA> <NA> ben <NA> <NA>\n",
        twin: "SPEAKER talk1 1 9.25 1.00 <NA> <NA> ben <NA> <NA>\nSPEAKER talk2 1 0.00 0.00 <NA> <NA> zanzibar <NA> <NA>\n",
        canary: CANARY,
    },
    Truth {
        evaluators: &["ego4d_diarization", "ego4d_diarization_audio_only"],
        params: &[],
        main: r#"{"videos": [{"video_uid": "v1", "clips": [{"clip_uid": "c1", "persons": [
            {"person_id": "0", "voice_segments": [{"start_time": 0, "end_time": 5, "person": "zanzibar"}]},
            {"person_id": "1", "voice_segments": [{"start_time": 4, "end_time": 7, "person": "1"}]}]},
            {"clip_uid": "c2", "persons": []}]}]}"#,
        twin: r#"{"videos": [{"video_uid": "v1", "clips": [{"clip_uid": "c1", "persons": []},
            {"clip_uid": "c2", "persons": [
            {"person_id": "0", "voice_segments": [{"start_time": 2.5, "end_time": 2.75, "person": "zanzibar"}]}]}]}]}"#,
        canary: CANARY,
    },
    Truth {
        evaluators: &["text_qa"],
        params: &[("group", "article")],
        main: r#"{"data": [{"title": "zanzibar", "paragraphs": [{"qas": [
            {"id": "q1", "answers": [{"text": "the bread"}, {"text": "zanzibar"}]}, {"id": "q2", "answers": []}]}]}]}"#,
        twin: r#"{"data": [{"title": "x", "paragraphs": [{"qas": [
            {"id": "q1", "answers": []}, {"id": "q2", "answers": [{"text": "a"}, {"text": "zanzibar!"}]}]}]}]}"#,
        canary: CANARY,
    },
    Truth {
        evaluators: &["text_generation"],
        params: &[(
            "scores",
            "bleu,bleu_lc,bleu_intl,bleu_none,bleu_char,sentence_bleu,chrf,chrf++,ter,ter_norm_lc,rouge,rouge_stem,cider_d,\
             coco_bleu,coco_rouge_l,exact_match",
        )],
        main: "{\"id\": \"s1\", \"references\": [\"The cat sat on the mat.\", \"A zanzibar, 3.5!\"]}\n\
            {\"id\": \"s2\", \"references\": [\"\"]}\n",
        twin: "{\"id\": \"s1\", \"references\": [\"zanzibar\"]}\n{\"id\": \"s2\", \"references\": [\"a b c d e f g\", \"a\"]}\n",
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

const CORRESPONDENCE: &str = r#"{"annotations": {"take_1": {"masks": {"cup_0": {
    "aria01": {"0": {"size": [2, 4], "counts": [2, 3, 3]}, "30": {"size": [2, 4], "counts": [2, 2, 4]}},
    "cam01": {"0": {"size": [2, 4], "counts": [4, 4]}}}},
    "annotated_frames": {"cup_0": {"aria01": [0, 30], "cam01": [0, 30]}}}}}"#;

const CORRESPONDENCE_TWIN: &str = r#"{"annotations": {"take_1": {"masks": {"cup_0": {
    "aria01": {"0": {"size": [2, 4], "counts": "8"}, "30": {"size": [2, 4], "counts": [0, 8]}},
    "cam01": {"0": {"size": [2, 4], "counts": [0, 1, 7]}}}},
    "annotated_frames": {"cup_0": {"aria01": [], "cam01": [30]}}}}}"#;

const BOXES: &str = r#"{"images": [{"id": 1, "width": 640, "height": 480, "file_name": "v/1.jpg"},
      {"id": 2, "width": 640, "height": 480, "file_name": "v/2.jpg"}],
    "categories": [{"id": 1, "name": "cup"}, {"id": 2, "name": "knife"}], "annotations": [
      {"id": 1, "image_id": 1, "category_id": 1, "bbox": [100, 120, 60, 80], "area": 4800, "note": "zanzibar"},
      {"id": 2, "image_id": 2, "category_id": 1, "bbox": [10, 10, 300, 90], "area": 27000, "iscrowd": 1}]}"#;

const BOXES_TWIN: &str = r#"{"images": [{"id": 1, "width": 640, "height": 480, "file_name": "v/1.jpg"},
      {"id": 2, "width": 640, "height": 480, "file_name": "v/2.jpg"}],
    "categories": [{"id": 1, "name": "cup"}, {"id": 2, "name": "knife"}], "annotations": [
      {"id": 0, "image_id": 2, "category_id": 2, "bbox": [0, 0, 0, 0], "area": 1024},
      {"id": 7, "image_id": 2, "category_id": 2, "bbox": [98, 121, 61, 82], "area": 9e9, "note": "zanzibar"}]}"#;

const PERSONS: &str = r#"{"images": [{"id": 1}], "categories": [{"id": 1, "name": "person"}], "annotations": [
    {"id": 1, "image_id": 1, "category_id": 1, "bbox": [100, 100, 80, 200], "area": 9000, "note": "zanzibar",
     "keypoints": [140, 110, 2, 145, 105, 2, 135, 105, 2, 150, 108, 1, 130, 108, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]}]}"#;

const PERSONS_TWIN: &str = r#"{"images": [{"id": 1}], "categories": [{"id": 1, "name": "person"}], "annotations": [
    {"id": 0, "image_id": 1, "category_id": 1, "bbox": [0, 0, 0, 0], "area": 0, "note": "zanzibar", "num_keypoints": 3,
     "keypoints": [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]}]}"#;

const HANDS: &str = r#"{"images": [{"id": 1}], "categories": [{"id": 1, "name": "hand"}], "annotations": [
    {"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 9, 9], "area": 9, "note": "zanzibar", "keypoints": [1, 1, 2, 3, 3, 1]}]}"#;

const HANDS_TWIN: &str =
    r#"{"images": [{"id": 1}], "categories": [{"id": 1, "name": "hand"}], "annotations": []}"#;

const VOC: &str = "image_id,class,xmin,ymin,xmax,ymax,difficult
000012,car,156,97,351,270,0
000017,person,185,62,279,199,0
000017,horse,90,78,403,336,1
";

const VOC_TWIN: &str = "image_id,class,xmin,ymin,xmax,ymax
000017,car,1,1,1,1
000012,horse,150,99,350,272
000012,person,150,99,350,272
";

const OPEN_IMAGES: &str = "ImageID,LabelName,XMin,XMax,YMin,YMax,IsGroupOf
000026e7ee790996,/m/01yrx,0.10,0.45,0.20,0.80,0
000026e7ee790996,/m/0bt9lr,0.50,0.95,0.30,0.90,1
";

const OPEN_IMAGES_TWIN: &str = "ImageID,LabelName,XMin,XMax,YMin,YMax,IsGroupOf
000062a39995e348,/m/0bt9lr,0,0,0.30,0.90,0
000062a39995e348,/m/01yrx,0.25,0.60,0.15,0.70,1
";

const HAND_JOINTS: &str = r#"{"t1":{"0":{"right_hand_3d":[[0.0,0.0,0.4],[0.01,0.1,0.4],[0.02,0.2,0.4],[0.03,0.0,0.4],[0.04,0.1,0.4],
    [0.05,0.2,0.4],[0.06,0.0,0.4],[0.07,0.1,0.4],[0.08,0.2,0.4],[0.09,0.0,0.4],[0.1,0.1,0.4],[0.11,0.2,0.4],
    [0.12,0.0,0.4],[0.13,0.1,0.4],[0.14,0.2,0.4],[0.15,0.0,0.4],[0.16,0.1,0.4],[0.17,0.2,0.4],[0.18,0.0,0.4],
    [0.19,0.1,0.4],[0.2,0.2,0.4]],
    "right_hand_valid_3d":[true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,true],
    "split":"zanzibar","left_hand_3d":[[0.0,0.0,0.4],[0.01,0.1,0.4],[0.02,0.2,0.4],[0.03,0.0,0.4],[0.04,0.1,0.4],
    [0.05,0.2,0.4],[0.06,0.0,0.4],[0.07,0.1,0.4],[0.08,0.2,0.4],[0.09,0.0,0.4],[0.1,0.1,0.4],[0.11,0.2,0.4],
    [0.12,0.0,0.4],[0.13,0.1,0.4],[0.14,0.2,0.4],[0.15,0.0,0.4],[0.16,0.1,0.4],[0.17,0.2,0.4],[0.18,0.0,0.4],
    [0.19,0.1,0.4],[0.2,0.2,0.4]],
    "left_hand_valid_3d":[true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,true]},
    "3":{"right_hand_3d":[[0.1,0.0,0.4],[0.11,0.1,0.4],[0.12,0.2,0.4],[0.13,0.0,0.4],[0.14,0.1,0.4],
    [0.15,0.2,0.4],[0.16,0.0,0.4],[0.17,0.1,0.4],[0.18,0.2,0.4],[0.19,0.0,0.4],[0.2,0.1,0.4],[0.21,0.2,0.4],
    [0.22,0.0,0.4],[0.23,0.1,0.4],[0.24,0.2,0.4],[0.25,0.0,0.4],[0.26,0.1,0.4],[0.27,0.2,0.4],[0.28,0.0,0.4],
    [0.29,0.1,0.4],[0.3,0.2,0.4]],
    "right_hand_valid_3d":[true,false,false,false,false,false,false,false,false,false,false,false,false,false,false,false,false,false,false,false,false],
    "split":"zanzibar","left_hand_3d":[],"left_hand_valid_3d":[]}}}"#;

const HAND_JOINTS_TWIN: &str = r#"{"t1":{"0":{"right_hand_3d":[[0.7,0.0,0.4],[0.71,0.1,0.4],[0.72,0.2,0.4],[0.73,0.0,0.4],[0.74,0.1,0.4],
    [0.75,0.2,0.4],[0.76,0.0,0.4],[0.77,0.1,0.4],[0.78,0.2,0.4],[0.79,0.0,0.4],[0.8,0.1,0.4],[0.81,0.2,0.4],
    [0.82,0.0,0.4],[0.83,0.1,0.4],[0.84,0.2,0.4],[0.85,0.0,0.4],[0.86,0.1,0.4],[0.87,0.2,0.4],[0.88,0.0,0.4],
    [0.89,0.1,0.4],[0.9,0.2,0.4]],
    "right_hand_valid_3d":[false,false,false,false,false,false,false,false,false,false,false,false,false,false,false,false,false,false,false,false,false],
    "split":"zanzibar","left_hand_3d":[[-0.7,0.0,0.4],[-0.69,0.1,0.4],[-0.68,0.2,0.4],[-0.67,0.0,0.4],
    [-0.66,0.1,0.4],[-0.65,0.2,0.4],[-0.64,0.0,0.4],[-0.63,0.1,0.4],[-0.62,0.2,0.4],[-0.61,0.0,0.4],
    [-0.6,0.1,0.4],[-0.59,0.2,0.4],[-0.58,0.0,0.4],[-0.57,0.1,0.4],[-0.56,0.2,0.4],[-0.55,0.0,0.4],
    [-0.54,0.1,0.4],[-0.53,0.2,0.4],[-0.52,0.0,0.4],[-0.51,0.1,0.4],[-0.5,0.2,0.4]],
    "left_hand_valid_3d":[false,false,false,false,false,false,false,false,false,false,false,false,false,false,false,false,false,false,false,false,false]},
    "3":{"right_hand_3d":[[0.3,0.0,0.4],[0.31,0.1,0.4],[0.32,0.2,0.4],[0.33,0.0,0.4],[0.34,0.1,0.4],
    [0.35,0.2,0.4],[0.36,0.0,0.4],[0.37,0.1,0.4],[0.38,0.2,0.4],[0.39,0.0,0.4],[0.4,0.1,0.4],[0.41,0.2,0.4],
    [0.42,0.0,0.4],[0.43,0.1,0.4],[0.44,0.2,0.4],[0.45,0.0,0.4],[0.46,0.1,0.4],[0.47,0.2,0.4],[0.48,0.0,0.4],
    [0.49,0.1,0.4],[0.5,0.2,0.4]],
    "right_hand_valid_3d":[true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,true,true],
    "split":"zanzibar","left_hand_3d":[],"left_hand_valid_3d":[]}}}"#;

const BODY_JOINTS: &str = r#"{"t1":{"take_name":"zanzibar","body":{"0":[[0,0.5,0.0],[0,0.5,0.1],[0,0.5,0.2],[0,0.5,0.3],[0,0.5,0.4],
    [0,0.5,0.5],[0,0.5,0.6],[0,0.5,0.7],[0,0.5,0.8],[0,0.5,0.9],[0,0.5,1.0],[0,0.5,1.1],[0,0.5,1.2],[0,0.5,1.3],
    [0,0.5,1.4],[0,0.5,1.5],[0,0.5,1.6]],"3":[[1,0.5,0.0],[1,0.5,0.1],
    null,null,null,null,null,null,null,null,null,null,null,null,null,null,null],"6":[]}},
    "t2":{"take_name":"bike","body":{"9":[[0,0.5,0.0],
    null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null]}}}"#;

const BODY_JOINTS_TWIN: &str = r#"{"t1":{"take_name":"bike","body":{"0":[[5,0.5,0.0],
    null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null],
    "3":[null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null],"6":[[1,0.5,0.0],
    [1,0.5,0.1],[1,0.5,0.2],[1,0.5,0.3],[1,0.5,0.4],[1,0.5,0.5],[1,0.5,0.6],[1,0.5,0.7],[1,0.5,0.8],[1,0.5,0.9],
    [1,0.5,1.0],[1,0.5,1.1],[1,0.5,1.2],[1,0.5,1.3],[1,0.5,1.4],[1,0.5,1.5],[1,0.5,1.6]]}},
    "t2":{"take_name":"zanzibar","body":{"9":[null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null]}}}"#;
