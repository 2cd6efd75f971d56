//! What is documented is whole and true.

use std::collections::BTreeSet;

use sdk::{Evaluator, Format, Input, Inputs, Limits, Manifest, Mode, Params};

/// Checks that a manifest says what it must.
pub fn is_whole(manifest: &Manifest) {
    let id = &manifest.id;
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    assert!(id.bytes().all(plain), "{id}");
    assert_eq!(manifest.annotations.first().map(|format| format.name.as_str()), Some("main"), "{id}");
    assert_eq!(manifest.submission.name, "submission", "{id}");
    assert!(!manifest.metrics.is_empty() && !manifest.references.is_empty(), "{id}");
    for format in manifest.annotations.iter().chain([&manifest.submission]) {
        assert!(!format.example.is_empty() && !format.description.is_empty(), "{id}: {}", format.name);
    }
    for metric in &manifest.metrics {
        assert!(!metric.description.is_empty() && !metric.unit.is_empty(), "{id}: {}", metric.name);
    }
    let names: BTreeSet<&str> = manifest.metrics.iter().map(|metric| metric.name.as_str()).collect();
    assert_eq!(names.len(), manifest.metrics.len(), "{id}: every metric has its name");
    for param in &manifest.params.0 {
        assert!(!param.description.is_empty(), "{id}: {}", param.name);
    }
}

/// Checks that the examples of a manifest are accepted, and that what is measured is what is documented.
///
/// An example of an archive cannot stand in a manifest: pass the files of it instead with [`examples_as`].
pub fn examples_are_accepted(evaluator: &dyn Evaluator) {
    examples_as(evaluator, |format| Input::file(&format.name, format.example.as_bytes()));
}

/// The same with inputs that are made from the formats.
pub fn examples_as(evaluator: &dyn Evaluator, input: impl Fn(&Format) -> Input<'_>) {
    let manifest = evaluator.manifest();
    let required = manifest.annotations.iter().filter(|format| !format.optional);
    let some = required.fold(Inputs::default(), |inputs, format| inputs.with(&*format.name, input(format)));
    let all = manifest.annotations.iter();
    let all = all.fold(Inputs::default(), |inputs, format| inputs.with(&*format.name, input(format)));
    let defaults = Params::defaults(&manifest.params);
    for annotations in [some, all] {
        let prepared = evaluator.prepare(&annotations, &defaults, Mode::Strict);
        let prepared = prepared.unwrap_or_else(|faults| panic!("{}: {faults}", manifest.id));
        let evidence = prepared.evaluate(&input(&manifest.submission), &Limits::default());
        let evidence = evidence.unwrap_or_else(|faults| panic!("{}: {faults}", manifest.id));
        evidence.check().unwrap();
        let measured: Vec<&str> = evidence.metrics().iter().map(|metric| metric.name.as_str()).collect();
        let documented: Vec<&str> = prepared.metrics().iter().map(|metric| metric.name.as_str()).collect();
        assert_eq!(measured, documented, "{}", manifest.id);
    }
}

/// Checks that a README has a row for every evaluator that ends with the metric that ranks.
pub fn readme_names(readme: &str, evaluators: &[Box<dyn Evaluator>]) {
    for evaluator in evaluators {
        let manifest = evaluator.manifest();
        let row = readme.lines().find(|line| line.starts_with(&format!("| `{}`", manifest.id)));
        let ends = format!("`{}` |", manifest.metrics[0].name);
        assert!(row.is_some_and(|row| row.ends_with(&ends)), "{}: {row:?}", manifest.id);
    }
}
