//! Reading one table of a TOML document: every key by its type, every fault with its place.

use std::cell::RefCell;
use std::ops::Range;

use domain::Invalid;
use serde::de::DeserializeOwned;
use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

use crate::FILE_NAME;
use crate::fault::{Fault, Position};

/// A document that is being read, with what was found wrong so far.
pub(crate) struct Document<'t> {
    text: &'t str,
    faults: RefCell<Vec<Fault>>,
}

impl<'t> Document<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, faults: RefCell::default() }
    }

    /// Parses the text; `None` when it is no TOML.
    pub(crate) fn parse(&self) -> Option<(Table, Spanned<DeTable<'t>>)> {
        let (places, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            let at = error.span().map_or(0, |span| span.start);
            self.fault("(syntax)".to_owned(), at, error.message().to_owned());
        }
        if errors.is_empty() { Some((self.text.parse().ok()?, places)) } else { None }
    }

    fn fault(&self, key: String, offset: usize, message: String) {
        let position = Some(Position::of_offset(self.text, offset));
        self.faults.borrow_mut().push(Fault { file: FILE_NAME.to_owned(), position, key, message });
    }

    /// Everything that was found wrong, in the order of the lines.
    pub(crate) fn into_faults(self) -> Vec<Fault> {
        let mut faults = self.faults.into_inner();
        faults.sort_by(|a, b| (line_of(a), &a.key).cmp(&(line_of(b), &b.key)));
        faults
    }
}

fn line_of(fault: &Fault) -> usize {
    fault.position.map_or(0, |position| position.line)
}

/// One table of the document.
pub(crate) struct Section<'a, 't> {
    document: &'a Document<'t>,
    path: String,
    span: Range<usize>,
    values: &'a Table,
    places: &'a DeTable<'t>,
    known: Vec<&'static str>,
}

impl<'a, 't> Section<'a, 't> {
    pub(crate) fn root(
        document: &'a Document<'t>,
        values: &'a Table,
        places: &'a Spanned<DeTable<'t>>,
    ) -> Self {
        let (path, span) = (String::new(), 0..0);
        Self { document, path, span, values, places: places.get_ref(), known: Vec::new() }
    }

    /// Notes that something is wrong with a key, or with the table itself when the key is empty.
    pub(crate) fn fault(&self, key: &str, message: impl Into<String>) {
        let first = key.split(['.', '[']).next().unwrap_or(key);
        let place = self.places.iter().find(|(name, _)| name.get_ref().as_ref() == first);
        let at = place.map_or(self.span.start, |(name, _)| name.span().start);
        self.document.fault(self.joined(key), at, message.into());
    }

    /// Notes what a domain type says against the table.
    pub(crate) fn refuse(&self, invalid: &Invalid) {
        self.fault(&invalid.field, invalid.rule.clone());
    }

    fn joined(&self, key: &str) -> String {
        match (self.path.as_str(), key) {
            ("", "") => "(document)".to_owned(),
            ("", key) => key.to_owned(),
            (path, "") => path.to_owned(),
            (path, key) => format!("{path}.{key}"),
        }
    }

    fn value(&mut self, key: &'static str) -> Option<&'a Value> {
        self.known.push(key);
        self.values.get(key)
    }

    fn typed<T>(
        &mut self,
        key: &'static str,
        what: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.value(key)?;
        let read = read(value);
        if read.is_none() {
            self.fault(key, format!("must be {what}, not {}", value.type_str()));
        }
        read
    }

    pub(crate) fn text(&mut self, key: &'static str) -> Option<&'a str> {
        self.typed(key, "a text", Value::as_str)
    }

    pub(crate) fn flag(&mut self, key: &'static str) -> Option<bool> {
        self.typed(key, "true or false", Value::as_bool)
    }

    pub(crate) fn count<N: TryFrom<i64>>(&mut self, key: &'static str) -> Option<N> {
        self.typed(key, "a whole number that is not negative", |value| {
            value.as_integer().and_then(|number| N::try_from(number).ok())
        })
    }

    pub(crate) fn texts(&mut self, key: &'static str) -> Option<Vec<String>> {
        self.typed(key, "a list of texts", |value| {
            value.as_array()?.iter().map(|one| one.as_str().map(str::to_owned)).collect()
        })
    }

    /// A moment: a text, or one of TOML's own dates.
    pub(crate) fn moment(&mut self, key: &'static str) -> Option<String> {
        self.typed(key, "a time or a day", |value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Datetime(moment) => Some(moment.to_string()),
            _ => None,
        })
    }

    /// A text that becomes a domain type.
    pub(crate) fn parsed<T>(
        &mut self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        let text = self.text(key)?;
        parse(text).map_err(|invalid| self.fault(key, invalid.rule)).ok()
    }

    /// The same for a key that must be there.
    pub(crate) fn required<T>(
        &mut self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        self.need(key);
        self.parsed(key, parse)
    }

    /// Notes a fault when the key is absent.
    pub(crate) fn need(&self, key: &'static str) {
        if !self.values.contains_key(key) {
            self.fault("", format!("`{key}` is missing"));
        }
    }

    /// A table in the table.
    pub(crate) fn section(&mut self, key: &'static str) -> Option<Section<'a, 't>> {
        let value = self.value(key)?;
        let (name, place) = self.places.iter().find(|(name, _)| name.get_ref().as_ref() == key)?;
        let inner = value.as_table().zip(place.get_ref().as_table());
        if inner.is_none() {
            self.fault(key, format!("must be a table, not {}", value.type_str()));
        }
        let (values, places) = inner?;
        Some(self.inside(self.joined(key), name.span(), values, places))
    }

    /// A table that is a value of the domain as a whole; what is wrong with it is said of its innermost key.
    pub(crate) fn deserialized<T: DeserializeOwned>(&mut self, key: &'static str) -> Option<T> {
        let value = self.value(key)?.clone();
        serde_path_to_error::deserialize(value)
            .map_err(|error| {
                let inner = error.path().to_string();
                let path = if inner == "." { key.to_owned() } else { format!("{key}.{inner}") };
                self.fault(&path, error.inner().message().to_owned());
            })
            .ok()
    }

    /// A list of tables in the table.
    pub(crate) fn sections(&mut self, key: &'static str) -> Vec<Section<'a, 't>> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let place = self.places.iter().find(|(name, _)| name.get_ref().as_ref() == key);
        let (Some(values), Some(DeValue::Array(places))) =
            (value.as_array(), place.map(|(_, place)| place.get_ref()))
        else {
            self.fault(key, format!("must be a list of tables ([[{key}]]), not {}", value.type_str()));
            return Vec::new();
        };
        let mut sections = Vec::new();
        for (index, (value, place)) in values.iter().zip(places.iter()).enumerate() {
            let path = format!("{}[{index}]", self.joined(key));
            match value.as_table().zip(place.get_ref().as_table()) {
                Some((values, places)) => sections.push(self.inside(path, place.span(), values, places)),
                None => self.fault(key, format!("must hold tables only, not {}", value.type_str())),
            }
        }
        sections
    }

    fn inside(
        &self,
        path: String,
        span: Range<usize>,
        values: &'a Table,
        places: &'a DeTable<'t>,
    ) -> Section<'a, 't> {
        Section { document: self.document, path, span, values, places, known: Vec::new() }
    }

    /// Every key with its value, for a table whose keys are the author's own.
    pub(crate) fn entries(&self) -> &'a Table {
        self.values
    }

    /// Notes every key that was not asked for.
    pub(crate) fn finish(self) {
        for key in self.values.keys().filter(|key| !self.known.contains(&key.as_str())) {
            self.fault(key, format!("is not known here; known are {}", self.known.join(", ")));
        }
    }
}
