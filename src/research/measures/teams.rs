//! Constellations: which people are in teams together, how densely, how lastingly, and across which borders.

use super::Measure;

mod assortativity;
mod brokerage;
mod churn;
mod components;
mod constellations;
mod density;
mod mix;
mod persistence;
mod repeats;

pub use assortativity::assortativity;
pub use brokerage::betweenness;
pub use constellations::{Constellations, Tie};
pub use repeats::{Repeats, repeats};

pub(super) const MEASURES: &[(&str, Measure)] = &[
    ("T1", mix::measure),
    ("T2", constellations::measure),
    ("T3", density::measure),
    ("T4", components::measure),
    ("T5", assortativity::measure),
    ("T6", repeats::measure),
    ("T7", persistence::measure),
    ("T8", brokerage::measure),
    ("T9", churn::measure),
];
