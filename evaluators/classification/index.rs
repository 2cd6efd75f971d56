//! From ids to items, and the roll on which every item is called exactly once.

use std::hash::{BuildHasher, RandomState};

use sdk::text::quoted;
use sdk::{Code, Fault, Faults};

use crate::sheet::At;

/// A hash index of ids, laid out so that looking one up touches memory in two places only.
#[derive(Debug, Clone)]
pub(crate) struct IdIndex {
    /// The upper half of the hash, and the place of the entry plus one; zero is an empty slot.
    slots: Vec<u64>,
    /// The entries, one after the other: the length of the id, its position, its bytes.
    entries: Vec<u8>,
    /// What keeps crafted ids from meeting in one slot.
    seed: u64,
}

/// The bytes of an entry before the id.
const HEAD: usize = 8;

/// How many ids are looked up together.
const BATCH: usize = 64;

/// The most bytes of entries that slots can point to.
const MOST_BYTES: usize = u32::MAX as usize;

impl IdIndex {
    /// An index of ids by their positions, and the positions of ids that stand there a second time.
    pub(crate) fn of(ids: &[String]) -> (Self, Vec<usize>) {
        let mut index = Self {
            slots: vec![0; (ids.len() * 2).next_power_of_two()],
            entries: Vec::with_capacity(ids.iter().map(|id| HEAD + id.len()).sum()),
            seed: RandomState::new().hash_one(0),
        };
        let mut repeated = Vec::new();
        let mut hashes = Vec::with_capacity(BATCH);
        for (batch, ids) in ids.chunks(BATCH).enumerate() {
            hashes.clear();
            hashes.extend(ids.iter().map(|id| index.hash(id.as_bytes())));
            index.touch(&hashes);
            for (offset, (id, hash)) in ids.iter().zip(&hashes).enumerate() {
                let position = batch * BATCH + offset;
                match index.seek(id, *hash) {
                    Ok(_) => repeated.push(position),
                    Err(slot) => index.fill(slot, *hash, id, position),
                }
            }
        }
        (index, repeated)
    }

    fn fill(&mut self, slot: usize, hash: u64, id: &str, position: usize) {
        assert!(self.entries.len() + HEAD + id.len() < MOST_BYTES, "files are limited to less than that");
        self.slots[slot] = hash >> 32 << 32 | (self.entries.len() as u64 + 1);
        self.entries.extend_from_slice(&(id.len() as u32).to_le_bytes());
        self.entries.extend_from_slice(&(position as u32).to_le_bytes());
        self.entries.extend_from_slice(id.as_bytes());
    }

    /// The position of an id.
    fn find(&self, id: &str) -> Option<usize> {
        self.seek(id, self.hash(id.as_bytes())).ok()
    }

    /// The position of an id of that hash; or, if it is not there, the slot where it would be.
    fn seek(&self, id: &str, hash: u64) -> Result<usize, usize> {
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let found = self.slots[slot];
            if found == 0 {
                return Err(slot);
            }
            if found >> 32 == hash >> 32 {
                let (length, position, rest) = self.entry((found as u32 - 1) as usize);
                if rest.get(..length) == Some(id.as_bytes()) {
                    return Ok(position);
                }
            }
            slot = (slot + 1) & mask;
        }
    }

    /// Loads what seeking ids of these hashes will read.
    ///
    /// One seek waits for memory twice; a batch that is touched first lets memory answer many at once.
    fn touch(&self, hashes: &[u64]) {
        let mask = self.slots.len() - 1;
        let mut slots = [0; BATCH];
        for (slot, hash) in slots.iter_mut().zip(hashes) {
            *slot = self.slots[*hash as usize & mask];
        }
        let entries =
            slots.iter().filter(|slot| **slot != 0).map(|slot| self.entries[(*slot as u32 - 1) as usize]);
        std::hint::black_box(entries.fold(0, |all, byte| all ^ byte));
    }

    /// The length and the position of the id of an entry, and the bytes that begin with the id.
    fn entry(&self, at: usize) -> (usize, usize, &[u8]) {
        let (head, rest) = self.entries[at..].split_at(HEAD);
        let number =
            |bytes: &[u8]| bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte));
        (number(&head[..4]), number(&head[4..]), rest)
    }

    /// A seeded hash by folded multiplication, eight bytes at a time.
    fn hash(&self, bytes: &[u8]) -> u64 {
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
        let fold = |hash: u64, word: u64| {
            let product = u128::from(hash ^ word) * u128::from(ODD);
            product as u64 ^ (product >> 64) as u64
        };
        let mut hash = fold(self.seed, bytes.len() as u64);
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            hash = fold(hash, u64::from_le_bytes(*word));
        }
        let tail = rest.iter().fold(0_u64, |tail, byte| tail << 8 | u64::from(*byte));
        fold(fold(hash, tail), self.seed)
    }
}

/// Which items a submission has named so far.
#[derive(Debug)]
pub(crate) struct Roll<'t> {
    index: &'t IdIndex,
    ids: &'t [String],
    called: Vec<bool>,
}

impl<'t> Roll<'t> {
    pub(crate) fn new(index: &'t IdIndex, ids: &'t [String]) -> Self {
        Self { index, ids, called: vec![false; ids.len()] }
    }

    /// The item of an id that is called for the first time; anything else is a fault.
    pub(crate) fn call(&mut self, id: &str, at: At, faults: &mut Faults) -> Option<usize> {
        self.answer(self.index.find(id), id, at, faults)
    }

    fn answer(&mut self, found: Option<usize>, id: &str, at: At, faults: &mut Faults) -> Option<usize> {
        match found {
            Some(item) if !self.called[item] => {
                self.called[item] = true;
                Some(item)
            }
            Some(_) => {
                faults.push_with(|| repeated_id(id, at));
                None
            }
            None => {
                faults.push_with(|| {
                    let message = format!("the id {} is not one of the task", quoted(id));
                    Fault::whole(Code::UnknownIds, message, "an id of the task", quoted(id)).at(at.place(id))
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

/// The fault that an id stands a second time.
pub(crate) fn repeated_id(id: &str, at: At) -> Fault {
    let message = format!("the id {} stands twice", quoted(id));
    Fault::whole(Code::DuplicateIds, message, "one row for every id", "another row").at(at.place(id))
}

/// Rows with small values, gathered so that their ids are looked up together.
#[derive(Debug)]
pub(crate) struct Callers<V> {
    ids: String,
    rows: Vec<(usize, At, V)>,
    hashes: Vec<u64>,
}

impl<V: Copy> Callers<V> {
    pub(crate) fn new() -> Self {
        Self { ids: String::new(), rows: Vec::with_capacity(BATCH), hashes: Vec::with_capacity(BATCH) }
    }

    /// Adds a row; when there are enough of them, `deliver` gets their items and values.
    pub(crate) fn add(
        &mut self,
        (id, at, value): (&str, At, V),
        roll: &mut Roll<'_>,
        faults: &mut Faults,
        deliver: impl FnMut(usize, V),
    ) {
        self.ids.push_str(id);
        self.rows.push((self.ids.len(), at, value));
        self.hashes.push(roll.index.hash(id.as_bytes()));
        if self.rows.len() == BATCH {
            self.call(roll, faults, deliver);
        }
    }

    /// Calls the rows that were gathered.
    pub(crate) fn call(
        &mut self,
        roll: &mut Roll<'_>,
        faults: &mut Faults,
        mut deliver: impl FnMut(usize, V),
    ) {
        roll.index.touch(&self.hashes);
        let mut start = 0;
        for ((end, at, value), hash) in self.rows.drain(..).zip(&self.hashes) {
            let id = &self.ids[start..end];
            start = end;
            if let Some(item) = roll.answer(roll.index.seek(id, *hash).ok(), id, at, faults) {
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
    fn ids_are_found_at_their_positions() {
        let ids: Vec<String> =
            (0..2000).map(|number| "ab".repeat(number % 23) + &number.to_string()).collect();
        let (index, repeated) = IdIndex::of(&ids);
        assert!(repeated.is_empty());
        assert!(ids.iter().enumerate().all(|(position, id)| index.find(id) == Some(position)));
        assert_eq!(index.find(""), None);
        assert_eq!(index.find("2000"), None);
    }

    #[test]
    fn repeated_ids_are_told() {
        let ids = ["a", "", "b", "a", "", "a"].map(str::to_owned);
        let (index, repeated) = IdIndex::of(&ids);
        assert_eq!(repeated, [3, 4, 5]);
        assert_eq!((index.find("a"), index.find("")), (Some(0), Some(1)));
    }

    #[test]
    fn every_item_is_called_once_alone_or_in_batches() {
        let ids: Vec<String> = (0..200).map(|number| number.to_string()).collect();
        let (index, _) = IdIndex::of(&ids);
        let calls: Vec<&str> = ids[1..].iter().map(String::as_str).chain(["7", "x"]).collect();

        let (mut roll, mut faults) = (Roll::new(&index, &ids), Faults::new());
        let alone: Vec<usize> =
            calls.iter().filter_map(|id| roll.call(id, At::Line(2), &mut faults)).collect();
        roll.close(&mut faults);
        let codes: Vec<Code> = faults.faults.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, [Code::DuplicateIds, Code::UnknownIds, Code::MissingIds]);

        let (mut roll, mut batched_faults) = (Roll::new(&index, &ids), Faults::new());
        let (mut callers, mut batched) = (Callers::new(), Vec::new());
        for id in &calls {
            callers.add((id, At::Line(2), ()), &mut roll, &mut batched_faults, |item, ()| batched.push(item));
        }
        callers.call(&mut roll, &mut batched_faults, |item, ()| batched.push(item));
        roll.close(&mut batched_faults);
        assert_eq!((batched, batched_faults), (alone, faults));
    }
}
