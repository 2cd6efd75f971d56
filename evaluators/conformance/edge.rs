//! The tables of degenerate inputs, with what the reference gives for each.

use sdk::Evidence;
use serde_json::Value;

use crate::shared;

/// The cases of `golden/general/edge/NAME.json`, or nothing, said aloud, where the shared data is absent.
pub fn table(name: &str) -> Vec<Value> {
    let Some(path) = shared(&format!("golden/general/edge/{name}.json")) else {
        return Vec::new();
    };
    let table: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    table["cases"].as_array().unwrap().clone()
}

/// Compares every expected value of a case, but for the names to leave out.
///
/// What the reference calls NaN, or refuses, is undefined here.
pub fn compare(case: &Value, evidence: &Evidence, without: &[&str]) {
    let scores = evidence.score_all();
    let expected = case["expected"].as_object().unwrap();
    for (metric, expected) in expected.iter().filter(|(name, _)| !without.contains(&name.as_str())) {
        let ours = scores.get(metric).unwrap_or_else(|| panic!("no metric {metric}")).value();
        let agrees = match (expected.as_f64(), ours) {
            (Some(expected), Some(ours)) => (ours - expected).abs() <= 1e-12 * expected.abs().max(ours.abs()),
            (expected, ours) => expected.is_none() && ours.is_none(),
        };
        assert!(agrees, "{}: {metric} is {ours:?}, not {expected}", case["name"]);
    }
}
