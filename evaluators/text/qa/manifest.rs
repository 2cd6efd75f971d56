//! What is documented of `text_qa`.

use sdk::{Direction, Format, Manifest, Metric, Reference, Schema};

use super::questions::Grouping;

const ANNOTATIONS: &str = r#"{"version": "v2.0", "data": [{"title": "Kitchens", "paragraphs": [{"context": "...", "qas": [
  {"id": "q1", "question": "What was cut?", "is_impossible": false,
   "answers": [{"text": "the bread", "answer_start": 0}, {"text": "a loaf of bread", "answer_start": 0}]},
  {"id": "q2", "question": "Who sang?", "is_impossible": true, "answers": []}]}]}]}"#;

const UNANNOTATED: &str = r#"{"version": "v2.0", "data": [{"title": "Kitchens", "paragraphs": [{"context": "...", "qas": [
  {"id": "q1", "question": "What was cut?"}, {"id": "q2", "question": "Who sang?"}]}]}]}"#;

const SUBMISSION: &str = r#"{"q1": "Bread.", "q2": ""}"#;

const RULES: &str = "\
- Answers are compared in small letters, without the punctuation of ASCII (so that `1,000` is `1000`, `twenty-one` is \
`twentyone`, and `«x»` keeps its marks), without the articles a, an and the, and with single blanks. A composed `é` is not a \
decomposed one.
- Of several right answers the best counts. A right answer that normalizes to nothing does not count unless all do; a question \
without a right answer is answered by nothing, the empty text.
- F1 of an answer and a right answer of which one is empty is 1 if both are, else 0.
- Every question has exactly one answer: missing, unknown and repeated ones are faults, while the public code ignores unknown \
ones and fails on missing ones.
- Metrics of questions with (without) an answer are undefined where there is none such.
- Modes: strict and reference are the same.";

pub(super) fn manifest() -> Manifest {
    let format = |name: &str, description: &str, example: &str| Format {
        name: name.to_owned(),
        media_type: "application/json".to_owned(),
        optional: false,
        description: description.to_owned(),
        example: example.to_owned(),
    };
    let mut metrics = Vec::new();
    for (prefix, which) in [
        ("", "all questions"),
        ("HasAns_", "questions with an answer"),
        ("NoAns_", "questions without an answer"),
    ] {
        metrics.extend([
            Metric::percent(
                format!("{prefix}exact"),
                format!("Of {which}: 100 times the share that is answered exactly."),
            ),
            Metric::percent(
                format!("{prefix}f1"),
                format!("Of {which}: 100 times the mean F1 of the words with the best right answer."),
            ),
            Metric {
                unit: "questions".to_owned(),
                direction: Direction::Higher,
                maximum: None,
                decimals: 0,
                ..Metric::fraction(format!("{prefix}total"), format!("How many there are of {which}."))
            },
        ]);
    }
    Manifest {
        id: "text_qa".to_owned(),
        version: "1".to_owned(),
        title: "Question answering (SQuAD)".to_owned(),
        description: "Questions are answered in a few words, or by nothing where there is no answer; the words are compared \
            with those of right answers."
            .to_owned(),
        annotations: vec![format(
            "main",
            "The JSON of SQuAD 1.1 or 2.0; or a file whose name ends in `.jsonl`, with `id` and the list `answers` on every \
             line.",
            ANNOTATIONS,
        )],
        unannotated: Some(Format::unannotated(
            "application/json",
            "The same articles, paragraphs and questions without `answers`; or the ids alone as JSON lines or CSV.",
            UNANNOTATED,
        )),
        submission: format(
            "submission",
            "One JSON object `{id: answer}`; or JSON lines or CSV with `id` and `text`.",
            SUBMISSION,
        ),
        metrics,
        params: Schema(vec![Grouping::param()]),
        item: "question".to_owned(),
        resampling_unit: "paragraph".to_owned(),
        rules: RULES.to_owned(),
        references: vec![
            Reference {
                title: "Rajpurkar, Jia, Liang: Know What You Don't Know: Unanswerable Questions for SQuAD (2018)".to_owned(),
                url: "https://arxiv.org/abs/1806.03822".to_owned(),
            },
            Reference {
                title: "evaluate-v2.0.py".to_owned(),
                url: "https://rajpurkar.github.io/SQuAD-explorer/".to_owned(),
            },
        ],
    }
}
