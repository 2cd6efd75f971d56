//! What is documented of multiple choice.

use sdk::{Format, Manifest, Metric, Param, ParamKind, ParamValue, Reference, Schema};

/// The names of the metrics, in order.
pub(super) const METRICS: [&str; 3] = ["accuracy", "correct", "total"];

const ANNOTATIONS: &str = r#"{"001934bb-81bd-4cd8-a574-0472ef3f6678": 3,
 "00b9a0de-c59e-49cb-a127-6081e2fb8c8e": 0,
 "0102b6e6-2cb5-4ff4-9f2b-cb0a1b1f2f6c": 4}
"#;

const QUESTIONS: &str = r#"[{"q_uid": "001934bb-81bd-4cd8-a574-0472ef3f6678", "question": "What is C doing?"},
 {"q_uid": "00b9a0de-c59e-49cb-a127-6081e2fb8c8e", "question": "Why does C stop?"},
 {"q_uid": "0102b6e6-2cb5-4ff4-9f2b-cb0a1b1f2f6c", "question": "What is C's goal?"}]
"#;

const SUBMISSION: &str = r#"{"0102b6e6-2cb5-4ff4-9f2b-cb0a1b1f2f6c": 4,
 "001934bb-81bd-4cd8-a574-0472ef3f6678": 1,
 "00b9a0de-c59e-49cb-a127-6081e2fb8c8e": 0}
"#;

const RULES: &str = "\
- Every question has exactly one answer; a missing, an unknown and a repeated id are refused.
- An option is a whole number in range: texts (`\"2\"`), letters, fractions, `null` and `true` are refused.
- In CSV the column of the ids is `q_uid` or `id`; other columns are not looked at.
- There are no ties, and strict and reference mode are the same: the public scorer of EgoSchema is a closed server.";

/// Any questions with the same number of options each.
pub(super) fn any() -> Manifest {
    let whole = |minimum, maximum| ParamKind::Integer { minimum, maximum };
    Manifest {
        id: "mcq".to_owned(),
        version: "1".to_owned(),
        title: "Multiple choice".to_owned(),
        description: "Every question has a few numbered options, of which exactly one is right.".to_owned(),
        params: Schema(vec![
            Param::new(
                "options",
                whole(2, 1_000_000),
                ParamValue::Integer(5),
                "how many options a question has",
            ),
            Param::new("first_option", whole(0, 1), ParamValue::Integer(0), "the number of the first option"),
        ]),
        references: vec![egoschema_reference()],
        ..egoschema()
    }
}

/// EgoSchema.
pub(super) fn egoschema() -> Manifest {
    let format = |name: &str, description: &str, example: &str| Format {
        name: name.to_owned(),
        media_type: "application/json".to_owned(),
        optional: false,
        description: format!(
            "{description}: one JSON object `{{id: option}}`, or CSV with the columns `q_uid` and `answer`, in any order. The \
             name of the file (`.json`, `.csv`) says which of the two it is, or else its first character."
        ),
        example: example.to_owned(),
    };
    let count = |name: &str, description: &str| Metric {
        unit: "questions".to_owned(),
        maximum: None,
        decimals: 0,
        ..Metric::fraction(name, description)
    };
    let [accuracy, correct, total] = METRICS;
    Manifest {
        id: "egoschema".to_owned(),
        version: "1".to_owned(),
        title: "EgoSchema: multiple choice about long clips".to_owned(),
        description:
            "A question about three minutes of first-person video has five options, 0 to 4, of which one is \
            right."
                .to_owned(),
        annotations: vec![format("main", "The right option of every question", ANNOTATIONS)],
        unannotated: Some(Format::unannotated(
            "application/json",
            "The questions alone: the public list of objects with `q_uid` (or `id`), one JSON object by id, whose values are \
             not looked at, or CSV with such a column.",
            QUESTIONS,
        )),
        submission: format("submission", "The chosen option of every question", SUBMISSION),
        metrics: vec![
            Metric::fraction(accuracy, "right answers / questions"),
            count(correct, "the number of right answers"),
            count(total, "the number of questions"),
        ],
        params: Schema(Vec::new()),
        item: "question".to_owned(),
        resampling_unit: "question".to_owned(),
        rules: RULES.to_owned(),
        references: vec![egoschema_reference()],
    }
}

fn egoschema_reference() -> Reference {
    Reference {
        title: "Mangalam et al., EgoSchema: A Diagnostic Benchmark for Very Long-form Video Language Understanding (2023)"
            .to_owned(),
        url: "https://arxiv.org/abs/2308.09126".to_owned(),
    }
}
