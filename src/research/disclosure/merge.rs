//! Small categories become one, before anything is hidden.

use super::table::{Cell, Contributions, CountTable, Policy};

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

/// Merges rows, then columns, in which fewer than `3 k` different contributors stand or one of them dominates.
///
/// What is merged must be as large itself: where it is not, the next smallest category joins it.
/// Absent where even all of the table together is too small.
pub fn merge(table: &CountTable, policy: Policy) -> Option<Merged> {
    let (rows, merged_rows) = merge_rows(table, policy)?;
    let (columns, merged_columns) = merge_rows(&rows.transposed(), policy)?;
    Some(Merged { table: columns.transposed(), rows: merged_rows, columns: merged_columns })
}

fn merge_rows(table: &CountTable, policy: Policy) -> Option<(CountTable, Vec<String>)> {
    let is_small =
        |margin: Cell| margin.contributors < policy.least_margin() || margin.is_dominated(policy.dominance);
    let margins: Vec<Cell> = (0..table.rows.len()).map(|row| table.row(row)).collect();
    // The small ones first, then the others from the smallest on.
    let mut order: Vec<usize> = (0..table.rows.len()).collect();
    order.sort_by_key(|row| (!is_small(margins[*row]), margins[*row].contributors));
    let mut taken = margins.iter().filter(|margin| is_small(**margin)).count();
    if taken == 0 {
        return Some((table.clone(), Vec::new()));
    }
    let together = |taken: usize| Cell::of(order[..taken].iter().flat_map(|row| &table.contributions[*row]));
    while is_small(together(taken)) {
        taken += 1;
        if taken > order.len() {
            return None;
        }
    }
    let mut merged: Vec<usize> = order[..taken].to_vec();
    merged.sort_unstable();
    let kept = (0..table.rows.len()).filter(|row| !merged.contains(row));
    let mut rows: Vec<String> = kept.clone().map(|row| table.rows[row].clone()).collect();
    let mut contributions: Vec<Vec<Contributions>> =
        kept.map(|row| table.contributions[row].clone()).collect();
    let mut name = MERGED.to_owned();
    while rows.contains(&name) {
        name.push('*');
    }
    rows.push(name);
    let sum = |column: usize| {
        let mut sum = Contributions::new();
        for row in &merged {
            for (contributor, amount) in &table.contributions[*row][column] {
                *sum.entry(*contributor).or_default() += amount;
            }
        }
        sum
    };
    contributions.push((0..table.columns.len()).map(sum).collect());
    let names = merged.iter().map(|row| table.rows[*row].clone()).collect();
    Some((CountTable::of_contributions(rows, table.columns.clone(), contributions), names))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(people: &[&[u64]]) -> CountTable {
        let names = ["a", "b", "c", "d", "e"];
        CountTable::of_counts(&names[..people.len()], &names[..people[0].len()], people).unwrap()
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

    #[test]
    fn the_same_people_again_make_no_large_margin() {
        // Seven people in three editions are 21 person-editions of a sector, and still seven people.
        let people = [[0..7, 0..7, 0..7], [20..40, 20..40, 20..40]];
        let people = people.map(|row| row.map(Iterator::collect::<Vec<u64>>).to_vec());
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let table = CountTable::of_people(
            names(&["a", "b"]),
            names(&["2023", "2024", "2025"]),
            people.iter().map(Vec::as_slice),
        );
        assert_eq!(merge(&table.unwrap(), Policy::DEFAULT).unwrap().table.rows, [MERGED]);
    }

    #[test]
    fn a_dominated_line_is_merged() {
        let even = |first: u64| (first..first + 20).map(|team| (team, 10)).collect::<Contributions>();
        let mut dominated = even(0);
        dominated.insert(0, 9_000);
        let names = |letter: char| (0..3).map(|place| format!("{letter}{place}")).collect::<Vec<_>>();
        let cells = vec![vec![even(20)], vec![dominated], vec![(100..400).map(|team| (team, 50)).collect()]];
        let table = CountTable::new(names('r'), vec!["x".to_owned()], cells).unwrap();
        assert_eq!(merge(&table, Policy::DEFAULT).unwrap().rows, ["r0", "r1", "r2"]);
    }
}
