//! The research instrument: who takes part, and which version of everyday life a task counts.
//!
//! [`measure`] says what a measure is, and defines all of them.
//!
//! Everything here is a pure function of records that come in as arguments.

pub mod measure;
