//! The routes of submissions, uploads, leaderboards, the export and operations, against whole servers.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod activities;
mod announcements;
mod as_of;
mod checks;
mod citable;
mod disclosure;
mod double_blind;
mod evalai;
mod export;
mod exposure;
mod framings;
mod integrity;
mod leaderboards;
mod mergers;
mod movement;
mod noisy_tables;
mod operations;
mod production;
mod quota;
mod search;
mod submissions;
mod uploads;
mod webhooks;
