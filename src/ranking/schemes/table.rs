//! The values of several metrics for all entries.

use crate::refusal::{Refusal, same_length};

use super::ranks::{Ties, fill_with_worst, ranks};

/// One metric: its value for every entry, absent where an entry has none.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    values: Vec<Option<f64>>,
    higher_is_better: bool,
}

impl Column {
    /// A metric's values; NaN and infinities are refused, because they never rank.
    pub fn new(values: Vec<Option<f64>>, higher_is_better: bool) -> Result<Self, Refusal> {
        match values.iter().position(|value| value.is_some_and(|value| !value.is_finite())) {
            Some(index) => Err(Refusal::NotFinite { what: "metric", index }),
            None => Ok(Self { values, higher_is_better }),
        }
    }

    /// The values, one per entry.
    pub fn values(&self) -> &[Option<f64>] {
        &self.values
    }

    /// Whether more is better.
    pub fn higher_is_better(&self) -> bool {
        self.higher_is_better
    }
}

/// Several metrics of the same entries.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    columns: Vec<Column>,
}

/// What becomes of an entry that lacks a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Missing {
    /// It is not ranked, and stands in nobody's way in the other metrics either.
    #[default]
    Unranked,
    /// It takes the worst rank where it lacks a value.
    WorstRank,
    /// It is judged by the metrics that it has; with none it is not ranked.
    Skipped,
}

impl Table {
    /// Refuses no columns at all, and columns of different lengths; no entries are fine.
    pub fn new(columns: Vec<Column>) -> Result<Self, Refusal> {
        let first = columns.first().ok_or(Refusal::Empty { what: "metrics" })?;
        let entries = first.values.len();
        for column in &columns {
            same_length("metric", entries, column.values.len())?;
        }
        Ok(Self { columns })
    }

    /// The metrics.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// How many entries there are.
    pub fn entries(&self) -> usize {
        self.columns.first().map_or(0, |column| column.values.len())
    }

    /// The columns whose bit is set in `mask`, the first being bit 0; absent when none is.
    pub fn subset(&self, mask: usize) -> Option<Self> {
        let columns: Vec<Column> = self
            .columns
            .iter()
            .enumerate()
            .filter(|(bit, _)| mask >> bit & 1 == 1)
            .map(|(_, column)| column.clone())
            .collect();
        (!columns.is_empty()).then_some(Self { columns })
    }

    /// The values of a column under a policy: those of incomplete entries are hidden when they are unranked.
    pub(super) fn visible(&self, column: &Column, missing: Missing) -> Vec<Option<f64>> {
        let is_hidden = |entry: usize| {
            missing == Missing::Unranked && self.columns.iter().any(|column| column.values[entry].is_none())
        };
        column
            .values
            .iter()
            .enumerate()
            .map(|(entry, value)| if is_hidden(entry) { None } else { *value })
            .collect()
    }

    /// The ranks of every entry within every metric, as `[metric][entry]`.
    pub fn ranks(&self, missing: Missing, ties: Ties) -> Vec<Vec<Option<f64>>> {
        self.columns
            .iter()
            .map(|column| {
                let mut ranks = ranks(&self.visible(column, missing), column.higher_is_better, ties);
                if missing == Missing::WorstRank {
                    fill_with_worst(&mut ranks, ties);
                }
                ranks
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_rank_is_refused() {
        let nan = Column::new(vec![Some(1.0), Some(f64::NAN)], true);
        assert_eq!(nan, Err(Refusal::NotFinite { what: "metric", index: 1 }));
        assert_eq!(Table::new(vec![]), Err(Refusal::Empty { what: "metrics" }));
        let column = |length| Column::new(vec![None; length], true).unwrap();
        assert_eq!(
            Table::new(vec![column(2), column(3)]),
            Err(Refusal::Length { what: "metric", expected: 2, found: 3 })
        );
        assert_eq!(Table::new(vec![column(0)]).unwrap().entries(), 0);
    }
}
