//! The program that reads rules as Prometheus does.

use std::process::Command;

use crate::skip::{environment, skipped};

/// `promtool`, if it can be run; otherwise `None`, said aloud.
///
/// Like PostgreSQL it must be there where the whole suite runs: `HELDOUT_REQUIRE_PROMETHEUS` makes its absence a failure.
pub fn promtool() -> Option<&'static str> {
    let runs = Command::new("promtool").arg("--version").output().is_ok_and(|output| output.status.success());
    if !runs {
        let why = "promtool is not there (Debian's package is `prometheus`)";
        assert!(environment("HELDOUT_REQUIRE_PROMETHEUS").is_none(), "{why}");
        skipped("alert rules", why);
    }
    runs.then_some("promtool")
}
