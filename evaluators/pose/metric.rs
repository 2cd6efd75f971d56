//! Metrics of errors, of which the lower one is better.

use sdk::{Direction, Metric};

/// An error that is at least zero and better the lower it is.
pub(crate) fn error(name: &str, unit: &str, description: &str) -> Metric {
    Metric {
        name: name.to_owned(),
        label: name.to_owned(),
        unit: unit.to_owned(),
        direction: Direction::Lower,
        minimum: Some(0.0),
        maximum: None,
        decimals: 2,
        description: description.to_owned(),
    }
}
