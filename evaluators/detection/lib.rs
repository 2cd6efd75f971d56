#![doc = include_str!("README.md")]
#![deny(missing_docs)]

mod boxes;
mod coco;
mod corners;
mod dataset;
mod keypoints;
mod lvis;
mod masks;
mod matching;
mod open_images;
mod ranking;
mod scores;
mod sheet;
mod speakers;
mod voc;

pub use coco::Coco;
pub use lvis::Lvis;
pub use open_images::OpenImages;
pub use speakers::ActiveSpeakers;
pub use voc::Voc;

/// All evaluators of this family.
pub fn evaluators() -> Vec<Box<dyn sdk::Evaluator>> {
    vec![
        Box::new(Coco::boxes()),
        Box::new(Coco::masks()),
        Box::new(Coco::keypoints()),
        Box::new(Coco::state_change()),
        Box::new(Lvis::new()),
        Box::new(Voc::new()),
        Box::new(OpenImages::new()),
        Box::new(ActiveSpeakers::new()),
    ]
}
