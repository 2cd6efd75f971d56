//! Tables of people or of what they did, before and after disclosure control.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What stands in a cell, and who stands behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cell {
    /// What the cell shows: people, or an amount that they contribute to.
    pub value: u64,
    /// How many people or teams contribute.
    pub contributors: u64,
    /// The largest contribution of one of them.
    pub largest: u64,
}

/// What every contributor, by a number of theirs, contributes to a cell.
///
/// The numbers tell that somebody stands in several cells; without them the same five people in three editions would look like
/// fifteen.
pub type Contributions = BTreeMap<u64, u64>;

impl Cell {
    /// The cell of some contributions.
    pub fn of<'c>(contributions: impl IntoIterator<Item = &'c Contributions>) -> Self {
        let mut all = Contributions::new();
        for own in contributions {
            for (contributor, amount) in own {
                let sum: &mut u64 = all.entry(*contributor).or_default();
                *sum = sum.saturating_add(*amount);
            }
        }
        Self {
            value: all.values().fold(0, |sum, amount| sum.saturating_add(*amount)),
            contributors: all.values().filter(|amount| **amount > 0).count() as u64,
            largest: all.values().copied().max().unwrap_or(0),
        }
    }

    /// Whether one contributor has more than a share of the value.
    pub fn is_dominated(self, share: f64) -> bool {
        self.largest as f64 > share * self.value as f64
    }
}

/// When a table may be published.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// The fewest contributors of a cell that is shown, and the least width of what a reader can know of one that is not.
    pub k: u64,
    /// The largest share of an amount that one contributor may have where it is shown.
    pub dominance: f64,
}

impl Policy {
    /// Five contributors, as many statistical offices ask at least, and nobody with more than 85 % of an amount.
    pub const DEFAULT: Self = Self { k: 5, dominance: 0.85 };

    /// The fewest that stand in a published margin: three small cells.
    pub fn least_margin(self) -> u64 {
        self.k.saturating_mul(3)
    }
}

/// A table of counts or amounts by two properties, with everything in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountTable {
    pub(super) rows: Vec<String>,
    pub(super) columns: Vec<String>,
    /// `[row][column]`
    pub(super) contributions: Vec<Vec<Contributions>>,
    /// What they are together, cell by cell.
    pub(super) cells: Vec<Vec<Cell>>,
}

/// A table that is none, or a policy that protects nobody.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TableError {
    /// There are no rows or columns.
    #[error("a table has at least one row and one column")]
    Empty,
    /// Names and cells do not match.
    #[error("{found} {what} where {expected} are needed")]
    Shape {
        /// Rows, or the cells of a row.
        what: &'static str,
        /// How many are needed.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// Two rows or columns have one name.
    #[error("{name:?} stands twice")]
    Twice {
        /// The name.
        name: String,
    },
    /// The cells add up to more than can be counted.
    #[error("the cells add up to too much")]
    TooLarge,
    /// The policy would show single people.
    #[error("k is at least 2 and the share of one contributor between 0 and 1")]
    Policy,
}

/// The largest sum of a table: flows through it are sums of a few such.
const MOST: u64 = u64::MAX / 8;

impl CountTable {
    /// A table of contributions by row and column.
    ///
    /// Refuses tables without rows or columns, other shapes, names that stand twice, and sums above an eighth of what 64 bits
    /// count.
    pub fn new(
        rows: Vec<String>,
        columns: Vec<String>,
        contributions: Vec<Vec<Contributions>>,
    ) -> Result<Self, TableError> {
        if rows.is_empty() || columns.is_empty() {
            return Err(TableError::Empty);
        }
        let shape = |what, expected, found| {
            if expected == found { Ok(()) } else { Err(TableError::Shape { what, expected, found }) }
        };
        shape("rows of cells", rows.len(), contributions.len())?;
        for own in &contributions {
            shape("cells of a row", columns.len(), own.len())?;
        }
        for names in [&rows, &columns] {
            let mut sorted: Vec<&String> = names.iter().collect();
            sorted.sort_unstable();
            if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
                return Err(TableError::Twice { name: pair[0].clone() });
            }
        }
        let amounts = contributions.iter().flatten().flat_map(Contributions::values);
        let total = amounts.into_iter().try_fold(0_u64, |total, amount| total.checked_add(*amount));
        if total.is_none_or(|total| total > MOST) {
            return Err(TableError::TooLarge);
        }
        Ok(Self::of_contributions(rows, columns, contributions))
    }

    /// A table of people by their numbers, each counted once in a cell; a person may stand in several.
    pub fn of_people<'p>(
        rows: Vec<String>,
        columns: Vec<String>,
        people: impl IntoIterator<Item = &'p [Vec<u64>]>,
    ) -> Result<Self, TableError> {
        let cell = |people: &Vec<u64>| people.iter().map(|person| (*person, 1)).collect();
        let contributions = people.into_iter().map(|row| row.iter().map(cell).collect());
        Self::new(rows, columns, contributions.collect())
    }

    /// A table that is known to be one.
    pub(super) fn of_contributions(
        rows: Vec<String>,
        columns: Vec<String>,
        contributions: Vec<Vec<Contributions>>,
    ) -> Self {
        let cells = contributions.iter().map(|row| row.iter().map(|own| Cell::of([own])).collect()).collect();
        Self { rows, columns, contributions, cells }
    }

    /// A table of people of whom nobody stands in two cells.
    #[cfg(test)]
    pub(super) fn of_counts(rows: &[&str], columns: &[&str], counts: &[&[u64]]) -> Result<Self, TableError> {
        let mut numbers = 0..;
        let contributions = counts.iter().map(|row| {
            let cell =
                |count: &u64| numbers.by_ref().take(*count as usize).map(|person| (person, 1)).collect();
            row.iter().map(cell).collect()
        });
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let contributions = contributions.collect();
        Self::new(owned(rows), owned(columns), contributions)
    }

    /// The names of the rows.
    pub fn rows(&self) -> &[String] {
        &self.rows
    }

    /// The names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// A cell.
    pub fn cell(&self, row: usize, column: usize) -> Cell {
        self.cells[row][column]
    }

    /// Everything in a row; who stands in several of its cells contributes once.
    pub(super) fn row(&self, row: usize) -> Cell {
        Cell::of(&self.contributions[row])
    }

    /// Everything in a column.
    pub(super) fn column(&self, column: usize) -> Cell {
        Cell::of(self.contributions.iter().map(|row| &row[column]))
    }

    /// The same table with rows and columns exchanged.
    pub(super) fn transposed(&self) -> Self {
        let column = |column: usize| self.contributions.iter().map(|row| row[column].clone()).collect();
        let contributions = (0..self.columns.len()).map(column).collect();
        Self::of_contributions(self.columns.clone(), self.rows.clone(), contributions)
    }

    /// The table as a reader sees it when some cells are hidden.
    pub(super) fn published(&self, hidden: &[Vec<bool>]) -> PublishedTable {
        let shown = |(cell, hidden): (&Cell, &bool)| (!hidden).then_some(cell.value);
        let cells =
            self.cells.iter().zip(hidden).map(|(row, hidden)| row.iter().zip(hidden).map(shown).collect());
        PublishedTable {
            rows: self.rows.clone(),
            columns: self.columns.clone(),
            cells: cells.collect(),
            row_totals: (0..self.rows.len()).map(|row| self.row(row).value).collect(),
            column_totals: (0..self.columns.len()).map(|column| self.column(column).value).collect(),
        }
    }
}

/// A table as everybody sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedTable {
    /// The names of the rows.
    pub rows: Vec<String>,
    /// The names of the columns.
    pub columns: Vec<String>,
    /// `[row][column]`; hidden cells are absent.
    pub cells: Vec<Vec<Option<u64>>>,
    /// The sum of every row, hidden cells included.
    pub row_totals: Vec<u64>,
    /// The sum of every column, hidden cells included.
    pub column_totals: Vec<u64>,
}

impl PublishedTable {
    /// How many cells are shown.
    pub fn shown(&self) -> usize {
        self.cells.iter().flatten().flatten().count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_table_is_refused() {
        let of =
            |rows: &[&str], columns: &[&str], counts: &[&[u64]]| CountTable::of_counts(rows, columns, counts);
        assert!(of(&["a", "b"], &["x"], &[&[1], &[0]]).is_ok());
        assert_eq!(of(&[], &["x"], &[]), Err(TableError::Empty));
        assert!(matches!(
            of(&["a"], &["x"], &[&[1], &[2]]),
            Err(TableError::Shape { expected: 1, found: 2, .. })
        ));
        assert!(matches!(of(&["a"], &["x"], &[&[1, 2]]), Err(TableError::Shape { .. })));
        assert!(matches!(of(&["a", "a"], &["x"], &[&[1], &[2]]), Err(TableError::Twice { .. })));
        let much = vec![vec![Contributions::from([(1, u64::MAX)])]];
        assert_eq!(CountTable::new(vec!["a".into()], vec!["x".into()], much), Err(TableError::TooLarge));
    }

    #[test]
    fn contributions_make_a_cell() {
        let cell = Cell::of([&Contributions::from([(1, 3), (2, 0), (3, 9)])]);
        assert_eq!((cell.value, cell.contributors, cell.largest), (12, 2, 9));
        assert!(cell.is_dominated(0.7) && !cell.is_dominated(0.75));
        assert_eq!(Cell::of([]), Cell::default());
    }

    #[test]
    fn who_stands_in_several_cells_is_one_contributor_of_the_line() {
        let names = |names: [&str; 1]| names.map(str::to_owned).to_vec();
        let people = [vec![vec![7, 8], vec![8, 9]]];
        let columns = vec!["2024".to_owned(), "2025".to_owned()];
        let table = CountTable::of_people(names(["a"]), columns, people.iter().map(Vec::as_slice)).unwrap();
        assert_eq!((table.row(0).value, table.row(0).contributors, table.row(0).largest), (4, 3, 2));
        assert_eq!(table.transposed().column(0), table.row(0));
    }
}
