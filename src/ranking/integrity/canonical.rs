//! Canonical predictions: two files that say the same have the same digest.
//!
//! Canonical form 1: items sorted by the bytes of their ids; objects sorted by key; numbers by their value, so that
//! `1`, `1.0` and `1e0` are one, and zero has one sign; text as it is; no white space.
//! Numbers that differ in any digit that a double holds differ: a copy that was rounded is a near duplicate, not an exact one.

use std::fmt::Write as _;

use domain::Digest;
use serde_json::{Number, Value};

/// The name of the form, which is hashed first, so that no digest of one form is one of another.
const FORM: &str = "heldout canonical predictions 1";

/// The digest of what was predicted for one item.
pub fn item_digest(prediction: &Value) -> Digest {
    let mut text = String::new();
    write_canonical(prediction, &mut text);
    Digest::of(text.as_bytes())
}

/// The digest of a submission from the digests of its items, in any order.
///
/// An item that is named twice counts twice, and the order of its two predictions does not matter.
pub fn submission_digest<'a>(items: impl IntoIterator<Item = (&'a str, Digest)>) -> Digest {
    let mut items: Vec<(&str, Digest)> = items.into_iter().collect();
    items.sort_unstable();
    let mut text = format!("{FORM}\n");
    for (id, digest) in items {
        // The length first: an id may hold anything, line breaks too.
        let _ = writeln!(text, "{} {id} {digest}", id.len());
    }
    Digest::of(text.as_bytes())
}

/// A cell of a table as a prediction: a number where it reads as a finite one, else its text without surrounding space.
pub fn canonical_cell(cell: &str) -> Value {
    let cell = cell.trim();
    if let Ok(integer) = cell.parse::<i64>() {
        return integer.into();
    }
    cell.parse().ok().and_then(Number::from_f64).map_or_else(|| cell.into(), Value::Number)
}

fn write_canonical(value: &Value, text: &mut String) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => write_number(number, text),
        Value::String(string) => write_text(string, text),
        Value::Array(values) => {
            text.push('[');
            for value in values {
                write_canonical(value, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Object(fields) => {
            let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| *name);
            text.push('{');
            for (name, value) in fields {
                write_text(name, text);
                text.push(':');
                write_canonical(value, text);
                text.push(',');
            }
            text.push('}');
        }
    }
}

/// Text with its length before it, which needs no escapes.
fn write_text(string: &str, text: &mut String) {
    let _ = write!(text, "{}\"{string}\"", string.len());
}

/// A number by its value: whole numbers in decimal digits, others in the shortest digits that read back.
fn write_number(number: &Number, text: &mut String) {
    let _ = match (number.as_i64(), number.as_u64(), number.as_f64()) {
        (Some(integer), _, _) => write!(text, "{integer}"),
        (_, Some(integer), _) => write!(text, "{integer}"),
        // Adding zero takes the sign from a negative one. Display writes whole doubles as integers, and never an exponent.
        (_, _, Some(value)) => write!(text, "{}", value + 0.0),
        _ => write!(text, "{number}"),
    };
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Digest {
        item_digest(&serde_json::from_str(text).unwrap())
    }

    #[test]
    fn what_says_the_same_has_the_same_digest() {
        for (first, second) in [
            ("1", "1.0"),
            ("100", "1e2"),
            ("0", "-0.0"),
            ("0.1", "1e-1"),
            (r#"{"a": 1, "b": [2]}"#, r#"{"b":[2.0],"a":1}"#),
            (r#""é""#, r#""\u00e9""#),
        ] {
            assert_eq!(read(first), read(second), "{first} {second}");
        }
    }

    #[test]
    fn what_says_something_else_has_another_digest() {
        let texts = [
            "1",
            "\"1\"",
            "[1]",
            "[[1]]",
            "[1,1]",
            "null",
            "true",
            "false",
            "{}",
            "[]",
            "\"\"",
            "0.1",
            "0.10000000000000002",
            r#"{"a":1}"#,
            r#"{"a":{"b":1}}"#,
            r#"["a","b"]"#,
            r#"["a\",1\"b"]"#,
            "9007199254740993",
            "9007199254740992",
        ];
        for (index, first) in texts.iter().enumerate() {
            for second in &texts[..index] {
                assert_ne!(read(first), read(second), "{first} {second}");
            }
        }
    }

    #[test]
    fn a_cell_is_a_number_where_it_reads_as_one() {
        assert_eq!(item_digest(&canonical_cell(" 0.50 ")), item_digest(&json!(0.5)));
        assert_eq!(item_digest(&canonical_cell("007")), item_digest(&json!(7)));
        assert_eq!(canonical_cell("nan"), json!("nan"));
        assert_eq!(canonical_cell("-"), json!("-"));
    }

    #[test]
    fn ids_cannot_run_into_digests() {
        let digest = Digest::of(b"x");
        let one = format!("a {digest}\n1 b");
        assert_ne!(
            submission_digest([(one.as_str(), digest)]),
            submission_digest([("a", digest), ("b", digest)])
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_order_of_the_items_does_not_matter(values in prop::collection::vec(any::<f64>(), 0..20), turn in 0_usize..20) {
            let items: Vec<(String, Digest)> =
                values.iter().enumerate().map(|(item, value)| (format!("item-{item}"), item_digest(&json!(value)))).collect();
            let mut turned = items.clone();
            turned.rotate_left(turn.min(items.len()));
            let digest = |items: &[(String, Digest)]| submission_digest(items.iter().map(|(id, digest)| (id.as_str(), *digest)));
            prop_assert_eq!(digest(&items), digest(&turned));
        }
    }
}
