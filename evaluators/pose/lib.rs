#![doc = include_str!("README.md")]
#![deny(missing_docs)]

mod alignment;
mod body;
mod hand;
mod joints;
mod metric;

pub use body::BodyPose;
pub use hand::HandPose;

/// All evaluators of this family.
pub fn evaluators() -> Vec<Box<dyn sdk::Evaluator>> {
    vec![Box::new(HandPose::new()), Box::new(BodyPose::new())]
}
