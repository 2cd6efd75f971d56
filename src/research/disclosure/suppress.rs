//! Which cells are hidden: small and dominated ones, and others so that these cannot be worked out.

use serde::{Deserialize, Serialize};

use super::audit::{AuditError, HiddenCell, audit};
use super::table::{Cell, CountTable, Policy};

/// Why a cell is hidden (vocabulary `suppression.rule`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Fewer than `k` stand behind it; nobody does, too.
    PrimaryK,
    /// One contributor has most of it.
    Dominance,
    /// A line had a single hidden cell, which its total gave away.
    Complementary,
    /// The audit found another cell too narrow without it.
    AuditInterval,
}

impl Rule {
    /// The code in the vocabulary.
    pub fn code(self) -> &'static str {
        match self {
            Self::PrimaryK => "primary_k",
            Self::Dominance => "dominance",
            Self::Complementary => "complementary",
            Self::AuditInterval => "audit_interval",
        }
    }
}

/// Some cell can be worked out too narrowly, whatever is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SuppressionError {
    /// Nothing is left to hide.
    #[error("a hidden cell can be narrowed to {} values, and nothing is left to hide", .0.width() + 1)]
    TooNarrow(HiddenCell),
    /// The audit did not understand the table.
    #[error(transparent)]
    Audit(#[from] AuditError),
}

/// Why a cell may not be shown for itself.
pub fn primary(cell: Cell, policy: Policy) -> Option<Rule> {
    if cell.contributors < policy.k {
        return Some(Rule::PrimaryK);
    }
    cell.is_dominated(policy.dominance).then_some(Rule::Dominance)
}

/// How wide the bounds of a hidden cell must be: `k`, and for amounts no less than what its largest contributor has.
pub fn least_width(cell: Cell, policy: Policy) -> u64 {
    policy.k.max(cell.largest)
}

/// What is hidden in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// The rule that hides a cell, as `[row][column]`; absent where it is shown.
    pub rules: Vec<Vec<Option<Rule>>>,
    /// What a reader knows of the hidden cells.
    pub known: Vec<HiddenCell>,
}

/// The cells to hide, and what a reader then knows of them.
///
/// Small and dominated cells first; then others until no line has a single hidden cell; then others until the audit finds none
/// too narrow. What is hidden besides is what hides least: the cells with the smallest values.
pub fn suppress(table: &CountTable, policy: Policy) -> Result<Suppression, SuppressionError> {
    let mut rules: Vec<Vec<Option<Rule>>> =
        table.cells.iter().map(|row| row.iter().map(|cell| primary(*cell, policy)).collect()).collect();
    hide_beside_single_cells(table, &mut rules);
    loop {
        let hidden: Vec<Vec<bool>> =
            rules.iter().map(|row| row.iter().map(Option::is_some).collect()).collect();
        let found = audit(&table.published(&hidden))?;
        let narrow =
            found.iter().filter(|cell| cell.width() < least_width(table.cell(cell.row, cell.column), policy));
        let mut narrow = narrow.peekable();
        if narrow.peek().is_none() {
            return Ok(Suppression { rules, known: found });
        }
        // All that one audit finds is widened before the next, so that large tables need few.
        let mut unhelped = None;
        let mut hid_more = false;
        for cell in narrow {
            match best_rectangle(table, &rules, cell.row, cell.column, policy) {
                Some(corners) => {
                    for (row, column) in corners {
                        rules[row][column].get_or_insert(Rule::AuditInterval);
                    }
                    hid_more = true;
                }
                None => unhelped = Some(*cell),
            }
        }
        if let Some(cell) = unhelped.filter(|_| !hid_more) {
            return Err(SuppressionError::TooNarrow(cell));
        }
    }
}

/// Hides another cell in every line that has a single one, until none has.
fn hide_beside_single_cells(table: &CountTable, rules: &mut [Vec<Option<Rule>>]) {
    let (rows, columns) = (table.rows.len(), table.columns.len());
    let holes_in_row = |rules: &[Vec<Option<Rule>>], row: usize| rules[row].iter().flatten().count();
    let holes_in_column =
        |rules: &[Vec<Option<Rule>>], column: usize| rules.iter().filter(|row| row[column].is_some()).count();
    loop {
        let mut chosen = None;
        if let Some(row) = (0..rows).find(|row| holes_in_row(rules, *row) == 1) {
            // A column that has a hole already needs no further one.
            chosen = (0..columns)
                .filter(|column| rules[row][*column].is_none())
                .min_by_key(|column| (holes_in_column(rules, *column) == 0, table.cells[row][*column].value))
                .map(|column| (row, column));
        }
        if chosen.is_none()
            && let Some(column) = (0..columns).find(|column| holes_in_column(rules, *column) == 1)
        {
            chosen = (0..rows)
                .filter(|row| rules[*row][column].is_none())
                .min_by_key(|row| (holes_in_row(rules, *row) == 0, table.cells[*row][column].value))
                .map(|row| (row, column));
        }
        // A line of a single cell cannot be helped here; the audit refuses it.
        let Some((row, column)) = chosen else { return };
        rules[row][column] = Some(Rule::Complementary);
    }
}

/// The other three corners of a rectangle.
type Corners = [(usize, usize); 3];

/// The corners of the rectangle around a cell that make its bounds wide enough at the least cost; of those that do not, the one
/// that makes them widest. Absent where every rectangle is hidden already.
///
/// Hidden cells at the corners of a rectangle can rise and fall together: by the smaller of two opposite ones.
fn best_rectangle(
    table: &CountTable,
    rules: &[Vec<Option<Rule>>],
    row: usize,
    column: usize,
    policy: Policy,
) -> Option<Corners> {
    let value = |row: usize, column: usize| table.cells[row][column].value;
    let needed = least_width(table.cell(row, column), policy);
    let mut best: Option<((u64, u64), Corners)> = None;
    for other_row in (0..table.rows.len()).filter(|other| *other != row) {
        for other_column in (0..table.columns.len()).filter(|other| *other != column) {
            let corners = [(row, other_column), (other_row, column), (other_row, other_column)];
            let newly = corners.iter().filter(|(row, column)| rules[*row][*column].is_none());
            // A cell that is hidden costs what it shows, and one that shows nothing still a place.
            let cost: u64 = newly.clone().map(|(row, column)| value(*row, *column) + 1).sum();
            if cost == 0 {
                continue;
            }
            let rises = value(row, other_column).min(value(other_row, column));
            let falls = value(row, column).min(value(other_row, other_column));
            let missing = needed.saturating_sub(rises + falls);
            if best.as_ref().is_none_or(|(known, _)| (missing, cost) < *known) {
                best = Some(((missing, cost), corners));
            }
        }
    }
    best.map(|(_, corners)| corners)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabularies::Vocabularies;

    const POLICY: Policy = Policy::DEFAULT;

    fn amounts(amounts: &[u64]) -> Cell {
        Cell::of([&(0..).zip(amounts.iter().copied()).collect()])
    }

    fn people(people: u64) -> Cell {
        amounts(&vec![1; people as usize])
    }

    #[test]
    fn small_and_dominated_cells_are_not_shown() {
        assert_eq!(primary(people(4), POLICY), Some(Rule::PrimaryK));
        assert_eq!(primary(people(0), POLICY), Some(Rule::PrimaryK));
        assert_eq!(primary(people(5), POLICY), None);
        assert_eq!(primary(amounts(&[86, 4, 4, 3, 3]), POLICY), Some(Rule::Dominance));
        assert_eq!(primary(amounts(&[85, 5, 4, 3, 3]), POLICY), None);
        assert_eq!(least_width(amounts(&[86, 4, 4, 3, 3]), POLICY), 86);
    }

    #[test]
    fn the_rules_are_those_of_the_vocabulary() {
        for rule in [Rule::PrimaryK, Rule::Dominance, Rule::Complementary, Rule::AuditInterval] {
            assert!(Vocabularies::shipped().code("suppression.rule", rule.code()).is_ok(), "{rule:?}");
        }
    }

    fn hidden(people: &[&[u64]]) -> Result<Vec<Vec<Option<Rule>>>, SuppressionError> {
        let names: Vec<String> = (0..9).map(|place| place.to_string()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let table = CountTable::of_counts(&names[..people.len()], &names[..people[0].len()], people).unwrap();
        suppress(&table, POLICY).map(|suppression| suppression.rules)
    }

    #[test]
    fn one_small_cell_takes_three_with_it() {
        let rules = hidden(&[&[3, 20, 30], &[25, 12, 40], &[50, 60, 70]]).unwrap();
        let p = Some(Rule::PrimaryK);
        let c = Some(Rule::Complementary);
        assert_eq!(rules, [[p, c, None], [c, c, None], [None, None, None]]);
    }

    #[test]
    fn what_is_still_narrow_takes_more() {
        // The four small cells are alone in their lines: together they are 2, so that each lies within 0..=1 or 0..=2.
        let rules = hidden(&[&[1, 1, 30], &[1, 1, 30], &[30, 30, 30]]).unwrap();
        assert!(rules.iter().flatten().any(|rule| *rule == Some(Rule::AuditInterval)), "{rules:?}");
    }

    #[test]
    fn a_table_that_cannot_hide_is_refused() {
        assert!(matches!(hidden(&[&[3, 20]]), Err(SuppressionError::TooNarrow(_))));
        assert!(matches!(hidden(&[&[1, 1], &[1, 1]]), Err(SuppressionError::TooNarrow(_))));
        assert_eq!(hidden(&[&[20, 20]]).unwrap(), [[None, None]]);
    }
}
