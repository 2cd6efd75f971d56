//! The largest values of columns.

use ndarray::Array2;

use super::Block;
use super::score::{Score, Undefined};

/// The largest value of every column among the items that have weight; how much they weigh does not matter.
#[derive(Debug, Clone, PartialEq)]
pub struct Maximum {
    /// One row per item, one column per output.
    pub values: Array2<f64>,
}

impl From<Maximum> for Block {
    fn from(block: Maximum) -> Self {
        Self::Maximum(block)
    }
}

impl Maximum {
    pub(super) fn score(&self, weights: &[f64], outputs: &mut [Score]) {
        outputs.fill(Score::Undefined(Undefined::NoWeight));
        for (row, _) in self.values.rows().into_iter().zip(weights).filter(|(_, weight)| **weight > 0.0) {
            for (output, value) in outputs.iter_mut().zip(row) {
                match output {
                    Score::Value(largest) if *largest >= *value => {}
                    _ => *output = Score::of(*value),
                }
            }
        }
    }
}
