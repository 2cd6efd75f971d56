//! What happens in time: deadlines, bursts, records and how long they stand.

use super::Measure;

mod burst;
mod holders;
mod kleinberg;
mod ladder;
mod progress;
mod saturation;
mod time_to_beat;

pub use burst::burstiness;
pub use kleinberg::{Burst, bursts};
pub use ladder::{Ladder, Record, Score, ladder, ladders};

pub(super) const MEASURES: &[(&str, Measure)] = &[
    ("D1", burst::measure),
    ("D2", kleinberg::measure),
    ("D3", progress::measure),
    ("D4", time_to_beat::measure),
    ("D5", holders::measure),
    ("D6", saturation::measure),
];
