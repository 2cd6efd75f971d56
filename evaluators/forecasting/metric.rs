//! Metrics of distances, of which the lower one is better.

use sdk::{Direction, Metric};

/// A metric that starts at zero and is better the lower it is.
pub(crate) fn lower(name: &str, unit: &str, decimals: u8, description: &str) -> Metric {
    Metric {
        name: name.to_owned(),
        label: name.to_owned(),
        unit: unit.to_owned(),
        direction: Direction::Lower,
        minimum: Some(0.0),
        maximum: None,
        decimals,
        description: description.to_owned(),
    }
}
