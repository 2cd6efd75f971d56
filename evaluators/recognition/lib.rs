#![doc = include_str!("README.md")]
#![deny(missing_docs)]

mod answers;
mod choice;
mod epic;
mod keystep;
mod procedure;
mod proficiency;
mod roll;
mod state_change;

pub use choice::MultipleChoice;
pub use epic::EpicActions;
pub use keystep::Keystep;
pub use procedure::Procedure;
pub use proficiency::Proficiency;
pub use state_change::StateChange;

/// All evaluators of this family.
pub fn evaluators() -> Vec<Box<dyn sdk::Evaluator>> {
    vec![
        Box::new(MultipleChoice::any()),
        Box::new(MultipleChoice::egoschema()),
        Box::new(StateChange::pnr()),
        Box::new(StateChange::oscc()),
        Box::new(Proficiency::new()),
        Box::new(Keystep::new()),
        Box::new(Procedure::new()),
        Box::new(EpicActions::recognition()),
        Box::new(EpicActions::anticipation()),
    ]
}
