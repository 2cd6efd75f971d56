//! N-grams as numbers: each is the n-gram without its last symbol, and that symbol.

use std::hash::{BuildHasher, RandomState};

/// The n-gram of no symbol.
const EMPTY: u32 = 0;

const FREE: u64 = u64::MAX;

/// Numbers for the n-grams of a text, and how often they occur; used for one text after another.
#[derive(Debug)]
pub(crate) struct NgramTable {
    /// An n-gram's beginning and last symbol, with its number; half of them are free at least.
    slots: Vec<(u64, u32)>,
    used: Vec<u32>,
    /// By number, the first for the n-gram of no symbol.
    counts: Vec<Count>,
    /// What keeps crafted texts from meeting in one slot.
    seed: u64,
}

/// How often an n-gram occurs.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    /// In the text that has it most often.
    most: u32,
    /// In the text that was added last, and which that was.
    here: u32,
    text: u32,
    /// Among those that were matched.
    matched: u32,
}

impl NgramTable {
    pub(crate) fn new() -> Self {
        let seed = RandomState::new().hash_one(0) | 1;
        Self { slots: vec![(FREE, 0); 1024], used: Vec::new(), counts: vec![Count::default()], seed }
    }

    /// Forgets all n-grams.
    pub(crate) fn clear(&mut self) {
        for slot in self.used.drain(..) {
            self.slots[slot as usize].0 = FREE;
        }
        self.counts.truncate(1);
    }

    fn slot_of(&self, key: u64) -> usize {
        let hash = u128::from(key ^ self.seed) * 0x9e37_79b9_7f4a_7c15;
        (hash as u64 ^ (hash >> 64) as u64) as usize & (self.slots.len() - 1)
    }

    /// The slot of an n-gram, or the free one where it belongs.
    fn seek(&self, key: u64) -> usize {
        let mut slot = self.slot_of(key);
        while self.slots[slot].0 != key && self.slots[slot].0 != FREE {
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        slot
    }

    fn number(&mut self, beginning: u32, symbol: u32) -> u32 {
        let key = u64::from(beginning) << 32 | u64::from(symbol);
        let slot = self.seek(key);
        if self.slots[slot].0 == key {
            return self.slots[slot].1;
        }
        let number = self.counts.len() as u32;
        self.counts.push(Count::default());
        self.slots[slot] = (key, number);
        self.used.push(slot as u32);
        if 2 * self.used.len() > self.slots.len() {
            self.grow();
        }
        number
    }

    fn grow(&mut self) {
        let larger = vec![(FREE, 0); 2 * self.slots.len()];
        let old = std::mem::replace(&mut self.slots, larger);
        for position in 0..self.used.len() {
            let entry = old[self.used[position] as usize];
            let slot = self.seek(entry.0);
            self.slots[slot] = entry;
            self.used[position] = slot as u32;
        }
    }

    fn find(&self, beginning: u32, symbol: u32) -> Option<u32> {
        let key = u64::from(beginning) << 32 | u64::from(symbol);
        let (found, number) = self.slots[self.seek(key)];
        (found == key).then_some(number)
    }

    /// Adds the n-grams of a text, up to so many symbols; texts are told apart by their numbers, which begin with 1.
    pub(crate) fn add(&mut self, symbols: &[u32], orders: usize, text: u32) {
        for start in 0..symbols.len() {
            let mut number = EMPTY;
            for symbol in symbols[start..].iter().take(orders) {
                number = self.number(number, *symbol);
                let count = &mut self.counts[number as usize];
                if count.text != text {
                    (count.text, count.here) = (text, 0);
                }
                count.here += 1;
                count.most = count.most.max(count.here);
            }
        }
    }

    /// How many n-grams of each order of a text are among those that were added, none more often than in the text that
    /// has it most often.
    pub(crate) fn matches<const ORDERS: usize>(&mut self, symbols: &[u32]) -> [u32; ORDERS] {
        for count in &mut self.counts {
            count.matched = 0;
        }
        let mut matches = [0; ORDERS];
        for start in 0..symbols.len() {
            let mut number = EMPTY;
            for (order, symbol) in matches.iter_mut().zip(&symbols[start..]) {
                // What goes on from an unknown n-gram is unknown as well.
                let Some(found) = self.find(number, *symbol) else { break };
                number = found;
                let count = &mut self.counts[number as usize];
                count.matched += 1;
                *order += u32::from(count.matched <= count.most);
            }
        }
        matches
    }
}

/// How many n-grams of an order a text of so many symbols has.
pub(crate) fn ngrams_of(length: usize, order: usize) -> usize {
    (length + 1).saturating_sub(order)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    fn brute_force(texts: &[Vec<u32>], other: &[u32], order: usize) -> u32 {
        let count = |text: &[u32]| {
            let mut counts: HashMap<Vec<u32>, u32> = HashMap::new();
            text.windows(order).for_each(|ngram| *counts.entry(ngram.to_vec()).or_default() += 1);
            counts
        };
        let texts: Vec<_> = texts.iter().map(|text| count(text)).collect();
        let most = |ngram: &Vec<u32>| texts.iter().filter_map(|text| text.get(ngram)).max().copied();
        count(other).iter().map(|(ngram, count)| most(ngram).unwrap_or(0).min(*count)).sum()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn matches_are_clipped(
            texts in prop::collection::vec(prop::collection::vec(0..4_u32, 0..12), 1..4),
            other in prop::collection::vec(0..5_u32, 0..12),
        ) {
            let mut table = NgramTable::new();
            table.add(&[0, 1, 2, 3], 4, 1);
            table.clear();
            for (number, text) in (1..).zip(&texts) {
                table.add(text, 4, number);
            }
            let expected = [1, 2, 3, 4].map(|order| brute_force(&texts, &other, order));
            prop_assert_eq!(table.matches::<4>(&other), expected);
            prop_assert_eq!(table.matches::<4>(&other), expected);
        }
    }

    #[test]
    fn a_table_grows() {
        let long: Vec<u32> = (0..5000).map(|number| number % 997).collect();
        let mut table = NgramTable::new();
        table.add(&long, 6, 1);
        assert_eq!(table.matches::<6>(&long), [1, 2, 3, 4, 5, 6].map(|order| ngrams_of(5000, order) as u32));
        assert_eq!(ngrams_of(2, 4), 0);
    }
}
