//! Near duplicates and what log-loss gives away.

use heldout_ranking::integrity::{compare_answers, labels_per_query};
use serde_json::Value;

use super::{golden, integers, number};

#[test]
fn copies_and_independent_submissions() {
    let Some(file) = golden("20_near_duplicates") else { return };
    let truth = integers(&file["truth"]);
    let classes = file["classes"].as_u64().unwrap();
    for (pair, expected) in file["pairs"].as_object().unwrap() {
        let (first, second) = pair.split_once('-').unwrap();
        let answers = |name: &str| integers(&file["predictions"][name]);
        let found = compare_answers(&truth, &answers(first), &answers(second), classes).unwrap();
        assert_eq!(
            Some(found.same_answer as f64 / found.items as f64),
            number(&expected["agreement"]),
            "{pair}"
        );
        assert_eq!(found.both_wrong, expected["both_wrong"].as_u64().unwrap(), "{pair}");
        assert_eq!(found.same_wrong_answer, expected["same_wrong_answer"].as_u64().unwrap(), "{pair}");
        assert_eq!(found.error_consistency, number(&expected["error_consistency_kappa"]), "{pair}");
        let log10_p = number(&expected["log10_p_same_wrong"]).unwrap();
        assert!((found.log10_p - log10_p).abs() < 1e-9, "{pair}: {} {log10_p}", found.log10_p);
        assert_eq!(found.is_suspicious(), pair == "a-c", "{pair}");
    }
}

#[test]
fn labels_that_a_log_loss_gives_away() {
    let Some(file) = golden("21_logloss_oracle") else { return };
    let check = |rows: &Value, clip: f64| {
        let rows = rows.as_array().unwrap();
        assert!(!rows.is_empty());
        for row in rows {
            let labels = labels_per_query(
                row["n"].as_u64().unwrap(),
                u8::try_from(row["decimals"].as_u64().unwrap()).unwrap(),
                clip,
            );
            assert_eq!(labels.map(u64::from), Ok(row["labels_per_query"].as_u64().unwrap()), "{row}");
        }
    };
    check(&file["table"], file["clip_eps"].as_f64().unwrap());
    check(&file["with_clip_0.001"], 0.001);
}
