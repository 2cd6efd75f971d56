//! CIDEr-D: how alike the weighted n-grams of two captions are.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use crate::characters::{between_spaces, is_word};

/// The longest n-grams.
const ORDERS: usize = 4;

/// How fast a difference in length counts.
const SIGMA: f64 = 6.0;

/// A caption as the metrics of captions want it: small letters and single blanks, with everything but letters, numbers and
/// underscores made a blank.
pub(crate) fn caption(text: &str) -> String {
    let mut caption = String::with_capacity(text.len());
    for word in text.to_lowercase().split(|character| !is_word(character)).filter(|word| !word.is_empty()) {
        if !caption.is_empty() {
            caption.push(' ');
        }
        caption.push_str(word);
    }
    caption
}

/// In how many items of the truth each n-gram occurs.
#[derive(Debug)]
pub(crate) struct DocumentFrequencies {
    /// Always the same: sums are in the order of the hashes, and the same texts have the same score to the bit.
    hasher: BuildHasherDefault<DefaultHasher>,
    /// Only those of more than one item, by the hash of the n-gram: the weight of all others is the same.
    frequencies: HashMap<u64, u32>,
    /// The logarithm of the number of items.
    logarithm: f64,
}

impl DocumentFrequencies {
    /// Counts the n-grams of the references of every item, which are captions.
    pub(crate) fn of<R: AsRef<str>>(
        items: impl ExactSizeIterator<Item = impl IntoIterator<Item = R>>,
    ) -> Self {
        let hasher = BuildHasherDefault::default();
        let logarithm = (items.len() as f64).ln();
        let (mut all, mut of_item) = (Vec::new(), Vec::new());
        for references in items {
            of_item.clear();
            for reference in references {
                let words: Vec<&str> = between_spaces(reference.as_ref()).collect();
                of_item.extend(ngrams(&words).map(|ngram| hasher.hash_one(ngram)));
            }
            of_item.sort_unstable();
            of_item.dedup();
            all.extend_from_slice(&of_item);
        }
        all.sort_unstable();
        let several = all.chunk_by(|one, other| one == other).filter(|same| same.len() > 1);
        let frequencies = several.map(|same| (same[0], same.len() as u32)).collect();
        Self { hasher, frequencies, logarithm }
    }

    fn weight(&self, hash: u64) -> f64 {
        let frequency = self.frequencies.get(&hash).copied().unwrap_or(1);
        self.logarithm - f64::from(frequency).ln()
    }

    /// CIDEr-D of a caption against its references.
    pub(crate) fn cider(&self, references: &[impl AsRef<str>], hypothesis: &str) -> f64 {
        let system = Vector::of(hypothesis, self);
        let mut sum = 0.0;
        for reference in references {
            let truth = Vector::of(reference.as_ref(), self);
            let difference = system.bigrams - truth.bigrams;
            let penalty = (-(difference * difference) / (2.0 * SIGMA * SIGMA)).exp();
            let alike = system.alike(&truth);
            sum += alike.iter().map(|alike| alike * penalty).sum::<f64>() / ORDERS as f64;
        }
        // Rounding may make the cosine of equal captions a little more than one.
        (10.0 * sum / references.len() as f64).min(10.0)
    }
}

/// The n-grams of a caption by their weights.
struct Vector {
    /// Hash, order and weight, in the order of the hashes.
    weights: Vec<(u64, usize, f64)>,
    norms: [f64; ORDERS],
    /// How many pairs of words there are, which the public code takes for the length.
    bigrams: f64,
}

impl Vector {
    fn of(caption: &str, frequencies: &DocumentFrequencies) -> Self {
        let words: Vec<&str> = between_spaces(caption).collect();
        let hash = |ngram: &[&str]| (frequencies.hasher.hash_one(ngram), ngram.len() - 1);
        let mut all: Vec<(u64, usize)> = ngrams(&words).map(hash).collect();
        all.sort_unstable();
        let mut norms = [0.0; ORDERS];
        let weigh = |same: &[(u64, usize)]| {
            let (hash, order) = same[0];
            let weight = same.len() as f64 * frequencies.weight(hash);
            norms[order] += weight * weight;
            (hash, order, weight)
        };
        let weights = all.chunk_by(|one, other| one == other).map(weigh).collect();
        Self { weights, norms: norms.map(f64::sqrt), bigrams: words.len().saturating_sub(1) as f64 }
    }

    /// The cosines of both for each order; no n-gram weighs more than in the truth.
    fn alike(&self, truth: &Self) -> [f64; ORDERS] {
        let mut alike = [0.0; ORDERS];
        let mut others = truth.weights.iter().peekable();
        for (hash, order, weight) in &self.weights {
            while others.next_if(|(other, ..)| other < hash).is_some() {}
            if let Some((.., other)) = others.next_if(|(other, ..)| other == hash) {
                alike[*order] += weight.min(*other) * other;
            }
        }
        for ((alike, one), other) in alike.iter_mut().zip(&self.norms).zip(&truth.norms) {
            if *one != 0.0 && *other != 0.0 {
                *alike /= one * other;
            }
        }
        alike
    }
}

fn ngrams<'w, 't>(words: &'w [&'t str]) -> impl Iterator<Item = &'w [&'t str]> {
    (1..=ORDERS).flat_map(|order| words.windows(order))
}

/// ROUGE-L of the COCO caption evaluation: the largest precision with the largest recall over references.
pub(crate) fn caption_rouge(references: &[impl AsRef<str>], hypothesis: &str) -> f64 {
    const BETA: f64 = 1.2;
    let mut vocabulary = crate::bleu::Vocabulary::default();
    let (mut system, mut truth) = (Vec::new(), Vec::new());
    // An empty caption is one empty word.
    vocabulary.symbols(hypothesis.split(' '), &mut system);
    let (mut precision, mut recall) = (0.0_f64, 0.0_f64);
    for reference in references {
        vocabulary.symbols(reference.as_ref().split(' '), &mut truth);
        let both = crate::subsequence::common_length(&truth, &system) as f64;
        precision = precision.max(both / system.len() as f64);
        recall = recall.max(both / truth.len() as f64);
    }
    if precision == 0.0 || recall == 0.0 {
        return 0.0;
    }
    (1.0 + BETA * BETA) * precision * recall / (recall + BETA * BETA * precision)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_says_weighs_nothing() {
        let items = [vec!["a cat sat"], vec!["a dog ran"]];
        let frequencies = DocumentFrequencies::of(items.iter().map(|one| one.iter()));
        assert_eq!(frequencies.cider(&["a cat sat"], "a"), 0.0);
        // All but the n-grams of four words, of which there are none.
        assert!((frequencies.cider(&["a cat sat"], "a cat sat") - 7.5).abs() < 1e-12);
        let single = DocumentFrequencies::of([["a cat"]].iter());
        assert_eq!(single.cider(&["a cat"], "a cat"), 0.0);
    }

    #[test]
    fn captions_are_plain() {
        assert_eq!(caption("A Café_1, (ok)!"), "a café_1 ok");
        assert_eq!(caption_rouge(&["a b", "c"], "a b"), 1.0);
        assert_eq!(caption_rouge(&["a"], ""), 0.0);
    }
}
