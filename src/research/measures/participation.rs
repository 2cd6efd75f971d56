//! Who takes part: concentration, shares, silence, newcomers, proximity to the organizers.

use super::Measure;

mod concentration;
mod cross_sector;
mod effective_places;
mod hidden_tries;
mod podium;
mod proximity;
mod retention;
mod shares;
mod silence;
mod submissions_per_team;

pub use cross_sector::{CrossSector, cross_sector};
pub use effective_places::rarefied_entropy;
pub use retention::{Retention, editions_of, retention};

pub(super) const MEASURES: &[(&str, Measure)] = &[
    ("P1", concentration::measure),
    ("P2", podium::measure),
    ("P3", shares::measure),
    ("P4", cross_sector::measure),
    ("P5", silence::measure),
    ("P6", retention::measure),
    ("P7", proximity::measure),
    ("P8", submissions_per_team::measure),
    ("P9", hidden_tries::measure),
    ("P10", effective_places::measure),
];
