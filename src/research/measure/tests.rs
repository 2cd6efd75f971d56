//! The definitions against the published table, and what is withheld.

use super::*;

#[test]
fn the_definitions_are_those_of_the_published_table() {
    assert_eq!(definitions().count(), 59);
    let Some(path) = conformance::shared("data/framing/measures.tsv") else { return };
    let table = std::fs::read_to_string(path).unwrap();
    let mut published: Vec<&str> = table.lines().collect();
    for definition in definitions() {
        let start = format!("{}\t", definition.id);
        let line = published.iter().position(|line| line.starts_with(&start)).expect(definition.id);
        let columns: Vec<&str> = published.remove(line).split('\t').collect();
        let ours = [definition.title, definition.formula, definition.data, definition.unit];
        assert_eq!(ours, columns[1..5], "{}", definition.id);
        if definition.min_n > 5 {
            assert!(line_says(&columns, definition.min_n), "{}: {columns:?}", definition.id);
        }
    }
    assert!(published.is_empty(), "{published:?}");
}

#[test]
fn the_privacy_class_is_the_first_word_of_the_published_rule() {
    // Where the rule begins with a condition instead, the class is what it comes to.
    let without_a_class = ["A2", "A3", "A8", "F6", "F7", "S2", "T8"];
    for definition in definitions().filter(|one| !without_a_class.contains(&one.id)) {
        let class = serde_json::to_value(definition.privacy).unwrap();
        assert!(definition.rule.starts_with(class.as_str().unwrap()), "{}", definition.id);
    }
}

#[test]
fn few_units_are_withheld_with_their_number() {
    let definition = definition("P1").unwrap();
    let value = definition.value(vec![Reading::exact("gini", 9, 0.5), Reading::exact("gini", 10, 0.5)]);
    assert_eq!(value.readings[0].quantity, Quantity::Suppressed { fewer_than: 10 });
    assert_eq!((value.readings[0].n, value.readings[0].value()), (0, None));
    assert_eq!((value.readings[1].n, value.readings[1].value()), (10, Some(0.5)));
}

#[test]
fn what_is_no_number_is_undefined() {
    assert_eq!(Reading::exact("share", 3, f64::NAN).quantity, Quantity::Undefined);
    assert_eq!(Reading::exact("share", 3, None).quantity, Quantity::Undefined);
}

/// Whether a number stands in the rule or, as for A7, in the formula.
fn line_says(columns: &[&str], least: u64) -> bool {
    [columns[2], columns[6]].iter().any(|text| text.replace("= ", "=").contains(&format!(">={least}")))
}
