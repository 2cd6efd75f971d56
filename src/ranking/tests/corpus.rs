//! The reader of predictions keeps its promises for the fuzzer's corpus and for mutations of it.

#[path = "../../../fuzz/checks"]
mod checks {
    pub(crate) mod corpus;
    pub(crate) mod predictions;
}

use checks::{corpus, predictions};

#[test]
fn predictions_of_submissions() {
    corpus::replay("predictions", predictions::check);
}
