//! Tests of the JSON reader.

use proptest::prelude::*;
use serde_json::Value;

use super::*;

/// Reads a text into a tree, the way that evaluators never do.
fn tree(reader: &mut JsonReader<'_, '_>) -> Result<Value, Stop> {
    Ok(match reader.kind()? {
        Kind::Object => {
            let mut object = serde_json::Map::new();
            reader.object(|reader, key| {
                object.insert(key.clone().into_owned(), tree(reader)?);
                Ok(())
            })?;
            Value::Object(object)
        }
        Kind::Array => {
            let mut array = Vec::new();
            reader.array(|reader, _| {
                array.push(tree(reader)?);
                Ok(())
            })?;
            Value::Array(array)
        }
        Kind::String => reader.string()?.map_or(Value::Null, |text| Value::from(text.into_owned())),
        Kind::Number | Kind::NotFinite => reader.number()?.map_or(Value::Null, Value::from),
        Kind::Boolean => reader.boolean()?.map_or(Value::Null, Value::from),
        Kind::Null => {
            reader.skip()?;
            Value::Null
        }
    })
}

fn read(text: &str) -> Result<Value, Faults> {
    JsonReader::read(text.as_bytes(), &Limits::default(), tree)
}

fn one_fault(text: &str) -> Fault {
    let faults = read(text).unwrap_err();
    assert_eq!(faults.fault_count, 1, "{faults}");
    faults.faults[0].clone()
}

fn numbers_as_floats(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::from(number.as_f64().unwrap()),
        Value::Array(array) => array.into_iter().map(numbers_as_floats).collect(),
        Value::Object(object) => object.into_iter().map(|(key, one)| (key, numbers_as_floats(one))).collect(),
        other => other,
    }
}

#[test]
fn every_fault_has_its_pointer_and_reading_goes_on() {
    let text = r#"{"a/b": [1, "x", true], "c~d": null, "a/b": {}}"#;
    let faults = JsonReader::read(text.as_bytes(), &Limits::default(), |reader| {
        reader.object(|reader, key| match &**key {
            "a/b" => reader.array(|reader, _| reader.number().map(drop)).map(drop),
            _ => reader.string().map(drop),
        })
    })
    .unwrap_err();
    let seen: Vec<(&str, Place)> = faults.faults.iter().map(|f| (f.code.name(), f.place.clone())).collect();
    let at = |pointer: &str| Place::Pointer(pointer.to_owned());
    assert_eq!(
        seen,
        [
            ("not_a_number", at("/a~1b/1")),
            ("not_a_number", at("/a~1b/2")),
            ("wrong_type", at("/c~0d")),
            ("duplicate_key", at("/a~1b")),
            ("wrong_type", at("/a~1b")),
        ]
    );
}

#[test]
fn numbers_that_are_not_finite_are_named() {
    for text in ["[1, NaN]", "[1, Infinity]", "[1, -Infinity]", "[1, 1e400]", "[1, -1e999]"] {
        let fault = one_fault(text);
        assert_eq!((fault.code, fault.place), (Code::NotFinite, Place::Pointer("/1".into())), "{text}");
    }
}

#[test]
fn what_is_no_number_has_the_code_that_the_format_wants() {
    let code = |text: &str| {
        let read = JsonReader::read(text.as_bytes(), &Limits::default(), |reader| {
            reader.number_else(Code::WrongType)
        });
        read.map_err(|faults| faults.faults[0].code)
    };
    assert_eq!(code("2.5"), Ok(Some(2.5)));
    assert_eq!((code("\"high\""), code("true")), (Err(Code::WrongType), Err(Code::WrongType)));
    assert_eq!(code("1e999"), Err(Code::NotFinite));
}

#[test]
fn broken_text_is_named_by_line_and_column() {
    let fault = one_fault("{\n  \"a\": [1, 2\n}");
    assert_eq!(fault.code, Code::InvalidJson);
    assert!(fault.message.contains("line 3, column 1"), "{fault}");
    for text in [
        "[1,]",
        "{\"a\":1,}",
        "[01]",
        "[1.]",
        "[.5]",
        "[1e]",
        "[+1]",
        "nul",
        "tru",
        "[1] 2",
        "\"a",
        "\"\\x\"",
        "\"\\ud800\"",
        "\"\\ud800\\u0041\"",
        "\"\\udc00x\"",
        "\"\\u12\"",
        "\"a\u{1}\"",
        "{a:1}",
        "{\"a\" 1}",
        "Nah",
        "-",
        "[1 2]",
        "'a'",
        "[",
        "{\"a\":",
    ] {
        assert_eq!(one_fault(text).code, Code::InvalidJson, "{text}");
    }
}

#[test]
fn other_files_are_told_by_their_first_bytes() {
    let code = |bytes: &[u8]| JsonReader::open(bytes, &Limits::default()).unwrap_err().faults[0].code;
    assert_eq!(code(b"PK\x03\x04...."), Code::WrongFormat);
    assert_eq!(code(b"\x1f\x8b\x08"), Code::WrongFormat);
    assert_eq!(code(b"\x89PNG\r\n"), Code::WrongFormat);
    assert_eq!(code(b"\xff\xfe{\0"), Code::InvalidUtf8);
    assert_eq!(code(b"{\"a\": \"\xff\"}"), Code::InvalidUtf8);
    assert_eq!(code(b""), Code::EmptySubmission);
    assert_eq!(code(b" \n"), Code::EmptySubmission);
    assert_eq!(read("\u{feff}[1]").unwrap(), serde_json::json!([1.0]));
}

#[test]
fn limits_end_the_reading() {
    let deep = "[".repeat(10_000_000);
    assert_eq!(one_fault(&deep).code, Code::TooDeep);
    let nested = format!("{}{}", "[".repeat(64), "]".repeat(64));
    assert!(read(&nested).is_ok());
    let mut limits = Limits::default();
    (limits.records, limits.bytes) = (2, 10);
    let code = |text: &str| JsonReader::read(text.as_bytes(), &limits, tree).unwrap_err().faults[0].code;
    assert_eq!(code("[1,2,3]"), Code::TooLarge);
    assert_eq!(code("[1, 2,     3]"), Code::TooLarge);
    let stopped = Limits::default().stop_when(|| true);
    let long = format!("[{}1]", "1,".repeat(10_000));
    let faults = JsonReader::read(long.as_bytes(), &stopped, tree).unwrap_err();
    assert_eq!(faults.faults[0].code, Code::Timeout);
}

#[test]
fn a_million_repeated_keys_are_counted_and_the_first_are_told() {
    let text = format!("{{{}\"a\":1}}", "\"a\":1,".repeat(1_000_000));
    let faults = read(&text).unwrap_err();
    assert_eq!(faults.fault_count, 1_000_000);
    assert_eq!(faults.faults.len(), crate::fault::FAULT_CAP);
}

#[test]
fn windows_have_two_numbers() {
    let window = |text: &str| JsonReader::read(text.as_bytes(), &Limits::default(), JsonReader::window);
    assert_eq!(window("[1, 2.5]").unwrap(), Some([1.0, 2.5]));
    assert_eq!(window("[1]").unwrap_err().faults[0].code, Code::WrongShape);
    assert_eq!(window("[1,2,[]]").unwrap_err().faults[0].code, Code::WrongShape);
    assert_eq!(window("[1,null]").unwrap_err().faults[0].code, Code::NotANumber);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Value::from),
        (-1_000_000_000_i64..1_000_000_000, 0_i32..12)
            .prop_map(|(digits, power)| Value::from(digits as f64 / 10_f64.powi(power))),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..30)
                .prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

proptest! {
    // A folder of regressions beside the crates would be taken for a crate of the workspace.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_another_writer_writes_is_read_to_the_last_bit(value in any_json(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        prop_assert_eq!(numbers_as_floats(read(&text).unwrap()), numbers_as_floats(value));
    }

    #[test]
    fn the_same_texts_are_json_as_for_another_reader(text in r#"[\[\]{}",:0-9eE.+\-a-fnrtulsN\\ ]{0,24}"#) {
        let other: Result<Value, _> = serde_json::from_str(&text);
        match read(&text) {
            Ok(value) => prop_assert_eq!(value, numbers_as_floats(other.unwrap())),
            Err(faults) => {
                let ours_only = [Code::DuplicateKey, Code::NotFinite, Code::EmptySubmission];
                prop_assert!(other.is_err() || ours_only.contains(&faults.faults[0].code), "{}", faults);
            }
        }
    }

    #[test]
    fn decimal_numbers_are_exact(text in "-?(0|[1-9][0-9]{0,18})(\\.[0-9]{1,18})?(e-?[0-9]{1,2})?") {
        let expected: f64 = text.parse().unwrap();
        prop_assert_eq!(read(&text).unwrap().as_f64().unwrap().to_bits(), expected.to_bits());
    }
}
