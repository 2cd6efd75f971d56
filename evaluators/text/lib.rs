#![doc = include_str!("README.md")]
#![deny(missing_docs)]

mod bleu;
mod characters;
mod chrf;
mod cider;
mod counter;
mod generation;
mod ngrams;
mod porter;
mod qa;
mod rouge;
mod scores;
mod subsequence;
mod ter;
mod tokenizer;

pub use generation::TextGeneration;
pub use qa::QuestionAnswering;

/// All evaluators of this family.
pub fn evaluators() -> Vec<Box<dyn sdk::Evaluator>> {
    vec![Box::new(QuestionAnswering::new()), Box::new(TextGeneration::new())]
}
