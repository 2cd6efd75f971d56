#![doc = include_str!("README.md")]
#![deny(missing_docs)]

mod annotations;
mod attention;
mod index;
mod key;
mod manifest;
mod submission;

pub use attention::Attention;

/// All evaluators of this family.
pub fn evaluators() -> Vec<Box<dyn sdk::Evaluator>> {
    vec![Box::new(Attention::looking_at_me()), Box::new(Attention::talking_to_me())]
}
