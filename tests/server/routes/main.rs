//! The routes of submissions, uploads, leaderboards, the export and operations, against whole servers.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod activities;
mod announcements;
mod evalai;
mod export;
mod framings;
mod integrity;
mod leaderboards;
mod operations;
mod production;
mod search;
mod submissions;
mod uploads;
