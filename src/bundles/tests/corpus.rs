//! The readers of bundles keep their promises for the fuzzer's corpus and for mutations of it.

#[path = "../../../fuzz/checks"]
mod checks {
    pub(crate) mod bundle;
    pub(crate) mod corpus;
    pub(crate) mod foreign;
}

use checks::{bundle, corpus, foreign};

#[test]
fn challenges() {
    corpus::replay("bundle", bundle::check);
}

#[test]
fn archives() {
    corpus::replay("bundle_archive", foreign::archive);
}

#[test]
fn yaml() {
    corpus::replay("bundle_yaml", foreign::yaml);
}

#[test]
fn bundles_of_evalai() {
    corpus::replay("bundle_evalai", foreign::evalai);
}

#[test]
fn bundles_of_codabench() {
    corpus::replay("bundle_codabench", foreign::codabench);
}
