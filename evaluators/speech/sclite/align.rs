//! The cheapest alignment of two networks.
//!
//! A substitution costs 4, an insertion or a deletion 3, leaving out an optional word 2, and a word that stands for
//! nothing next to nothing. Of equally cheap alignments a word against a word is preferred, then an insertion; of equally
//! cheap words before, the first.

use sdk::Limits;
use sdk::limits::Stopped;

use super::Network;
use super::network::Word;

/// What an alignment counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) correct: u32,
    pub(crate) substitutions: u32,
    pub(crate) deletions: u32,
    pub(crate) insertions: u32,
}

impl Counts {
    pub(crate) fn errors(self) -> u32 {
        self.substitutions + self.deletions + self.insertions
    }

    /// Words of the chosen path through the reference.
    pub(crate) fn words(self) -> u32 {
        self.correct + self.substitutions + self.deletions
    }
}

/// How far an alignment has come. Costs have the precision of the reference, in which ties are decided.
#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    cost: f32,
    counts: Counts,
}

const NOTHING: f32 = 0.001;

/// Aligns one pair of networks after another, in the same memory.
#[derive(Debug, Default)]
pub(crate) struct Aligner {
    /// A row for each word of the reference that words behind it still look back to; free rows are kept for later.
    rows: Vec<Vec<Cell>>,
    free: Vec<Vec<Cell>>,
    /// How many words look back to each row.
    awaited: Vec<u32>,
    work: usize,
}

/// After so many cells the clock is asked.
const WORK_BETWEEN_CHECKS: usize = 1 << 20;

impl Aligner {
    /// The counts of the cheapest alignment.
    pub(crate) fn align(
        &mut self,
        reference: &Network<'_>,
        hypothesis: &Network<'_>,
        limits: &Limits,
    ) -> Result<Counts, Stopped> {
        self.await_rows(reference);
        let width = hypothesis.words.len() + 1;
        for position in 0..=reference.words.len() {
            let mut row = self.free.pop().unwrap_or_default();
            row.clear();
            match position.checked_sub(1).map(|word| &reference.words[word]) {
                None => self.first_row(hypothesis, &mut row),
                Some(word) => self.next_row(word, reference.before(word), hypothesis, &mut row),
            }
            self.rows.push(row);
            if let Some(word) = position.checked_sub(1) {
                self.release(reference.before(&reference.words[word]));
            }
            self.work += width;
            if self.work >= WORK_BETWEEN_CHECKS {
                self.work = 0;
                limits.check()?;
            }
        }
        let ends =
            reference.last.iter().flat_map(|row| hypothesis.last.iter().map(move |column| (*row, *column)));
        let cells = ends.map(|(row, column)| self.rows[row as usize][column as usize]);
        let counts = first_cheapest(cells).counts;
        self.free.extend(self.rows.drain(..).filter(|row| row.capacity() > 0));
        Ok(counts)
    }

    fn await_rows(&mut self, reference: &Network<'_>) {
        self.free.extend(self.rows.drain(..).filter(|row| row.capacity() > 0));
        self.awaited.clear();
        self.awaited.resize(reference.words.len() + 1, 0);
        let links = reference.words.iter().flat_map(|word| reference.before(word)).chain(&reference.last);
        for row in links {
            self.awaited[*row as usize] += 1;
        }
    }

    fn release(&mut self, rows: &[u32]) {
        for row in rows {
            let awaited = &mut self.awaited[*row as usize];
            *awaited -= 1;
            if *awaited == 0 {
                self.free.push(std::mem::take(&mut self.rows[*row as usize]));
            }
        }
    }

    fn first_row(&self, hypothesis: &Network<'_>, row: &mut Vec<Cell>) {
        row.push(Cell::default());
        for word in &hypothesis.words {
            let before = first_cheapest(hypothesis.before(word).iter().map(|column| row[*column as usize]));
            row.push(inserted(before, word));
        }
    }

    fn next_row(&self, word: &Word<'_>, above: &[u32], hypothesis: &Network<'_>, row: &mut Vec<Cell>) {
        let column_above =
            |column: u32| above.iter().map(move |row| self.rows[*row as usize][column as usize]);
        row.push(deleted(first_cheapest(column_above(0)), word));
        for (column, other) in (1_u32..).zip(&hypothesis.words) {
            let left = hypothesis.before(other);
            let insertion = inserted(first_cheapest(left.iter().map(|column| row[*column as usize])), other);
            let deletion = deleted(first_cheapest(column_above(column)), word);
            let diagonal = above
                .iter()
                .flat_map(|row| left.iter().map(move |column| self.rows[*row as usize][*column as usize]));
            let pair = paired(first_cheapest(diagonal), word, other);
            row.push(if pair.cost <= deletion.cost && pair.cost <= insertion.cost {
                pair
            } else if deletion.cost < insertion.cost {
                deletion
            } else {
                insertion
            });
        }
    }
}

fn first_cheapest(cells: impl Iterator<Item = Cell>) -> Cell {
    let cheaper = |best: Cell, cell: Cell| if cell.cost < best.cost { cell } else { best };
    cells.reduce(cheaper).unwrap_or_default()
}

fn inserted(before: Cell, word: &Word<'_>) -> Cell {
    alone(before, word, |counts| &mut counts.insertions)
}

fn deleted(before: Cell, word: &Word<'_>) -> Cell {
    alone(before, word, |counts| &mut counts.deletions)
}

/// A word for which the other side has none; `mistakes` are those it is one of.
fn alone(before: Cell, word: &Word<'_>, mistakes: impl FnOnce(&mut Counts) -> &mut u32) -> Cell {
    let mut cell = before;
    if word.is_nothing {
        cell.cost += NOTHING;
    } else if word.is_optional {
        // The reference counts an optional word as correct, even one that is inserted.
        cell.cost += 2.0;
        cell.counts.correct += 1;
    } else {
        cell.cost += 3.0;
        *mistakes(&mut cell.counts) += 1;
    }
    cell
}

fn paired(before: Cell, word: &Word<'_>, other: &Word<'_>) -> Cell {
    let mut cell = before;
    if word.is_nothing && other.is_nothing {
        cell.cost += 1.0;
    } else if word.matches(other) {
        cell.counts.correct += 1;
    } else {
        cell.cost += 4.0;
        cell.counts.substitutions += 1;
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::super::Options;
    use super::*;

    fn counts(reference: &str, hypothesis: &str, options: Options) -> (u32, u32, u32, u32) {
        let network = |text| Network::parse(text, options).unwrap();
        let mut aligner = Aligner::default();
        // Twice, so that used memory is used again.
        let first = aligner.align(&network(reference), &network(hypothesis), &Limits::default()).unwrap();
        let counts = aligner.align(&network(reference), &network(hypothesis), &Limits::default()).unwrap();
        assert_eq!(counts, first);
        (counts.correct, counts.substitutions, counts.deletions, counts.insertions)
    }

    #[test]
    fn a_substitution_is_cheaper_than_an_insertion_with_a_deletion() {
        let of = |reference, hypothesis| counts(reference, hypothesis, Options::default());
        assert_eq!(of("a b c", "a b c"), (3, 0, 0, 0));
        assert_eq!(of("a b c d", "a x c y"), (2, 2, 0, 0));
        assert_eq!(of("a b", ""), (0, 0, 2, 0));
        assert_eq!(of("", "a b"), (0, 0, 0, 2));
        assert_eq!(of("", ""), (0, 0, 0, 0));
        assert_eq!(of("a b", "x a b"), (2, 0, 0, 1));
    }

    #[test]
    fn the_best_alternative_counts() {
        let of = |reference, hypothesis| counts(reference, hypothesis, Options::default());
        assert_eq!(of("a { b / c d } e", "a c d e"), (4, 0, 0, 0));
        assert_eq!(of("a { b / c d } e", "a b e"), (3, 0, 0, 0));
        assert_eq!(of("a { um / @ } b", "a b"), (2, 0, 0, 0));
        assert_eq!(of("a { um / @ } b", "a uh b"), (2, 0, 0, 1));
        assert_eq!(of("a { b / @ }", "a @"), (1, 0, 0, 0));
        assert_eq!(of("{ a / b }", "{ c / b }"), (1, 0, 0, 0));
    }

    #[test]
    fn an_optional_word_may_be_left_out() {
        let optional = Options { optional_words: true, ..Options::default() };
        assert_eq!(counts("b (c) d", "b d", optional), (3, 0, 0, 0));
        assert_eq!(counts("b (c) d", "b c d", optional), (3, 0, 0, 0));
        assert_eq!(counts("b (c) d", "b d", Options::default()), (2, 0, 1, 0));
    }

    #[test]
    fn aligning_ends_when_it_is_told_to() {
        let long = Network::of_words(std::iter::repeat_n("a", 5000), Options::default());
        let limits = Limits::default().stop_when(|| true);
        assert_eq!(Aligner::default().align(&long, &long, &limits), Err(Stopped));
    }
}
