//! What is documented of the two tasks.

use sdk::{Direction, Format, Manifest, Metric, Param, ParamKind, ParamValue, Reference, Schema};

const ANNOTATIONS: &str = r#"{"version": "1", "split": "test", "clips": [
  {"unique_id": "c1", "video_uid": "v1", "parent_start_sec": 0.0, "parent_end_sec": 8.0,
   "parent_start_frame": 0, "parent_end_frame": 240, "state_change": true, "parent_pnr_frame": 100},
  {"unique_id": "c2", "video_uid": "v1", "parent_start_sec": 60.0, "parent_end_sec": 68.0,
   "parent_start_frame": 1800, "parent_end_frame": 2040, "state_change": false, "pnr_frame": null}]}
"#;

const UNANNOTATED: &str = r#"{"version": "1", "split": "test", "clips": [
  {"unique_id": "c1", "video_uid": "v1", "parent_start_sec": 0.0, "parent_end_sec": 8.0,
   "parent_start_frame": 0, "parent_end_frame": 240},
  {"unique_id": "c2", "video_uid": "v1", "parent_start_sec": 60.0, "parent_end_sec": 68.0,
   "parent_start_frame": 1800, "parent_end_frame": 2040}]}
"#;

const PNR_SUBMISSION: &str = r#"[{"unique_id": "c1", "pnr_frame": 112.5},
 {"unique_id": "c2", "pnr_frame": 120}]
"#;

const OSCC_SUBMISSION: &str = r#"[{"unique_id": "c1", "state_change": true},
 {"unique_id": "c2", "state_change": false}]
"#;

/// The point of no return.
pub(super) fn pnr() -> Manifest {
    common(
        "ego4d_pnr",
        "Ego4D PNR: the frame at which a state changes",
        "A clip of about eight seconds shows hands that may change the state of an object. For every clip the keyframe \
         of the change (the point of no return) is predicted; clips without a change are not scored, but which ones these \
         are is held out, so every clip has a prediction.",
        Metric {
            direction: Direction::Lower,
            unit: "seconds".to_owned(),
            maximum: None,
            decimals: 3,
            ..Metric::fraction(
                "Keyframe localization error (s)",
                "the mean over clips with a change of |predicted - true frame| / frames per second, both counted from the \
                 start of the clip; frames per second = (end frame - start frame + 1) / (end - start second)",
            )
        },
        (
            "`[{\"unique_id\", \"pnr_frame\"}]`: the frame, counted from the start of the clip; fractions are welcome.",
            PNR_SUBMISSION,
        ),
        "- A prediction before the first or after the last frame of its clip is measured like any other, and noted.",
    )
}

/// Object state change classification.
pub(super) fn oscc() -> Manifest {
    common(
        "ego4d_oscc",
        "Ego4D OSCC: whether a state changes",
        "A clip of about eight seconds shows hands that may change the state of an object. For every clip it is \
         predicted whether they do.",
        Metric::fraction("Accuracy", "right answers / clips"),
        ("`[{\"unique_id\", \"state_change\"}]`: `true` or `false`; 1 and 0 mean the same.", OSCC_SUBMISSION),
        "- Texts (`\"true\"`), probabilities and `null` are refused (reference: wrong answers).",
    )
}

fn common(
    id: &str,
    title: &str,
    description: &str,
    metric: Metric,
    (rows, example): (&str, &str),
    rules: &str,
) -> Manifest {
    let format = |name: &str, description: String, example: &str| Format {
        name: name.to_owned(),
        media_type: "application/json".to_owned(),
        optional: false,
        description,
        example: example.to_owned(),
    };
    let annotations = "`fho_oscc-pnr_*.json`: the list `clips`, each with `unique_id`, `state_change` and, for PNR, its window \
        (`parent_start_sec`, `parent_end_sec`, `parent_start_frame`, `parent_end_frame`) and `parent_pnr_frame` where a \
        state changes. `video_uid` and `clip_uid` become attributes; other fields are not looked at.";
    Manifest {
        id: id.to_owned(),
        version: "1".to_owned(),
        title: title.to_owned(),
        description: description.to_owned(),
        annotations: vec![format("main", annotations.to_owned(), ANNOTATIONS)],
        unannotated: Some(Format::unannotated(
            "application/json",
            "The public test file of the benchmark (`fho_oscc-pnr_test_unannotated.json`): the same clips without \
             `state_change` and without the frames of changes.",
            UNANNOTATED,
        )),
        submission: format("submission", format!("{rows} One row per clip, in any order."), example),
        metrics: vec![metric],
        params: Schema(vec![Param::new(
            "group",
            ParamKind::Choice { choices: vec!["video".to_owned(), "clip".to_owned()] },
            ParamValue::Text("video".to_owned()),
            "what is resampled as a whole; a clip without `video_uid` is resampled by itself",
        )]),
        item: "clip".to_owned(),
        resampling_unit: "video".to_owned(),
        rules: format!(
            "- Every clip has exactly one row; a missing clip is refused in both modes, since which clips count is held \
             out.\n- A clip with two rows and a row for an unknown clip are refused (reference: the last row counts; unknown \
             ones are dropped).\n{rules}"
        ),
        references: vec![
            Reference {
                title: "Grauman et al., Ego4D: Around the World in 3,000 Hours of Egocentric Video (2022)"
                    .to_owned(),
                url: "https://arxiv.org/abs/2110.07058".to_owned(),
            },
            Reference {
                title: "public benchmark code".to_owned(),
                url: "https://github.com/EGO4D/hands-and-objects".to_owned(),
            },
        ],
    }
}
