//! The labour and the decisions behind labels: hours, latitude, who decides, what is told, who is named, who objects.

use super::Measure;

mod contestation;
mod credit;
mod decisions;
mod disclosed;
mod labour;
mod labour_and_label;
pub(crate) mod latitude;
mod rationales;
mod terms;

pub use labour_and_label::spearman;

pub(super) const MEASURES: &[(&str, Measure)] = &[
    ("A1", labour::measure),
    ("A2", latitude::measure),
    ("A3", decisions::measure),
    ("A4", disclosed::measure),
    ("A5", credit::measure),
    ("A6", rationales::measure),
    ("A7", labour_and_label::measure),
    ("A8", contestation::measure),
    ("A9", terms::measure),
];
