//! Whole-server tests: the real binary, a real database, real HTTP.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod bad_input;
mod quota_race;
mod real_data;
mod site;
mod storm;
