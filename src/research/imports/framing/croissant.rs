//! What a Croissant description says of a framing.

use domain::framing::LONGEST_TEXT;
use sdk::fault::Place;
use sdk::text::quoted;
use sdk::{Code, Fault, Faults, Limits};
use serde_json::{Map, Value};

use super::Saying;

/// The terms of a framing in our vocabulary, and the fields that they are.
const TERMS: [(&str, &str); 11] = [
    ("unitOfActivity", "unit"),
    ("instanceRule", "instance_rule"),
    ("labelSource", "label_source"),
    ("labelCount", "label_count"),
    ("perspective", "perspective"),
    ("wearerIntentRecorded", "intent_recorded"),
    ("wearerAffectRecorded", "affect_recorded"),
    ("temporalDirection", "temporal_direction"),
    ("closedWorld", "closed_world"),
    ("unscoreable", "unscoreable"),
    ("imaginedUser", "imagined_user"),
];

/// Where a field is told in the terms of everybody, in the order in which it is looked for, and how much of it is taken.
///
/// A goal is a sentence, and a description is not.
const COMMON: [(&str, [&str; 2], usize); 2] =
    [("stated_goal", ["dataUseCases", "description"], 500), ("goal_source", ["citeAs", "url"], LONGEST_TEXT)];

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Saying>, Faults> {
    let refused = |code, message: &str, expected: String, found: String| {
        Faults::one(Fault::whole(code, message, expected, found))
    };
    if bytes.len() as u64 > limits.bytes {
        let (expected, found) = (format!("at most {} bytes", limits.bytes), format!("{} bytes", bytes.len()));
        return Err(refused(Code::TooLarge, "the file is too large", expected, found));
    }
    let root: Map<String, Value> = serde_json::from_slice(bytes).map_err(|error| {
        refused(Code::InvalidJson, "the file is no JSON object", "Croissant".to_owned(), error.to_string())
    })?;
    let mut sayings = Vec::new();
    if let Some((key, Value::Object(framing))) = find(&root, "taskFraming") {
        for (term, field) in TERMS {
            let Some((name, value)) = find(framing, term) else { continue };
            let pointer = format!("/{}/{}", escaped(key), escaped(name));
            match value {
                Value::Array(values) => {
                    for (place, one) in values.iter().enumerate() {
                        sayings.push(saying(field, text_of(one), format!("{pointer}/{place}")));
                    }
                }
                // What is not there is not said.
                Value::Null => {}
                one => sayings.push(saying(field, text_of(one), pointer)),
            }
        }
    }
    for (field, terms, most) in COMMON {
        let said = terms.into_iter().find_map(|term| {
            let (key, value) = find(&root, term)?;
            let first = value.as_array().map_or(Some(value), |values| values.first())?;
            let text = first.as_str()?.trim();
            (!text.is_empty()).then_some((key, text))
        });
        if let Some((key, text)) = said {
            let text = &text[..text.floor_char_boundary(most)];
            sayings.push(saying(field, text.to_owned(), format!("/{}", escaped(key))));
        }
    }
    if sayings.is_empty() {
        let expected = "a framing, a use case, a description, a citation or an address".to_owned();
        let message = "the file says nothing of a framing";
        return Err(refused(Code::MissingField, message, expected, "none of them".to_owned()));
    }
    Ok(sayings)
}

/// A member by the last part of its name, whatever prefix stands for the vocabulary.
fn find<'v>(object: &'v Map<String, Value>, term: &str) -> Option<(&'v String, &'v Value)> {
    object.iter().find(|(name, _)| local(name) == term)
}

/// `perspective` of `fr:perspective`, and of an address that ends with it.
fn local(name: &str) -> &str {
    name.rsplit([':', '/', '#']).next().unwrap_or(name)
}

/// A value in the words of a field: an address is the code at its end, a literal its value, and truth an answer.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Object(node) => match (node.get("@id"), node.get("@value")) {
            (Some(Value::String(id)), _) => local(id).to_owned(),
            (_, Some(literal)) if !literal.is_object() => text_of(literal),
            _ => value.to_string(),
        },
        other => other.to_string(),
    }
}

fn saying(field: &'static str, value: String, pointer: String) -> Saying {
    let found = quoted(&value);
    let fault = move |code, expected: &str| {
        let message = format!("{field} cannot be taken");
        Fault::whole(code, message, expected, found.clone()).at(Place::Pointer(pointer.clone()))
    };
    Saying { field: field.to_owned(), value, fault: Box::new(fault) }
}

/// A key in a JSON pointer (RFC 6901).
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
