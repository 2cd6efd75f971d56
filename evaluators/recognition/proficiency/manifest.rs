//! What is documented of demonstrator proficiency.

use sdk::{Format, Manifest, Metric, Reference, Schema};

const ANNOTATIONS: &str = r#"{"videos": ["t1", "t2"],
 "gt_annotations": [2, 0],
 "scenario_names": ["Music", "Soccer"]}
"#;

const SUBMISSION: &str = r#"{"videos": ["t2", "t1"],
 "ego_model_predictions": [[1.5, -0.5, -0.9, 1.2], [0.1, 0.2, 2.5, -0.3]],
 "exo_model_predictions": [
  [[1.0, 0.1, 0.3, -0.2], [0.8, 0.4, 0.1, 0.0], [2.1, 1.0, 0.2, 0.1], [0.3, 0.2, 0.6, 0.1]],
  [[0.0, 0.4, 1.3, 0.2], [0.2, 0.1, 0.9, 1.4], [0.5, 0.0, 1.8, 0.7], [0.1, 0.2, 0.3, 0.4]]]}
"#;

/// Demonstrator proficiency.
pub(super) fn manifest() -> Manifest {
    let format = |name: &str, description: &str, example: &str| Format {
        name: name.to_owned(),
        media_type: "application/json".to_owned(),
        optional: false,
        description: description.to_owned(),
        example: example.to_owned(),
    };
    Manifest {
        id: "egoexo_proficiency".to_owned(),
        version: "1".to_owned(),
        title: "Ego-Exo4D: demonstrator proficiency".to_owned(),
        description: "A clip of one ego and four exo cameras shows a person who plays, climbs or cooks; which of four levels \
            of skill, 0 to 3, do they have?"
            .to_owned(),
        annotations: vec![format(
            "main",
            "Parallel lists: `videos`, `gt_annotations` (levels 0 to 3) and, if there is one, `scenario_names`, which becomes \
             an attribute.",
            ANNOTATIONS,
        )],
        unannotated: Some(Format::unannotated(
            "application/json",
            "The same file without `gt_annotations`.",
            r#"{"videos": ["t1", "t2"], "scenario_names": ["Music", "Soccer"]}"#,
        )),
        submission: format(
            "submission",
            "Parallel lists: `videos`, `ego_model_predictions` (4 logits each) and `exo_model_predictions` (4 views of 4 \
             logits each). Videos stand in any order; rows belong together by their position.",
            SUBMISSION,
        ),
        metrics: vec![
            Metric::fraction(
                "combined accuracy",
                "the share of videos whose level is the largest mean softmax over all five cameras",
            ),
            Metric::fraction("ego accuracy", "the share of videos whose level is the largest logit of the ego camera"),
            Metric::fraction(
                "exo accuracy",
                "the share of videos whose level is the largest mean softmax over the four exo cameras",
            ),
        ],
        params: Schema(Vec::new()),
        item: "video".to_owned(),
        resampling_unit: "video".to_owned(),
        rules: "- Of equally probable levels the first is predicted.\n- Videos are matched by id, whatever their order (the \
            public code refuses another order than that of the truth); missing, unknown and repeated videos are \
            refused.\n- Every video has exactly four exo views.\n- Strict and reference mode are the same: where they could \
            differ, the public code fails.\n- Another description of the challenge shows a file with one label per video; the \
            evaluation script, which is followed here, wants logits."
            .to_owned(),
        references: vec![
            Reference {
                title: "Grauman et al., Ego-Exo4D: Understanding Skilled Human Activity from First- and Third-Person \
                    Perspectives (2024)"
                    .to_owned(),
                url: "https://arxiv.org/abs/2311.18259".to_owned(),
            },
            Reference {
                title: "public evaluation code".to_owned(),
                url: "https://github.com/EGO4D/ego-exo4d-proficiency".to_owned(),
            },
        ],
    }
}
