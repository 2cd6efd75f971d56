//! The readers of imported tables keep their promises for the fuzzer's corpus and for mutations of it.

#[path = "../../../fuzz/checks"]
mod checks {
    pub(crate) mod corpus;
    pub(crate) mod faults;
    pub(crate) mod framing;
}

use checks::{corpus, framing};

#[test]
fn vocabularies() {
    corpus::replay("vocabularies", framing::vocabularies);
}

#[test]
fn taxonomies() {
    corpus::replay("taxonomy", framing::taxonomy);
}

#[test]
fn framing_files() {
    corpus::replay("framing_file", framing::framing_file);
}

#[test]
fn mappings() {
    corpus::replay("mapping", framing::mapping);
}

#[test]
fn time_use() {
    corpus::replay("time_use", framing::time_use);
}

#[test]
fn activity_shares() {
    corpus::replay("activity_shares", framing::activity_shares);
}
