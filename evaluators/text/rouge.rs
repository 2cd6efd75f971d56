//! ROUGE of one hypothesis: n-grams of words and longest common subsequences.

use std::borrow::Cow;

use crate::bleu::Vocabulary;
use crate::ngrams::{NgramTable, ngrams_of};
use crate::porter::stem;
use crate::subsequence::{common_length, common_positions};

/// The F-scores of one hypothesis: ROUGE-1, ROUGE-2, ROUGE-L and ROUGE-Lsum.
pub(crate) const SCORES: usize = 4;

/// Scores one hypothesis after another, in the same memory.
#[derive(Debug)]
pub(crate) struct Rouge {
    table: NgramTable,
    stems: bool,
}

impl Rouge {
    pub(crate) fn new(stems: bool) -> Self {
        Self { table: NgramTable::new(), stems }
    }

    /// For each score the one of the reference with which it is best.
    pub(crate) fn score(&mut self, references: &[impl AsRef<str>], hypothesis: &str) -> [f64; SCORES] {
        let hypothesis = hypothesis.to_lowercase();
        let hypothesis_tokens = tokens(&hypothesis, self.stems);
        let mut best = [0.0_f64; SCORES];
        for reference in references {
            let reference = reference.as_ref().to_lowercase();
            let reference_tokens = tokens(&reference, self.stems);
            let mut vocabulary = Vocabulary::default();
            let (mut truth, mut system) = (Vec::new(), Vec::new());
            vocabulary.symbols(reference_tokens.iter().map(|token| &**token), &mut truth);
            vocabulary.symbols(hypothesis_tokens.iter().map(|token| &**token), &mut system);
            self.table.clear();
            self.table.add(&truth, 2, 1);
            let both = self.table.matches::<2>(&system);
            let ngrams = |order: usize| {
                let of = |length| ngrams_of(length, order).max(1) as f64;
                f_score(f64::from(both[order - 1]), of(truth.len()), of(system.len()))
            };
            let longest = longest_common(&truth, &system);
            let summary = if is_one_line(&reference) && is_one_line(&hypothesis) {
                longest
            } else {
                self.summary(&reference, &hypothesis)
            };
            for (best, score) in best.iter_mut().zip([ngrams(1), ngrams(2), longest, summary]) {
                *best = best.max(score);
            }
        }
        best
    }

    /// ROUGE-Lsum: for each line of the reference the union of its common subsequences with the lines of the hypothesis.
    fn summary(&self, reference: &str, hypothesis: &str) -> f64 {
        let of_lines = |text| lines(text).map(|line| tokens(line, self.stems)).collect::<Vec<_>>();
        let (reference, hypothesis) = (of_lines(reference), of_lines(hypothesis));
        let mut vocabulary = Vocabulary::default();
        let mut truth = vec![Vec::new(); reference.len()];
        let mut system = vec![Vec::new(); hypothesis.len()];
        for (line, symbols) in reference.iter().zip(&mut truth).chain(hypothesis.iter().zip(&mut system)) {
            vocabulary.symbols(line.iter().map(|token| &**token), symbols);
        }
        summary_of(&truth, &system)
    }
}

fn summary_of(truth: &[Vec<u32>], system: &[Vec<u32>]) -> f64 {
    let lengths = |lines: &[Vec<u32>]| lines.iter().map(Vec::len).sum::<usize>();
    let (reference, hypothesis) = (lengths(truth), lengths(system));
    if reference == 0 || hypothesis == 0 {
        return 0.0;
    }
    // No token is found more often than the hypothesis has it.
    let mut left = std::collections::HashMap::<u32, u32>::new();
    system.iter().flatten().for_each(|token| *left.entry(*token).or_default() += 1);
    let mut hits = 0_u32;
    for line in truth {
        let mut found = vec![false; line.len()];
        for other in system {
            common_positions(line, other).into_iter().for_each(|position| found[position] = true);
        }
        for (token, _) in line.iter().zip(found).filter(|(_, found)| *found) {
            if let Some(left) = left.get_mut(token).filter(|left| **left > 0) {
                *left -= 1;
                hits += 1;
            }
        }
    }
    f_score(f64::from(hits), reference as f64, hypothesis as f64)
}

/// The lines that are not empty.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').filter(|line| !line.is_empty())
}

fn is_one_line(text: &str) -> bool {
    lines(text).count() <= 1
}

fn longest_common(truth: &[u32], system: &[u32]) -> f64 {
    if truth.is_empty() || system.is_empty() {
        return 0.0;
    }
    f_score(common_length(truth, system) as f64, truth.len() as f64, system.len() as f64)
}

fn f_score(both: f64, reference: f64, hypothesis: f64) -> f64 {
    let (precision, recall) = (both / hypothesis, both / reference);
    if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 }
}

/// The words of small ASCII letters and digits in a text of small letters; all other characters separate.
fn tokens(text: &str, stems: bool) -> Vec<Cow<'_, str>> {
    let separates = |character: char| !(character.is_ascii_lowercase() || character.is_ascii_digit());
    let words = text.split(separates).filter(|word| !word.is_empty());
    let token = |word: &'_ str| -> Option<String> { (stems && word.len() > 3).then(|| stem(word)) };
    words.map(|word| token(word).map_or(Cow::Borrowed(word), Cow::Owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(references: &[&str], hypothesis: &str, stems: bool) -> [f64; SCORES] {
        Rouge::new(stems).score(references, hypothesis)
    }

    #[test]
    fn what_is_not_ascii_vanishes() {
        assert_eq!(scores(&["東京"], "東京", false), [0.0; 4]);
        assert_eq!(tokens("don't café_2 go", false), ["don", "t", "caf", "2", "go"]);
    }

    #[test]
    fn the_best_reference_counts_for_each_score() {
        let [one, two, longest, summary] = scores(&["a b c d", "d c b a"], "c d a b", false);
        assert_eq!((one, two, longest, summary), (1.0, 2.0 / 3.0, 0.5, 0.5));
        assert_eq!(scores(&["cats ran", "cat"], "the cats", true)[0], 2.0 / 3.0);
    }

    #[test]
    fn summaries_are_compared_line_by_line() {
        // The first line has both words, each found in another line.
        let [.., longest, summary] = scores(&["a b\nc"], "b x\na", false);
        assert!((longest - 2.0 / 6.0).abs() < 1e-12, "{longest}");
        assert!((summary - 4.0 / 6.0).abs() < 1e-12, "{summary}");
        assert_eq!(scores(&["a\n"], "\n", false)[3], 0.0);
    }
}
