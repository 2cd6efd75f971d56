//! Counts of a sentence for chrF and chrF++.

use sdk::evidence::chrf;

use crate::bleu::Vocabulary;
use crate::characters::{between_spaces, is_space};
use crate::ngrams::{NgramTable, ngrams_of};

/// The longest n-grams of characters.
pub(crate) const CHARACTER_ORDERS: usize = 6;

/// The longest n-grams of words, in chrF++.
pub(crate) const WORD_ORDERS: usize = 2;

/// How much more recall weighs than precision.
pub(crate) const BETA: u32 = 2;

/// The most counts that there are: three for every order.
pub(crate) const COLUMNS: usize = 3 * (CHARACTER_ORDERS + WORD_ORDERS);

/// Counts matches of characters and words, one sentence after another in the same memory.
#[derive(Debug)]
pub(crate) struct CharacterMatcher {
    table: NgramTable,
    hypothesis: Vec<u32>,
    hypothesis_words: Vec<u32>,
    reference: Vec<u32>,
}

impl CharacterMatcher {
    pub(crate) fn new() -> Self {
        Self {
            table: NgramTable::new(),
            hypothesis: Vec::new(),
            hypothesis_words: Vec::new(),
            reference: Vec::new(),
        }
    }

    /// The counts of a hypothesis against the reference with which it scores best: three for every order of characters
    /// and then of words, of the hypothesis, the reference and both.
    pub(crate) fn count(
        &mut self,
        references: &[impl AsRef<str>],
        hypothesis: &str,
        with_words: bool,
    ) -> [f64; COLUMNS] {
        let orders = CHARACTER_ORDERS + if with_words { WORD_ORDERS } else { 0 };
        let (mut best, mut best_score) = ([0.0; COLUMNS], -1.0);
        characters(hypothesis, &mut self.hypothesis);
        for reference in references {
            let reference = reference.as_ref();
            let mut counts = [0.0; COLUMNS];
            characters(reference, &mut self.reference);
            self.table.clear();
            self.table.add(&self.reference, CHARACTER_ORDERS, 1);
            let both = self.table.matches::<CHARACTER_ORDERS>(&self.hypothesis);
            put(&mut counts, self.hypothesis.len(), self.reference.len(), &both);
            if with_words {
                let mut vocabulary = Vocabulary::default();
                vocabulary.symbols(words(reference), &mut self.reference);
                vocabulary.symbols(words(hypothesis), &mut self.hypothesis_words);
                self.table.clear();
                self.table.add(&self.reference, WORD_ORDERS, 1);
                let both = self.table.matches::<WORD_ORDERS>(&self.hypothesis_words);
                let counts = &mut counts[3 * CHARACTER_ORDERS..];
                put(counts, self.hypothesis_words.len(), self.reference.len(), &both);
            }
            let triples = counts.chunks_exact(3).take(orders).map(|three| [three[0], three[1], three[2]]);
            let score = chrf(triples, f64::from(BETA));
            if score > best_score {
                (best, best_score) = (counts, score);
            }
        }
        best
    }
}

fn put(counts: &mut [f64], hypothesis: usize, reference: usize, both: &[u32]) {
    for (order, (three, both)) in (1..).zip(counts.chunks_exact_mut(3).zip(both)) {
        let of_reference = ngrams_of(reference, order);
        // An order that the reference lacks is none of the hypothesis' either.
        let of_hypothesis = if of_reference > 0 { ngrams_of(hypothesis, order) } else { 0 };
        three.copy_from_slice(&[of_hypothesis as f64, of_reference as f64, f64::from(*both)]);
    }
}

/// The characters but for white space.
fn characters(text: &str, into: &mut Vec<u32>) {
    into.clear();
    into.extend(text.chars().filter(|character| !is_space(*character)).map(u32::from));
}

/// Words with a sign of ASCII at their end, or else at their beginning, cut off.
fn words(text: &str) -> impl Iterator<Item = &str> {
    between_spaces(text).flat_map(|word| {
        let mut characters = word.chars();
        let (first, last) = (characters.next(), characters.next_back());
        let is_sign = |character: Option<char>| character.is_some_and(|one| one.is_ascii_punctuation());
        let cut = match (first, last) {
            (_, Some(_)) if is_sign(last) => word.len() - 1,
            (_, Some(_)) if is_sign(first) => 1,
            _ => 0,
        };
        let (one, other) = word.split_at(cut);
        [one, other].into_iter().filter(|part| !part.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_cut_off_once() {
        let of = |text| words(text).collect::<Vec<_>>();
        assert_eq!(of("(hi) !a a! ! don't é"), ["(hi", ")", "!", "a", "a", "!", "!", "don't", "é"]);
    }

    #[test]
    fn the_best_reference_counts() {
        let mut matcher = CharacterMatcher::new();
        let counts = matcher.count(&["x y", "a b c"], "a  b", false);
        assert_eq!(counts[..6], [2.0, 3.0, 2.0, 1.0, 2.0, 1.0]);
        assert_eq!(counts[6..9], [0.0, 1.0, 0.0]);
        let counts = matcher.count(&["a b"], "a b", true);
        assert_eq!(counts[18..], [2.0, 2.0, 2.0, 1.0, 1.0, 1.0]);
    }
}
