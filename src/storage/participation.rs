//! Who takes part: what people let be known of them, and what was made of it.

pub mod access;
pub mod consents;
pub mod entries;
pub mod erasure;
pub mod exports;
pub mod lineages;
pub mod lists;
pub mod noisy;
pub mod people;
pub mod production;
pub mod records;
pub mod requests;
pub mod snapshots;
