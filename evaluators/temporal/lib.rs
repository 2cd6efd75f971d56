#![doc = include_str!("README.md")]
#![deny(missing_docs)]

mod activitynet;
mod epic;
mod grounding;
mod matching;
mod moments;
mod out_of_range;
mod thresholds;

pub use activitynet::TemporalDetection;
pub use epic::EpicDetection;
pub use grounding::Grounding;
pub use moments::MomentQueries;

/// All evaluators of this family.
pub fn evaluators() -> Vec<Box<dyn sdk::Evaluator>> {
    vec![
        Box::new(Grounding::nlq()),
        Box::new(Grounding::goalstep()),
        Box::new(MomentQueries::new()),
        Box::new(TemporalDetection::new()),
        Box::new(EpicDetection::new()),
    ]
}
