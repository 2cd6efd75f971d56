#![doc = include_str!("README.md")]

mod binary;
mod classes;
mod label;
mod metric;
mod multilabel;
mod probability;
mod ranking;
mod truth;

pub use binary::BinaryClassification;
pub use label::LabelClassification;
pub use multilabel::MultiLabelClassification;
pub use probability::ProbabilityClassification;

/// All evaluators of the family.
pub fn evaluators() -> Vec<Box<dyn sdk::Evaluator>> {
    vec![
        Box::new(LabelClassification::new()),
        Box::new(ProbabilityClassification::new()),
        Box::new(BinaryClassification::new()),
        Box::new(MultiLabelClassification::new()),
    ]
}
