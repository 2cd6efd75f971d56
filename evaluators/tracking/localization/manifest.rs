//! What is documented of person tracking.

use sdk::{Format, Manifest, Param, ParamKind, ParamValue, Reference, Schema};

use crate::measures::{Which, metrics};

const ANNOTATIONS: &str = r#"{"clips": {
 "c1": {"video_uid": "v1", "n_frames": 3, "boxes": [
  [1, 1, 86, 651, 85, 86], [1, 2, 612, 226, 168, 49],
  [2, 1, 81, 655, 85, 86], [2, 2, 614, 228, 168, 49]]},
 "c2": {"video_uid": "v1", "n_frames": 2, "boxes": []}}}"#;

const SUBMISSION: &str = r#"{"clips": {
 "c1": [
  [1, 1, 81, 646, 90, 82], [1, 2, 621, 221, 154, 55],
  [2, 1, 82, 653, 83, 76], [2, 3, 620, 226, 154, 44]],
 "c2": []}}"#;

/// Ego4D audio-visual localization: tracking.
pub(super) fn manifest() -> Manifest {
    Manifest {
        id: "ego4d_avl_tracking".to_owned(),
        version: "1".to_owned(),
        title: "Ego4D Audio-Visual Localization: tracking".to_owned(),
        description: "The persons around the camera wearer are found in every frame of a clip, and each keeps one \
            identity through it."
            .to_owned(),
        annotations: vec![Format {
            name: "main".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "Clips by their uid with the number of their frames and rows `[frame, person, x, y, width, \
                height]` in pixels, frames counted from 1. Of two boxes of a person in a frame the first counts. \
                `video_uid` is optional."
                .to_owned(),
            example: ANNOTATIONS.to_owned(),
        }],
        unannotated: Some(Format::unannotated(
            "application/json",
            "The same clips with the number of their frames, without `boxes`.",
            r#"{"clips": {"c1": {"video_uid": "v1", "n_frames": 3}, "c2": {"video_uid": "v1", "n_frames": 2}}}"#,
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "A list of the same rows for every clip, empty where nobody was found; a person stands once in \
                a frame."
                .to_owned(),
            example: SUBMISSION.to_owned(),
        },
        metrics: metrics(Which::Ego4d),
        params: Schema(vec![Param::new(
            "group",
            ParamKind::Choice { choices: vec!["video".to_owned(), "clip".to_owned()] },
            ParamValue::Text("video".to_owned()),
            "what is resampled as a whole; clips without `video_uid` are their own group",
        )]),
        item: "clip".to_owned(),
        resampling_unit: "video".to_owned(),
        rules: "As `tracking_mot` without classes and preprocessing, times 100: matched from similarity 0.5 on, equal \
            assignments as by SciPy, counts of clips added up. A truth without boxes gives MOTA minus 100 times the \
            number of predicted boxes. In both modes every clip needs a list.\n\n**Strict:** clips of other splits, \
            negative sides and fractions of frames or persons are faults. **Reference:** as in the public code such clips \
            are not read, a box with a negative side overlaps nothing, and fractions are cut off. VACE, which the public \
            script prints as well, is not measured."
            .to_owned(),
        references: vec![
            Reference {
                title: "Grauman et al., Ego4D: Around the World in 3,000 Hours of Egocentric Video (2022)".to_owned(),
                url: "https://arxiv.org/abs/2110.07058".to_owned(),
            },
            Reference {
                title: "public evaluation code".to_owned(),
                url: "https://github.com/EGO4D/audio-visual/tree/main/tracking".to_owned(),
            },
            Reference {
                title: "TrackEval".to_owned(),
                url: "https://github.com/JonathonLuiten/TrackEval".to_owned(),
            },
        ],
    }
}
