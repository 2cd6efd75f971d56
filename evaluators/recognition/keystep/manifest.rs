//! What is documented of fine-grained keysteps.

use sdk::{Format, Manifest, Metric, Param, ParamKind, ParamValue, Reference, Schema};

use super::KEYSTEPS;

const ANNOTATIONS: &str = r#"{"description": "EgoExo4D Fine-grained Keystep Recognition", "splits": "test", "segments": [
  {"ego_segment_name": "test/covid_07_6/start0.85_end33.20_aria02.mp4", "take_uid": "t1", "label_id": 35},
  {"ego_segment_name": "test/covid_07_6/start33.20_end40.00_aria02.mp4", "take_uid": "t1", "label_id": 0},
  {"ego_segment_name": "test/omelet_02_1/start4.00_end9.50_aria01.mp4", "take_uid": "t2", "label_id": 2}]}
"#;

const UNANNOTATED: &str = r#"{"segments": [
  {"ego_segment_name": "test/covid_07_6/start0.85_end33.20_aria02.mp4", "take_uid": "t1"},
  {"ego_segment_name": "test/covid_07_6/start33.20_end40.00_aria02.mp4", "take_uid": "t1"},
  {"ego_segment_name": "test/omelet_02_1/start4.00_end9.50_aria01.mp4", "take_uid": "t2"}]}
"#;

const LABELS: &str = "label_id,step_unique_id,step_name,scenario_name
0,1567,Stir the mixture,cooking
2,492,Adjust the stove heat,cooking
35,843,Unbox package,health
";

const SUBMISSION: &str = r#"{"test/covid_07_6/start0.85_end33.20_aria02.mp4": 35,
 "test/covid_07_6/start33.20_end40.00_aria02.mp4": 3,
 "test/omelet_02_1/start4.00_end9.50_aria01.mp4": 2}
"#;

/// Fine-grained keysteps.
pub(super) fn manifest() -> Manifest {
    let format = |name: &str, media_type: &str, optional: bool, description: &str, example: &str| Format {
        name: name.to_owned(),
        media_type: media_type.to_owned(),
        optional,
        description: description.to_owned(),
        example: example.to_owned(),
    };
    Manifest {
        id: "egoexo_keystep".to_owned(),
        version: "1".to_owned(),
        title: "Ego-Exo4D: fine-grained keysteps".to_owned(),
        description: "A trimmed egocentric clip shows one step of a procedure (\"stir the mixture\"): which of 278?".to_owned(),
        annotations: vec![
            format(
                "main",
                "application/json",
                false,
                "`keystep_segment_*.json`: the list `segments`, each with `ego_segment_name`, `label_id` and, for resampling, \
                 `take_uid`; other fields are not looked at.",
                ANNOTATIONS,
            ),
            format(
                "labels",
                "text/csv",
                true,
                "`label_mapping.csv`: gives segments the attribute `scenario`, that of their keystep.",
                LABELS,
            ),
        ],
        unannotated: Some(Format::unannotated(
            "application/json",
            "The same segments without `label_id`.",
            UNANNOTATED,
        )),
        submission: format(
            "submission",
            "application/json",
            false,
            "The label of every segment: one JSON object `{ego_segment_name: label_id}`, or CSV with the columns \
             `segment_name` and `label_id`.",
            SUBMISSION,
        ),
        metrics: vec![
            Metric::percent("top_1_accuracy", "100 times the share of segments whose keystep is right"),
            Metric::percent(
                "class_mean_accuracy",
                "100 times the mean over keysteps that occur in the truth of the share of their segments that is right",
            ),
        ],
        params: Schema(vec![
            Param::new(
                "classes",
                ParamKind::Integer { minimum: 1, maximum: 1_000_000 },
                ParamValue::Integer(KEYSTEPS),
                "how many keysteps there are; labels are 0 to one less",
            ),
            Param::new(
                "group",
                ParamKind::Choice { choices: vec!["take".to_owned(), "segment".to_owned()] },
                ParamValue::Text("take".to_owned()),
                "what is resampled as a whole; a segment without `take_uid` is resampled by itself",
            ),
        ]),
        item: "segment".to_owned(),
        resampling_unit: "take".to_owned(),
        rules: "- Every segment has exactly one label; missing, unknown and repeated segments and labels out of range are \
            refused.\n- There are no ties. Strict and reference mode are the same.\n- Not verified: the benchmark's page \
            defines annotations and metric; the challenge's own submission file is not described in public, and this one is \
            ours."
            .to_owned(),
        references: vec![
            Reference {
                title: "Ego-Exo4D documentation: fine-grained keystep recognition".to_owned(),
                url: "https://docs.ego-exo4d-data.org/benchmarks/keystep/keystep_recoginition".to_owned(),
            },
            Reference {
                title: "Grauman et al., Ego-Exo4D: Understanding Skilled Human Activity from First- and Third-Person \
                    Perspectives (2024)"
                    .to_owned(),
                url: "https://arxiv.org/abs/2311.18259".to_owned(),
            },
        ],
    }
}
