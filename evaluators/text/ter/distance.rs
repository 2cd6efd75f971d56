//! Edit distances near the diagonal, with the edits themselves.

/// How far from the diagonal a distance is looked for, at least.
const BEAM: usize = 25;

const FAR: u32 = u32::MAX / 2;

/// What makes a word of the reference, or takes one of the hypothesis away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edit {
    Hit,
    Substitution,
    /// A word of the hypothesis is left out.
    Deletion,
    /// A word of the reference is put in.
    Insertion,
    /// Outside of what was looked at.
    Unknown,
}

/// The distances of a beginning of the hypothesis to beginnings of the reference, near the diagonal.
#[derive(Debug, Clone, Default)]
struct Row {
    first: usize,
    cells: Vec<(u32, Edit)>,
}

impl Row {
    fn distance(&self, column: usize) -> u32 {
        column
            .checked_sub(self.first)
            .and_then(|at| self.cells.get(at))
            .map_or(FAR, |(distance, _)| *distance)
    }

    fn edit(&self, column: usize) -> Edit {
        let cell = column.checked_sub(self.first).and_then(|at| self.cells.get(at));
        cell.map_or(Edit::Unknown, |(_, edit)| *edit)
    }
}

/// The distances of one hypothesis to one reference, kept for hypotheses that begin alike.
#[derive(Debug, Default)]
pub(super) struct Distances {
    rows: Vec<Row>,
    length: usize,
    reference: usize,
    before: Row,
    row: Row,
}

/// Which columns of a row are looked at.
#[derive(Debug, Clone, Copy)]
struct Beam {
    ratio: f64,
    width: usize,
    words: usize,
    reference: usize,
}

impl Beam {
    fn of(words: usize, reference: usize) -> Self {
        let ratio = if words == 0 { 1.0 } else { reference as f64 / words as f64 };
        let half = ratio / 2.0;
        let width = if (BEAM as f64) < half { (half + BEAM as f64).ceil() as usize } else { BEAM };
        Self { ratio, width, words, reference }
    }

    fn columns(self, row: usize) -> std::ops::Range<usize> {
        let diagonal = (row as f64 * self.ratio).floor() as usize;
        let end = if row == self.words { self.reference + 1 } else { diagonal + self.width };
        diagonal.saturating_sub(self.width)..end.min(self.reference + 1)
    }
}

fn next_row(before: &Row, word: u32, reference: &[u32], columns: std::ops::Range<usize>, row: &mut Row) {
    row.first = columns.start;
    row.cells.clear();
    let mut left = FAR;
    for column in columns {
        let deletion = before.distance(column) + 1;
        let cell = match column.checked_sub(1) {
            None => (deletion, Edit::Deletion),
            Some(at) => {
                let hit = word == reference[at];
                let diagonal = before.distance(at) + u32::from(!hit);
                let mut cell = (FAR, Edit::Unknown);
                let edit = if hit { Edit::Hit } else { Edit::Substitution };
                for (distance, edit) in
                    [(diagonal, edit), (deletion, Edit::Deletion), (left + 1, Edit::Insertion)]
                {
                    if distance < cell.0 {
                        cell = (distance, edit);
                    }
                }
                cell
            }
        };
        left = cell.0;
        row.cells.push(cell);
    }
}

impl Distances {
    /// Fills in all rows; returns the distance.
    pub(super) fn fill(&mut self, words: &[u32], reference: &[u32]) -> u32 {
        let beam = Beam::of(words.len(), reference.len());
        (self.length, self.reference) = (words.len(), reference.len());
        self.rows.resize_with((words.len() + 1).max(self.rows.len()), Row::default);
        let first = &mut self.rows[0];
        first.first = 0;
        first.cells.clear();
        first.cells.extend((0..=reference.len() as u32).map(|column| (column, Edit::Insertion)));
        for (position, word) in words.iter().enumerate() {
            let (before, row) = self.rows.split_at_mut(position + 1);
            next_row(&before[position], *word, reference, beam.columns(position + 1), &mut row[0]);
        }
        self.rows[words.len()].distance(reference.len())
    }

    /// The distance of words of the same number that begin like those that were filled in.
    pub(super) fn of_changed(&mut self, words: &[u32], reference: &[u32], alike: usize) -> u32 {
        let beam = Beam::of(words.len(), reference.len());
        let alike = alike.min(words.len().saturating_sub(1));
        for (position, word) in words.iter().enumerate().skip(alike) {
            let before = if position == alike { &self.rows[position] } else { &self.before };
            next_row(before, *word, reference, beam.columns(position + 1), &mut self.row);
            std::mem::swap(&mut self.before, &mut self.row);
        }
        self.before.distance(reference.len())
    }

    /// The cheapest edits of what was filled in: a hit or a substitution first, then a deletion, then an insertion.
    pub(super) fn edits(&self) -> Vec<Edit> {
        let (mut row, mut column) = (self.length, self.reference);
        let mut edits = Vec::with_capacity(row.max(column));
        while row > 0 || column > 0 {
            let edit = match self.rows[row].edit(column) {
                Edit::Unknown if row > 0 => Edit::Deletion,
                Edit::Unknown => Edit::Insertion,
                edit => edit,
            };
            edits.push(edit);
            match edit {
                Edit::Hit | Edit::Substitution => (row, column) = (row - 1, column - 1),
                Edit::Insertion => column -= 1,
                Edit::Deletion | Edit::Unknown => row -= 1,
            }
        }
        edits.reverse();
        edits
    }
}
