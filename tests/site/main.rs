//! Whole-server tests: the real binary, a real database, real HTTP.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod authorization;
mod backup;
mod bad_input;
mod cluster;
mod codabench;
mod documents;
mod evalai;
mod evalai_protocol;
mod final_result;
mod framing_measures;
mod interrupted_start;
mod memory_limit;
mod openapi;
mod oversized;
mod programs;
mod quota_race;
mod real_data;
mod releases;
mod reweighted;
mod security;
#[expect(dead_code, reason = "the benchmark uses the rest of it")]
mod site;
mod storm;
mod uncertainty;
