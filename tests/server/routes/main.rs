//! The routes of submissions, uploads, leaderboards, the export and operations, against whole servers.

mod export;
mod leaderboards;
mod operations;
mod submissions;
mod uploads;
