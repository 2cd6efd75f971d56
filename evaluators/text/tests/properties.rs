//! Weights mean what they say: masks are subsets, whole numbers are copies, and the order of rows means nothing.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use conformance::task::{evaluate, evidence_keeps_its_word, prepare, values, weights_are_copies};
use proptest::prelude::*;
use sdk::{Evidence, Mode};

/// All scores but CIDEr-D, which weighs n-grams by the whole truth.
const SCORES: (&str, &str) = (
    "scores",
    "bleu,bleu_lc,bleu_intl,bleu_none,bleu_char,sentence_bleu,chrf,chrf++,ter,ter_norm_lc,rouge,rouge_stem,coco_bleu,\
     coco_rouge_l,exact_match",
);

type Item = (Vec<String>, String);

/// The items with a name of their own for every copy.
fn copied<'t>(items: &'t [Item], copies: &'t [u8]) -> impl Iterator<Item = (String, &'t Item)> {
    let named = items.iter().zip(copies).enumerate();
    named.flat_map(|(item, (one, copies))| (0..*copies).map(move |copy| (format!("i{item}c{copy}"), one)))
}

fn judged(id: &str, params: &[(&str, &str)], truth: &str, submission: &[String]) -> Evidence {
    let prepared =
        prepare(&heldout_text::evaluators(), id, &[("main", truth)], params, Mode::Strict).unwrap();
    let evidence = evaluate(prepared.as_ref(), &submission.concat()).unwrap();
    evidence_keeps_its_word(prepared.as_ref(), &evidence);
    evidence
}

fn generation(items: &[Item], copies: &[u8], reversed: bool) -> Evidence {
    let row = |name: &str, field: &str, value: serde_json::Value| {
        format!("{}\n", serde_json::json!({"id": name, field: value}))
    };
    let truth: String = copied(items, copies)
        .map(|(name, (references, _))| row(&name, "references", references.clone().into()))
        .collect();
    let mut submission: Vec<String> =
        copied(items, copies).map(|(name, (_, text))| row(&name, "text", text.clone().into())).collect();
    if reversed {
        submission.reverse();
    }
    judged("text_generation", &[SCORES], &truth, &submission)
}

fn answering(items: &[Item], copies: &[u8], reversed: bool) -> Evidence {
    let questions: Vec<_> = copied(items, copies)
        .enumerate()
        .map(|(position, (name, (answers, _)))| {
            // Every third question has no answer.
            let answers = if position % 3 == 2 && name.ends_with("c0") { &[][..] } else { answers };
            let answers: Vec<_> = answers.iter().map(|text| serde_json::json!({"text": text})).collect();
            serde_json::json!({"id": name, "answers": answers})
        })
        .collect();
    let truth = serde_json::json!({"data": [{"title": "t", "paragraphs": [{"qas": questions}]}]}).to_string();
    let mut rows: Vec<String> = copied(items, copies)
        .map(|(name, (_, text))| format!("{}\n", serde_json::json!({"id": name, "text": text})))
        .collect();
    if reversed {
        rows.reverse();
    }
    judged("text_qa", &[], &truth, &rows)
}

fn text() -> impl Strategy<Value = String> {
    let words = vec![
        "the",
        "The",
        "cats",
        "cat",
        "sat",
        "on",
        "3.5",
        "mats.",
        "don't",
        "é,",
        "(ok)",
        "running\nfast",
    ];
    prop::collection::vec(prop::sample::select(words), 0..9).prop_map(|words| words.join(" "))
}

fn items() -> impl Strategy<Value = Vec<Item>> {
    prop::collection::vec((prop::collection::vec(text(), 1..4), text()), 2..6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn generated_texts(items in items(), counts in prop::collection::vec(0..4_u8, 6)) {
        weights_are_copies(&counts[..items.len()], |copies| generation(&items, copies, false));
        let once = vec![1; items.len()];
        prop_assert_eq!(values(&generation(&items, &once, true)), values(&generation(&items, &once, false)));
    }

    #[test]
    fn answers(items in items(), counts in prop::collection::vec(0..2_u8, 6)) {
        let once = vec![1; items.len()];
        prop_assert_eq!(values(&answering(&items, &once, true)), values(&answering(&items, &once, false)));
        // Without the questions that have no answer here: their places depend on the copies.
        weights_are_copies(&counts[..2], |copies| answering(&items[..2], copies, false));
    }
}

#[test]
fn how_rare_an_n_gram_is_does_not_change_with_weights() {
    let truth = "{\"a\": \"one cat sat here\", \"b\": \"two cats ran off\", \"c\": \"a dog\"}";
    let params = [("scores", "cider_d")];
    let prepared =
        prepare(&heldout_text::evaluators(), "text_generation", &[("main", truth)], &params, Mode::Strict);
    let prepared = prepared.unwrap();
    let evidence =
        evaluate(prepared.as_ref(), "{\"a\": \"one cat sat here\", \"b\": \"\", \"c\": \"\"}").unwrap();
    let first = conformance::task::weighted(&evidence, &[1.0, 0.0, 0.0]);
    assert!((first["cider_d"].unwrap() - 10.0).abs() < 1e-12);
    assert!((values(&evidence)["cider_d"].unwrap() - 10.0 / 3.0).abs() < 1e-12);
}
