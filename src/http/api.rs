//! The JSON API: one file per area, each with the routes it registers.

pub mod accounts;
pub mod annotations;
pub mod challenges;
pub mod evaluators;
mod given;
mod page_query;
pub mod phases;
pub mod series;
pub mod teams;
pub mod admin;
pub mod leaderboards;
pub mod operations;
pub mod submissions;
pub mod uploads;
