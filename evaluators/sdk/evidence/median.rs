//! Weighted medians of columns.

use super::Block;
use super::asked::Asked;
use super::columns::Columns;
use super::score::{Score, Undefined};
use crate::primitives::order::ascending;
use crate::sum::Sum;

/// Weighted medians of columns; items without a value in a column do not count there.
///
/// The median is the mean of the smallest value that at least half of the weight does not exceed and of the smallest
/// that more than half does not exceed: with whole weights the median of so many copies.
#[derive(Debug, Clone, PartialEq)]
pub struct Median {
    values: Columns,
    /// For every column the items that have a value, in the order of their values.
    orders: Vec<Vec<u32>>,
}

impl From<Median> for Block {
    fn from(block: Median) -> Self {
        Self::Median(block)
    }
}

impl Median {
    /// Medians of columns with one row per item; NaN stands for no value.
    pub fn new(values: impl Into<Columns>) -> Self {
        let values = values.into();
        let order = |column: Vec<f64>| {
            let mut order = ascending(&column);
            order.retain(|item| !column[*item as usize].is_nan());
            order
        };
        let orders = (0..values.ncols()).map(|column| order(values.column(column))).collect();
        Self { values, orders }
    }

    /// One row per item, one column per output; NaN stands for no value.
    pub fn values(&self) -> &Columns {
        &self.values
    }

    pub(super) fn score(&self, weights: &[f64], asked: &Asked, outputs: &mut [Score]) {
        for (column, (output, order)) in asked.among(outputs.iter_mut().zip(&self.orders).enumerate()) {
            let total: Sum = order.iter().map(|item| weights[*item as usize]).collect();
            *output = match total.total() / 2.0 {
                half if half > 0.0 => Score::of(self.middle(column, order, weights, half)),
                _ => Score::Undefined(Undefined::NoWeight),
            };
        }
    }

    fn middle(&self, column: usize, order: &[u32], weights: &[f64], half: f64) -> f64 {
        let mut passed = Sum::default();
        let mut lower = None;
        for item in order.iter().map(|item| *item as usize).filter(|item| weights[*item] != 0.0) {
            let value = self.values.value(item, column);
            passed.add(weights[item]);
            if passed.total() >= half {
                let lower = *lower.get_or_insert(value);
                if passed.total() > half {
                    return (lower + value) / 2.0;
                }
            }
        }
        // Only rounding leads here: the whole is more than its half.
        lower.unwrap_or(f64::NAN)
    }
}
