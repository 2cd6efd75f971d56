//! How a dataset and its tasks come to be taken for granted: uptake, uses, versions, convergence, survival, repair.

use super::Measure;

mod convergence;
mod functions;
mod panel;
mod portability;
mod repair;
mod survival;
mod uptake;
mod versions;

pub(super) const MEASURES: &[(&str, Measure)] = &[
    ("S1", uptake::measure),
    ("S2", functions::measure),
    ("S3", versions::measure),
    ("S4", convergence::measure),
    ("S5", survival::measure),
    ("S6", portability::measure),
    ("S7", panel::measure),
    ("S8", repair::measure),
];
