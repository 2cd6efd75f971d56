//! YAML as EvalAI and Codabench read it (PyYAML's safe loader), with the place of every value.
//!
//! The tree holds text; what a value is (a number, a day) is asked where it is used, so that `title: 2024` is a title.
//! Refused, each with its place: what is no YAML, tags of Python objects, a second document, and files that grow beyond
//! reason through aliases. A key that stands twice is told of, and its last value counts, as it does upstream.

mod moment;
mod read;
mod scalar;
mod table;

pub use moment::parse_moment;
pub use read::{LONGEST, parse};
pub(crate) use table::{Item, Reading, Table};

use crate::fault::{Fault, Position};

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What stands in it.
    pub root: Node,
    /// What its author may not have meant.
    pub warnings: Vec<Fault>,
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Where it begins.
    pub position: Position,
    /// What stands there.
    pub value: Value,
}

/// What stands at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A single value.
    Scalar(Scalar),
    /// A list.
    List(Vec<Node>),
    /// A mapping, in the order of the file; no key stands twice.
    Map(Vec<Entry>),
}

/// A single value: its text, and whether it stood without quotes, so that it may be more than a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The text, quotes and escapes resolved.
    pub text: String,
    /// Whether it stood bare, so that `true`, `1` and `null` are what they look like.
    pub is_plain: bool,
}

/// One key of a mapping with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub position: Position,
    /// Its value.
    pub value: Node,
}

impl Node {
    /// Whether nothing stands there: an empty value, `~` or `null`.
    pub fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar(scalar) if scalar.is_null())
    }

    /// The value of a key of a mapping; absent where it is null, or where this is no mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let Value::Map(entries) = &self.value else { return None };
        entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value).filter(|node| !node.is_null())
    }

    /// The text of a single value.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(scalar) if !scalar.is_null() => Some(&scalar.text),
            _ => None,
        }
    }

    /// What it is, for a message.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Scalar(scalar) => scalar.kind(),
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }
}

#[cfg(test)]
mod tests;
