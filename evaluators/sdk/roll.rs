//! The roll of a task: every item is called exactly once, and whoever is called is on it.

use std::collections::HashMap;

use crate::fault::{Code, Fault, Faults, Place};
use crate::text::quoted;

/// The positions of ids.
#[derive(Debug, Clone, Default)]
pub struct IdIndex {
    positions: HashMap<Box<str>, u32>,
}

impl IdIndex {
    /// Adds an id at the next position, unless it has one already; then that one is the error.
    pub fn add(&mut self, id: &str) -> Result<usize, usize> {
        if let Some(position) = self.positions.get(id) {
            return Err(*position as usize);
        }
        let position = self.positions.len();
        self.positions.insert(id.into(), position as u32);
        Ok(position)
    }

    /// The position of an id.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.positions.get(id).map(|position| *position as usize)
    }

    /// How many ids there are.
    pub fn len(&self) -> usize {
        self.positions.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }
}

/// Which items a submission has named so far.
#[derive(Debug)]
pub struct Roll<'t> {
    index: &'t IdIndex,
    called: Vec<bool>,
    /// What is called, in a message: `id`, `question`.
    noun: &'static str,
}

impl<'t> Roll<'t> {
    /// A roll on which nobody was called yet.
    pub fn new(index: &'t IdIndex, noun: &'static str) -> Self {
        Self { index, called: vec![false; index.len()], noun }
    }

    /// The item of an id that is called for the first time; anything else is a fault.
    pub fn call(&mut self, id: &str, place: impl FnOnce() -> Place, faults: &mut Faults) -> Option<usize> {
        match self.index.find(id) {
            Some(item) if !self.called[item] => {
                self.called[item] = true;
                Some(item)
            }
            Some(_) => {
                faults.push_with(|| repeated(self.noun, id).at(place()));
                None
            }
            None => {
                let noun = self.noun;
                faults.push_with(|| {
                    let message = format!("the {noun} {} is not one of the task", quoted(id));
                    Fault::whole(Code::UnknownIds, message, format!("a {noun} of the task"), quoted(id))
                        .at(place())
                });
                None
            }
        }
    }

    /// Records every item that was not called; `ids` are those of the index, in order.
    pub fn close(self, ids: &[String], faults: &mut Faults) {
        let missing = self.called.iter().filter(|called| !**called).count();
        for (id, _) in ids.iter().zip(&self.called).filter(|(_, called)| !**called) {
            faults.push_with(|| {
                let (noun, all) = (self.noun, ids.len());
                let message = format!("the {noun} {} has no row", quoted(id));
                let found = format!("no row for {missing} of {all}");
                let fault =
                    Fault::whole(Code::MissingIds, message, format!("one row for every {noun}"), found);
                if missing == all { fault.hint("is it a file for another split?") } else { fault }
            });
        }
    }

    /// The items that were not called, in order.
    pub fn missing(&self) -> impl Iterator<Item = usize> {
        self.called.iter().enumerate().filter(|(_, called)| !**called).map(|(item, _)| item)
    }
}

/// The fault that an id stands a second time.
pub fn repeated(noun: &str, id: &str) -> Fault {
    let message = format!("the {noun} {} stands twice", quoted(id));
    Fault::whole(Code::DuplicateIds, message, format!("one row for every {noun}"), "another row")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_called_once() {
        let mut index = IdIndex::default();
        let ids = ["a", "b", "c"].map(str::to_owned);
        for (position, id) in ids.iter().enumerate() {
            assert_eq!(index.add(id), Ok(position));
        }
        assert_eq!(index.add("b"), Err(1));
        let (mut roll, mut faults) = (Roll::new(&index, "id"), Faults::new());
        let called: Vec<_> =
            ["b", "x", "b", "a"].iter().map(|id| roll.call(id, || Place::Line(7), &mut faults)).collect();
        assert_eq!(called, [Some(1), None, None, Some(0)]);
        assert_eq!(roll.missing().collect::<Vec<_>>(), [2]);
        roll.close(&ids, &mut faults);
        let codes: Vec<Code> = faults.faults.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, [Code::UnknownIds, Code::DuplicateIds, Code::MissingIds]);
    }
}
