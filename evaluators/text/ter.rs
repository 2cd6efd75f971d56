//! Edits of a sentence for TER: words and shifts of words, by the heuristics of Tercom as sacreBLEU has them.

mod distance;

use sdk::Limits;
use sdk::limits::Stopped;

use crate::bleu::Vocabulary;
use crate::characters::between_spaces;
use distance::{Distances, Edit};

/// How many words are shifted together at most.
const LONGEST_SHIFT: usize = 10;

/// How far words are shifted at most.
const FARTHEST_SHIFT: usize = 50;

/// How many shifts of a sentence are tried at most.
const MOST_CANDIDATES: usize = 1000;

/// The edits and the mean length of the references, of one sentence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Edits {
    pub(crate) edits: f64,
    pub(crate) reference: f64,
}

/// Counts edits of one sentence after another, in the same memory.
#[derive(Debug, Default)]
pub(crate) struct Shifter {
    distances: Distances,
    shifted: Vec<u32>,
}

impl Shifter {
    /// The fewest edits over the references, all with white space between their words.
    pub(crate) fn count(
        &mut self,
        references: &[impl AsRef<str>],
        hypothesis: &str,
        limits: &Limits,
    ) -> Result<Edits, Stopped> {
        let mut vocabulary = Vocabulary::default();
        let (mut words, mut reference_words) = (Vec::new(), Vec::new());
        vocabulary.symbols(between_spaces(hypothesis), &mut words);
        let (mut fewest, mut length) = (usize::MAX, 0);
        for reference in references {
            vocabulary.symbols(between_spaces(reference.as_ref()), &mut reference_words);
            fewest = fewest.min(self.edits(words.clone(), &reference_words, limits)?);
            length += reference_words.len();
        }
        Ok(Edits { edits: fewest as f64, reference: length as f64 / references.len() as f64 })
    }

    fn edits(&mut self, mut words: Vec<u32>, reference: &[u32], limits: &Limits) -> Result<usize, Stopped> {
        if reference.is_empty() {
            return Ok(words.len());
        }
        let (mut shifts, mut tried) = (0, 0);
        loop {
            let before = self.distances.fill(&words, reference);
            let best = self.best_shift(&words, reference, before, &mut tried, limits)?;
            match best {
                Some(best) if tried < MOST_CANDIDATES && best.gain > 0 => {
                    shift(&words, best.start, best.length, best.target, &mut self.shifted);
                    std::mem::swap(&mut words, &mut self.shifted);
                    shifts += 1;
                }
                _ => return Ok(shifts + before as usize),
            }
        }
    }

    /// The shift that saves the most edits; of several the longest, then the first, then the one to the first place.
    fn best_shift(
        &mut self,
        words: &[u32],
        reference: &[u32],
        before: u32,
        tried: &mut usize,
        limits: &Limits,
    ) -> Result<Option<Shift>, Stopped> {
        let alignment = Alignment::of(&self.distances.edits());
        let mut best: Option<Shift> = None;
        for start in 0..words.len() {
            limits.check()?;
            let first = start.saturating_sub(FARTHEST_SHIFT);
            let last = reference.len().min(start + FARTHEST_SHIFT + 1);
            for reference_start in first..last.max(first) {
                let equal = words[start..].iter().zip(&reference[reference_start..]);
                let longest = equal.take(LONGEST_SHIFT).take_while(|(one, other)| one == other).count();
                for length in 1..=longest {
                    if !alignment.is_worth_it(start, reference_start, length) {
                        continue;
                    }
                    let mut target_before = None;
                    for offset in 0..=length {
                        // One place before the words of the reference, then behind each of them.
                        let target = match (reference_start + offset).checked_sub(1) {
                            None => 0,
                            Some(position) => match alignment.places.get(position) {
                                Some(place) => (place + 1) as usize,
                                None => break,
                            },
                        };
                        if target_before.replace(target) == Some(target) {
                            continue;
                        }
                        shift(words, start, length, target, &mut self.shifted);
                        let after = self.distances.of_changed(&self.shifted, reference, start.min(target));
                        *tried += 1;
                        let candidate =
                            Shift { gain: i64::from(before) - i64::from(after), length, start, target };
                        if best.is_none_or(|best| candidate.rank() > best.rank()) {
                            best = Some(candidate);
                        }
                    }
                    if *tried >= MOST_CANDIDATES {
                        return Ok(best);
                    }
                }
            }
        }
        Ok(best)
    }
}

#[derive(Debug, Clone, Copy)]
struct Shift {
    gain: i64,
    length: usize,
    start: usize,
    target: usize,
}

impl Shift {
    fn rank(&self) -> (i64, usize, std::cmp::Reverse<usize>, std::cmp::Reverse<usize>) {
        (self.gain, self.length, std::cmp::Reverse(self.start), std::cmp::Reverse(self.target))
    }
}

/// Moves words from a start before the word at a target; a target within the words moves them on by so many places.
fn shift(words: &[u32], start: usize, length: usize, target: usize, shifted: &mut Vec<u32>) {
    let (moved, behind) = (&words[start..start + length], start + length);
    shifted.clear();
    if target < start {
        for part in [&words[..target], moved, &words[target..start], &words[behind..]] {
            shifted.extend_from_slice(part);
        }
    } else {
        let until = if target > behind { target } else { (length + target).min(words.len()) };
        for part in [&words[..start], &words[behind..until.max(behind)], moved, &words[until.max(behind)..]] {
            shifted.extend_from_slice(part);
        }
    }
}

/// Which words of both sides the cheapest edits set beside each other.
#[derive(Debug)]
struct Alignment {
    /// For each word of the reference the place of the last word of the hypothesis up to it, or -1.
    places: Vec<i64>,
    /// How many words up to each place are wrong, on both sides.
    reference_errors: Vec<u32>,
    hypothesis_errors: Vec<u32>,
}

impl Alignment {
    fn of(edits: &[Edit]) -> Self {
        let mut alignment =
            Self { places: Vec::new(), reference_errors: vec![0], hypothesis_errors: vec![0] };
        let mut place = -1;
        let add = |errors: &mut Vec<u32>, wrong: bool| {
            errors.push(errors.last().copied().unwrap_or(0) + u32::from(wrong));
        };
        for edit in edits {
            // The edits make the reference of the hypothesis: what is deleted is a word of the hypothesis alone.
            if *edit != Edit::Insertion {
                place += 1;
                add(&mut alignment.hypothesis_errors, *edit != Edit::Hit);
            }
            if *edit != Edit::Deletion {
                alignment.places.push(place);
                add(&mut alignment.reference_errors, *edit != Edit::Hit);
            }
        }
        alignment
    }

    /// Whether a shift could help: both sides are wrong somewhere, and the words do not stand there already.
    fn is_worth_it(&self, start: usize, reference_start: usize, length: usize) -> bool {
        let wrong = |errors: &[u32], start: usize| errors[start + length] > errors[start];
        let place = self.places[reference_start];
        let within = place >= start as i64 && place < (start + length) as i64;
        wrong(&self.hypothesis_errors, start) && wrong(&self.reference_errors, reference_start) && !within
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edits(reference: &str, hypothesis: &str) -> f64 {
        Shifter::default().count(&[reference], hypothesis, &Limits::default()).unwrap().edits
    }

    #[test]
    fn a_shift_is_one_edit() {
        assert_eq!(edits("a b c d", "c d a b"), 1.0);
        assert_eq!(edits("a b c d", "a b c d"), 0.0);
        assert_eq!(edits("a b c d e f", "a e b c d f"), 1.0);
        assert_eq!(edits("the cat is on the mat", "the the the the the"), 4.0);
    }

    #[test]
    fn an_empty_side_is_edited_word_by_word() {
        assert_eq!((edits("", "a b"), edits("a b", ""), edits("", "")), (2.0, 2.0, 0.0));
        let two = Shifter::default().count(&["a b", "c"], "c", &Limits::default()).unwrap();
        assert_eq!(two, Edits { edits: 0.0, reference: 1.5 });
    }

    #[test]
    fn words_move_whole() {
        let moved = |start, length, target| {
            let mut shifted = Vec::new();
            shift(&[0, 1, 2, 3, 4, 5], start, length, target, &mut shifted);
            shifted
        };
        assert_eq!(moved(3, 2, 1), [0, 3, 4, 1, 2, 5]);
        assert_eq!(moved(0, 2, 4), [2, 3, 0, 1, 4, 5]);
        assert_eq!(moved(1, 2, 2), [0, 3, 1, 2, 4, 5]);
        assert_eq!(moved(0, 2, 0), [0, 1, 2, 3, 4, 5]);
        assert_eq!(moved(3, 3, 5), [0, 1, 2, 3, 4, 5]);
    }
}
