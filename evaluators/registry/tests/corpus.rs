//! Every parser of uploads keeps its promises for the fuzzer's corpus and for mutations of it.
//!
//! The checks are those of the fuzz targets (`fuzz/`); here they run for a few seconds with every test run.

#[path = "../../../fuzz/checks"]
mod checks {
    pub(crate) mod corpus;
    pub(crate) mod evaluators;
    pub(crate) mod evidence;
    pub(crate) mod faults;
    pub(crate) mod items;
    pub(crate) mod saved;
    pub(crate) mod truths;
}

use checks::evaluators::{Target, Upload};
use checks::{corpus, evidence, items, saved};

#[test]
fn submissions() {
    for target in Target::all().iter().filter(|target| target.upload == Upload::Submission) {
        corpus::replay(&target.name(), |bytes| target.check(bytes));
    }
}

#[test]
fn annotations() {
    for target in Target::all().iter().filter(|target| target.upload != Upload::Submission) {
        corpus::replay(&target.name(), |bytes| target.check(bytes));
    }
}

#[test]
fn tables_of_items() {
    corpus::replay("items", items::check);
}

#[test]
fn evidence_as_bytes() {
    corpus::replay("evidence", evidence::check);
}

#[test]
fn saved_evaluations() {
    corpus::replay("saved", saved::check);
}
