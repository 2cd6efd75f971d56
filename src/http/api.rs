//! The JSON API: one file per area, each with the routes it registers.

pub mod accounts;
pub mod admin;
pub mod annotations;
pub mod challenges;
pub mod evaluators;
mod given;
pub mod leaderboards;
pub mod operations;
mod page_query;
pub mod phases;
pub mod series;
pub mod submissions;
pub mod teams;
pub mod uploads;
