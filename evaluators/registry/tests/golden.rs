//! `golden.toml` is whole: every folder of golden cases is mapped, to evaluators that are built in.
//!
//! That they agree is tested by each family (`tests/golden.rs` there).

use std::collections::BTreeSet;

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

#[test]
fn every_folder_of_golden_cases_is_mapped() {
    let Some(golden) = conformance::shared("golden") else { return };
    let mapped: BTreeSet<String> = Case::all().into_iter().map(|case| case.golden).collect();
    let mut found = BTreeSet::new();
    for collection in ["ego4d", "general"] {
        for entry in std::fs::read_dir(golden.join(collection)).unwrap() {
            let entry = entry.unwrap();
            // The tables of degenerate inputs are no cases.
            if entry.path().is_dir() && entry.file_name() != "edge" {
                found.insert(format!("{collection}/{}", entry.file_name().to_string_lossy()));
            }
        }
    }
    assert_eq!(mapped, found);
}
