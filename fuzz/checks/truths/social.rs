//! The truths of the social evaluators.

use super::{CANARY, Truth};

pub(crate) const TRUTHS: &[Truth] = &[
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
