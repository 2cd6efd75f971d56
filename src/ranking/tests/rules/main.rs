//! Ranking schemes, release policies and integrity checks against cases computed by other programs
//! (below `HELDOUT_SHARED`, golden/ranking; its README names them).
//!
//! Values that the cases give as fractions are compared bit for bit with the nearest double.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod agreement;
mod integrity;
mod properties;
mod release;
mod schemes;
mod splits;

use serde_json::Value;

/// A file of cases; nothing, said aloud, where the shared data is absent.
fn golden(name: &str) -> Option<Value> {
    let path = conformance::shared(&format!("golden/ranking/{name}.json"))?;
    Some(serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
}

/// A number, or the nearest double of a fraction; nothing for null.
fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value["f64"].as_f64())
}

/// A list of numbers or fractions.
fn numbers(values: &Value) -> Vec<f64> {
    values.as_array().unwrap().iter().map(|value| number(value).unwrap()).collect()
}

/// A list of whole numbers.
fn integers(values: &Value) -> Vec<u64> {
    values.as_array().unwrap().iter().map(|value| value.as_u64().unwrap()).collect()
}

/// The teams of the cases, in the order of the alphabet, which all files use.
const TEAMS: [&str; 6] = ["atlas", "borea", "ceres", "dione", "europa", "fides"];

/// The scores of the teams on 60 items, as `[team][item]`, in units of 1/1024.
fn scores_1024() -> Option<Vec<Vec<f64>>> {
    let file = golden("02_bootstrap_percentile")?;
    Some(TEAMS.map(|team| numbers(&file["scores_1024"][team])).to_vec())
}

/// What a map from team names holds for each team; nothing for those it leaves out.
fn by_team(map: &Value) -> Vec<Option<f64>> {
    TEAMS.map(|team| number(&map[team])).to_vec()
}
