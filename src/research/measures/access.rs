//! Who is let in: selectivity, delay, the resources it takes, licences and their end.

use super::Measure;

mod delay;
mod expiry;
mod resources;
mod selectivity;

pub(super) const MEASURES: &[(&str, Measure)] = &[
    ("G1", selectivity::measure),
    ("G2", delay::measure),
    ("G3", resources::measure),
    ("G4", expiry::measure),
];
