//! Reading a document key by key: every fault is noted under its path, and reading goes on.

use std::fmt;

use domain::Invalid;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// One thing that is wrong with a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFault {
    /// The path of the key, as `phases[1].quota.per_day`.
    pub path: String,
    /// What it must be, as a sentence fragment ("must be a number").
    pub rule: String,
}

impl fmt::Display for KeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.path, self.rule)
    }
}

/// Everything that is wrong with a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleFaults(pub Vec<KeyFault>);

impl fmt::Display for BundleFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for BundleFaults {}

/// The faults that were found so far.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<KeyFault>);

impl Faults {
    pub(crate) fn push(&mut self, path: impl Into<String>, rule: impl Into<String>) {
        self.0.push(KeyFault { path: path.into(), rule: rule.into() });
    }

    /// The value, or nothing after noting why it is refused.
    pub(crate) fn take<T>(&mut self, parent: &str, parsed: Result<T, Invalid>) -> Option<T> {
        parsed.map_err(|invalid| self.push(join(parent, &invalid.field), invalid.rule)).ok()
    }

    pub(crate) fn into_result<T>(self, value: Option<T>) -> Result<T, BundleFaults> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(BundleFaults(self.0)),
        }
    }
}

/// A table of the document whose keys are taken one by one; what is left at the end is unknown.
#[derive(Debug)]
pub(crate) struct Fields {
    pub(crate) path: String,
    values: Map<String, Value>,
    known: Vec<&'static str>,
}

impl Fields {
    /// The table at that path.
    pub(crate) fn open(path: String, value: Value, faults: &mut Faults) -> Self {
        let values = match value {
            Value::Object(values) => values,
            _ => {
                faults.push(if path.is_empty() { "document" } else { &path }, "must be a table");
                Map::new()
            }
        };
        Self { path, values, known: Vec::new() }
    }

    /// The path of a key of this table.
    pub(crate) fn at(&self, key: &str) -> String {
        join(&self.path, key)
    }

    /// The value of a key as it stands; JSON's null counts as absent.
    pub(crate) fn value(&mut self, key: &'static str) -> Option<Value> {
        self.known.push(key);
        self.values.remove(key).filter(|value| !value.is_null())
    }

    /// A value that serde reads, or the default.
    pub(crate) fn read<T: DeserializeOwned + Default>(
        &mut self,
        key: &'static str,
        expected: &str,
        faults: &mut Faults,
    ) -> T {
        self.optional(key, expected, faults).unwrap_or_default()
    }

    /// A value that serde reads, if it is there.
    pub(crate) fn optional<T: DeserializeOwned>(
        &mut self,
        key: &'static str,
        expected: &str,
        faults: &mut Faults,
    ) -> Option<T> {
        let value = self.value(key)?;
        serde_json::from_value(value)
            .map_err(|_| faults.push(self.at(key), format!("must be {expected}")))
            .ok()
    }

    /// A text that must be there, parsed.
    pub(crate) fn required<T>(
        &mut self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
        faults: &mut Faults,
    ) -> Option<T> {
        let path = self.at(key);
        match self.value(key) {
            Some(Value::String(text)) => parse(&text).map_err(|invalid| faults.push(path, invalid.rule)).ok(),
            Some(_) => {
                faults.push(path, "must be text");
                None
            }
            None => {
                faults.push(path, "is missing");
                None
            }
        }
    }

    /// A text that may be absent, parsed.
    pub(crate) fn parsed<T>(
        &mut self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
        faults: &mut Faults,
    ) -> Option<T> {
        if self.values.get(key).is_none_or(Value::is_null) {
            self.value(key);
            return None;
        }
        self.required(key, parse, faults)
    }

    /// A list of tables, each with the path of its place.
    pub(crate) fn tables(&mut self, key: &'static str, faults: &mut Faults) -> Vec<(String, Value)> {
        let path = self.at(key);
        match self.value(key) {
            None => Vec::new(),
            Some(Value::Array(values)) => {
                let place = |(index, value)| (format!("{path}[{index}]"), value);
                values.into_iter().enumerate().map(place).collect()
            }
            Some(_) => {
                faults.push(path, "must be a list of tables");
                Vec::new()
            }
        }
    }

    /// Notes every key that nobody asked for.
    pub(crate) fn close(self, faults: &mut Faults) {
        for key in self.values.keys() {
            faults.push(self.at(key), format!("is unknown; known are {}", self.known.join(", ")));
        }
    }
}

fn join(parent: &str, key: &str) -> String {
    if parent.is_empty() { key.to_owned() } else { format!("{parent}.{key}") }
}
