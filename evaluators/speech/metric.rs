//! How the metrics of the family are documented.

use sdk::{Direction, Metric, Reference};

/// A share of errors, the lower the better; without an upper bound, because insertions are not bounded.
pub(crate) fn error_rate(name: &str, description: impl Into<String>) -> Metric {
    Metric { direction: Direction::Lower, maximum: None, ..Metric::fraction(name, description) }
}

/// The same in percent.
pub(crate) fn error_percent(name: &str, description: impl Into<String>) -> Metric {
    Metric { direction: Direction::Lower, maximum: None, ..Metric::percent(name, description) }
}

/// A share of errors that is one at most.
pub(crate) fn bounded_error_rate(name: &str, description: impl Into<String>) -> Metric {
    Metric { direction: Direction::Lower, ..Metric::fraction(name, description) }
}

/// A count of a unit.
pub(crate) fn count(name: &str, unit: &str, direction: Direction, description: impl Into<String>) -> Metric {
    Metric {
        unit: unit.to_owned(),
        direction,
        maximum: None,
        decimals: 0,
        ..Metric::fraction(name, description)
    }
}

/// A duration.
pub(crate) fn seconds(name: &str, direction: Direction, description: impl Into<String>) -> Metric {
    Metric { decimals: 2, ..count(name, "seconds", direction, description) }
}

/// A paper or a piece of public code.
pub(crate) fn reference(title: &str, url: &str) -> Reference {
    Reference { title: title.to_owned(), url: url.to_owned() }
}
