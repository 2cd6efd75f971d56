//! When a table may replace the one that was published before.
//!
//! Whoever keeps the old one subtracts: a cell that moves by one is one person who came or left.

use super::table::PublishedTable;

/// Why a table may not replace another yet; it may be published when the edition closes, once, with all that came since.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TooSimilar {
    /// Other rows or columns were merged: sums of old ones and new ones can be subtracted from each other.
    #[error("the table has other rows or columns than the published one")]
    Categories,
    /// A cell is hidden in one and shown in the other: what is shown tells what was hidden.
    #[error("the cell of {row:?} and {column:?} is hidden in one of the tables only")]
    Visibility {
        /// The row.
        row: String,
        /// The column.
        column: String,
    },
    /// A cell or a total has moved, but by fewer than `k`.
    #[error("{place} has moved by {moved}, fewer than {k}")]
    Moved {
        /// The cell or the total, as words.
        place: String,
        /// By how much.
        moved: u64,
        /// The policy's `k`.
        k: u64,
    },
}

/// Whether `next` may be published where `previous` is: every cell and total stays as it is or moves by at least `k`, and the same
/// cells are hidden.
pub fn may_replace(previous: &PublishedTable, next: &PublishedTable, k: u64) -> Result<(), TooSimilar> {
    if previous.rows != next.rows || previous.columns != next.columns {
        return Err(TooSimilar::Categories);
    }
    let moved = |before: u64, after: u64, place: &dyn Fn() -> String| {
        let moved = before.abs_diff(after);
        if moved == 0 || moved >= k { Ok(()) } else { Err(TooSimilar::Moved { place: place(), moved, k }) }
    };
    for (row, name) in next.rows.iter().enumerate() {
        for (column, other) in next.columns.iter().enumerate() {
            match (previous.cells[row][column], next.cells[row][column]) {
                (None, None) => {}
                (Some(before), Some(after)) => {
                    moved(before, after, &|| format!("the cell of {name:?} and {other:?}"))?;
                }
                _ => return Err(TooSimilar::Visibility { row: name.clone(), column: other.clone() }),
            }
        }
        moved(previous.row_totals[row], next.row_totals[row], &|| format!("the total of {name:?}"))?;
    }
    for (column, name) in next.columns.iter().enumerate() {
        moved(previous.column_totals[column], next.column_totals[column], &|| {
            format!("the total of {name:?}")
        })?;
    }
    let total = |table: &PublishedTable| table.row_totals.iter().sum::<u64>();
    moved(total(previous), total(next), &|| "the total".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::table::CountTable;

    fn table(people: &[&[u64]], hidden: &[[bool; 2]]) -> PublishedTable {
        let hidden: Vec<Vec<bool>> = hidden.iter().map(|row| row.to_vec()).collect();
        CountTable::of_counts(&["a", "b"], &["x", "y"], people).unwrap().published(&hidden)
    }

    const SHOWN: [[bool; 2]; 2] = [[false; 2]; 2];

    #[test]
    fn nothing_may_move_a_little() {
        let before = table(&[&[10, 20], &[30, 40]], &SHOWN);
        assert_eq!(may_replace(&before, &before, 5), Ok(()));
        assert_eq!(may_replace(&before, &table(&[&[15, 20], &[30, 40]], &SHOWN), 5), Ok(()));
        let found = may_replace(&before, &table(&[&[11, 20], &[30, 40]], &SHOWN), 5).unwrap_err();
        assert_eq!(found.to_string(), "the cell of \"a\" and \"x\" has moved by 1, fewer than 5");
        // Five come in one cell and four leave another: the column moves by one.
        let found = may_replace(&before, &table(&[&[15, 20], &[24, 40]], &SHOWN), 5).unwrap_err();
        assert_eq!(found.to_string(), "the total of \"x\" has moved by 1, fewer than 5");
    }

    #[test]
    fn hidden_cells_stay_hidden_and_their_totals_count() {
        let all = [[true; 2]; 2];
        let before = table(&[&[10, 20], &[30, 40]], &all);
        let found = may_replace(&before, &table(&[&[11, 20], &[30, 40]], &all), 5).unwrap_err();
        assert_eq!(found.to_string(), "the total of \"a\" has moved by 1, fewer than 5");
        let shown = table(&[&[10, 20], &[30, 40]], &SHOWN);
        assert!(matches!(may_replace(&before, &shown, 5), Err(TooSimilar::Visibility { .. })));
        let renamed = CountTable::of_counts(&["a", "c"], &["x", "y"], &[&[10, 20], &[30, 40]]).unwrap();
        let renamed = renamed.published(&[vec![false; 2], vec![false; 2]]);
        assert_eq!(may_replace(&shown, &renamed, 5), Err(TooSimilar::Categories));
    }
}
