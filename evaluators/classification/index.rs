//! From ids to items, and the roll on which every item is called exactly once.

use std::hash::{BuildHasher, RandomState};

use sdk::text::quoted;
use sdk::{Code, Fault, Faults};

use crate::sheet::At;

/// A hash index over ids that are kept elsewhere, so that no id is held twice.
#[derive(Debug, Clone)]
pub(crate) struct IdIndex {
    /// The upper half of the hash, and the position of the id plus one; zero is an empty slot.
    slots: Vec<u64>,
    hasher: RandomState,
}

/// The slots of an empty index.
const SMALLEST: usize = 64;

impl IdIndex {
    pub(crate) fn new() -> Self {
        Self { slots: vec![0; SMALLEST], hasher: RandomState::new() }
    }

    /// The position of an id among the ids that the index was made of.
    pub(crate) fn find(&self, ids: &[String], id: &str) -> Option<usize> {
        let hash = self.hasher.hash_one(id);
        let mut slot = hash as usize & (self.slots.len() - 1);
        loop {
            match self.slots[slot] {
                0 => return None,
                entry => {
                    let position = (entry as u32 - 1) as usize;
                    if entry >> 32 == hash >> 32 && ids[position] == id {
                        return Some(position);
                    }
                }
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    /// Adds the last of the ids, which must not be among the earlier ones.
    pub(crate) fn add_last(&mut self, ids: &[String]) {
        if ids.len() * 2 > self.slots.len() {
            self.slots = vec![0; self.slots.len() * 2];
            for position in 0..ids.len() {
                self.place(ids, position);
            }
        } else {
            self.place(ids, ids.len() - 1);
        }
    }

    fn place(&mut self, ids: &[String], position: usize) {
        let hash = self.hasher.hash_one(ids[position].as_str());
        let mut slot = hash as usize & (self.slots.len() - 1);
        while self.slots[slot] != 0 {
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        self.slots[slot] = hash >> 32 << 32 | (position as u64 + 1);
    }
}

/// Which items a submission has named so far.
#[derive(Debug)]
pub(crate) struct Roll<'t> {
    index: &'t IdIndex,
    ids: &'t [String],
    called: Vec<bool>,
    next: usize,
}

impl<'t> Roll<'t> {
    pub(crate) fn new(index: &'t IdIndex, ids: &'t [String]) -> Self {
        Self { index, ids, called: vec![false; ids.len()], next: 0 }
    }

    /// The item of an id that is called for the first time; anything else is a fault.
    pub(crate) fn call(&mut self, id: &str, at: At<'_>, faults: &mut Faults) -> Option<usize> {
        // Most files are in the order of the annotations, and a comparison is cheaper than a hash.
        let in_order = self.ids.get(self.next).is_some_and(|expected| expected == id);
        let found = if in_order { Some(self.next) } else { self.index.find(self.ids, id) };
        match found {
            Some(item) if !self.called[item] => {
                self.called[item] = true;
                self.next = item + 1;
                Some(item)
            }
            Some(_) => {
                faults.push_with(|| {
                    let message = format!("the id {} stands twice", quoted(id));
                    Fault::whole(Code::DuplicateIds, message, "one row for every id", "another row")
                        .at(at.place())
                });
                None
            }
            None => {
                faults.push_with(|| {
                    let message = format!("the id {} is not one of the task", quoted(id));
                    Fault::whole(Code::UnknownIds, message, "an id of the task", quoted(id)).at(at.place())
                });
                None
            }
        }
    }

    /// Records every item that was not called.
    pub(crate) fn close(self, faults: &mut Faults) {
        let missing = self.called.iter().filter(|called| !**called).count();
        for (id, _) in self.ids.iter().zip(&self.called).filter(|(_, called)| !**called) {
            faults.push_with(|| {
                let found = format!("no row for {missing} of {} ids", self.ids.len());
                let message = format!("the id {} has no row", quoted(id));
                Fault::whole(Code::MissingIds, message, "one row for every id", found)
            });
        }
    }
}
