//! The readers of what programs leave keep their promises for the fuzzer's corpus and for mutations of it.

#[path = "../../../fuzz/checks"]
mod checks {
    pub(crate) mod corpus;
    pub(crate) mod faults;
    pub(crate) mod items;
    pub(crate) mod programs;
}

use checks::{corpus, items, programs};

#[test]
fn values_of_items() {
    corpus::replay("program_items", programs::values_of_items);
}

#[test]
fn scores() {
    corpus::replay("program_scores", programs::scores);
}

#[test]
fn answers_of_evaluation_scripts() {
    corpus::replay("program_answer", programs::answer);
}

#[test]
fn commands() {
    corpus::replay("program_command", programs::command);
}

#[test]
fn groups_and_attributes() {
    // The checks of values use those of items.
    corpus::replay("items", items::check);
}
