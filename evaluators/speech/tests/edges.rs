//! The tables of degenerate inputs.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use conformance::edge::table;
use conformance::task::{evaluate, prepare, values};
use sdk::Mode;
use serde_json::{Map, Value};

fn agree(name: &Value, metric: &str, ours: Option<f64>, expected: &Value) {
    let (ours, expected) = (ours.unwrap(), expected.as_f64().unwrap());
    let close = (ours - expected).abs() <= 1e-12 * expected.abs().max(1e-300);
    assert!(close, "{name}: {metric} is {ours}, not {expected}");
}

#[test]
fn degenerate_transcripts_have_the_rates_of_jiwer() {
    for case in table("asr") {
        let by_position = |texts: &Value| {
            let texts = texts.as_array().unwrap().iter().cloned().enumerate();
            Value::Object(texts.map(|(position, text)| (position.to_string(), text)).collect::<Map<_, _>>())
        };
        let (truth, submission) = (by_position(&case["reference"]), by_position(&case["hypothesis"]));
        let truth = [("main", &*truth.to_string())];
        for mode in [Mode::Strict, Mode::Reference] {
            let prepared = prepare(&heldout_speech::evaluators(), "asr", &truth, &[], mode).unwrap();
            let ours = values(&evaluate(prepared.as_ref(), &submission.to_string()).unwrap());
            let (words, characters) = (&case["expected"]["words"], &case["expected"]["characters"]);
            let name = &case["name"];
            for (metric, expected) in
                [("wer", "wer"), ("mer", "mer"), ("wil", "wil"), ("errors", "errors"), ("words", "ref_words")]
            {
                agree(name, metric, ours[metric], &words[expected]);
            }
            agree(name, "cer", ours["cer"], &characters["cer"]);
            agree(name, "characters", ours["characters"], &characters["ref_chars"]);
            let errors: f64 = ["substitutions", "deletions", "insertions"]
                .iter()
                .filter_map(|kind| ours[&format!("char_{kind}")])
                .sum();
            agree(name, "character errors", Some(errors), &characters["errors"]);
        }
    }
}

#[test]
fn degenerate_turns_have_the_rates_of_the_public_code() {
    for case in table("diar") {
        let rttm = |turns: &Value| {
            let line = |turn: &Value| {
                let (begin, end) = (turn[0].as_f64().unwrap(), turn[1].as_f64().unwrap());
                let speaker = turn[2].as_str().unwrap();
                format!("SPEAKER f 1 {begin} {} <NA> <NA> {speaker} <NA> <NA>\n", end - begin)
            };
            // A file without a turn has a comment.
            format!(";; turns\n{}", turns.as_array().unwrap().iter().map(line).collect::<String>())
        };
        let uem = format!("f 1 {} {}\n", case["uem"][0], case["uem"][1]);
        let (truth, system) = (rttm(&case["reference"]), rttm(&case["system"]));
        let truth = [("main", truth.as_str()), ("uem", uem.as_str())];
        for mode in [Mode::Strict, Mode::Reference] {
            let prepared = prepare(&heldout_speech::evaluators(), "diarization", &truth, &[], mode).unwrap();
            let ours = values(&evaluate(prepared.as_ref(), &system).unwrap());
            let expected = &case["expected"];
            for (prefix, way) in
                [("", "der"), ("collar0.25_", "collar0.5_der"), ("nooverlap_", "skip_overlap_der")]
            {
                for (metric, golden) in [
                    ("der", "diarization error rate"),
                    ("total", "total"),
                    ("correct", "correct"),
                    ("confusion", "confusion"),
                    ("missed_detection", "missed detection"),
                    ("false_alarm", "false alarm"),
                ] {
                    let metric = format!("{prefix}{metric}");
                    agree(&case["name"], &metric, ours[&metric], &expected[way][golden]);
                }
            }
            agree(&case["name"], "jer", ours["jer"], &expected["jer"]);
        }
    }
}
