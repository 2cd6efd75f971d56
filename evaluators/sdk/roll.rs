//! The roll of a task: every item is called exactly once, and whoever is called is on it.

mod index;

pub use index::IdIndex;

use crate::fault::{Code, Fault, Faults, Place};
use crate::ids::Ids;
use crate::sheet::At;
use crate::text::quoted;
use index::BATCH;

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
        self.answer(self.index.find(id), id, place, faults)
    }

    fn answer(
        &mut self,
        found: Option<usize>,
        id: &str,
        place: impl FnOnce() -> Place,
        faults: &mut Faults,
    ) -> Option<usize> {
        match found {
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
                    let expected = format!("{} {noun} of the task", article(noun));
                    Fault::whole(Code::UnknownIds, message, expected, quoted(id)).at(place())
                });
                None
            }
        }
    }

    /// Records every item that was not called; `ids` are those of the index, in order.
    pub fn close(self, ids: &Ids, faults: &mut Faults) {
        let missing = self.called.iter().filter(|called| !**called).count();
        for (id, _) in ids.iter().zip(&self.called).filter(|(_, called)| !**called) {
            faults.push_with(|| {
                let (noun, all) = (self.noun, ids.len());
                let message = format!("the {noun} {} has no row", quoted(id));
                let found = format!("no row for {missing} of {all} {noun}s");
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

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// The fault that an id stands a second time.
pub fn repeated(noun: &str, id: &str) -> Fault {
    let message = format!("the {noun} {} stands twice", quoted(id));
    Fault::whole(Code::DuplicateIds, message, format!("one row for every {noun}"), "another row")
}

/// A roll on which rows with small values are called many at a time, since one look at a large index waits for memory.
#[derive(Debug)]
pub struct BatchedRoll<'t, V> {
    roll: Roll<'t>,
    ids: String,
    rows: Vec<(usize, At, V)>,
    hashes: Vec<u64>,
}

impl<'t, V: Copy> BatchedRoll<'t, V> {
    /// A roll on which nobody was called yet.
    pub fn new(index: &'t IdIndex, noun: &'static str) -> Self {
        let (rows, hashes) = (Vec::with_capacity(BATCH), Vec::with_capacity(BATCH));
        Self { roll: Roll::new(index, noun), ids: String::new(), rows, hashes }
    }

    /// Adds a row; when there are enough of them, `deliver` gets the items that are called for the first time, and their
    /// values.
    pub fn add(
        &mut self,
        (id, at, value): (&str, At, V),
        faults: &mut Faults,
        deliver: impl FnMut(usize, V),
    ) {
        self.ids.push_str(id);
        self.rows.push((self.ids.len(), at, value));
        self.hashes.push(self.roll.index.hash(id.as_bytes()));
        if self.rows.len() == BATCH {
            self.call(faults, deliver);
        }
    }

    /// Calls the rows that wait, and records every item that was not called; `ids` are those of the index, in order.
    pub fn close(mut self, ids: &Ids, faults: &mut Faults, deliver: impl FnMut(usize, V)) {
        self.call(faults, deliver);
        // A row waits for its call while faults of later rows are found.
        faults.faults.sort_by_key(|fault| match fault.place {
            Place::Line(line) => line,
            Place::Pointer(_) | Place::File => u64::MAX,
        });
        self.roll.close(ids, faults);
    }

    fn call(&mut self, faults: &mut Faults, mut deliver: impl FnMut(usize, V)) {
        let index = self.roll.index;
        index.touch(&self.hashes);
        let mut start = 0;
        for ((end, at, value), hash) in self.rows.drain(..).zip(&self.hashes) {
            let id = &self.ids[start..end];
            start = end;
            let found = index.seek(id, *hash).ok();
            if let Some(item) = self.roll.answer(found, id, || at.place(id), faults) {
                deliver(item, value);
            }
        }
        self.ids.clear();
        self.hashes.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_called_once_alone_or_in_batches() {
        let ids: Ids = (0..200).map(|number| number.to_string()).collect();
        let (index, _) = IdIndex::of(ids.clone());
        let calls: Vec<&str> = ids.iter().skip(1).chain(["7", "x"]).collect();

        let (mut roll, mut faults) = (Roll::new(&index, "id"), Faults::new());
        let place = || Place::Line(2);
        let alone: Vec<usize> = calls.iter().filter_map(|id| roll.call(id, place, &mut faults)).collect();
        assert_eq!(alone, (1..200).collect::<Vec<_>>());
        assert_eq!(roll.missing().collect::<Vec<_>>(), [0]);
        roll.close(&ids, &mut faults);
        let codes: Vec<Code> = faults.faults.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, [Code::DuplicateIds, Code::UnknownIds, Code::MissingIds]);

        let (mut batched_faults, mut batched) = (Faults::new(), Vec::new());
        let mut roll = BatchedRoll::new(&index, "id");
        for id in &calls {
            roll.add((id, At::Line(2), ()), &mut batched_faults, |item, ()| batched.push(item));
        }
        roll.close(&ids, &mut batched_faults, |item, ()| batched.push(item));
        assert_eq!((batched, batched_faults), (alone, faults));
    }
}
