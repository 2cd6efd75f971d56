//! Asking a tree for what it should hold: every key by its type, every fault with its place.

use std::cell::RefCell;

use domain::Timestamp;

use super::{Entry, Node, Value, parse_moment};
use crate::fault::{Fault, Findings, Position};

/// A file that is being read, with what was found so far.
#[derive(Debug)]
pub(crate) struct Reading {
    file: String,
    findings: RefCell<Findings>,
}

impl Reading {
    pub(crate) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), findings: RefCell::default() }
    }

    /// The top of the tree, if it is a mapping.
    pub(crate) fn root<'a>(&'a self, node: &'a Node) -> Option<Table<'a>> {
        let item = Item { reading: self, node, path: String::new(), position: node.position };
        item.table("")
    }

    /// Notes a fault of the file as a whole, or of another file.
    pub(crate) fn add(&self, fault: Fault) {
        self.findings.borrow_mut().fault(fault);
    }

    /// Notes a warning of the file as a whole, or of another file.
    pub(crate) fn add_warning(&self, warning: Fault) {
        self.findings.borrow_mut().warn(warning);
    }

    pub(crate) fn extend(&self, findings: Findings) {
        self.findings.borrow_mut().extend(findings);
    }

    pub(crate) fn into_findings(self) -> Findings {
        self.findings.into_inner()
    }

    fn fault(&self, position: Position, key: &str, message: String) -> Fault {
        Fault { file: self.file.clone(), position: Some(position), key: key.to_owned(), message }
    }
}

/// A value with the path of its key.
#[derive(Debug, Clone)]
pub(crate) struct Item<'a> {
    reading: &'a Reading,
    pub(crate) node: &'a Node,
    path: String,
    /// Where its key stands, or where it begins itself when it has none.
    position: Position,
}

/// A mapping that is asked for its keys.
#[derive(Debug, Clone)]
pub(crate) struct Table<'a> {
    item: Item<'a>,
    entries: &'a [Entry],
    /// What stands before what is said of a value of the wrong type: the sentence of the section.
    complaint: String,
}

impl<'a> Item<'a> {
    /// Notes that something is wrong with it.
    pub(crate) fn fault(&self, message: impl Into<String>) {
        self.reading.add(self.reading.fault(self.position, &self.path, message.into()));
    }

    /// Notes that something about it is worth knowing.
    pub(crate) fn warn(&self, message: impl Into<String>) {
        self.reading.add_warning(self.reading.fault(self.position, &self.path, message.into()));
    }

    pub(crate) fn text(&self) -> Option<&'a str> {
        self.node.text()
    }

    /// The items of a list; a fault, and none, when it is no list.
    pub(crate) fn list(&self) -> Vec<Item<'a>> {
        match &self.node.value {
            Value::List(nodes) => {
                nodes.iter().enumerate().map(|(index, node)| self.part(index, node)).collect()
            }
            Value::Scalar(_) | Value::Map(_) => {
                self.fault(format!("must be a list, not {}", self.node.kind()));
                Vec::new()
            }
        }
    }

    fn part(&self, index: usize, node: &'a Node) -> Item<'a> {
        Item { reading: self.reading, node, path: format!("{}[{index}]", self.path), position: node.position }
    }

    /// The mapping that it is; a fault when it is none.
    pub(crate) fn table(&self, complaint: impl Into<String>) -> Option<Table<'a>> {
        match &self.node.value {
            Value::Map(entries) => Some(Table { item: self.clone(), entries, complaint: complaint.into() }),
            Value::Scalar(_) | Value::List(_) => {
                self.fault(format!("must be a mapping of keys to values, not {}", self.node.kind()));
                None
            }
        }
    }
}

impl<'a> Table<'a> {
    /// The same mapping with another sentence before what is said of values of the wrong type.
    pub(crate) fn complaining(mut self, complaint: impl Into<String>) -> Self {
        self.complaint = complaint.into();
        self
    }

    /// The value of a key; absent where it is null.
    pub(crate) fn get(&self, key: &str) -> Option<Item<'a>> {
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        (!entry.value.is_null()).then(|| self.entry(entry))
    }

    fn entry(&self, entry: &'a Entry) -> Item<'a> {
        let path = match self.item.path.as_str() {
            "" => entry.key.clone(),
            parent => format!("{parent}.{}", entry.key),
        };
        Item { reading: self.item.reading, node: &entry.value, path, position: entry.position }
    }

    /// Every key with its value, those that are null too.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'a str, Item<'a>)> {
        self.entries.iter().map(|entry| (entry.key.as_str(), self.entry(entry)))
    }

    /// Whether a key stands there, be it with nothing behind it.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.key == key)
    }

    /// Notes that something is wrong with the mapping itself.
    pub(crate) fn fault(&self, message: impl Into<String>) {
        self.item.fault(message);
    }

    /// Notes something about the mapping itself.
    pub(crate) fn warn(&self, message: impl Into<String>) {
        self.item.warn(message);
    }

    /// Says of a value what is wrong, behind the sentence of the section.
    pub(crate) fn complain(&self, item: &Item<'_>, key: &str, problem: &str) {
        item.fault(format!("{}{key}: {problem}", self.complaint));
    }

    fn typed<T>(&self, key: &str, problem: &str, read: impl FnOnce(&'a Node) -> Option<T>) -> Option<T> {
        let item = self.get(key)?;
        let value = read(item.node);
        if value.is_none() {
            self.complain(&item, key, problem);
        }
        value
    }

    pub(crate) fn text(&self, key: &str) -> Option<&'a str> {
        self.typed(key, "Not a valid string.", Node::text)
    }

    /// A text of at most so many letters.
    pub(crate) fn short_text(&self, key: &str, most: usize) -> Option<&'a str> {
        let text = self.text(key)?;
        if text.chars().count() > most
            && let Some(item) = self.get(key)
        {
            self.complain(&item, key, &format!("Ensure this field has no more than {most} characters."));
        }
        Some(text)
    }

    pub(crate) fn flag(&self, key: &str) -> Option<bool> {
        self.typed(key, "Must be a valid boolean.", |node| match &node.value {
            Value::Scalar(scalar) => scalar.flag(),
            _ => None,
        })
    }

    pub(crate) fn integer(&self, key: &str) -> Option<i64> {
        self.typed(key, "A valid integer is required.", |node| match &node.value {
            Value::Scalar(scalar) => scalar.integer(),
            _ => None,
        })
    }

    /// A whole number that is not negative.
    pub(crate) fn count(&self, key: &str) -> Option<u32> {
        let number = self.integer(key)?;
        let count = u32::try_from(number).ok();
        if count.is_none()
            && let Some(item) = self.get(key)
        {
            let problem = "Ensure this value is greater than or equal to 0.";
            self.complain(&item, key, if number < 0 { problem } else { "A valid integer is required." });
        }
        count
    }

    pub(crate) fn moment(&self, key: &str) -> Option<Timestamp> {
        let problem = "must be a time such as 2026-05-31 23:59:59 (UTC unless a zone is named)";
        self.typed(key, problem, |node| node.text().and_then(parse_moment))
    }

    /// The items of a list under a key; none when the key is absent.
    pub(crate) fn list(&self, key: &str) -> Vec<Item<'a>> {
        self.get(key).map(|item| item.list()).unwrap_or_default()
    }

    /// The texts of a list under a key, or the single text that stands for a list of one.
    pub(crate) fn texts(&self, key: &str) -> Vec<String> {
        let Some(item) = self.get(key) else { return Vec::new() };
        if let Some(text) = item.text() {
            return vec![text.to_owned()];
        }
        let texts = item.list().into_iter().filter(|item| !item.node.is_null()).filter_map(|item| {
            let text = item.text().map(str::to_owned);
            if text.is_none() {
                self.complain(&item, key, "Not a valid string.");
            }
            text
        });
        texts.collect()
    }
}
