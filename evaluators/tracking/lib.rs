#![doc = include_str!("README.md")]
#![deny(missing_docs)]

mod boxes;
mod localization;
mod measures;
mod mot;
mod scene;

pub use localization::PersonTracking;
pub use mot::MotTracking;

/// All evaluators of this family.
pub fn evaluators() -> Vec<Box<dyn sdk::Evaluator>> {
    vec![Box::new(MotTracking::new()), Box::new(PersonTracking::new())]
}
