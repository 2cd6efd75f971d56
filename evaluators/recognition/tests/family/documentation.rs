//! What is documented is true: manifests are whole, and the examples of manifests and of the README are accepted.

use conformance::manifest::is_documented;
use conformance::task::{Values, evaluate_input, prepare, values};
use sdk::{Input, Mode};

const README: &str = include_str!("../../README.md");

#[test]
fn the_manifests_and_the_readme_are_true() {
    is_documented(README, &heldout_recognition::evaluators());
}

/// The fenced blocks of a section, with their languages.
fn blocks(section: &str) -> Vec<(&'static str, &'static str)> {
    let (_, rest) = README.split_once(&format!("\n## {section}")).unwrap();
    let section = rest.split("\n## ").next().unwrap();
    let fenced = section.split("```").skip(1).step_by(2);
    fenced.map(|block| block.split_once('\n').unwrap()).collect()
}

/// The values of a block against another.
fn score(id: &str, truth: &str, (language, sent): (&str, &str), params: &[(&str, &str)]) -> Values {
    let family = heldout_recognition::evaluators();
    let prepared = prepare(&family, id, &[("main", truth)], params, Mode::Strict).unwrap();
    // With a telling name and without one.
    let [named, nameless] = [format!("submission.{language}"), "upload".to_owned()]
        .map(|name| values(&evaluate_input(&*prepared, &Input::file(&name, sent.as_bytes())).unwrap()));
    assert_eq!(named, nameless);
    named
}

#[test]
fn the_examples_of_the_readme_are_accepted() {
    let choice = blocks("Multiple choice");
    for id in ["mcq", "egoschema"] {
        assert_eq!(score(id, choice[0].1, choice[0], &[])["accuracy"], Some(1.0));
        assert_eq!(score(id, choice[0].1, choice[1], &[])["correct"], Some(2.0));
    }
    let change = blocks("State change");
    let error = score("ego4d_pnr", change[0].1, change[1], &[])["Keyframe localization error (s)"];
    assert_eq!(error, Some(12.5 / 30.125));
    assert_eq!(score("ego4d_oscc", change[0].1, change[2], &[])["Accuracy"], Some(1.0));
    let levels = blocks("Proficiency");
    assert_eq!(score("egoexo_proficiency", levels[0].1, levels[1], &[])["combined accuracy"], Some(1.0));
    let steps = blocks("Keysteps");
    assert_eq!(score("egoexo_keystep", steps[0].1, steps[1], &[])["top_1_accuracy"], Some(50.0));
    let procedures = blocks("Procedure understanding");
    let values = score("egoexo_procedure", procedures[0].1, procedures[1], &[]);
    assert_eq!(values["procedural_mistake_cap"], Some(100.0));
    let kitchens = blocks("Kitchens");
    let values = score("epic_c1", kitchens[0].1, kitchens[1], &[("verbs", "2"), ("nouns", "3")]);
    assert_eq!(values["all_noun_accuracy_at_1"], Some(50.0));
}
