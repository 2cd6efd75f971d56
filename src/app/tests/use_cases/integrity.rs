//! Of which tasks single items can be compared, by the examples of their own documentation.

use std::collections::BTreeSet;

use ranking::integrity::{outcomes, read_predictions};
use registry::Registry;
use sdk::roll::IdIndex;
use sdk::{Direction, Evaluator, Input, Inputs, Limits, Mode, Params};

/// What can be told of the example submission: whether it names items, and whether each of them is right or wrong or off.
fn told_apart(evaluator: &dyn Evaluator) -> (bool, bool) {
    let manifest = evaluator.manifest();
    let tables = manifest.annotations.iter().filter(|format| !format.optional);
    let annotations = tables.fold(Inputs::default(), |inputs, format| {
        inputs.with(&*format.name, Input::file(&format.name, format.example.as_bytes()))
    });
    let prepared =
        evaluator.prepare(&annotations, &Params::defaults(&manifest.params), Mode::Strict).unwrap();
    let submission = Input::file("submission", manifest.submission.example.as_bytes());
    let evidence = prepared.evaluate(&submission, &Limits::default()).unwrap();
    let (items, _) = IdIndex::of(prepared.items().ids().clone());
    let found = read_predictions(&submission, &items, &Limits::default()).unwrap();
    let metric = &prepared.metrics()[0];
    let place = evidence.metrics().iter().position(|found| found.name == metric.name).unwrap();
    let higher_is_better = metric.direction == Direction::Higher;
    (found.answers.is_some(), outcomes(&evidence, place, higher_is_better).is_some())
}

#[test]
fn tasks_with_an_answer_per_item_are_compared_item_by_item() {
    let registry = Registry::built_in();
    let of = |wanted: fn((bool, bool)) -> bool| -> BTreeSet<String> {
        let found = registry.iter().filter(|evaluator| wanted(told_apart(*evaluator)));
        found.map(|evaluator| evaluator.manifest().id.clone()).collect()
    };
    // Formats with a row, a key or a field for every item, whatever the evaluator does with it.
    let by_item = of(|(has_answers, _)| has_answers);
    for id in [
        "asr",
        "classification_binary",
        "classification_label",
        "classification_probability",
        "coco_detection",
        "egoexo_keystep",
        "egoschema",
        "epic_c1",
        "mcq",
        "regression",
        "retrieval",
        "text_qa",
    ] {
        assert!(by_item.contains(id), "the items of {id} are not told apart; those of {by_item:?} are");
    }
    // Of those, tasks whose evidence says right or wrong, or how far off.
    let judged = of(|found| found == (true, true));
    for id in ["classification_binary", "classification_label", "egoschema", "mcq", "regression"] {
        assert!(judged.contains(id), "the answers of {id} are not judged; those of {judged:?} are");
    }
}
