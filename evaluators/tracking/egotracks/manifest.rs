//! What is documented of EgoTracks.

use sdk::{Format, Manifest, Metric, Param, ParamKind, ParamValue, Reference, Schema};

const ANNOTATIONS: &str = r#"{"version": "1", "videos": [{"video_uid": "v1", "clips": [{"clip_uid": "c1", "n_frames": 6,
 "annotations": [{"query_sets": {"1": {"is_valid": true, "object_title": "dough",
  "visual_crop": {"frame_number": 0, "x": 851.9, "y": 214.2, "width": 237.5, "height": 233.4},
  "lt_track": [
   {"frame_number": 0, "x": 851.9, "y": 214.2, "width": 237.5, "height": 233.4},
   {"frame_number": 2, "x": 841.4, "y": 204.5, "width": 237.5, "height": 233.4},
   {"frame_number": 4, "x": 836.2, "y": 207.7, "width": 237.5, "height": 233.4}]}}}]}]}]}"#;

const UNANNOTATED: &str = r#"{"version": "1", "videos": [{"video_uid": "v1", "clips": [{"clip_uid": "c1", "n_frames": 6,
 "annotations": [{"query_sets": {"1": {"is_valid": true, "object_title": "dough",
  "visual_crop": {"frame_number": 0, "x": 851.9, "y": 214.2, "width": 237.5, "height": 233.4}}}}]}]}]}"#;

const SUBMISSION: &str = r#"{"c1_1_dough": {
 "1": [243.5, 765.4, 211.4, 194.7, 0.12],
 "2": [843.3, 200.8, 236.4, 232.4, 0.79],
 "4": [829.3, 217.5, 225.6, 230.9, 0.83],
 "5": [545.7, 242.0, 233.6, 267.9, 0.32]}}"#;

/// Ego4D EgoTracks.
pub(super) fn manifest() -> Manifest {
    Manifest {
        id: "ego4d_egotracks".to_owned(),
        version: "1".to_owned(),
        title: "Ego4D EgoTracks: long-term tracking".to_owned(),
        description: "Given the picture of an object, it is followed through a whole clip of first-person video, in which \
            it leaves the view and comes back: a box with a score in every frame where it is believed to be seen."
            .to_owned(),
        annotations: vec![Format {
            name: "main".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "The annotation file of the benchmark with `n_frames`, the number of frames, in every clip; \
                `lt_track` holds all frames in which the object is seen. Query sets that are not valid are not scored."
                .to_owned(),
            example: ANNOTATIONS.to_owned(),
        }],
        unannotated: Some(Format::unannotated(
            "application/json",
            "The same file without `lt_track`.",
            UNANNOTATED,
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "By sequence, `CLIP_SET_TITLE` (clip uid, query set, object title), and frame, from 0, a list `[x, \
                y, width, height, score]` in pixels. A frame without a box has the score 0."
                .to_owned(),
            example: SUBMISSION.to_owned(),
        },
        metrics: vec![
            Metric::fraction(
                "F-score",
                "2 P R / (P + R) at the threshold on the score where it is largest; P and R are means over sequences",
            ),
            Metric::fraction(
                "Precision",
                "at that threshold the mean over sequences of the mean overlap (IoU) of the frames that reach it, 1 where \
                 none does",
            ),
            Metric::fraction(
                "Recall",
                "at that threshold the mean over sequences of the sum of overlaps of the frames that reach it, divided by \
                 the number of frames in which the object is seen",
            ),
            Metric::fraction(
                "AO",
                "the mean over sequences of the mean overlap over the frames in which the object is seen, whatever the \
                 scores",
            ),
        ],
        params: Schema(vec![Param::new(
            "group",
            ParamKind::Choice { choices: vec!["video".to_owned(), "clip".to_owned()] },
            ParamValue::Text("video".to_owned()),
            "what is resampled as a whole",
        )]),
        item: "sequence".to_owned(),
        resampling_unit: "video".to_owned(),
        rules: "The frame of the query's picture is not scored as truth; a box there counts, with an overlap of 0. Of up to \
            98 frames in all sequences together every score is a threshold, of more 98 of them, evenly spaced by rank; one \
            above and one below all are added. They are those of all sequences of the submission, whatever the weights: a \
            split is scored at the thresholds of the whole, so that with more than 98 frames a subset scored alone can \
            differ in the last digits. Of equal F-scores the highest threshold counts.\n\n**Both modes:** every sequence \
            has a key; a frame outside of the clip is a fault.\n\n**Strict:** an F-score of 0 / 0 is 0, and where no \
            threshold has a better one precision and recall are those of all frames. Objects that are seen in no other \
            frame than the picture's are not scored. Other sequences and negative sides are faults. **Reference:** as in \
            the public code a threshold at which precision and recall are both 0 wins and makes the F-score undefined, an \
            object that is never seen makes it undefined too, and other sequences are not read."
            .to_owned(),
        references: vec![
            Reference {
                title: "Tang et al., EgoTracks: A Long-term Egocentric Visual Object Tracking Dataset (2023)".to_owned(),
                url: "https://arxiv.org/abs/2301.03213".to_owned(),
            },
            Reference {
                title: "Lukezic et al., Now you see me: evaluating performance in long-term visual tracking (2018)"
                    .to_owned(),
                url: "https://arxiv.org/abs/1804.07056".to_owned(),
            },
            Reference {
                title: "public evaluation code, branch egotracks_eval".to_owned(),
                url: "https://github.com/EGO4D/episodic-memory/tree/egotracks_eval/EgoTracks".to_owned(),
            },
        ],
    }
}
