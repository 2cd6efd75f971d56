#![doc = include_str!("README.md")]

mod matrix;
mod trec;

pub use matrix::MatrixRetrieval;
pub use trec::RankedRetrieval;

/// All evaluators of the family.
pub fn evaluators() -> Vec<Box<dyn sdk::Evaluator>> {
    vec![Box::new(RankedRetrieval::new()), Box::new(MatrixRetrieval::new())]
}
