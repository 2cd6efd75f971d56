//! What is documented is true: examples are accepted, and every metric is measured.

use std::collections::BTreeSet;

use sdk::{Evaluator, Input, Inputs, Limits, Mode, Params};

fn family() -> Vec<Box<dyn Evaluator>> {
    heldout_classification::evaluators()
}

#[test]
fn the_examples_of_every_manifest_are_accepted() {
    for evaluator in family() {
        let manifest = evaluator.manifest();
        let main = &manifest.annotations[0];
        let annotations = Inputs::main_only(Input::file("truth", main.example.as_bytes()));
        let defaults = Params::defaults(&manifest.params);
        let prepared = evaluator.prepare(&annotations, &defaults, Mode::Strict).unwrap();
        let submission = Input::file("submission", manifest.submission.example.as_bytes());
        let evidence = prepared.evaluate(&submission, &Limits::default()).unwrap();
        let measured: Vec<&str> = evidence.metrics().iter().map(|metric| metric.name.as_str()).collect();
        let documented: Vec<&str> = manifest.metrics.iter().map(|metric| metric.name.as_str()).collect();
        assert_eq!(measured, documented, "{}", manifest.id);
        assert_eq!(prepared.metrics(), manifest.metrics, "{}", manifest.id);
    }
}

#[test]
fn the_example_of_listed_classes_is_accepted() {
    for evaluator in family() {
        let manifest = evaluator.manifest();
        let Some(classes) = manifest.annotations.iter().find(|format| format.name == "classes") else {
            continue;
        };
        assert!(classes.optional);
        let main = &manifest.annotations[0];
        let annotations = Inputs::main_only(Input::file("truth.csv", main.example.as_bytes()))
            .with("classes", Input::file("classes.json", classes.example.as_bytes()));
        let defaults = Params::defaults(&manifest.params);
        assert!(evaluator.prepare(&annotations, &defaults, Mode::Strict).is_ok(), "{}", manifest.id);
    }
}

/// The fenced blocks of a language.
fn blocks<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
    let opening = format!("```{language}\n");
    let after = text.split(opening.as_str()).skip(1);
    after.map(|block| block.split("```").next().unwrap_or_default()).collect()
}

#[test]
fn the_three_forms_of_the_readme_say_the_same() {
    let readme = include_str!("../../README.md");
    let labels = family().remove(0);
    let defaults = Params::defaults(&labels.manifest().params);
    for language in ["csv", "jsonl", "json"] {
        let found = blocks(readme, language);
        let [example] = found[..] else { panic!("one block of {language}: {found:?}") };
        let truth = blocks(readme, "csv")[0];
        let annotations = Inputs::main_only(Input::file("truth.csv", truth.as_bytes()));
        let prepared = labels.prepare(&annotations, &defaults, Mode::Strict).unwrap();
        // Without a telling name the first line says which form it is.
        for name in [format!("submission.{language}"), "submission".to_owned()] {
            let evidence =
                prepared.evaluate(&Input::file(&name, example.as_bytes()), &Limits::default()).unwrap();
            assert_eq!(evidence.score_all().get("accuracy").unwrap().value(), Some(1.0), "{name}");
        }
    }
}

#[test]
fn the_readme_names_every_evaluator_and_what_ranks() {
    let readme = include_str!("../../README.md");
    for evaluator in family() {
        let manifest = evaluator.manifest();
        let row = readme.lines().find(|line| line.starts_with(&format!("| `{}`", manifest.id)));
        assert!(
            row.is_some_and(|row| row.ends_with(&format!("`{}` |", manifest.metrics[0].name))),
            "{row:?}"
        );
        let names: BTreeSet<&str> = manifest.metrics.iter().map(|metric| metric.name.as_str()).collect();
        assert_eq!(names.len(), manifest.metrics.len(), "{}: every metric has its name", manifest.id);
    }
}
