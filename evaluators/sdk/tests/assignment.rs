//! The choice of SciPy among assignments that cost the same, from a table that lies outside of the repository.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use ndarray::Array2;
use sdk::primitives::assignment::minimum_cost;
use serde_json::Value;

use heldout_sdk as sdk;

#[test]
fn every_matrix_is_assigned_as_by_scipy() {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests are told by the environment where the shared data is"
    )]
    let shared = std::env::var("HELDOUT_SHARED").unwrap_or_else(|_| "../shared".to_owned());
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = repository.join(shared).join("golden/general/edge/lsap.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        #[expect(clippy::print_stderr, reason = "a test that skips says so")]
        {
            eprintln!("SKIPPED: {} is absent; set HELDOUT_SHARED to the shared data", path.display());
        }
        return;
    };
    let table: Value = serde_json::from_str(&text).unwrap();
    let numbers = |value: &Value| -> Vec<f64> {
        value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
    };
    for case in table["cases"].as_array().unwrap() {
        let rows: Vec<Vec<f64>> = case["cost"].as_array().unwrap().iter().map(numbers).collect();
        let cost = Array2::from_shape_fn((rows.len(), rows.first().map_or(0, Vec::len)), |(r, c)| rows[r][c]);
        let expected: Vec<(usize, usize)> = numbers(&case["rows"])
            .into_iter()
            .zip(numbers(&case["cols"]))
            .map(|(row, column)| (row as usize, column as usize))
            .collect();
        assert_eq!(minimum_cost(cost.view()).unwrap(), expected, "{case}");
    }
}
