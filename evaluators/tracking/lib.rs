#![doc = include_str!("README.md")]
#![deny(missing_docs)]

mod boxes;
mod egotracks;
mod localization;
mod measures;
mod mot;
mod queries;
mod scene;
mod vq2d;
mod vq3d;

pub use egotracks::LongTermTracking;
pub use localization::PersonTracking;
pub use mot::MotTracking;
pub use vq2d::VisualQueries2d;
pub use vq3d::VisualQueries3d;

/// All evaluators of this family.
pub fn evaluators() -> Vec<Box<dyn sdk::Evaluator>> {
    vec![
        Box::new(MotTracking::new()),
        Box::new(PersonTracking::new()),
        Box::new(VisualQueries2d::new()),
        Box::new(VisualQueries3d::new()),
        Box::new(LongTermTracking::new()),
    ]
}
