//! EPIC-KITCHENS-100 C2 worked by hand: rare classes, and archives.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeMap;

use conformance::task::{Values, codes, evaluate, evaluate_input, prepare, values};
use sdk::{Input, Mode};

const TRUTH: &str = "participant_id,video_id,start_timestamp,stop_timestamp,verb_class,noun_class
P01,v1,00:00:00.00,00:00:10.00,1,5
P01,v1,00:00:20.00,00:00:30.00,2,5
P02,v2,00:00:00.00,00:00:10.00,3,6
";

/// The first and the third segment are found; the second is not.
const SENT: &str = r#"{"version": "0.2", "challenge": "action_detection", "sls_pt": 0, "sls_tl": 0, "sls_td": 0, "results": {
    "v1": [{"verb": 1, "noun": 5, "action": "1,5", "score": 0.9, "segment": [0, 10]},
           {"verb": 2, "noun": 5, "action": "2,5", "score": 0.8, "segment": [50, 60]}],
    "v2": [{"verb": 3, "noun": 6, "action": "3,6", "score": 0.7, "segment": [0, 10]}]}}"#;

fn scores(tables: &[(&str, &str)]) -> Values {
    let family = heldout_temporal::evaluators();
    let tables: Vec<(&str, &str)> = [("main", TRUTH)].into_iter().chain(tables.iter().copied()).collect();
    let prepared = prepare(&family, "epic_c2", &tables, &[], Mode::Strict).unwrap();
    let values = values(&evaluate(&*prepared, SENT).unwrap());
    let documented: BTreeMap<&str, ()> =
        prepared.metrics().iter().map(|metric| (metric.name.as_str(), ())).collect();
    assert!(values.keys().map(String::as_str).eq(documented.into_keys()));
    values
}

#[test]
fn rare_classes_have_means_of_their_own() {
    let (verbs, nouns) = (("tail_verbs", "verb\n2\n3\n9\n"), ("tail_nouns", "noun\n6\n"));
    let values = scores(&[verbs, nouns]);
    let close = |name: &str, expected: f64| {
        let value = values[name].unwrap();
        assert!((value - expected).abs() < 1e-9, "{name}: {value}");
    };
    close("verb_map_avg", 200.0 / 3.0);
    close("tail_verb_map_avg", 50.0);
    close("noun_map_avg", 75.0);
    close("tail_noun_map_avg", 100.0);
    // Rare actions have a rare verb or a rare noun: 2,5 and 3,6.
    close("tail_action_map_avg", 50.0);
    let only_verbs = scores(&[verbs]);
    assert!(only_verbs.contains_key("tail_verb_map_avg") && !only_verbs.contains_key("tail_action_map_avg"));
    assert!(!scores(&[]).keys().any(|name| name.starts_with("tail")));
    // No rare verb is in the truth: there is nothing to average.
    assert_eq!(scores(&[("tail_verbs", "verb\n7\n")])["tail_verb_map_avg"], None);
}

#[test]
fn tables_of_rare_classes_are_checked() {
    let family = heldout_temporal::evaluators();
    let tables = [("main", TRUTH), ("tail_nouns", "noun\n300\nx\n")];
    let faults = prepare(&family, "epic_c2", &tables, &[], Mode::Strict).unwrap_err();
    assert_eq!(codes(&faults), ["out_of_range", "not_a_number"]);
    assert_eq!(faults.faults[0].file.as_deref(), Some("tail_nouns"));
}

#[test]
fn an_archive_is_opened() {
    let family = heldout_temporal::evaluators();
    let prepared = prepare(&family, "epic_c2", &[("main", TRUTH)], &[], Mode::Strict).unwrap();
    let zip = sdk::archive::pack([("test.json", SENT.as_bytes()), ("notes.txt", b"x")]).unwrap();
    let opened = evaluate_input(&*prepared, &Input::file("test.zip", &zip)).unwrap();
    assert_eq!(values(&opened), values(&evaluate(&*prepared, SENT).unwrap()));
}
