//! Counts of a sentence for BLEU.

use std::collections::HashMap;

use sdk::evidence::{BLEU_ORDERS, BleuCounts};

use crate::characters::between_spaces;
use crate::ngrams::{NgramTable, ngrams_of};

/// Counts matches of words, one sentence after another in the same memory.
#[derive(Debug)]
pub(crate) struct WordMatcher {
    table: NgramTable,
    symbols: Vec<u32>,
}

impl WordMatcher {
    pub(crate) fn new() -> Self {
        Self { table: NgramTable::new(), symbols: Vec::new() }
    }

    /// The counts of a hypothesis against its references, all with white space between their words.
    pub(crate) fn count(&mut self, references: &[impl AsRef<str>], hypothesis: &str) -> BleuCounts {
        let mut vocabulary = Vocabulary::default();
        self.table.clear();
        let mut lengths = Vec::with_capacity(references.len());
        for (number, reference) in (1..).zip(references) {
            vocabulary.symbols(between_spaces(reference.as_ref()), &mut self.symbols);
            self.table.add(&self.symbols, BLEU_ORDERS, number);
            lengths.push(self.symbols.len());
        }
        vocabulary.symbols(between_spaces(hypothesis), &mut self.symbols);
        let length = self.symbols.len();
        let matches = self.table.matches::<BLEU_ORDERS>(&self.symbols).map(f64::from);
        let nearest = lengths.iter().min_by_key(|other| (other.abs_diff(length), **other));
        BleuCounts {
            matches,
            totals: std::array::from_fn(|order| ngrams_of(length, order + 1) as f64),
            hypothesis: length as f64,
            reference: nearest.map_or(0.0, |nearest| *nearest as f64),
        }
    }
}

/// Numbers for words.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary<'t> {
    numbers: HashMap<&'t str, u32>,
}

impl<'t> Vocabulary<'t> {
    /// The numbers of words, in place of what stood there.
    pub(crate) fn symbols(&mut self, words: impl IntoIterator<Item = &'t str>, symbols: &mut Vec<u32>) {
        symbols.clear();
        for word in words {
            let next = self.numbers.len() as u32;
            symbols.push(*self.numbers.entry(word).or_insert(next));
        }
    }
}
