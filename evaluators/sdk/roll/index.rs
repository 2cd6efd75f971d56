//! From ids to their positions.

use std::sync::Arc;

use crate::ids::Ids;
use crate::primitives::seeded_hash::SeededHash;

/// The positions of ids: a hash index beside the ids, four bytes to a slot.
#[derive(Debug, Clone)]
pub struct IdIndex {
    ids: Arc<Ids>,
    /// A power of two of slots, at most half of them taken. A taken one holds the position plus one in as many low bits as
    /// number the slots, and bits of the hash above them.
    slots: Vec<u32>,
    hasher: SeededHash,
}

/// How many ids are looked up together.
pub(super) const BATCH: usize = 64;

const FEWEST_SLOTS: usize = 16;

impl Default for IdIndex {
    fn default() -> Self {
        Self::with_slots_for(Ids::default())
    }
}

impl IdIndex {
    /// An index of ids by their positions, and the positions of ids that stand there a second time.
    pub fn of(ids: Ids) -> (Self, Vec<usize>) {
        let mut index = Self::with_slots_for(ids);
        let repeated = index.fill();
        (index, repeated)
    }

    fn with_slots_for(ids: Ids) -> Self {
        let slots = (ids.len() * 2).next_power_of_two().max(FEWEST_SLOTS);
        assert!(slots <= 1 << 32, "there are too many ids for an index");
        Self { ids: Arc::new(ids), slots: vec![0; slots], hasher: SeededHash::default() }
    }

    /// Adds an id at the next position, unless it has one already; then that one is the error.
    pub fn add(&mut self, id: &str) -> Result<usize, usize> {
        let hash = self.hash(id.as_bytes());
        let slot = match self.seek(id, hash) {
            Ok(position) => return Err(position),
            Err(slot) => slot,
        };
        let position = self.ids.len();
        Arc::make_mut(&mut self.ids).push(id);
        if (position + 1) * 2 <= self.slots.len() {
            self.slots[slot] = self.taken(hash, position);
        } else {
            let ids = Arc::clone(&self.ids);
            *self = Self { ids, slots: vec![0; self.slots.len() * 2], hasher: self.hasher };
            self.fill();
        }
        Ok(position)
    }

    /// The position of an id.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.seek(id, self.hash(id.as_bytes())).ok()
    }

    /// The ids, in order.
    pub fn ids(&self) -> &Arc<Ids> {
        &self.ids
    }

    /// How many ids there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Takes slots for all ids; the positions of those that stand there a second time.
    fn fill(&mut self) -> Vec<usize> {
        let ids = Arc::clone(&self.ids);
        let mut repeated = Vec::new();
        let mut hashes = Vec::with_capacity(BATCH);
        for first in (0..ids.len()).step_by(BATCH) {
            let batch = first..ids.len().min(first + BATCH);
            hashes.clear();
            hashes.extend(batch.clone().map(|position| self.hash(ids.bytes(position))));
            self.touch(&hashes);
            for (position, hash) in batch.zip(&hashes) {
                match self.seek(&ids[position], *hash) {
                    Ok(_) => repeated.push(position),
                    Err(slot) => self.slots[slot] = self.taken(*hash, position),
                }
            }
        }
        repeated
    }

    fn taken(&self, hash: u64, position: usize) -> u32 {
        self.tag(hash) | (position as u32 + 1)
    }

    /// The bits of a hash that a slot has room for.
    fn tag(&self, hash: u64) -> u32 {
        (hash >> 32) as u32 & !self.low_bits()
    }

    fn low_bits(&self) -> u32 {
        (self.slots.len() - 1) as u32
    }

    /// The position of an id of that hash; or, if it is not there, the slot where it would be.
    #[inline]
    pub(super) fn seek(&self, id: &str, hash: u64) -> Result<usize, usize> {
        let (low, tag) = (self.low_bits(), self.tag(hash));
        let mut slot = hash as usize & low as usize;
        loop {
            let found = self.slots[slot];
            if found == 0 {
                return Err(slot);
            }
            let position = ((found & low) - 1) as usize;
            if found & !low == tag && same(self.ids.bytes(position), id.as_bytes()) {
                return Ok(position);
            }
            slot = (slot + 1) & low as usize;
        }
    }

    /// Loads what seeking ids of these hashes will read.
    ///
    /// One seek waits for memory twice; a batch that is touched first lets memory answer many at once.
    pub(super) fn touch(&self, hashes: &[u64]) {
        let low = self.low_bits();
        let mut slots = [0; BATCH];
        for (slot, hash) in slots.iter_mut().zip(hashes) {
            *slot = self.slots[*hash as usize & low as usize];
        }
        let positions = slots.iter().filter(|slot| **slot != 0).map(|slot| ((slot & low) - 1) as usize);
        let first_bytes = positions.filter_map(|position| self.ids.bytes(position).first());
        std::hint::black_box(first_bytes.fold(0, |all, byte| all ^ byte));
    }

    #[inline]
    pub(super) fn hash(&self, id: &[u8]) -> u64 {
        self.hasher.of(id)
    }
}

/// Whether both are the same: ids are short, and eight bytes at a time are faster than a call.
#[inline]
fn same(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let ((left, left_rest), (right, right_rest)) = (left.as_chunks::<8>(), right.as_chunks::<8>());
    let equal = |(left, right): (&[u8; 8], &[u8; 8])| u64::from_le_bytes(*left) == u64::from_le_bytes(*right);
    left.iter().zip(right).all(equal) && left_rest.iter().zip(right_rest).all(|(left, right)| left == right)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids() -> Ids {
        (0..2000).map(|number| "ab".repeat(number % 23) + &number.to_string()).collect()
    }

    #[test]
    fn ids_are_found_at_their_positions() {
        let (whole, repeated) = IdIndex::of(ids());
        assert!(repeated.is_empty());
        let mut grown = IdIndex::default();
        assert!(ids().iter().enumerate().all(|(position, id)| grown.add(id) == Ok(position)));
        for index in [whole, grown] {
            assert!(ids().iter().enumerate().all(|(position, id)| index.find(id) == Some(position)));
            assert_eq!((index.find(""), index.find("2000"), index.len()), (None, None, 2000));
            assert_eq!(**index.ids(), ids());
        }
    }

    #[test]
    fn repeated_ids_are_told() {
        let texts = ["a", "", "b", "a", "", "a"];
        let (index, repeated) = IdIndex::of(texts.iter().collect());
        assert_eq!(repeated, [3, 4, 5]);
        assert_eq!((index.find("a"), index.find("")), (Some(0), Some(1)));
        let mut index = IdIndex::default();
        assert_eq!(texts.map(|id| index.add(id)), [Ok(0), Ok(1), Ok(2), Err(0), Err(1), Err(0)]);
    }
}
