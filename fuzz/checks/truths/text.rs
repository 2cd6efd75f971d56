//! The truths of the text evaluators.

use super::{CANARY, Truth};

pub(crate) const TRUTHS: &[Truth] = &[
    Truth {
        evaluators: &["text_qa"],
        params: &[("group", "article")],
        main: r#"{"data": [{"title": "zanzibar", "paragraphs": [{"qas": [
            {"id": "q1", "answers": [{"text": "the bread"}, {"text": "zanzibar"}]}, {"id": "q2", "answers": []}]}]}]}"#,
        twin: r#"{"data": [{"title": "x", "paragraphs": [{"qas": [
            {"id": "q1", "answers": []}, {"id": "q2", "answers": [{"text": "a"}, {"text": "zanzibar!"}]}]}]}]}"#,
        canary: CANARY,
    },
    Truth {
        evaluators: &["text_generation"],
        params: &[(
            "scores",
            "bleu,bleu_lc,bleu_intl,bleu_none,bleu_char,sentence_bleu,chrf,chrf++,ter,ter_norm_lc,rouge,rouge_stem,cider_d,\
             coco_bleu,coco_rouge_l,exact_match",
        )],
        main: "{\"id\": \"s1\", \"references\": [\"The cat sat on the mat.\", \"A zanzibar, 3.5!\"]}\n\
            {\"id\": \"s2\", \"references\": [\"\"]}\n",
        twin: "{\"id\": \"s1\", \"references\": [\"zanzibar\"]}\n{\"id\": \"s2\", \"references\": [\"a b c d e f g\", \"a\"]}\n",
        canary: CANARY,
    },
];
