//! The truths of the tracking evaluators.

use super::{CANARY, Truth};

pub(crate) const TRUTHS: &[Truth] = &[
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
];
