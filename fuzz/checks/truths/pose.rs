//! The truths of the pose evaluators.

use super::{CANARY, Truth};

pub(crate) const TRUTHS: &[Truth] = &[
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
];

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
