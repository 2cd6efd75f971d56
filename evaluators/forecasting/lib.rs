#![doc = include_str!("README.md")]
#![deny(missing_docs)]

mod hands;
mod instances;
mod locomotion;
mod long_term;
mod metric;
mod short_term;

pub use hands::FutureHands;
pub use locomotion::FutureLocomotion;
pub use long_term::LongTermAnticipation;
pub use short_term::ShortTermAnticipation;

/// All evaluators of this family.
pub fn evaluators() -> Vec<Box<dyn sdk::Evaluator>> {
    vec![
        Box::new(ShortTermAnticipation::new()),
        Box::new(LongTermAnticipation::new()),
        Box::new(FutureHands::new()),
        Box::new(FutureLocomotion::new()),
    ]
}
