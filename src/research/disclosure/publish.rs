//! From a table with everything in it to one that everybody may see, or to the reason why there is none.

use serde::Serialize;

use super::merge::merge;
use super::suppress::{Rule, Suppression, SuppressionError, suppress};
use super::table::{CountTable, Policy, PublishedTable, TableError};

/// What is published, and what only the record keeps.
#[derive(Debug, Clone, PartialEq)]
pub struct Publication {
    /// What everybody sees.
    pub table: PublishedTable,
    /// For the record: every hidden cell of the published table, why it is hidden and what a reader knows of it.
    pub suppressed: Vec<SuppressedCell>,
    /// For the record: the rows that became one. Their names alone would say that somebody small is in them.
    pub merged_rows: Vec<String>,
    /// For the record: the columns that became one.
    pub merged_columns: Vec<String>,
}

/// A hidden cell, for the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SuppressedCell {
    /// The name of the row.
    pub row: String,
    /// The name of the column.
    pub column: String,
    /// Why it is hidden.
    pub rule: Rule,
    /// A reader knows that it is at least this.
    pub lower: u64,
    /// And at most this.
    pub upper: u64,
}

/// Why a table is not published.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Withheld {
    /// The policy is none.
    #[error(transparent)]
    Table(#[from] TableError),
    /// There are too few people for any table, or one contributor is most of it.
    #[error("fewer than {least} stand in the table, or one of them is most of it")]
    TooFew {
        /// Three times `k`.
        least: u64,
    },
    /// Some cell could be found out.
    #[error(transparent)]
    CanBeFound(#[from] SuppressionError),
    /// Everything would be hidden.
    #[error("no cell can be shown")]
    NothingToShow,
}

/// Merges, suppresses and audits a table.
///
/// What comes out holds: no shown cell has fewer than `k` contributors or one with more than the dominant share, no margin fewer
/// than `3 k`, and no hidden cell can be narrowed to fewer than `k + 1` values from what is shown.
/// Whoever knows this method too, and that a cell is hidden because it is small, may know more of it; so nothing says why a
/// single cell is hidden.
pub fn publish(table: &CountTable, policy: Policy) -> Result<Publication, Withheld> {
    if policy.k < 2 || !(0.0..=1.0).contains(&policy.dominance) {
        return Err(TableError::Policy.into());
    }
    let merged = merge(table, policy).ok_or(Withheld::TooFew { least: policy.least_margin() })?;
    let Suppression { rules, known } = suppress(&merged.table, policy)?;
    let hidden: Vec<Vec<bool>> = rules.iter().map(|row| row.iter().map(Option::is_some).collect()).collect();
    let published = merged.table.published(&hidden);
    if published.shown() == 0 {
        return Err(Withheld::NothingToShow);
    }
    let suppressed = known.iter().filter_map(|cell| {
        Some(SuppressedCell {
            row: published.rows[cell.row].clone(),
            column: published.columns[cell.column].clone(),
            rule: rules[cell.row][cell.column]?,
            lower: cell.lower,
            upper: cell.upper,
        })
    });
    Ok(Publication {
        suppressed: suppressed.collect(),
        table: published,
        merged_rows: merged.rows,
        merged_columns: merged.columns,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::disclosure::audit::audit;
    use crate::disclosure::table::Contributions;

    const POLICY: Policy = Policy::DEFAULT;

    fn table(people: &[Vec<u64>]) -> CountTable {
        let names = |count: usize, letter: char| (0..count).map(|place| format!("{letter}{place}")).collect();
        let (rows, columns): (Vec<String>, Vec<String>) =
            (names(people.len(), 'r'), names(people[0].len(), 'c'));
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        CountTable::of_counts(&rows, &columns, &people.iter().map(Vec::as_slice).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn editions_of_sixty_people_by_sector() {
        // Six sectors in three editions of about sixty: small sectors become one, and what is small then is hidden.
        let people = [[34, 31, 36], [9, 12, 10], [4, 5, 7], [6, 3, 2], [3, 4, 1], [2, 3, 0]].map(Vec::from);
        let found = publish(&table(&people), POLICY).unwrap();
        assert_eq!(found.table.rows, ["r0", "r1", "r2", "other (merged)"]);
        assert_eq!(found.merged_rows, ["r3", "r4", "r5"]);
        assert_eq!(found.table.column_totals, [58, 58, 56]);
        assert!(found.table.shown() >= 6, "{:?}", found.table);
        assert!(found.suppressed.iter().all(|cell| cell.upper - cell.lower >= 5), "{:?}", found.suppressed);
    }

    #[test]
    fn without_merging_there_is_nothing_to_publish() {
        // Sector by country of sixty people: nearly everything is small.
        let people = vec![vec![3, 2, 4, 1]; 6];
        let unmerged = suppress(&table(&people), POLICY);
        let shown =
            unmerged.map_or(0, |found| found.rules.iter().flatten().filter(|rule| rule.is_none()).count());
        assert_eq!(shown, 0);
    }

    #[test]
    fn too_few_people_and_policies_that_protect_nobody() {
        assert_eq!(publish(&table(&[vec![7, 7]]), POLICY), Err(Withheld::TooFew { least: 15 }));
        let weak = Policy { k: 1, dominance: 0.85 };
        assert_eq!(publish(&table(&[vec![70, 70]]), weak), Err(Withheld::Table(TableError::Policy)));
        let odd = Policy { k: 5, dominance: f64::NAN };
        assert_eq!(publish(&table(&[vec![70, 70]]), odd), Err(Withheld::Table(TableError::Policy)));
    }

    #[test]
    fn a_dominated_amount_is_hidden_and_cannot_be_estimated_closely() {
        let mut numbers = 0..;
        let mut cell =
            |amounts: &[u64]| numbers.by_ref().zip(amounts.iter().copied()).collect::<Contributions>();
        let names = |letter: char| (0..3).map(|place| format!("{letter}{place}")).collect::<Vec<_>>();
        let cells = vec![
            vec![cell(&[900, 10, 10, 10, 10]), cell(&[100; 10]), cell(&[200; 10])],
            vec![cell(&[100; 10]), cell(&[200; 10]), cell(&[300; 10])],
            vec![cell(&[200; 10]), cell(&[300; 10]), cell(&[400; 10])],
        ];
        let found = publish(&CountTable::new(names('r'), names('c'), cells).unwrap(), POLICY).unwrap();
        let cell = found
            .suppressed
            .iter()
            .find(|cell| (cell.row.as_str(), cell.column.as_str()) == ("r0", "c0"))
            .unwrap();
        assert_eq!(cell.rule, Rule::Dominance);
        assert!(cell.upper - cell.lower >= 900, "{cell:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 128, ..ProptestConfig::default() })]

        #[test]
        fn whatever_is_published_protects(
            people in (1_usize..6, 1_usize..6).prop_flat_map(|(rows, columns)| {
                prop::collection::vec(prop::collection::vec(prop_oneof![0_u64..6, 5_u64..40], columns), rows)
            }),
        ) {
            let Ok(found) = publish(&table(&people), POLICY) else { return Ok(()) };
            // Merged or not, everybody is in it once.
            let total: u64 = people.iter().flatten().sum();
            prop_assert_eq!(found.table.row_totals.iter().sum::<u64>(), total);
            prop_assert_eq!(found.table.column_totals.iter().sum::<u64>(), total);
            let margins = found.table.row_totals.iter().chain(&found.table.column_totals);
            prop_assert!(margins.clone().all(|margin| *margin >= 15), "{:?}", found.table);
            prop_assert!(found.table.cells.iter().flatten().flatten().all(|shown| *shown >= 5));
            // An auditor who sees only what is published finds nothing narrow, and the record says the same.
            let known = audit(&found.table).unwrap();
            prop_assert_eq!(known.len(), found.suppressed.len());
            for (known, record) in known.iter().zip(&found.suppressed) {
                prop_assert!(known.width() >= POLICY.k);
                prop_assert_eq!((known.lower, known.upper), (record.lower, record.upper));
            }
        }
    }
}
