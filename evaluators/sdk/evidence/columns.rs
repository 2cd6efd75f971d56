//! Columns of numbers, one row per item, in no more memory than they need.

use std::fmt;
use std::sync::Arc;

use ndarray::Array2;

use crate::sum::LaneSum;

/// Numbers of items: one row per item.
///
/// Whole numbers are held as such, and what follows from other numbers can be computed row by row whenever it is asked for.
#[derive(Clone)]
pub struct Columns {
    rows: usize,
    columns: usize,
    held: Held,
}

/// Writes the row of an item.
type RowOf = dyn Fn(usize, &mut [f64]) + Send + Sync;

#[derive(Clone)]
enum Held {
    Bytes(Vec<u8>),
    Counts(Vec<u32>),
    Floats(Vec<f64>),
    Computed(Arc<RowOf>),
}

impl Columns {
    /// Columns whose rows are computed from what the function keeps: the same numbers whenever it is called.
    pub fn computed(
        (rows, columns): (usize, usize),
        row_of: impl Fn(usize, &mut [f64]) + Send + Sync + 'static,
    ) -> Self {
        Self { rows, columns, held: Held::Computed(Arc::new(row_of)) }
    }

    /// Columns of counts, row by row.
    pub fn of_counts((rows, columns): (usize, usize), counts: Vec<u32>) -> Self {
        let held = match counts.iter().all(|count| *count <= u32::from(u8::MAX)) {
            true => Held::Bytes(counts.iter().map(|count| *count as u8).collect()),
            false => Held::Counts(counts),
        };
        Self { rows, columns, held }
    }

    /// How many rows there are.
    pub fn nrows(&self) -> usize {
        self.rows
    }

    /// How many columns there are.
    pub fn ncols(&self) -> usize {
        self.columns
    }

    /// The number of an item in a column.
    pub fn value(&self, item: usize, column: usize) -> f64 {
        let at = item * self.columns + column;
        match &self.held {
            Held::Bytes(bytes) => f64::from(bytes[at]),
            Held::Counts(counts) => f64::from(counts[at]),
            Held::Floats(floats) => floats[at],
            Held::Computed(row_of) => {
                let mut row = vec![0.0; self.columns];
                row_of(item, &mut row);
                row[column]
            }
        }
    }

    /// Sums those columns under weights into their places in `sums` and returns the sum of the weights.
    ///
    /// Items of weight zero are passed over, so that what is not finite in them does no harm.
    pub(super) fn sums<const L: usize>(
        &self,
        columns: &[usize],
        sums: &mut Vec<LaneSum<L>>,
        weights_of: impl Fn(usize) -> [f64; L],
    ) -> LaneSum<L> {
        sums.clear();
        sums.resize(self.columns, LaneSum::default());
        let mut total = LaneSum::default();
        let add = |item: usize, row: &[f64]| {
            let weights = weights_of(item);
            total.add(weights);
            add_row(sums, columns, &weights, |column| row[column]);
        };
        self.each_row(|item| weights_of(item) != [0.0; L], add);
        total
    }

    /// A whole column.
    pub(super) fn column(&self, column: usize) -> Vec<f64> {
        let mut values = Vec::with_capacity(self.rows);
        self.each_row(|_| true, |_, row| values.push(row[column]));
        values
    }

    /// Calls with every row of the items that are wanted, in order.
    #[inline]
    pub(super) fn each_row(&self, wanted: impl Fn(usize) -> bool, mut row: impl FnMut(usize, &[f64])) {
        let mut buffer = vec![0.0; self.columns];
        let items = (0..self.rows).filter(|item| wanted(*item));
        let range = |item: usize| item * self.columns..(item + 1) * self.columns;
        match &self.held {
            Held::Bytes(bytes) => {
                for item in items {
                    buffer
                        .iter_mut()
                        .zip(&bytes[range(item)])
                        .for_each(|(slot, byte)| *slot = f64::from(*byte));
                    row(item, &buffer);
                }
            }
            Held::Counts(counts) => {
                for item in items {
                    let counts = &counts[range(item)];
                    buffer.iter_mut().zip(counts).for_each(|(slot, count)| *slot = f64::from(*count));
                    row(item, &buffer);
                }
            }
            Held::Floats(floats) => items.for_each(|item| row(item, &floats[range(item)])),
            Held::Computed(row_of) => {
                for item in items {
                    row_of(item, &mut buffer);
                    row(item, &buffer);
                }
            }
        }
    }
}

/// Adds those columns of a row to their sums.
#[inline(always)]
pub(super) fn add_row<const L: usize>(
    sums: &mut [LaneSum<L>],
    columns: &[usize],
    weights: &[f64; L],
    value_of: impl Fn(usize) -> f64,
) {
    if columns.len() == sums.len() {
        for (column, sum) in sums.iter_mut().enumerate() {
            sum.add_weighted(weights, value_of(column));
        }
    } else {
        for column in columns {
            sums[*column].add_weighted(weights, value_of(*column));
        }
    }
}

impl From<Array2<f64>> for Columns {
    fn from(values: Array2<f64>) -> Self {
        let shape = values.dim();
        let count = |value: &f64| {
            let count = *value as u32;
            (f64::from(count).to_bits() == value.to_bits()).then_some(count)
        };
        match values.iter().map(count).collect() {
            Some(counts) => Self::of_counts(shape, counts),
            None => {
                let floats = if values.is_standard_layout() {
                    values.into_raw_vec_and_offset().0
                } else {
                    values.iter().copied().collect()
                };
                Self { rows: shape.0, columns: shape.1, held: Held::Floats(floats) }
            }
        }
    }
}

impl PartialEq for Columns {
    /// Whether the numbers are the same, however they are held.
    fn eq(&self, other: &Self) -> bool {
        let shape = (self.rows, self.columns);
        shape == (other.rows, other.columns)
            && (0..self.columns).all(|column| self.column(column) == other.column(column))
    }
}

impl fmt::Debug for Columns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = match &self.held {
            Held::Bytes(_) | Held::Counts(_) => "counts",
            Held::Floats(_) => "numbers",
            Held::Computed(_) => "computed numbers",
        };
        write!(f, "{} rows of {} {held}", self.rows, self.columns)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn numbers_are_the_same_however_they_are_held() {
        for values in [
            array![[0.0, 1.0], [255.0, 3.0]],
            array![[0.0, 1.0], [256.0, 4_294_967_295.0]],
            array![[-0.0, 0.5], [f64::INFINITY, 4_294_967_296.0]],
            array![[1.0, 2.0], [3.0, 4.5]].reversed_axes(),
        ] {
            let held = Columns::from(values.clone());
            let kept = values.clone();
            let computed = Columns::computed((2, 2), move |item, row| {
                row.iter_mut().zip(kept.row(item)).for_each(|(slot, value)| *slot = *value);
            });
            for columns in [&held, &computed] {
                for ((item, column), value) in values.indexed_iter() {
                    assert_eq!(columns.value(item, column).to_bits(), value.to_bits());
                    assert_eq!(columns.column(column)[item].to_bits(), value.to_bits());
                }
                let mut seen = Vec::new();
                columns.each_row(|item| item == 1, |item, row| seen.push((item, row.to_vec())));
                assert_eq!(seen, [(1, values.row(1).to_vec())]);
            }
            assert_eq!(held, computed);
            assert_ne!(held, Columns::from(values + 1.0));
        }
    }
}
