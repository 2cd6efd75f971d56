//! The reader of challenges keeps its promises for the fuzzer's corpus and for mutations of it.

#[path = "../../../fuzz/checks"]
mod checks {
    pub(crate) mod bundle;
    pub(crate) mod corpus;
}

use checks::{bundle, corpus};

#[test]
fn challenges() {
    corpus::replay("bundle", bundle::check);
}
