//! What is documented of procedure understanding.

use sdk::{Format, Manifest, Metric, Param, ParamKind, ParamValue, Reference, Schema};

const ANNOTATIONS: &str = r#"{"takes": {
  "t1": {"scenario": "Cooking", "keysteps": [11, 12, 13], "segments": [
    {"segment_id": 0, "previous_keysteps": [], "optional_keystep": false, "procedural_mistake": false,
     "missing_keysteps": [], "future_keysteps": [12, 13]},
    {"segment_id": 1, "previous_keysteps": [11, 12], "optional_keystep": true, "procedural_mistake": true,
     "missing_keysteps": [12], "future_keysteps": [12]}]}}}
"#;

const UNANNOTATED: &str = r#"{"takes": {
  "t1": {"scenario": "Cooking", "keysteps": [11, 12, 13], "segments": [{"segment_id": 0}, {"segment_id": 1}]}}}
"#;

const SUBMISSION: &str = r#"{"results": {"t1": {
  "0": {"previous_keysteps": {"11": 0.1, "12": 0.2, "13": 0.1}, "optional_keystep": 0.3, "procedural_mistake": 0.1,
        "missing_keysteps": {"12": 0.4}, "future_keysteps": {"12": 0.9, "13": 0.2}},
  "1": {"previous_keysteps": {"11": 0.8, "12": 0.1}, "optional_keystep": 0.6, "procedural_mistake": 0.7,
        "missing_keysteps": {"11": 0.2, "12": 0.9}, "future_keysteps": {"12": 0.5, "13": 0.6}}}}}
"#;

const RULES: &str = "\
- Every segment has all five fields; missing, unknown and repeated segments and unknown keysteps are refused.
- A keystep without a score ranks below all that have one, together with the others that have none.
- Equal scores form one threshold, so the order of rows means nothing.
- Without a wrong answer to rank, calibrated precision is precision. A sub-task without a right answer is undefined, and so \
is the average then.
- Strict and reference mode are the same.

**What is verified.** The benchmark's page names the five sub-tasks and the measure, calibrated average precision after De \
Geest et al., which a random baseline brings to 50 %; public code for this measure computes it over distinct \
scores with w = wrong / right answers, as is done here. **What is not.** The challenge's evaluation script, its file formats, \
and whether it ranks the answers of all takes together are not described in public: the formats here are ours, and \
`average` offers both readings.";

/// Procedure understanding.
pub(super) fn manifest() -> Manifest {
    let format = |name: &str, description: &str, example: &str| Format {
        name: name.to_owned(),
        media_type: "application/json".to_owned(),
        optional: false,
        description: description.to_owned(),
        example: example.to_owned(),
    };
    let choice = |name: &str, choices: [&str; 2], description: &str| {
        let default = ParamValue::Text(choices[0].to_owned());
        Param::new(
            name,
            ParamKind::Choice { choices: choices.map(str::to_owned).to_vec() },
            default,
            description,
        )
    };
    let cap = |name: &str, question: &str| {
        let description = format!(
            "100 times the calibrated average precision of {question}: the sum over distinct scores of (R_n - R_(n-1)) P_n \
             with P = w h / (w h + m), h right and m wrong answers so far, w = all wrong / all right answers"
        );
        Metric::percent(name, description)
    };
    Manifest {
        id: "egoexo_procedure".to_owned(),
        version: "1".to_owned(),
        title: "Ego-Exo4D: procedure understanding".to_owned(),
        description: "The structure of a procedure is inferred from watching it. For every segment, from what was seen so \
            far: which keysteps must come before it, is its keystep optional, is it a mistake of order, which keysteps are \
            missing, and which can come next?"
            .to_owned(),
        annotations: vec![format(
            "main",
            "`takes` by name: the `keysteps` of the procedure, and `segments` with the right answers to all five questions. \
             Keysteps and segments are numbers or texts. `scenario`, if there is one, becomes an attribute.",
            ANNOTATIONS,
        )],
        unannotated: Some(Format::unannotated(
            "application/json",
            "The same takes with their keysteps, and of the segments `segment_id` alone.",
            UNANNOTATED,
        )),
        submission: format(
            "submission",
            "`results` by take and segment: a score for the segment (optional, mistake) or for keysteps of the procedure \
             (previous, missing, future); the higher, the surer.",
            SUBMISSION,
        ),
        metrics: vec![
            Metric::percent("average_cap", "the mean of the five sub-tasks"),
            cap("previous_keysteps_cap", "which keysteps must come before a segment"),
            cap("optional_keystep_cap", "whether a segment's keystep can be left out"),
            cap("procedural_mistake_cap", "whether a segment is a mistake of order"),
            cap("missing_keysteps_cap", "which keysteps should have been done before a segment and were not"),
            cap("future_keysteps_cap", "which keysteps can come next"),
        ],
        params: Schema(vec![
            choice(
                "average",
                ["pooled", "scenario"],
                "whether the answers of all takes are ranked together, or scenario by scenario and the values averaged",
            ),
            choice("group", ["take", "segment"], "what is resampled as a whole"),
        ]),
        item: "segment".to_owned(),
        resampling_unit: "take".to_owned(),
        rules: RULES.to_owned(),
        references: vec![
            Reference {
                title: "Ego-Exo4D documentation: task graph".to_owned(),
                url: "https://docs.ego-exo4d-data.org/benchmarks/keystep/task_graph".to_owned(),
            },
            Reference {
                title: "De Geest et al., Online Action Detection (2016): calibrated average precision".to_owned(),
                url: "https://arxiv.org/abs/1604.06506".to_owned(),
            },
            Reference {
                title: "calibrated average precision over distinct scores, public code".to_owned(),
                url: "https://github.com/Gigi-G/calibrated-Average-Precision".to_owned(),
            },
        ],
    }
}
