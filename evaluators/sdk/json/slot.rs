//! Fields of an object: which were there, and what was read from them.

use super::JsonReader;

/// A field that an object must have.
///
/// It tells a field that is absent, which is a fault of the object, from one whose value was refused, which has its own.
#[derive(Debug)]
pub struct Slot<T> {
    seen: bool,
    value: Option<T>,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self { seen: false, value: None }
    }
}

impl<T> Slot<T> {
    /// Keeps what was read from the field.
    pub fn put(&mut self, value: Option<T>) {
        self.seen = true;
        self.value = value;
    }

    /// What was read from the field, if it was there and right.
    pub fn get(self) -> Option<T> {
        self.value
    }

    /// What was read from the field; that it is missing is recorded as a fault of the current object.
    pub fn require(self, name: &str, reader: &mut JsonReader<'_, '_>) -> Option<T> {
        if !self.seen {
            reader.missing_field(name);
        }
        self.value
    }
}
