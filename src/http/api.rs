//! The JSON API: one file per area, each with the routes it registers.

pub mod accounts;
pub mod activities;
pub mod admin;
pub mod annotations;
pub mod announcements;
pub mod challenges;
pub mod contestations;
mod csv_text;
pub mod datasets;
pub mod evaluators;
pub mod figures;
pub mod framings;
pub(crate) mod given;
pub mod integrity;
pub mod leaderboards;
pub mod operations;
mod page_query;
pub mod participation;
pub mod pauses;
pub mod phases;
pub(crate) mod releases;
pub mod results;
pub mod series;
pub mod submissions;
pub mod teams;
pub mod trials;
pub mod uploads;
