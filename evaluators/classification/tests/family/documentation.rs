//! What is documented is true: examples are accepted, and every metric is measured.

use conformance::manifest::is_documented;
use conformance::task::values;
use sdk::Mode;

use crate::support::{evaluate_file, prepare};

const README: &str = include_str!("../../README.md");

#[test]
fn the_manifests_and_the_readme_are_true() {
    is_documented(README, &heldout_classification::evaluators());
}

/// The fenced blocks of a language.
fn blocks<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
    let opening = format!("```{language}\n");
    let after = text.split(opening.as_str()).skip(1);
    after.map(|block| block.split("```").next().unwrap_or_default()).collect()
}

#[test]
fn the_three_forms_of_the_readme_say_the_same() {
    for language in ["csv", "jsonl", "json"] {
        let found = blocks(README, language);
        let [example] = found[..] else { panic!("one block of {language}: {found:?}") };
        let truth = blocks(README, "csv")[0];
        let prepared = prepare("classification_label", truth, &[], Mode::Strict).unwrap();
        // Without a telling name the first line says which form it is.
        for name in [format!("submission.{language}"), "submission".to_owned()] {
            let scores = values(&evaluate_file(&*prepared, &name, example).unwrap());
            assert_eq!(scores["accuracy"], Some(1.0), "{name}");
        }
    }
}
