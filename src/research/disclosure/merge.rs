//! Small categories become one, before anything is hidden.

use super::table::{Cell, CountTable, Policy};

/// What the merged category is called.
pub const MERGED: &str = "other (merged)";

/// A table whose margins are all large enough, and the categories that it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The table.
    pub table: CountTable,
    /// The rows that are no longer told apart.
    pub rows: Vec<String>,
    /// The columns that are not.
    pub columns: Vec<String>,
}

/// Merges rows, then columns, in which fewer than `3 k` stand.
///
/// What is merged must be as large itself: where it is not, the next smallest category joins it.
/// Absent where even all of the table together is too small.
pub fn merge(table: &CountTable, policy: Policy) -> Option<Merged> {
    let (rows, merged_rows) = merge_rows(table, policy.least_margin())?;
    let (columns, merged_columns) = merge_rows(&rows.transposed(), policy.least_margin())?;
    Some(Merged { table: columns.transposed(), rows: merged_rows, columns: merged_columns })
}

fn merge_rows(table: &CountTable, least: u64) -> Option<(CountTable, Vec<String>)> {
    let mut by_size: Vec<usize> = (0..table.rows.len()).collect();
    by_size.sort_by_key(|row| table.row(*row).contributors);
    let mut taken = 0;
    let mut together = 0;
    for row in &by_size {
        let size = table.row(*row).contributors;
        if size >= least && (taken == 0 || together >= least) {
            break;
        }
        together += size;
        taken += 1;
    }
    if taken > 0 && together < least {
        return None;
    }
    if taken == 0 {
        return Some((table.clone(), Vec::new()));
    }
    let mut merged: Vec<usize> = by_size[..taken].to_vec();
    merged.sort_unstable();
    let kept = (0..table.rows.len()).filter(|row| !merged.contains(row));
    let mut rows: Vec<String> = kept.clone().map(|row| table.rows[row].clone()).collect();
    let mut cells: Vec<Vec<Cell>> = kept.map(|row| table.cells[row].clone()).collect();
    let mut name = MERGED.to_owned();
    while rows.contains(&name) {
        name.push('*');
    }
    rows.push(name);
    let sum =
        |column: usize| merged.iter().map(|row| table.cells[*row][column]).fold(Cell::default(), Cell::with);
    cells.push((0..table.columns.len()).map(sum).collect());
    let names = merged.iter().map(|row| table.rows[*row].clone()).collect();
    Some((CountTable { rows, columns: table.columns.clone(), cells }, names))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(people: &[&[u64]]) -> CountTable {
        let names = ["a", "b", "c", "d", "e"];
        CountTable::of_people(&names[..people.len()], &names[..people[0].len()], people).unwrap()
    }

    fn values(table: &CountTable) -> Vec<Vec<u64>> {
        table.cells.iter().map(|row| row.iter().map(|cell| cell.value).collect()).collect()
    }

    #[test]
    fn small_rows_become_one_and_large_tables_stay() {
        let found = merge(&table(&[&[20, 20], &[4, 4], &[5, 3], &[20, 9]]), Policy::DEFAULT).unwrap();
        assert_eq!(found.table.rows, ["a", "d", MERGED]);
        assert_eq!(values(&found.table), [[20, 20], [20, 9], [9, 7]]);
        assert_eq!((found.rows, found.columns), (vec!["b".to_owned(), "c".to_owned()], vec![]));
        let large = table(&[&[20, 20], &[20, 20]]);
        assert_eq!(merge(&large, Policy::DEFAULT).unwrap().table, large);
    }

    #[test]
    fn a_single_small_category_takes_the_next_smallest_with_it() {
        let found = merge(&table(&[&[20, 20], &[1, 2], &[10, 10]]), Policy::DEFAULT).unwrap();
        assert_eq!(
            (found.table.rows, found.rows),
            (vec!["a".to_owned(), MERGED.to_owned()], vec!["b".into(), "c".into()])
        );
    }

    #[test]
    fn columns_are_merged_too_and_all_may_become_one() {
        let found = merge(&table(&[&[8, 7, 0], &[9, 1, 2]]), Policy::DEFAULT).unwrap();
        // Rows of 15 and 12 become one of 27; columns of 17, 8 and 2 become one.
        assert_eq!(values(&found.table), [[27]]);
        assert_eq!(merge(&table(&[&[7, 7]]), Policy::DEFAULT), None);
        assert_eq!(merge(&table(&[&[0]]), Policy::DEFAULT), None);
    }
}
