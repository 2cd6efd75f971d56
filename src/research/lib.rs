//! The research instrument: who takes part, and which version of everyday life a task counts.
//!
//! [`measure`] says what a measure is, and defines all of them; they are computed on a [`snapshot`].
//!
//! [`vocabularies`] are the codes that records are written in, [`taxonomies`] lists of activities, and [`mappings`] say what one
//! list means in another, with bounds; [`time_use`] is how whole populations spend their days.
//!
//! [`framing`] measures what a task counts with them; [`disclosure`] decides what of a table of people may be published;
//! [`figures`] are tables of measures; [`exports`] and [`graphs`] are what the tools of the field read.
//!
//! Everything here is a pure function of records that come in as arguments.

pub mod disclosure;
pub mod exports;
pub mod figures;
pub mod framing;
pub mod graphs;
pub mod imports;
pub mod mappings;
pub mod measure;
pub mod measures;
pub mod nearest;
pub mod snapshot;
pub mod taxonomies;
pub mod time_use;
pub mod vocabularies;
