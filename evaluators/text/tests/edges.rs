//! The tables of degenerate inputs.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use conformance::edge::table;
use conformance::task::{Values, evaluate, prepare, values};
use sdk::Mode;
use serde_json::{Value, json};

const ALL: (&str, &str) =
    ("scores", "bleu,bleu_intl,bleu_char,sentence_bleu,chrf,chrf++,ter,rouge,coco_bleu,coco_rouge_l,cider_d");

fn agree(name: &Value, metric: &str, ours: Option<f64>, expected: &Value) {
    let (ours, expected) = (ours.unwrap(), expected.as_f64().unwrap());
    assert!((ours - expected).abs() <= 1e-12 * expected.abs(), "{name}: {metric} is {ours}, not {expected}");
}

/// One value per item, by position.
fn by_position(values: impl Iterator<Item = Value>) -> String {
    let named = values.enumerate().map(|(item, value)| (item.to_string(), value));
    Value::Object(named.collect()).to_string()
}

fn scores(references: &str, submission: &str) -> Values {
    let truth = [("main", references)];
    let prepared =
        prepare(&heldout_text::evaluators(), "text_generation", &truth, &[ALL], Mode::Strict).unwrap();
    values(&evaluate(prepared.as_ref(), submission).unwrap())
}

#[test]
fn degenerate_texts_have_the_scores_of_the_public_code() {
    for case in table("nlg") {
        let streams = case["references_by_stream"].as_array().unwrap();
        let hypotheses = case["hypotheses"].as_array().unwrap();
        let submission = by_position(hypotheses.iter().cloned());
        let of_item = |item: usize| streams.iter().map(|stream| stream[item].clone()).collect();
        let ours = scores(&by_position((0..hypotheses.len()).map(of_item)), &submission);
        let expected = &case["expected"];
        for (metric, golden) in [
            ("bleu", &expected["bleu_13a"]["score"]),
            ("bleu_intl", &expected["bleu_intl"]["score"]),
            ("bleu_char", &expected["bleu_char"]["score"]),
            ("sentence_bleu_mean", &expected["sentence_bleu_effective"]),
            ("chrf", &expected["chrf"]),
            ("chrf++", &expected["chrf++"]),
            ("ter", &expected["ter"]),
        ] {
            agree(&case["name"], metric, ours[metric], golden);
        }
        // The table has ROUGE against the first reference alone.
        let ours = scores(&by_position(streams[0].as_array().unwrap().iter().cloned()), &submission);
        for (metric, golden) in [("rouge1_f", "rouge1"), ("rouge2_f", "rouge2"), ("rougeL_f", "rougeL")] {
            agree(&case["name"], metric, ours[metric], &expected["rouge"][golden]);
        }
    }
}

#[test]
fn degenerate_answers_have_the_scores_of_the_public_code() {
    for case in table("squad") {
        let question = json!({"id": "q", "answers": [{"text": case["gold"]}]});
        let truth = json!({"data": [{"paragraphs": [{"qas": [question]}]}]}).to_string();
        let family = heldout_text::evaluators();
        let prepared = prepare(&family, "text_qa", &[("main", &truth)], &[], Mode::Strict).unwrap();
        let submission = json!({"q": case["prediction"]}).to_string();
        let ours = values(&evaluate(prepared.as_ref(), &submission).unwrap());
        for metric in ["exact", "f1"] {
            let expected = json!(100.0 * case[metric].as_f64().unwrap());
            agree(&case["gold"], metric, ours[metric], &expected);
        }
    }
}
