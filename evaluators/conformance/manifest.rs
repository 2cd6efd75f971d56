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
fn examples_are_accepted(evaluator: &dyn Evaluator) {
    let manifest = evaluator.manifest();
    let inputs = |with_optional: bool| {
        let tables = manifest.annotations.iter().filter(|format| with_optional || !format.optional);
        tables.fold(Inputs::default(), |inputs, format| inputs.with(&*format.name, example(format)))
    };
    let (some, all) = (inputs(false), inputs(true));
    let defaults = Params::defaults(&manifest.params);
    for (annotations, mode) in [(&some, Mode::Strict), (&all, Mode::Strict), (&all, Mode::Reference)] {
        let prepared = evaluator.prepare(annotations, &defaults, mode);
        let prepared = prepared.unwrap_or_else(|faults| panic!("{}: {faults}", manifest.id));
        let evidence = prepared.evaluate(&example(&manifest.submission), &Limits::default());
        let evidence = evidence.unwrap_or_else(|faults| panic!("{}: {faults}", manifest.id));
        evidence.check().unwrap();
        assert_eq!(evidence.items(), prepared.items().len(), "{}", manifest.id);
        let measured: BTreeSet<&str> = evidence.metrics().iter().map(|metric| metric.name.as_str()).collect();
        let documented = prepared.metrics().iter().map(|metric| metric.name.as_str()).collect();
        assert_eq!(measured, documented, "{}", manifest.id);
    }
}

/// The example of a format as a file without a telling name.
fn example(format: &Format) -> Input<'_> {
    Input::file(&format.name, format.example.as_bytes())
}

/// Checks that every manifest is whole, its examples are accepted, and the README has a row for it that ends with the
/// metric that ranks.
pub fn is_documented(readme: &str, family: &[Box<dyn Evaluator>]) {
    for evaluator in family {
        let manifest = evaluator.manifest();
        is_whole(manifest);
        examples_are_accepted(evaluator.as_ref());
        let row = readme.lines().find(|line| line.starts_with(&format!("| `{}`", manifest.id)));
        let ends = format!("`{}` |", manifest.metrics[0].name);
        assert!(row.is_some_and(|row| row.ends_with(&ends)), "{}: {row:?}", manifest.id);
    }
}

/// Checks that a README shows the examples of every manifest.
pub fn shows_examples(readme: &str, family: &[Box<dyn Evaluator>]) {
    for evaluator in family {
        let manifest = evaluator.manifest();
        for format in manifest.annotations.iter().chain([&manifest.submission]) {
            assert!(readme.contains(format.example.trim_end()), "{}: {}", manifest.id, format.name);
        }
    }
}
