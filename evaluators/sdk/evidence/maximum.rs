//! The largest values of columns.

use super::Block;
use super::columns::Columns;
use super::score::{Score, Undefined};

/// The largest value of every column among the items that have weight; how much they weigh does not matter.
#[derive(Debug, Clone, PartialEq)]
pub struct Maximum<V = Columns> {
    /// One row per item, one column per output.
    pub values: V,
}

impl<V: Into<Columns>> From<Maximum<V>> for Block {
    fn from(Maximum { values }: Maximum<V>) -> Self {
        Self::Maximum(Maximum { values: values.into() })
    }
}

impl Maximum {
    pub(super) fn score(&self, weights: &[f64], outputs: &mut [Score]) {
        outputs.fill(Score::Undefined(Undefined::NoWeight));
        let largest = |_, row: &[f64]| {
            for (output, value) in outputs.iter_mut().zip(row) {
                match output {
                    Score::Value(largest) if *largest >= *value => {}
                    _ => *output = Score::of(*value),
                }
            }
        };
        self.values.each_row(|item| weights[item] > 0.0, largest);
    }
}
