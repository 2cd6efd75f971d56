//! Edit distances with their substitutions, deletions and insertions, bit-parallel after Hyyrö (2003).
//!
//! The number of edits is unique, the kinds of edits are not: of several shortest edit scripts the one of RapidFuzz is
//! counted, since jiwer counts it. Common ends are kept, and from the end on a deletion is preferred to an insertion and
//! that to a substitution or a hit.

use sdk::Limits;
use sdk::limits::Stopped;

/// A symbol that no reference has.
pub(crate) const UNKNOWN: u32 = u32::MAX;

/// How a hypothesis differs from its reference.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Edits {
    pub(crate) hits: u64,
    pub(crate) substitutions: u64,
    pub(crate) deletions: u64,
    pub(crate) insertions: u64,
}

impl Edits {
    pub(crate) fn errors(&self) -> u64 {
        self.substitutions + self.deletions + self.insertions
    }

    /// The length of the reference.
    pub(crate) fn reference(&self) -> u64 {
        self.hits + self.substitutions + self.deletions
    }

    /// The length of the hypothesis.
    pub(crate) fn hypothesis(&self) -> u64 {
        self.hits + self.substitutions + self.insertions
    }
}

/// A problem of so many cells is halved, unless a side is short.
const LARGEST_MATRIX: usize = 4 << 20;

/// However short a side is, rows of no more words of 64 cells than this are kept.
const MOST_WORDS_KEPT: usize = 1 << 20;

/// After so many words of 64 cells the clock is asked.
const WORK_BETWEEN_CHECKS: usize = 1 << 22;

/// Counts edits of one pair of sequences after another, in the same memory.
#[derive(Debug, Default)]
pub(crate) struct Editor {
    /// The place of each symbol among those of the current reference, and in which pair it got the place.
    places: Vec<(u32, u32)>,
    pair: u32,
    /// For each place the positions of its symbol in the reference, as bits.
    positions: Vec<u64>,
    /// The signs of the vertical differences of every row: increases, decreases.
    rows: Vec<[u64; 2]>,
    /// Those of the current row.
    column: Column,
    work: usize,
}

/// The vertical differences after a row, 64 of them in a word.
type Column = Vec<[u64; 2]>;

impl Editor {
    /// An editor of symbols below a bound, besides [`UNKNOWN`].
    pub(crate) fn new(symbols: usize) -> Self {
        Self { places: vec![(0, 0); symbols], ..Self::default() }
    }

    /// The edits that make the hypothesis of the reference.
    pub(crate) fn count(
        &mut self,
        reference: &[u32],
        hypothesis: &[u32],
        limits: &Limits,
    ) -> Result<Edits, Stopped> {
        let mut edits = Edits::default();
        self.count_into(reference, hypothesis, limits, &mut edits)?;
        edits.hits = reference.len() as u64 - edits.substitutions - edits.deletions;
        Ok(edits)
    }

    fn count_into(
        &mut self,
        mut reference: &[u32],
        mut hypothesis: &[u32],
        limits: &Limits,
        edits: &mut Edits,
    ) -> Result<(), Stopped> {
        let equal = |(left, right): &(&u32, &u32)| left == right;
        let prefix = reference.iter().zip(hypothesis).take_while(equal).count();
        (reference, hypothesis) = (&reference[prefix..], &hypothesis[prefix..]);
        let suffix = reference.iter().rev().zip(hypothesis.iter().rev()).take_while(equal).count();
        reference = &reference[..reference.len() - suffix];
        hypothesis = &hypothesis[..hypothesis.len() - suffix];
        if reference.is_empty() || hypothesis.is_empty() {
            edits.deletions += reference.len() as u64;
            edits.insertions += hypothesis.len() as u64;
            return Ok(());
        }
        let small = reference.len().saturating_mul(hypothesis.len()) < LARGEST_MATRIX;
        let fits = reference.len().div_ceil(64).saturating_mul(hypothesis.len()) <= MOST_WORDS_KEPT;
        if small || fits && (reference.len() < 65 || hypothesis.len() < 10) || hypothesis.len() < 2 {
            self.fill(reference, hypothesis, limits)?;
            self.trace_back(reference, hypothesis, edits);
            return Ok(());
        }
        let middle = hypothesis.len() / 2;
        let cut = self.cut(reference, hypothesis, middle, limits)?;
        self.count_into(&reference[..cut], &hypothesis[..middle], limits, edits)?;
        self.count_into(&reference[cut..], &hypothesis[middle..], limits, edits)
    }

    /// Remembers where each symbol of the reference stands; returns how many words of 64 positions there are.
    fn place(&mut self, reference: impl ExactSizeIterator<Item = u32>) -> usize {
        let words = reference.len().div_ceil(64);
        self.pair = self.pair.wrapping_add(1);
        if self.pair == 0 {
            self.places.fill((0, 0));
            self.pair = 1;
        }
        self.positions.clear();
        for (position, symbol) in reference.enumerate() {
            let (pair, place) = &mut self.places[symbol as usize];
            if *pair != self.pair {
                *pair = self.pair;
                *place = (self.positions.len() / words) as u32;
                self.positions.resize(self.positions.len() + words, 0);
            }
            self.positions[*place as usize * words + position / 64] |= 1 << (position % 64);
        }
        words
    }

    /// Moves on by one symbol of the hypothesis.
    fn step(&self, column: &mut [[u64; 2]], symbol: u32) {
        let words = column.len();
        let place = self.places.get(symbol as usize).filter(|(pair, _)| *pair == self.pair);
        let found = place.map(|(_, place)| &self.positions[*place as usize * words..][..words]);
        let (mut increase_in, mut decrease_in) = (1, 0);
        for (word, [increases, decreases]) in column.iter_mut().enumerate() {
            let matches = found.map_or(0, |found| found[word]) | decrease_in;
            let diagonal =
                ((matches & *increases).wrapping_add(*increases) ^ *increases) | matches | *decreases;
            let up = *decreases | !(diagonal | *increases);
            let down = diagonal & *increases;
            let (up_out, down_out) = (up >> 63, down >> 63);
            let up = up << 1 | increase_in;
            let down = down << 1 | decrease_in;
            *increases = down | !(diagonal | up);
            *decreases = up & diagonal;
            (increase_in, decrease_in) = (up_out, down_out);
        }
    }

    fn count_work(&mut self, work: usize, limits: &Limits) -> Result<(), Stopped> {
        self.work += work;
        if self.work >= WORK_BETWEEN_CHECKS {
            self.work = 0;
            limits.check()?;
        }
        Ok(())
    }

    /// Computes the differences after every symbol of the hypothesis.
    fn fill(&mut self, reference: &[u32], hypothesis: &[u32], limits: &Limits) -> Result<(), Stopped> {
        let words = self.place(reference.iter().copied());
        let mut column = std::mem::take(&mut self.column);
        column.clear();
        column.resize(words, [!0, 0]);
        self.rows.clear();
        for symbol in hypothesis {
            self.step(&mut column, *symbol);
            self.rows.extend_from_slice(&column);
            self.count_work(words, limits)?;
        }
        self.column = column;
        Ok(())
    }

    fn trace_back(&self, reference: &[u32], hypothesis: &[u32], edits: &mut Edits) {
        let words = reference.len().div_ceil(64);
        let sign = |row: usize, position: usize, kind: usize| {
            self.rows[row * words + position / 64][kind] >> (position % 64) & 1 == 1
        };
        let (mut left, mut done) = (reference.len(), hypothesis.len());
        while left > 0 && done > 0 {
            if sign(done - 1, left - 1, 0) {
                edits.deletions += 1;
                left -= 1;
                continue;
            }
            done -= 1;
            if done > 0 && sign(done - 1, left - 1, 1) {
                edits.insertions += 1;
            } else {
                left -= 1;
                edits.substitutions += u64::from(reference[left] != hypothesis[done]);
            }
        }
        edits.deletions += left as u64;
        edits.insertions += done as u64;
    }

    /// How much of the reference belongs to the hypothesis before the middle: the least that makes the fewest edits.
    fn cut(
        &mut self,
        reference: &[u32],
        hypothesis: &[u32],
        middle: usize,
        limits: &Limits,
    ) -> Result<usize, Stopped> {
        let before =
            self.distances(reference.iter().copied(), hypothesis[..middle].iter().copied(), limits)?;
        let after = self.distances(
            reference.iter().rev().copied(),
            hypothesis[middle..].iter().rev().copied(),
            limits,
        )?;
        let sums = before.iter().zip(after.iter().rev()).map(|(before, after)| before + after);
        Ok(sums.enumerate().min_by_key(|(position, sum)| (*sum, *position)).map_or(0, |(cut, _)| cut))
    }

    /// The distances of the whole hypothesis to every beginning of the reference.
    fn distances(
        &mut self,
        reference: impl ExactSizeIterator<Item = u32>,
        hypothesis: impl ExactSizeIterator<Item = u32>,
        limits: &Limits,
    ) -> Result<Vec<usize>, Stopped> {
        let (length, mut distance) = (reference.len(), hypothesis.len());
        let words = self.place(reference);
        let mut column: Column = vec![[!0, 0]; words];
        for symbol in hypothesis {
            self.step(&mut column, symbol);
            self.count_work(words, limits)?;
        }
        let mut distances = Vec::with_capacity(length + 1);
        distances.push(distance);
        for position in 0..length {
            let [increases, decreases] = column[position / 64].map(|word| word >> (position % 64) & 1);
            distance = distance + increases as usize - decreases as usize;
            distances.push(distance);
        }
        Ok(distances)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn count(reference: &[u32], hypothesis: &[u32]) -> Edits {
        Editor::new(8).count(reference, hypothesis, &Limits::default()).unwrap()
    }

    /// The table of distances of all beginnings, and the same choice of a path through it.
    fn brute_force(reference: &[u32], hypothesis: &[u32]) -> Edits {
        let (rows, columns) = (reference.len() + 1, hypothesis.len() + 1);
        let mut table = vec![vec![0_i64; columns]; rows];
        for i in 0..rows {
            for j in 0..columns {
                table[i][j] = if i == 0 || j == 0 {
                    (i + j) as i64
                } else {
                    let unequal = i64::from(reference[i - 1] != hypothesis[j - 1]);
                    (table[i - 1][j] + 1).min(table[i][j - 1] + 1).min(table[i - 1][j - 1] + unequal)
                };
            }
        }
        let mut edits = Edits::default();
        let (mut i, mut j) = (reference.len(), hypothesis.len());
        while i > 0 && j > 0 {
            if table[i][j] == table[i - 1][j] + 1 {
                edits.deletions += 1;
                i -= 1;
            } else if table[i][j - 1] == table[i - 1][j - 1] - 1 {
                edits.insertions += 1;
                j -= 1;
            } else {
                let equal = reference[i - 1] == hypothesis[j - 1];
                edits.hits += u64::from(equal);
                edits.substitutions += u64::from(!equal);
                (i, j) = (i - 1, j - 1);
            }
        }
        edits.deletions += i as u64;
        edits.insertions += j as u64;
        edits
    }

    /// Without the common ends, which are hits.
    fn brute_force_between_ends(mut reference: &[u32], mut hypothesis: &[u32]) -> Edits {
        let mut ends = 0;
        while !reference.is_empty() && reference.first() == hypothesis.first() {
            (reference, hypothesis) = (&reference[1..], &hypothesis[1..]);
            ends += 1;
        }
        while !reference.is_empty() && reference.last() == hypothesis.last() {
            reference = &reference[..reference.len() - 1];
            hypothesis = &hypothesis[..hypothesis.len() - 1];
            ends += 1;
        }
        let mut edits = brute_force(reference, hypothesis);
        edits.hits += ends;
        edits
    }

    #[test]
    fn edits_by_hand() {
        let edits =
            |hits, substitutions, deletions, insertions| Edits { hits, substitutions, deletions, insertions };
        assert_eq!(count(&[0, 1, 2], &[0, 1, 2]), edits(3, 0, 0, 0));
        assert_eq!(count(&[0, 1], &[]), edits(0, 0, 2, 0));
        assert_eq!(count(&[], &[0, 1]), edits(0, 0, 0, 2));
        assert_eq!(count(&[0, 1, 2, 3], &[0, 4, 2, UNKNOWN]), edits(2, 2, 0, 0));
        assert_eq!(count(&[0], &[1, 2, 3]), edits(0, 1, 0, 2));
        assert_eq!(count(&[0, 1, 2], &[1, 2, 3]), edits(2, 0, 1, 1));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn edits_are_those_of_the_whole_table(
            reference in prop::collection::vec(0..4_u32, 0..200),
            hypothesis in prop::collection::vec(0..5_u32, 0..200),
        ) {
            prop_assert_eq!(count(&reference, &hypothesis), brute_force_between_ends(&reference, &hypothesis));
        }
    }

    #[test]
    fn a_long_pair_is_halved_and_still_has_the_fewest_edits() {
        let symbol = |position: u32| position.wrapping_mul(2_654_435_761) >> 29;
        let reference: Vec<u32> = (0..4000).map(symbol).collect();
        let hypothesis: Vec<u32> = (0..4000)
            .filter(|position| position % 11 != 3)
            .map(|position| if position % 7 == 1 { 5 } else { symbol(position) })
            .collect();
        let limits = Limits::default();
        let mut editor = Editor::new(8);
        let edits = editor.count(&reference, &hypothesis, &limits).unwrap();
        let distances =
            editor.distances(reference.iter().copied(), hypothesis.iter().copied(), &limits).unwrap();
        assert_eq!(edits.errors(), distances[reference.len()] as u64);
        assert_eq!((edits.reference(), edits.hypothesis()), (4000, hypothesis.len() as u64));
    }

    #[test]
    fn counting_ends_when_it_is_told_to() {
        let long = vec![0; 20_000];
        let other = vec![1; 20_000];
        let limits = Limits::default().stop_when(|| true);
        assert_eq!(Editor::new(2).count(&long, &other, &limits), Err(Stopped));
    }
}
