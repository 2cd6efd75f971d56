//! Takes JSON apart: objects are opened down to what names an item, lists into their elements.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::Unreadable;
use super::collect::{Collector, prediction_digest};

/// How many objects around a record are opened; deeper ones are records themselves.
const DEEPEST: usize = 6;

/// Reads one JSON value, or one per line.
pub(super) fn read(collector: &mut Collector<'_>, path: &str, text: &str) -> Result<(), Unreadable> {
    if is_lines(text) {
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let value = serde_json::from_str(line).map_err(|_| Unreadable::Damaged("JSON"))?;
            element(collector, path, value)?;
        }
        return Ok(());
    }
    let mut trouble = None;
    let mut reader = serde_json::Deserializer::from_str(text);
    let level = Level { collector, trouble: &mut trouble, path: path.to_owned(), depth: 0 };
    let read = level.deserialize(&mut reader).and_then(|()| reader.end());
    match (read, trouble) {
        (_, Some(trouble)) => Err(trouble),
        (Err(_), None) => Err(Unreadable::Damaged("JSON")),
        (Ok(()), None) => Ok(()),
    }
}

/// Whether the text is an object per line rather than one value.
fn is_lines(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let (first, second) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    first.starts_with('{') && first.ends_with('}') && second.starts_with('{')
}

/// A value that may hold records.
struct Level<'c, 'r> {
    collector: &'c mut Collector<'r>,
    trouble: &'c mut Option<Unreadable>,
    path: String,
    depth: usize,
}

impl Level<'_, '_> {
    /// Remembers why reading ends, which the error of the reader cannot hold.
    fn done<E: serde::de::Error>(&mut self, outcome: Result<(), Unreadable>) -> Result<(), E> {
        outcome.map_err(|trouble| {
            let told = E::custom(&trouble);
            *self.trouble = Some(trouble);
            told
        })
    }

    fn leaf<E: serde::de::Error>(mut self, value: Value) -> Result<(), E> {
        let outcome = self.collector.frame(&self.path, prediction_digest(value));
        self.done(outcome)
    }
}

impl<'de> DeserializeSeed<'de> for Level<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<Cow<'_, str>>()? {
            if let Some(item) = self.collector.find(&name) {
                let outcome = self.collector.of_item(item, prediction_digest(map.next_value()?));
                self.done(outcome)?;
            } else if self.depth == DEEPEST {
                let prediction = prediction_digest(map.next_value()?);
                let outcome = self.collector.record(&format!("{}/{name}", self.path), prediction);
                self.done(outcome)?;
            } else {
                let path = format!("{}/{name}", self.path);
                map.next_value_seed(Level {
                    collector: self.collector,
                    trouble: self.trouble,
                    path,
                    depth: self.depth + 1,
                })?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        let mut position = 0_usize;
        while let Some(value) = list.next_element::<Value>()? {
            // Objects say what they are; other values are known by their place.
            let outcome = match value {
                Value::Object(_) => element(self.collector, &self.path, value),
                _ => self.collector.record(&format!("{}/{position}", self.path), prediction_digest(value)),
            };
            self.done(outcome)?;
            position += 1;
        }
        Ok(())
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        self.leaf(Value::Null)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<(), E> {
        self.leaf(value.into())
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<(), E> {
        self.leaf(value.into())
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<(), E> {
        self.leaf(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<(), E> {
        self.leaf(value.into())
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<(), E> {
        self.leaf(value.into())
    }
}

/// An element of a list: of the item that one of its fields names, else of none.
fn element(collector: &mut Collector<'_>, path: &str, value: Value) -> Result<(), Unreadable> {
    let Value::Object(mut fields) = value else { return collector.record(path, prediction_digest(value)) };
    let named = collector.item_of_record(|field| id_text(&fields, field));
    match named {
        Some((field, item)) => {
            fields.remove(field);
            collector.of_item(item, prediction_digest(Value::Object(fields)))
        }
        None => collector.record(path, prediction_digest(Value::Object(fields))),
    }
}

/// A field as an id: its text, or the digits of its whole number.
fn id_text<'f>(fields: &'f Map<String, Value>, field: &str) -> Option<Cow<'f, str>> {
    match fields.get(field)? {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) if !number.is_f64() => Some(Cow::Owned(number.to_string())),
        _ => None,
    }
}
