//! Tables of people or of what they did, before and after disclosure control.

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

impl Cell {
    /// A cell that counts people.
    pub fn of_people(people: u64) -> Self {
        Self { value: people, contributors: people, largest: people.min(1) }
    }

    /// A cell that adds up what every contributor has; those with nothing do not contribute.
    pub fn of_contributions(contributions: &[u64]) -> Self {
        Self {
            value: contributions.iter().fold(0, |sum, own| sum.saturating_add(*own)),
            contributors: contributions.iter().filter(|own| **own > 0).count() as u64,
            largest: contributions.iter().copied().max().unwrap_or(0),
        }
    }

    /// Both cells as one: contributors of both count twice, which only makes a cell look safer in `contributors` when it
    /// already has as many in one of its parts.
    pub(super) fn with(self, other: Self) -> Self {
        Self {
            value: self.value.saturating_add(other.value),
            contributors: self.contributors.saturating_add(other.contributors),
            largest: self.largest.max(other.largest),
        }
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
    /// A cell has contributors without value, or one that has more than all.
    #[error("the cell of {row:?} and {column:?} contradicts itself")]
    Cell {
        /// The row.
        row: String,
        /// The column.
        column: String,
    },
    /// The policy would show single people.
    #[error("k is at least 2 and the share of one contributor between 0 and 1")]
    Policy,
}

/// The largest sum of a table: flows through it are sums of a few such.
const MOST: u64 = u64::MAX / 8;

impl CountTable {
    /// A table of cells by row and column.
    ///
    /// Refuses tables without rows or columns, other shapes, names that stand twice, cells that contradict themselves, and sums
    /// above an eighth of what 64 bits count.
    pub fn new(rows: Vec<String>, columns: Vec<String>, cells: Vec<Vec<Cell>>) -> Result<Self, TableError> {
        if rows.is_empty() || columns.is_empty() {
            return Err(TableError::Empty);
        }
        if cells.len() != rows.len() {
            return Err(TableError::Shape {
                what: "rows of cells",
                expected: rows.len(),
                found: cells.len(),
            });
        }
        for names in [&rows, &columns] {
            let mut sorted: Vec<&String> = names.iter().collect();
            sorted.sort_unstable();
            if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
                return Err(TableError::Twice { name: pair[0].clone() });
            }
        }
        let mut total: u64 = 0;
        for (row, own) in rows.iter().zip(&cells) {
            if own.len() != columns.len() {
                return Err(TableError::Shape {
                    what: "cells of a row",
                    expected: columns.len(),
                    found: own.len(),
                });
            }
            for (column, cell) in columns.iter().zip(own) {
                let contradicts = cell.largest > cell.value
                    || cell.contributors > cell.value
                    || (cell.value > 0) != (cell.contributors > 0 && cell.largest > 0);
                if contradicts {
                    return Err(TableError::Cell { row: row.clone(), column: column.clone() });
                }
                total = total
                    .checked_add(cell.value)
                    .filter(|total| *total <= MOST)
                    .ok_or(TableError::TooLarge)?;
            }
        }
        Ok(Self { rows, columns, cells })
    }

    /// A table of people.
    pub fn of_people(rows: &[&str], columns: &[&str], people: &[&[u64]]) -> Result<Self, TableError> {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let cells =
            people.iter().map(|row| row.iter().map(|people| Cell::of_people(*people)).collect()).collect();
        Self::new(owned(rows), owned(columns), cells)
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

    /// Everything in a row.
    pub(super) fn row(&self, row: usize) -> Cell {
        self.cells[row].iter().copied().fold(Cell::default(), Cell::with)
    }

    /// Everything in a column.
    pub(super) fn column(&self, column: usize) -> Cell {
        self.cells.iter().map(|row| row[column]).fold(Cell::default(), Cell::with)
    }

    /// The same table with rows and columns exchanged.
    pub(super) fn transposed(&self) -> Self {
        let cells = (0..self.columns.len())
            .map(|column| self.cells.iter().map(|row| row[column]).collect())
            .collect();
        Self { rows: self.columns.clone(), columns: self.rows.clone(), cells }
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
            |rows: &[&str], columns: &[&str], people: &[&[u64]]| CountTable::of_people(rows, columns, people);
        assert!(of(&["a", "b"], &["x"], &[&[1], &[0]]).is_ok());
        assert_eq!(of(&[], &["x"], &[]), Err(TableError::Empty));
        assert!(matches!(
            of(&["a"], &["x"], &[&[1], &[2]]),
            Err(TableError::Shape { expected: 1, found: 2, .. })
        ));
        assert!(matches!(of(&["a"], &["x"], &[&[1, 2]]), Err(TableError::Shape { .. })));
        assert!(matches!(of(&["a", "a"], &["x"], &[&[1], &[2]]), Err(TableError::Twice { .. })));
        assert_eq!(of(&["a", "b"], &["x"], &[&[u64::MAX], &[1]]), Err(TableError::TooLarge));
        let odd = Cell { value: 3, contributors: 1, largest: 4 };
        assert!(matches!(
            CountTable::new(vec!["a".into()], vec!["x".into()], vec![vec![odd]]),
            Err(TableError::Cell { .. })
        ));
    }

    #[test]
    fn contributions_make_a_cell() {
        let cell = Cell::of_contributions(&[3, 0, 9]);
        assert_eq!((cell.value, cell.contributors, cell.largest), (12, 2, 9));
        assert_eq!(Cell::of_people(0), Cell::default());
    }
}
