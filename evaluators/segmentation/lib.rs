#![doc = include_str!("README.md")]

mod boundary;
mod correspondence;
mod frame_size;
mod label_map;
mod maps;
mod mask;
mod objects;
mod panoptic;
mod rle;
mod semantic;

pub use correspondence::EgoExoCorrespondence;
pub use objects::VideoObjectSegmentation;
pub use panoptic::PanopticSegmentation;
pub use semantic::SemanticSegmentation;

/// All evaluators of the family.
pub fn evaluators() -> Vec<Box<dyn sdk::Evaluator>> {
    vec![
        Box::new(SemanticSegmentation::new()),
        Box::new(PanopticSegmentation::new()),
        Box::new(VideoObjectSegmentation::new()),
        Box::new(EgoExoCorrespondence::new()),
    ]
}
