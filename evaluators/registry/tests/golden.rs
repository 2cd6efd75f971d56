//! Every case of `golden.toml` names an evaluator that is built in and a folder of golden cases that exists.
//!
//! That they agree is tested by each family (`tests/golden.rs` there).

use conformance::golden::Case;
use heldout_registry::Registry;

#[test]
fn every_case_names_what_exists() {
    let registry = Registry::built_in();
    let golden = conformance::shared("golden");
    for case in Case::all() {
        assert!(registry.get(&case.evaluator).is_some(), "no evaluator {:?}", case.evaluator);
        if let Some(golden) = &golden {
            assert!(golden.join(&case.golden).is_dir(), "no golden folder {:?}", case.golden);
        }
    }
}
